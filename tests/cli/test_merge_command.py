"""`amts merge`: three files or folders to a merged translation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amts_tasks import cli
from amts_tasks.cli.merge import Sides, run
from amts_tasks.languages import default_profile

OLD = "# Tea\n\nWarm the pot first. Put in one spoon of leaves. Wait for four minutes.\n\nIt is *good*.\n"
NEW = "# Tea\n\nWarm the pot first. Put in two big spoons of leaves. Wait for four minutes.\n\nIt is *good*.\n"
ZH = "# 茶\n\n先把茶壶温热。放入一勺茶叶。等四分钟。\n\n很*好*。\n"


def written(folder: Path, texts: dict[str, str]) -> Path:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def merge(folder: Path, *words: str, names: tuple[str, str, str] = ("old", "new", "zh")) -> int:
    old, new, target = (str(folder / name) for name in names)
    sides = ["--old-source", old, "--new-source", new, "--target", target, "--pair", "en-zh", "-o", str(folder / "out")]
    return cli.main(["merge", *sides, *words])


def test_three_files_one_changed_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, {"a.md": OLD, "b.md": NEW, "c.md": ZH})
    assert merge(tmp_path, "--json", names=("a.md", "b.md", "c.md")) == 0
    value = json.loads(capsys.readouterr().out)
    expected = ZH.replace("放入一勺茶叶。", "Put in two big spoons of leaves.")
    assert (tmp_path / "out" / "c.md").read_text(encoding="utf-8") == expected
    assert value == json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert value["blocks"] == {"kept": 2, "moved": 0, "swapped": 0, "patched": 1, "sent": 0}
    assert [(one["text"], one["characters"]) for one in value["sent"]] == [("Put in two big spoons of leaves.", 32)]
    (document,) = value["documents"]
    assert [block["provenance"] for block in document["blocks"]] == ["kept", "patched", "kept"]
    assert "".join(expected[slice(*block["span"])] for block in document["blocks"]) == expected.replace("\n\n", "\n")


def test_folders_a_rename_and_a_new_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "old", {"tea.md": OLD, "index.md": "# Drinks\n", "beer.md": "# Beer\n"})
    written(tmp_path / "new", {"drinks/tea.md": OLD, "index.md": "# Drinks\n", "milk.md": "# Milk\n"})
    written(tmp_path / "zh", {"tea.md": ZH, "tea_origin.md": OLD, "index.md": "# 饮料\n", "beer.md": "# 啤酒\n"})
    assert merge(tmp_path) == 0
    shown = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_text(encoding="utf-8")
        for path in (tmp_path / "out").rglob("*.md")
    }
    # A document that the source gave up stays for a human to decide on.
    assert shown == {"drinks/tea.md": ZH, "index.md": "# 饮料\n", "milk.md": "# Milk\n", "beer.md": "# 啤酒\n"}
    out = capsys.readouterr().out
    assert "milk.md#0.0" in out
    assert "3 documents and provenance.json" in out


def test_the_service_translates_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, {"a.md": OLD, "b.md": NEW, "c.md": ZH})
    assert merge(tmp_path, "--translate", "service", "--emulator", names=("a.md", "b.md", "c.md")) == 0
    text = (tmp_path / "out" / "c.md").read_text(encoding="utf-8")
    assert text.startswith("# 茶\n\n先把茶壶温热。")
    assert text.endswith("等四分钟。\n\n很*好*。\n")
    assert "Put in" not in text


@pytest.mark.parametrize(
    ("texts", "names", "words"),
    [
        ({"old/a.md": OLD, "new/a.md": NEW}, ("old", "new", "zh"), "zh: no such file or folder"),
        ({"old/a.md": OLD, "new/a.md": NEW, "c.md": ZH}, ("old", "new", "c.md"), "three files or three folders"),
        ({"old/a.md": OLD, "new/a.md": NEW, "zh/b.md": ZH}, ("old", "new", "zh"), "the same relative paths"),
        ({"a.md": OLD, "b.html": NEW, "c.md": ZH}, ("a.md", "b.html", "c.md"), "b.html: found html; expected markdown"),
        (
            {"old/a.md": OLD, "new/a.md": NEW, "zh/a.md": f"# 茶\n\n<<<<<<< HEAD\n{ZH}=======\n{ZH}>>>>>>> main\n"},
            ("old", "new", "zh"),
            "a.md:3: found the marks of a merge conflict",
        ),
    ],
)
def test_bad_sides(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    texts: dict[str, str],
    names: tuple[str, str, str],
    words: str,
) -> None:
    written(tmp_path, texts)
    assert merge(tmp_path, names=names) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_could_not_be_put_in_is_on_the_review_list(tmp_path: Path) -> None:
    written(tmp_path, {"a.md": OLD, "b.md": NEW + "\nDrink it.\n", "c.md": ZH})
    sides = Sides(*(tmp_path / name for name in ("a.md", "b.md", "c.md", "out")))
    profiles = default_profile("en"), default_profile("zh")
    result = run(sides, "en-zh", profiles, lambda plan: ({}, []))
    assert (tmp_path / "out" / "c.md").read_text(encoding="utf-8") == ZH + "\nDrink it.\n"
    assert [(one["text"][:9], one["reason"]) for one in result.value["review"]] == [
        ("Warm the ", "no acceptable translation came back; the old translation stays"),
        ("Drink it.", "no acceptable translation came back; it is in the source's language"),
    ]
    assert "the old translation stays" in result.text


def test_an_empty_file_is_no_translation_yet(tmp_path: Path) -> None:
    written(tmp_path, {"a.md": OLD, "b.md": NEW, "c.md": "\n"})
    assert merge(tmp_path, names=("a.md", "b.md", "c.md")) == 0
    assert (tmp_path / "out" / "c.md").read_text(encoding="utf-8") == NEW


def test_nothing_was_made_from_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, {"a.md": "\n", "b.md": NEW, "c.md": ZH})
    assert merge(tmp_path, names=("a.md", "b.md", "c.md")) == 0
    assert (tmp_path / "out" / "c.md").read_text(encoding="utf-8") == ZH
    assert "the source it was made from is unknown: kept as it is" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("texts", "output", "words"),
    [
        ({}, "new", "new/b/c.md: found the source itself"),
        ({}, "old", "old/b/c.md: found the source itself"),
        ({"out": ""}, "out", "out: found a file; expected a folder, for the merged documents"),
        ({"out/b": ""}, "out", "out/b: found a file; expected a folder to write to"),
        ({"out/tea.md/x": ""}, "out", "out/tea.md: found a folder; expected to write a document there"),
    ],
)
def test_bad_outputs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], texts: dict[str, str], output: str, words: str
) -> None:
    written(tmp_path, {f"{side}/tea.md": text for side, text in (("old", OLD), ("new", NEW), ("zh", ZH))} | texts)
    written(tmp_path, {f"{side}/b/c.md": text for side, text in (("old", OLD), ("new", NEW), ("zh", ZH))})
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert merge(tmp_path, "-o", str(tmp_path / output)) == 2
    assert words in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_setext_heading_is_no_conflict(tmp_path: Path) -> None:
    underlined = "Tea of a\n=======\n\nIt is good.\n"
    written(tmp_path, {"a.md": underlined, "b.md": underlined, "c.md": underlined})
    assert merge(tmp_path, names=("a.md", "b.md", "c.md")) == 0
    assert (tmp_path / "out" / "c.md").read_text(encoding="utf-8") == underlined


def test_what_goes_with_its_source_is_told_and_what_moved_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = {"a.md": OLD + "\nPour out the rest of it.\n", "b.md": "# Milk\n"}
    new = {"a.md": OLD.replace("\n\nIt is *good*.", ""), "b.md": "# Milk\n\nIt is *good*.\n"}
    written(tmp_path / "old", old)
    written(tmp_path / "new", new)
    written(tmp_path / "zh", {"a.md": ZH + "\n把剩下的倒掉。\n", "b.md": "# 牛奶\n"})
    assert merge(tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["deleted"] == [{"document": "a.md", "text": "把剩下的倒掉。\n"}]
    assert merge(tmp_path) == 0
    assert "a.md: deleted with its source: 把剩下的倒掉。" in capsys.readouterr().out


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_place_of_the_output(tmp_path: Path, capsys: pytest.CaptureFixture[str], below: str) -> None:
    written(tmp_path, {"a.md": OLD, "b.md": NEW, "c.md": ZH, "out.md": "mine\n"})
    sides = ["--old-source", "a.md", "--new-source", "b.md", "--target", "c.md"]
    sides = [str(tmp_path / word) if word.endswith(".md") else word for word in sides]
    assert cli.main(["merge", *sides, "--pair", "en-zh", "-o", str(tmp_path / "out.md" / below)]) == 2
    assert f"{tmp_path / 'out.md'}: found a file; expected a folder" in capsys.readouterr().err
    assert (tmp_path / "out.md").read_text("utf-8") == "mine\n"
