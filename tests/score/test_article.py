"""Test documents cut into segments that cover the whole reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from amts_tasks.align import Bead, align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.score.article import Cut, cut
from amts_tasks.text import ParsedDocument, parse

EXAMPLES = Path(__file__).parents[2] / "examples"
PATHS = sorted(p.relative_to(EXAMPLES / "zh").as_posix() for p in (EXAMPLES / "zh").rglob("*.md"))
EN, ZH = default_profile("en"), default_profile("zh")


def blocks(*paragraphs: str) -> ParsedDocument:
    """A document of these blocks; block n of the arguments has index 2n."""
    return parse("\n\n".join(paragraphs) + "\n", "a.md")


def pieces(found: Cut) -> list[tuple[str, str]]:
    return [(group.hypothesis, group.reference_text) for group in found.groups]


def test_one_to_one() -> None:
    source, reference = blocks("# A", "One.", "Two."), blocks("# 甲", "一。", "二。")
    found = cut(source, reference, [Bead((i,), (i,)) for i in (0, 2, 4)], {"a.md#2.0": "1", "a.md#0.0": "h"})
    assert pieces(found) == [("h", "甲"), ("1", "一。"), ("Two.", "二。")]
    assert found.missing == ("a.md#4.0",)
    assert (found.letters, found.letters_total, found.share) == (3, 3, 1.0)


def test_a_refused_answer_counts_as_missing_and_its_source_is_scored() -> None:
    source, reference = blocks("One."), blocks("一。")
    found = cut(source, reference, [Bead((0,), (0,))], {"a.md#0.0": None})
    assert pieces(found) == [("One.", "一。")]
    assert found.missing == ("a.md#0.0",)


def test_an_empty_answer_is_an_answer() -> None:
    found = cut(blocks("One."), blocks("一。"), [Bead((0,), (0,))], {"a.md#0.0": ""})
    assert pieces(found) == [("", "一。")]
    assert not found.missing


def test_merged_blocks_are_one_segment() -> None:
    source, reference = blocks("One.", "Two."), blocks("一和二。")
    found = cut(source, reference, [Bead((0, 2), (0,))], {"a.md#0.0": "1", "a.md#2.0": "2"})
    assert pieces(found) == [("1 2", "一和二。")]


def test_orphans_join_the_text_before_them() -> None:
    source, reference = blocks("One.", "Two.", "Three."), blocks("一。", "附。", "三。")
    beads = [Bead((0,), (0,)), Bead((2,), ()), Bead((), (2,)), Bead((4,), (4,))]
    found = cut(source, reference, beads, {})
    assert pieces(found) == [("One. Two.", "一。 附。"), ("Three.", "三。")]
    assert (found.joined, found.unpaired, found.share) == (2, 0, 1.0)


def test_orphans_at_the_beginning_join_what_follows() -> None:
    source, reference = blocks("One."), blocks("附。", "一。")
    assert pieces(cut(source, reference, [Bead((), (0,)), Bead((0,), (2,))], {})) == [("One.", "附。 一。")]


def test_an_orphan_under_a_heading_joins_the_text_and_not_the_heading() -> None:
    source, reference = blocks("# A", "One."), blocks("# 甲", "附。", "一。")
    beads = [Bead((0,), (0,)), Bead((), (2,)), Bead((2,), (4,))]
    assert pieces(cut(source, reference, beads, {})) == [("A", "甲"), ("One.", "附。 一。")]


def test_a_section_of_the_reference_alone_joins_the_text_before_it_and_not_the_next_heading() -> None:
    source, reference = blocks("One.", "# B"), blocks("一。", "# 附", "附。", "# 乙")
    beads = [Bead((0,), (0,)), Bead((), (2,)), Bead((), (4,)), Bead((2,), (6,))]
    assert pieces(cut(source, reference, beads, {})) == [("One.", "一。 附 附。"), ("B", "乙")]


def test_text_for_code_is_an_orphan_and_joins() -> None:
    source, reference = blocks("One.", "```\nx\n```"), blocks("一。", "文。")
    found = cut(source, reference, [Bead((0,), (0,)), Bead((2,), (2,))], {})
    assert pieces(found) == [("One.", "一。 文。")]


def test_nothing_aligns() -> None:
    found = cut(blocks("One."), blocks("一。"), [Bead((0,), ()), Bead((), (0,))], {})
    assert (found.groups, found.share, found.unpaired, found.joined) == ((), 0.0, 2, 0)


def test_protected_spans_are_removed_on_both_sides() -> None:
    source, reference = blocks("Use `f(x)` in $y$, [**see**] :cite:`k`."), blocks("在$y$中用`f(x)`。")
    answers = {"a.md#0.0": "用`f(x)`在$y$，[**见**] :cite:`k`。"}
    (group,) = cut(source, reference, [Bead((0,), (0,))], answers).groups
    assert group.hypothesis == answers["a.md#0.0"]
    assert group.hypothesis_plain == "用在，见 。"
    assert group.reference_plain == "在中用。"


def test_numbers_and_formulas_are_no_prose() -> None:
    source, reference = blocks("One.", "$x$", "1 2 3"), blocks("一。", "$x$", "1 2 3")
    assert pieces(cut(source, reference, [Bead((i,), (i,)) for i in (0, 2, 4)], {})) == [("One.", "一。")]


@pytest.mark.parametrize("path", PATHS)
def test_example_book_is_scored_whole_and_once(path: str) -> None:
    source = parse((EXAMPLES / "en" / "r1" / path).read_text("utf-8"), path)
    reference = parse((EXAMPLES / "zh" / path).read_text("utf-8"), path)
    found = cut(source, reference, align_blocks(source, reference, EN, ZH), {})
    assert found.share == 1.0
    for side in ("source", "reference"):
        indices = [index for group in found.groups for index in getattr(group, side)]
        assert indices == sorted(set(indices))


@pytest.mark.parametrize("path", PATHS)
def test_segments_do_not_depend_on_the_hypotheses(path: str) -> None:
    source = parse((EXAMPLES / "en" / "r1" / path).read_text("utf-8"), path)
    reference = parse((EXAMPLES / "zh" / path).read_text("utf-8"), path)
    beads = align_blocks(source, reference, EN, ZH)
    ids = [f"{path}#{block.index}.{text.index}" for block in source.blocks for text in block.texts]
    one, other = (
        [(g.source, g.reference, g.reference_text) for g in cut(source, reference, beads, answers).groups]
        for answers in (dict.fromkeys(ids, ""), {name: name * 5 for name in ids})
    )
    assert one == other
