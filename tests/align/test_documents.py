"""Documents that were renamed, split, or lent a section to another."""

from __future__ import annotations

from amts_tasks.align.documents import Alignment, align_documents
from amts_tasks.align.review import coverage, review
from amts_tasks.languages import default_profile
from amts_tasks.text import parse

EN, ES = default_profile("en"), default_profile("es")


def part(name: str, target: bool) -> str:
    """A section with a label, prose with anchors, code and a formula of its own."""
    words = (f"# Sobre {name}", "Llamamos a", "después de") if target else (f"# About {name}", "We call", "after")
    return "\n\n".join([
        f"{words[0]}\n:label:`sec_{name}`",
        f"{words[1]} `{name}_first(10)` {words[2]} $x_{{{name}}}$.",
        f"```python\nresult_of_{name} = {name}_first(10) + {name}_second(20)\n```",
        f"$$y_{{{name}}} = \\sum_i a_i {name}_i + b$$",
        f"{words[1]} `{name}_second(20)` {words[2]} :numref:`sec_{name}`.",
    ])


def book(documents: dict[str, list[str]], target: bool) -> dict[str, str]:
    return {path: "\n\n".join(part(name, target) for name in names) + "\n" for path, names in documents.items()}


def aligned(source: dict[str, list[str]], target: dict[str, list[str]]) -> tuple[Alignment, ...]:
    here = {path: parse(text, path) for path, text in book(source, target=False).items()}
    there = {path: parse(text, path) for path, text in book(target, target=True).items()}
    return align_documents(here, there, EN, ES)


def labels(alignments: tuple[Alignment, ...]) -> set[tuple[str, str, str, str]]:
    """Source path, target path and the label on both sides, of each bead with labels."""
    found = set()
    for one in alignments:
        for bead in one.beads:
            if bead.source and bead.target and one.source.blocks[bead.source[0]].labels:
                here, there = one.source.blocks[bead.source[0]].labels, one.target.blocks[bead.target[0]].labels
                found.add((one.source.path, one.target.path, here[0], there[0]))
    return found


def test_the_same_paths_pair_whole() -> None:
    names = {"a.md": ["one", "two"], "b.md": ["three"]}
    found = aligned(names, names)
    assert [(one.source.path, one.found) for one in found] == [("a.md", "path"), ("b.md", "path")]
    reviewed = review(found, "paragraph", EN, ES)
    count = coverage(found, reviewed)
    assert count["accepted"] == count["paired"] == count["prose"] == 9
    assert {one.section for one in reviewed if "first" in one.pair.source} == {
        ("About one",), ("About two",), ("About three",)
    }  # fmt: skip
    assert reviewed[1].before == reviewed[0].pair.source
    assert reviewed[0].before == ""


def test_a_renamed_document_is_found_by_what_is_in_it() -> None:
    found = aligned({"old/name.md": ["one", "two"], "b.md": ["three"]}, {"new.md": ["one", "two"], "b.md": ["three"]})
    assert ("old/name.md", "new.md", "sec_two", "sec_two") in labels(found)
    elsewhere = next(one for one in found if one.found == "elsewhere")
    assert len(elsewhere.beads) == 12
    assert all(bead.method.startswith("elsewhere@new.md+") for bead in elsewhere.beads)


def test_a_split_document_is_found_in_both_halves() -> None:
    found = aligned({"a.md": ["one", "two"]}, {"a.md": ["one"], "a2.md": ["two"]})
    assert labels(found) == {("a.md", "a.md", "sec_one", "sec_one"), ("a.md", "a2.md", "sec_two", "sec_two")}


def test_a_section_that_moved_to_another_chapter_is_paired_there() -> None:
    found = aligned({"a.md": ["one", "two"], "b.md": ["three"]}, {"a.md": ["one"], "b.md": ["two", "three"]})
    assert ("a.md", "b.md", "sec_two", "sec_two") in labels(found)
    sides: tuple[list[tuple[str, int]], list[tuple[str, int]]] = ([], [])
    for one in found:
        for bead in one.beads:
            if bead.source and bead.target:
                sides[0].extend((one.source.path, index) for index in bead.source)
                sides[1].extend((one.target.path, index) for index in bead.target)
    assert all(len(side) == len(set(side)) for side in sides), "no block is paired twice"


def test_documents_with_nothing_in_common_are_not_forced_together() -> None:
    assert aligned({"a.md": ["one"]}, {"z.md": ["seven"]}) == ()
