"""reserved.yaml: who has taken which documents, until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from amts_tasks.config.reserved import Reserved, read_reserved
from amts_tasks.errors import ConfigError

TEXT = """\
chapter_streams/*.md:
  who: a reader of the tests
  until: 2026-12-01
index.md: {who: another, until: 2026-11-01, languages: [zh]}
"""


def test_reservations(tmp_path: Path) -> None:
    path = tmp_path / "reserved.yaml"
    assert read_reserved(path) == ()
    path.write_text("", encoding="utf-8")
    assert read_reserved(path) == ()
    path.write_text(TEXT, encoding="utf-8")
    first, second = read_reserved(path)
    assert first == Reserved("a reader of the tests", date(2026, 12, 1), (), "chapter_streams/*.md")
    assert first.holds("es", date(2026, 12, 1))
    assert not first.holds("es", date(2026, 12, 2))
    assert second.holds("zh", date(2026, 10, 1))
    assert not second.holds("es", date(2026, 10, 1))


def test_a_language_without_a_translation_is_told_to_who_checks(tmp_path: Path) -> None:
    path = tmp_path / "reserved.yaml"
    path.write_text(TEXT, encoding="utf-8")
    assert len(read_reserved(path, ["zh", "es"])) == 2
    with pytest.raises(ConfigError, match=r'reserved.yaml:4: index.md.languages: found "zh"; expected .*: es'):
        read_reserved(path, ["es"])


def test_faults_are_told_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "reserved.yaml"
    path.write_text("a.md: {who: x, until: soon}\nb.md: {until: 2026-12-01, till: 3}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_reserved(path)
    message = str(caught.value)
    assert f"{path}:1: a.md.until: found" in message
    assert f"{path}:2: b.md.who: found nothing" in message
    assert '"till"' in message
