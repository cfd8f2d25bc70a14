"""`amts parallel-data list|show|download|diff|delete`, as a person uses them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Small = Any
Amts = Callable[..., tuple[int, str, str]]


def test_from_import_to_deletion(small: Small, amts: Amts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, err = amts("parallel-data", "download", "en-zh")
    assert status == 2
    assert "no parallel data was imported yet; run: amts run en-zh" in err
    small.revise()
    small.run()
    small.run("en-es")
    small.emulator.clock.advance(3600)
    status, out, _ = amts("parallel-data", "list")
    name = f"amts-{small.name}-en-zh"
    assert status == 0
    assert name in out
    assert json.loads(amts("--json", "parallel-data", "list")[1])[0]["in_step"] is True
    status, out, _ = amts("parallel-data", "show", "en-zh")
    assert "ACTIVE" in out
    assert "left out" in out
    assert "held out" in out
    shown = json.loads(amts("parallel-data", "show", "en-zh", "--json")[1])
    assert shown["service"]["records"] == shown["imported"]["rows"]

    monkeypatch.chdir(tmp_path)
    assert amts("parallel-data", "download", "en-zh")[0] == 0
    assert (tmp_path / f"{name}.csv").read_text("utf-8") == small.learnt()
    status, out, _ = amts("parallel-data", "download", "en-zh", "--also", "en-es", "-o", "both.csv", "--json")
    rows = list(csv.reader((tmp_path / "both.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["en", "zh", "es"]
    assert len(rows) - 1 == json.loads(out)["rows"] == len({row[0] for row in rows[1:]})
    assert amts("parallel-data", "download", "en-zh", "--also", "zh-en")[0] == 2
    assert amts("parallel-data", "download", "en-zh", "--format", "tmx", "-o", "a.tmx")[0] == 0
    assert (tmp_path / "a.tmx").read_text("utf-8").count("<tu>") == len(small.learnt().splitlines()) - 1

    status, out, _ = amts("parallel-data", "diff", "en-zh")
    assert out.startswith("0 added, 0 removed, 0 changed")
    small.edit(("  en-zh:\n", "  en-zh:\n    minimum_change: 100\n"))
    small.zh.commit({"index.md": small.zh.read("index.md").replace("这本小书", "此书")})
    small.revise("index.md", "full urn", "whole urn")
    small.run()
    status, out, _ = amts("parallel-data", "diff", "en-zh")
    assert "1 changed" in out
    assert "         + 此书" in out

    status, _, err = amts("parallel-data", "delete", "en-zh")
    assert status == 2
    assert "say --yes" in err
    status, out, _ = amts("parallel-data", "delete", "en-zh", "--yes")
    assert status == 0
    assert name in out
    small.emulator.clock.advance(3600)
    assert name not in amts("parallel-data", "list")[1]
    status, _, err = amts("parallel-data", "delete", "en-zh", "--yes")
    assert status == 2
    assert "no such parallel data" in err
    small.revise("index.md", "whole urn", "entire urn")
    small.run()
    small.emulator.clock.advance(3600)
    assert name in amts("parallel-data", "list")[1], "it is imported again"
    assert not small.lease()


def test_an_action_without_a_pair(amts: Amts) -> None:
    status, _, err = amts("parallel-data", "show")
    assert status == 2
    assert "of which pair? add one, such as en-zh" in err
