"""What every alignment is, whatever the texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.align import Bead, align_blocks, align_sentences, pairs
from amts_tasks.align.blocks import MOVED, monotone
from amts_tasks.languages import default_profile
from amts_tasks.text import Kind, parse

EN, ZH = default_profile("en"), default_profile("zh")
sentence = st.text(st.sampled_from("ab 7.?$`中文"), max_size=30)
block = st.sampled_from((
    "# Title", "## Part", "Some text.", "Some text with $x$.", "* item", "1. other item", "```\ncode(1)\n```",
    "$$y = 2$$", ":label:`sec_a`", "![figure](a.png)", "| a | b |\n| - | - |\n| c | d |", "<!-- note -->", "文字。",
    ":begin_tab:`paddle`\ntext\n:end_tab:", "> quoted", "```{.python .input}\n#@tab mxnet\nf()\n```",
))  # fmt: skip
markdown = st.lists(block, max_size=12).map("\n\n".join)


def covers(beads: tuple[Bead, ...], source: list[int], target: list[int]) -> bool:
    """Each index once, in order."""
    here = [index for bead in beads for index in bead.source]
    there = [index for bead in beads for index in bead.target]
    return here == source and there == target and all(bead.source or bead.target for bead in beads)


@given(st.lists(sentence, max_size=8), st.lists(sentence, max_size=8))
def test_sentence_beads_cover_both_sides_in_order(source: list[str], target: list[str]) -> None:
    beads = align_sentences(source, target, EN, ZH)
    assert covers(beads, list(range(len(source))), list(range(len(target))))
    assert all(0 <= bead.quality <= 1 for bead in beads)
    assert all(len(bead.source) <= 5 and len(bead.target) <= 5 for bead in beads)


@given(markdown, markdown)
@settings(deadline=None)
def test_block_beads_cover_all_blocks_that_are_not_blank(source: str, target: str) -> None:
    one, other = parse(source), parse(target)
    beads = align_blocks(one, other, EN, ZH, moves=True)
    here, there = ([b.index for b in document.blocks if b.kind != Kind.blank] for document in (one, other))
    assert covers(monotone(beads), here, there)
    assert monotone(beads) == align_blocks(one, other, EN, ZH)
    still = tuple(bead for bead in beads if not bead.method.startswith(MOVED))
    assert [index for bead in beads for index in bead.source] == here
    assert sorted(index for bead in beads for index in bead.target) == there
    assert [j for bead in still for j in bead.target] == sorted(j for bead in still for j in bead.target)
    for pair in (*pairs(one, other, beads, "paragraph", EN, ZH), *pairs(one, other, beads, "sentence", EN, ZH)):
        # A pair's text begins and ends where it says it does.
        assert one.text[pair.source_start : pair.source_end].split()[0] == pair.source.split()[0]
        assert pair.target.endswith(other.text[pair.target_start : pair.target_end].split()[-1])


@given(markdown)
@settings(deadline=None)
def test_a_document_pairs_with_itself_one_to_one(text: str) -> None:
    document = parse(text)
    for bead in align_blocks(document, document, EN, EN):
        assert bead.source == bead.target
        assert bead.method == "equal"


def test_a_long_text_pairs_with_itself_through_the_corridor() -> None:
    text = [f"Sentence number {i} of this text speaks about thing {i * i}." for i in range(400)]
    assert all(bead.source == bead.target for bead in align_sentences(text, text, EN, EN))


def test_an_empty_side_is_all_omissions() -> None:
    beads = align_sentences([], ["一。", "二。"], EN, ZH)
    assert [(bead.source, bead.target, bead.method) for bead in beads] == [
        ((), (0,), "omission"),
        ((), (1,), "omission"),
    ]
    assert align_sentences([], [], EN, ZH) == ()


def test_a_thousand_insertions_in_a_row_are_crossed() -> None:
    text = [f"Item {i} has the code `f{i}` and the number {i}." for i in range(200)]
    more = [f"Nota {i} sin pareja." for i in range(1000)]
    beads = align_sentences(text, [*text[:100], *more, *text[100:]], EN, EN)
    right = sum(
        bead.source == (i,) and bead.target == (i if i < 100 else i + 1000,) for bead in beads for i in bead.source
    )
    assert right >= 190
