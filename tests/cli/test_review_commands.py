"""`amts export`, `amts import` and `amts approve`: a review with a CAT tool, as text, and by word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.sync.manifest import State, write

Small = Any
Amts = Callable[..., tuple[int, str, str]]
DRAWS = "urn/draws.md"
BRANCH = "amts/en-zh/urn"
SOURCE = "We draw balls from an urn, one after the other, and note the colour of each ball in a table."
HUMAN = "我们从瓮中一个接一个地抽球，并把每个球的颜色记入表中。"
BY = ("--by", "Reader <reader@example.org>")


@pytest.fixture
def waiting(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    """The small book with machine text in two documents, on two open branches."""
    small.revise()
    small.revise("index.md", "small book explains", "short book explains")
    small.run()
    monkeypatch.chdir(tmp_path)
    return small


def states(small: Small, path: str) -> list[str]:
    return [str(record.state) for record in small.manifest().documents[path]]


def next_run(small: Small) -> None:
    small.revise("urn/errors.md", "half as large", "half as large as before")
    small.run()


def test_xliff_through_a_cat_tool(waiting: Small, amts: Amts) -> None:
    from translate.storage.xliff2 import Xliff2File

    status, out, _ = amts("export", "en-zh", "-o", "review.xlf")
    assert (status, out) == (0, "review.xlf: 2 texts await review\n")
    store = Xliff2File.parsefile("review.xlf")
    units = {unit.source: unit for unit in store.units}
    assert units[SOURCE].isfuzzy()
    notes = Path("review.xlf").read_text("utf-8")
    assert "write down the colour" in notes, "the former source is told"
    assert "machine text that nobody has approved" in notes
    units[SOURCE].target = HUMAN
    units[SOURCE].marktranslated()
    (other,) = (unit for unit in store.units if unit.source != SOURCE)
    other.markapproved()
    kept = other.target
    store.save()
    before = waiting.branches()
    status, out, err = amts("import", "en-zh", "review.xlf", *BY)
    assert status == 0, err
    assert out.startswith("1 text changed by a human, 1 approved, 0 as they were, 0 not taken")
    assert HUMAN in waiting.repo.read(DRAWS, BRANCH)
    assert waiting.repo.git("log", "-1", "--format=%an %ae", BRANCH) == "Reader reader@example.org"
    assert waiting.repo.git("rev-parse", f"{BRANCH}^") == before[BRANCH]
    assert kept in waiting.repo.read("index.md", "amts/en-zh/index")
    records = [record for record in waiting.manifest().documents["index.md"] if record.state is State.approved]
    assert [record.by for record in records] == [BY[1]]
    assert not waiting.lease()
    status, out, _ = amts("export", "en-zh", "--json")
    assert json.loads(out)["texts"] == 0
    next_run(waiting)
    assert HUMAN.rstrip("。") in waiting.learnt()
    assert kept.strip() in waiting.learnt(), "approved text is learnt from"


def test_po_with_weblates_flags_and_without_losing_what_was_not_finished(waiting: Small, amts: Amts) -> None:
    from translate.storage import pypo

    assert amts("export", "en-zh", "--format", "po", "-o", "review.po")[0] == 0
    store = pypo.pofile.parsefile("review.po")
    first, second = (unit for unit in store.units if not unit.isheader())
    assert first.isfuzzy()
    assert second.isfuzzy()
    before = waiting.branches(), states(waiting, DRAWS)
    _, out, _ = amts("import", "en-zh", "review.po", *BY)
    assert out.startswith("0 texts changed by a human, 0 approved, 2 as they were")
    second.target = HUMAN  # still fuzzy
    store.save()
    _, out, _ = amts("import", "en-zh", "review.po", *BY)
    assert "marked as not finished" in out
    assert (waiting.branches(), states(waiting, DRAWS)) == before
    first.markfuzzy(False)
    second.markfuzzy(False)
    store.save()
    _, out, _ = amts("import", "en-zh", "review.po", *BY, "--json")
    done = json.loads(out)
    assert (len(done["human"]), len(done["approved"]), done["left"]) == (1, 1, [])
    assert HUMAN in waiting.repo.read(DRAWS, BRANCH)


@pytest.mark.parametrize("form", ["xliff", "xliff12"])
def test_a_tool_that_knows_no_states_changes_a_text_and_that_is_enough(form: str, waiting: Small, amts: Amts) -> None:
    """OmegaT's filter, and a script that sets a target, leave beside it what we wrote."""
    from translate.storage.xliff import Xliff1File
    from translate.storage.xliff2 import Xliff2File

    assert amts("export", "en-zh", "--format", form, "-o", "review.xlf")[0] == 0
    store = {"xliff": Xliff2File, "xliff12": Xliff1File}[form].parsefile("review.xlf")
    (unit,) = (unit for unit in store.units if unit.source == SOURCE)
    unit.target = HUMAN
    store.save()
    assert ("initial" if form == "xliff" else "needs-review-translation") in Path("review.xlf").read_text("utf-8")
    status, out, err = amts("import", "en-zh", "review.xlf", *BY)
    assert status == 0, err
    assert out.startswith("1 text changed by a human, 0 approved, 1 as it was, 0 not taken")
    assert HUMAN in waiting.repo.read(DRAWS, BRANCH)


def test_what_a_tool_calls_unfinished_is_not_taken_and_the_command_says_so(waiting: Small, amts: Amts) -> None:
    assert amts("export", "en-zh", "--format", "xliff12", "-o", "review.xlf")[0] == 0
    text = Path("review.xlf").read_text("utf-8").replace("needs-review-translation", "needs-translation")
    text = re.sub(rf"({re.escape(SOURCE)}</source><target[^>]*>)[^<]+<", rf"\1{HUMAN}<", text)
    Path("review.xlf").write_text(text, "utf-8")
    status, out, _ = amts("import", "en-zh", "review.xlf", *BY)
    assert status == 1, "nothing of it is in the book"
    line = next(number for number, one in enumerate(text.split("\n"), start=1) if SOURCE in one)
    assert f"  not taken: review.xlf:{line}: {DRAWS}#" in out
    assert "finish it, or import with --unfinished" in out
    status, out, _ = amts("import", "en-zh", "review.xlf", "--unfinished", *BY)
    assert (status, out.split(",")[0]) == (0, "1 text changed by a human")


@pytest.mark.parametrize("form", ["xliff", "xliff12", "po"])
def test_a_humans_text_that_awaits_review_is_not_written_as_read(
    form: str, small: Small, amts: Amts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its source went on without it: what comes back as it went was approved by nobody."""
    monkeypatch.chdir(tmp_path)
    small.revise()
    small.run()
    manifest = small.manifest()
    rows = [
        replace(record, state=State.human, left="refused") if record.provenance == "sent" else record
        for record in manifest.documents[DRAWS]
    ]
    data = write(manifest.merge({DRAWS: rows}))
    small.storage.put(f"{small.name}/en-zh/manifest.json", data)
    name = "review.po" if form == "po" else "review.xlf"
    status, out, _ = amts("export", "en-zh", "--format", form, "-o", name)
    assert (status, out) == (0, f"{name}: 1 text awaits review\n")
    status, out, err = amts("import", "en-zh", name, *BY)
    assert status == 0, err
    assert out.startswith("0 texts changed by a human, 0 approved, 1 as it was")
    done = {"review.po": ("#, fuzzy\n", ""), "review.xlf": ("needs-review-translation", "final")}[name]
    text = Path(name).read_text("utf-8").replace('state="initial"', 'state="final"').replace(*done)
    Path(name).write_text(text, "utf-8")
    status, out, err = amts("import", "en-zh", name, *BY)
    assert (status, out.split(", ")[1]) == (0, "1 approved"), err
    assert "refused" not in {record.left for record in small.manifest().documents[DRAWS]}


OMEGAT = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.1"><header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext"
  creationtoolversion="6.0.0" segtype="paragraph" srclang="EN"/>
<body>
<tu><tuv xml:lang="EN"><seg>Something else that no book says.</seg></tuv><tuv xml:lang="ZH"><seg>别的。</seg></tuv></tu>
<tu><prop type="file">urn/draws.md</prop><prop type="prev">a</prop><prop type="next">b</prop>
<tuv xml:lang="EN"><seg>SOURCE</seg></tuv><tuv xml:lang="ZH"><seg>HUMAN</seg></tuv></tu>
</body></tmx>
"""


def test_a_tmx_of_omegat_is_matched_by_its_source_texts(waiting: Small, amts: Amts) -> None:
    Path("o.tmx").write_text(OMEGAT.replace("SOURCE", SOURCE).replace("HUMAN", HUMAN), "utf-8")
    status, out, err = amts("import", "en-zh", "o.tmx", *BY)
    assert status == 0, err
    assert out.startswith("1 text changed by a human")
    assert HUMAN in waiting.repo.read(DRAWS, BRANCH)
    assert amts("export", "en-zh", "--format", "tmx", "-o", "-")[1].count("<tu ") == 1
    status, _, err = amts("import", "en-zh", "o.tmx", *BY)
    assert status == 2
    assert "o.tmx: none of its 2 texts awaits review in en-zh" in err


def test_what_moved_on_meanwhile_is_told_and_kept_in_the_memory(waiting: Small, amts: Amts) -> None:
    from amts_tasks.steps.kept.memory import lookup

    assert amts("export", "en-zh", "--format", "xliff12", "-o", "review.xlf")[0] == 0
    text = Path("review.xlf").read_text("utf-8")
    machine = re.search(rf"{re.escape(SOURCE)}</source><target state=\"[a-z-]+\">([^<]+)<", text)
    assert machine is not None
    text = text.replace(machine[1], HUMAN).replace("needs-review-translation", "final")
    Path("review.xlf").write_text(text, "utf-8")
    waiting.revise(DRAWS, "in a table", "in a long table")
    waiting.run()
    status, out, err = amts("import", "en-zh", "review.xlf", *BY)
    assert status == 0, err
    assert "0 texts changed by a human, 1 approved" in out
    assert "its source was changed or removed meanwhile; what came back is kept in the memory" in out
    with lookup(waiting.given()) as look:
        assert [(match.target, match.unit.state) for match in look.exact(SOURCE) if match.unit.trusted] == [
            (HUMAN, "human")
        ]
    next_run(waiting)
    assert HUMAN.rstrip("。") in waiting.learnt()


def test_bad_files_change_nothing(waiting: Small, amts: Amts) -> None:
    assert amts("export", "en-zh", "-o", "review.xlf")[0] == 0
    good = Path("review.xlf").read_text("utf-8")
    before = waiting.branches(), waiting.artefacts()[f"{waiting.name}/en-zh/manifest.json"]
    for change, message in (
        (lambda text: text[:-60], "is the file whole"),
        (lambda text: text.replace(">en-zh<", ">en-es<"), "found the pair 'en-es'; expected 'en-zh'"),
        (lambda text: text.replace(f">{waiting.name}<", ">another<"), "found the book 'another'"),
        (lambda text: text.replace('trgLang="zh"', 'trgLang="es"'), "found the target language 'es'"),
    ):
        Path("bad.xlf").write_text(change(good), "utf-8")
        status, _, err = amts("import", "en-zh", "bad.xlf", *BY)
        assert status == 2
        assert message in err
    for more in ([], ["--memory"]):
        status, _, err = amts("import", "en-zh", "nofile.po", *more, *BY)
        assert status == 2
        assert "nofile.po: " in err
    status, _, err = amts("import", "en-zh", "review.docx", *BY)
    assert status == 2
    assert "found the suffix '.docx'; expected .xlf" in err
    status, _, err = amts("import", "en-zh", "review.xlf", "--by", "me")
    assert "expected 'Name <mail>'" in err
    status, _, err = amts("export", "zh-en")
    assert status == 2
    assert "nothing of it is translated or reviewed" in err
    assert (waiting.branches(), waiting.artefacts()[f"{waiting.name}/en-zh/manifest.json"]) == before
    assert not waiting.lease()


def test_broken_texts_are_left_and_the_others_taken(waiting: Small, amts: Amts) -> None:
    waiting.revise(DRAWS, "as :numref:`sec_errors` explains", "as :numref:`sec_errors` explains at length")
    waiting.run()
    assert amts("export", "en-zh", "-o", "review.xlf")[0] == 0
    text = Path("review.xlf").read_text("utf-8")
    text = text.replace('state="initial"', 'state="final"')
    broken, count = re.subn(r'(<target[^>]*>[^\n]*?)<ph id="1"[^>]*/>', r"\1", text, count=1)
    assert count == 1
    Path("review.xlf").write_text(broken, "utf-8")
    status, out, err = amts("import", "en-zh", "review.xlf", *BY)
    assert status == 0, err
    assert "0 texts changed by a human, 2 approved, 0 as they were, 1 not taken" in out
    assert "placeholders: lost $n$" in out


def test_approval_by_name_and_by_trailer(waiting: Small, amts: Amts) -> None:
    status, _, err = amts("approve", "en-zh", *BY)
    assert status == 2
    assert "say what was read" in err
    status, _, err = amts("approve", "en-zh", "nothing/*.md", *BY)
    assert status == 2
    assert "no translated document matches nothing/*.md" in err
    status, out, err = amts("approve", "en-zh", "index.md", *BY)
    assert status == 0, err
    assert "1 approved" in out
    assert "approved" in states(waiting, "index.md")
    assert "approved" not in states(waiting, DRAWS), "only what was named"
    assert "0 approved" in amts("approve", "en-zh", "--from-trailer")[1]
    waiting.merge(BRANCH)
    merged = waiting.zh.git("rev-parse", "main")
    tree = waiting.zh.git("rev-parse", "main^{tree}")
    parents = waiting.zh.git("log", "-1", "--format=%P", merged).split()
    people = ["-c", "user.name=Reader", "-c", "user.email=reader@example.org"]
    words = ["-m", "Merge", "-m", "Reviewed-by: Reader <reader@example.org>"]
    made = waiting.zh.git(*people, "commit-tree", tree, *(x for p in parents for x in ("-p", p)), *words)
    waiting.zh.git("update-ref", "refs/heads/main", made)
    status, out, err = amts("approve", "en-zh", "--from-trailer")
    assert status == 0, err
    assert "1 approved" in out
    (record,) = (record for record in waiting.manifest().documents[DRAWS] if record.state is State.approved)
    assert record.by == "Reader <reader@example.org>"
    next_run(waiting)
    assert "in a table" in waiting.learnt()


def test_the_page_for_the_eye(waiting: Small, amts: Amts) -> None:
    assert amts("export", "en-zh", "--format", "html", "-o", "review.html")[0] == 0
    page = Path("review.html").read_text("utf-8")
    assert "<del>write down</del>" in page
    assert "<ins>note</ins>" in page
    assert "<ins> in a table</ins>" in page
    assert page.count("<article") == 2
    assert "English, before" in page
    assert f"branch <code>{BRANCH}</code>" in page
    assert "<script" not in page


def test_the_whole_memory_goes_out_and_another_comes_in(waiting: Small, amts: Amts) -> None:
    import csv

    status, out, err = amts("export", "en-zh", "--memory", "--format", "csv", "-o", "m.csv", "--json")
    assert status == 0, err
    rows = list(csv.DictReader(Path("m.csv").read_text("utf-8").splitlines()))
    assert len(rows) == json.loads(out)["pairs"] > 5
    assert {row["state"] for row in rows} == {"human"}, "machine text is not in it"
    for form, name in (("tmx", "m.tmx"), ("xliff", "m.xlf"), ("tsv", "m.tsv")):
        assert amts("export", "en-zh", "--memory", "--format", form, "-o", name)[0] == 0
        status, out, err = amts("import", "en-zh", name, "--memory", "--json")
        assert (status, json.loads(out)) == (0, {"read": len(rows), "new": 0}), err
    other = OMEGAT.replace("SOURCE", "An urn is a vase with a lid.").replace("HUMAN", "瓮是带盖的瓶子。")
    Path("bad.tmx").write_text(other[:-40], "utf-8")
    status, _, err = amts("import", "en-zh", "bad.tmx", "--memory")
    assert status == 2
    assert "is the file whole" in err
    Path("o.tmx").write_text(other, "utf-8")
    assert json.loads(amts("import", "en-zh", "o.tmx", "--memory", "--json")[1]) == {"read": 2, "new": 2}
    next_run(waiting)
    assert "An urn is a vase with a lid.,瓮是带盖的瓶子。" in waiting.learnt()
    assert amts("export", "en-zh", "--format", "csv")[0] == 2
    assert amts("import", "en-zh", "m.csv")[0] == 2
