"""`amts manifest`: whose text the blocks are, and made again from history."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Small = Any
Amts = Callable[..., tuple[int, str, str]]
BRANCH = "amts/en-zh/urn"


def shown(amts: Amts, *documents: str) -> dict[str, dict[str, Any]]:
    code, out, err = amts("--json", "manifest", "show", "en-zh", *documents)
    assert code == 0, err
    return {row["document"]: row for row in json.loads(out)}


def test_what_stands_is_shown_and_only_what_has_text(small: Small, amts: Amts) -> None:
    toc = "\n```toc\n:maxdepth: 1\n\nurn/draws\nurn/errors\n```\n"
    small.book.commit({"index.md": small.book.read("index.md") + toc})
    small.revise()
    small.run()
    small.merge(BRANCH, "amts/en-zh/index")
    before = shown(amts)
    assert {name: before["index.md"][name] for name in ("human", "machine")} == {"human": 2, "machine": 0}
    draws = before["urn/draws.md"]
    assert (draws["human"], draws["machine"]) == (4, 1), "the replaced paragraph is not counted, nor are label and code"
    # A human edits the machine's paragraph; the chapter is renamed and changed once more.
    (machine,) = {*small.zh.read("urn/draws.md").split("\n")} - {*small.zh.read("urn/draws.md", "main~2").split("\n")}
    small.zh.commit({"urn/draws.md": small.zh.read("urn/draws.md").replace(machine, "我们抽球，记下颜色。")})
    assert shown(amts)["urn/draws.md"]["human"] == 5
    text = small.book.read("urn/draws.md").replace("Every draw is", "Each draw is")
    small.book.commit({"urn/draws.md": None, "urn/drawing.md": text})
    small.run()
    assert "urn/draws.md" in small.manifest().documents, "what a branch replaces is remembered"
    after = shown(amts)
    assert "urn/draws.md" not in after
    assert (after["urn/drawing.md"]["human"], after["urn/drawing.md"]["machine"]) == (4, 1)


def test_shown_and_made_again(small: Small, amts: Amts) -> None:
    code, out, _ = amts("manifest", "show", "en-zh")
    assert (code, out) == (0, "en-zh: no manifest yet; the first run that publishes writes it\n")
    code, out, _ = amts("manifest", "rebuild", "en-zh")
    assert (code, "nothing to make again" in out) == (0, True)
    small.revise()
    small.run()
    small.merge(BRANCH)
    code, out, err = amts("--json", "manifest", "show", "en-zh", "urn/*")
    assert code == 0, err
    rows = {row["document"]: row for row in json.loads(out)}
    assert set(rows) == {"urn/draws.md", "urn/errors.md"}
    assert rows["urn/draws.md"]["machine"] == 1
    code, out, err = amts("manifest", "rebuild", "en-zh")
    assert (code, "say --yes" in err) == (2, True)
    before = small.manifest()
    code, out, err = amts("manifest", "rebuild", "en-zh", "--yes")
    assert (code, "1 commit of AMTS" in out) == (0, True), err
    assert small.storage.find(f"{small.name}/en-zh/manifest-before.json") is not None
    states = [sorted(record.state for record in one.documents["urn/draws.md"]) for one in (before, small.manifest())]
    assert states[0] == states[1]
    assert not small.lease()
    code, out, err = amts("manifest", "show", "en-zh")
    assert "urn/draws.md" in out
    assert out.startswith("DOCUMENT")
    code, out, err = amts("manifest", "show", "en-zh", "none.md")
    assert (code, "no document of the manifest matches none.md" in err) == (2, True)
    code, out, err = amts("manifest", "show", "zh-en")
    assert (code, "ask for en-zh" in err) == (2, True)
