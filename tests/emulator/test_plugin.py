"""The fixtures other projects take, in a pytest of their own."""

from __future__ import annotations

import subprocess
import sys

CONFTEST = 'pytest_plugins = ["amts_tasks.emulator.plugin"]\n'
TEST = """
import boto3, pytest
from amts_tasks.emulator import Switches

@pytest.fixture
def translate_switches():
    return Switches(running_jobs=1)

def test_clients_are_led_to_it(translate_emulator):
    client = boto3.client("translate")
    said = client.translate_text(Text="Hello.", SourceLanguageCode="en", TargetLanguageCode="fr")
    assert said["TranslatedText"] == "Hello."
    assert translate_emulator.calls()[-1]["operation"] == "TranslateText"
    assert translate_emulator.service.switches.running_jobs == 1
    before = translate_emulator.clock.now()
    assert translate_emulator.clock.advance(60) == before + 60
    client.close()
"""


def test_another_project(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TEST)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
