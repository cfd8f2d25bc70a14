"""The real book: what did not change stays byte for byte, and what is merged is still a book."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import warnings
from collections import Counter
from pathlib import Path

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.document.code import body, is_cell
from amts_tasks.sync.identity import Identity
from amts_tasks.sync.whole.references import broken
from amts_tasks.text import ParsedDocument, parse, render

DATA = Path(os.environ.get("AMTS_D2L_DATA", Path(__file__).parents[3] / "shared" / "data" / "d2l"))
pytestmark = [
    pytest.mark.d2l,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA}: the real book is not here; set AMTS_D2L_DATA"),
]
ENGLISH = default_profile("en")


def translation(language: str) -> Versioned:
    folder = DATA / "dev" / language
    bases, targets = {}, {}
    for file in sorted(folder.rglob("*_origin.md")):
        path = file.relative_to(folder).as_posix().replace("_origin.md", ".md")
        bases[path] = parse(file.read_bytes().decode(), path)
        targets[path] = parse((folder / path).read_bytes().decode(), path)
    profile = default_profile(language)
    beads = {path: align_blocks(bases[path], targets[path], ENGLISH, profile) for path in bases}
    return Versioned(bases, bases, targets, beads)


def run(book: Versioned, language: str) -> tuple[BookPlan, dict[str, Merged]]:
    plan = plan_book(f"en-{language}", {}, book, default_profile(language))
    delivered = deliver(plan, {text.id: text.source for text in plan.wanted})
    return plan, {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}


@pytest.mark.parametrize("language", ["zh", "tr"])
def test_nothing_changed_gives_the_same_bytes(language: str) -> None:
    book = translation(language)
    plan, merged = run(book, language)
    assert (plan.wanted, plan.changed) == ((), False)
    assert [path for path, result in merged.items() if result.text != book.targets[path].text] == []


@pytest.mark.parametrize("language", ["tr"])
def test_chapters_renamed_and_paragraphs_reflowed_cost_nothing(language: str) -> None:
    book = translation(language)
    sources, names = {}, {}
    for path, base in book.bases.items():
        where = f"renamed_{path}"
        one_line = {
            (block.index, text.index): re.sub(r"\s*\n\s*", " ", text.source)
            for block in base.blocks
            for text in block.texts
            if text.continuation is not None
        }
        sources[where], names[where] = parse(render(base, one_line), where), path
    plan, merged = run(Versioned(book.bases, sources, book.targets, book.alignments), language)
    assert plan.wanted == ()
    assert sum(sources[path].text != book.bases[old].text for path, old in names.items()) > 40
    assert [path for path, result in merged.items() if result.text != book.targets[names[path]].text] == []


@pytest.mark.parametrize("language", ["zh", "tr"])
def test_the_newest_source_gives_documents_whose_cells_parse(language: str, tmp_path: Path) -> None:
    clone = tmp_path / "book"
    subprocess.run(["git", "clone", "-q", DATA / "replay.bundle", clone], check=True)
    book = translation(language)
    sources = {path: clone / path for path in book.bases if (clone / path).is_file()}
    newest = {path: parse(file.read_bytes().decode(), path) for path, file in sources.items()}
    plan, merged = run(Versioned(book.bases, newest, book.targets, book.alignments), language)
    assert {path: result.damaged for path, result in merged.items() if result.damaged} == {}
    assert [left for result in merged.values() for left in result.left] == []
    assert [f"{path}: {cell}" for path, result in merged.items() for cell in unreadable(parse(result.text))] == []
    # About half of the English text is still what the translators had before them.
    assert plan.characters["kept"] > 0.3 * (plan.characters["kept"] + plan.characters["sent"])
    texts = {path: result.text for path, result in merged.items()}
    known = {one.name for one in broken({}, newest)} | {one.name for one in broken({}, book.targets)}
    assert [one for one in broken({}, texts) if one.name not in known and one.path not in plan_review(plan)] == []


def test_human_sync_cases_keep_what_did_not_change() -> None:
    counts: Counter[str] = Counter()
    for case in json.loads((DATA / "sync_cases" / "index.json").read_text()):
        folder = DATA / "sync_cases" / case["id"]
        if not folder.is_dir():
            continue
        language = case["lang"]
        base, source, target = (
            parse((folder / f"{name}.md").read_bytes().decode(), "doc.md")
            for name in ("old_origin", "new_origin", "old_target")
        )
        beads = align_blocks(base, target, ENGLISH, default_profile(language))
        _, merged = run(
            Versioned({"doc.md": base}, {"doc.md": source}, {"doc.md": target}, {"doc.md": beads}), language
        )
        assert merged["doc.md"].damaged is None
        shown = Counter(block.text.rstrip("\n") for block in parse(merged["doc.md"].text).blocks)
        identity = Identity(default_profile(language).own_links)
        olds, news = identity.keys(base), set(identity.keys(source).values())
        for bead in beads:
            cells = any(is_cell(base.blocks[index]) for index in bead.source)
            if cells or not all(olds[index] in news for index in bead.source):
                continue
            for index in bead.target:
                assert shown[target.blocks[index].text.rstrip("\n")], f"{case['id']}: {target.blocks[index].text!r}"
                counts["kept" if bead.source else "target only"] += 1
        counts["cases"] += 1
    assert counts["cases"] == 40
    assert counts["kept"] > 2000


def unreadable(document: ParsedDocument) -> list[str]:
    """The cells that are no Python, magic lines aside."""
    found = []
    for block in document.blocks:
        if is_cell(block):
            lines = ("pass" if line.lstrip().startswith(("%", "!")) else line for line in body(block.text).split("\n"))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", SyntaxWarning)
                    ast.parse("\n".join(lines))
            except SyntaxError:
                found.append(block.text)
    return found


def plan_review(plan: BookPlan) -> set[str]:
    return {one.document for one in plan.review}
