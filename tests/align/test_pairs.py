from __future__ import annotations

from amts_tasks.align import Pair, align_blocks, pairs, sentence_pairs
from amts_tasks.languages import Profile, default_profile
from amts_tasks.text import parse

EN, ZH, ES = default_profile("en"), default_profile("zh"), default_profile("es")

SOURCE = """# Title
:label:`sec_t`

We met the sigmoid in :numref:`sec_t`. It saturates for large inputs! Is there something better?

* The first item spans
  two lines. It has `code`.

| name | meaning |
| --- | --- |
| `lr` | the learning rate |

![A *figure*.](../img/a.svg)
"""
TARGET = """# 标题
:label:`sec_t`

我们在 :numref:`sec_t`中见过sigmoid。输入很大时它会饱和！有更好的函数吗？

* 第一项占据
  两行。它包含`code`。

| 名称 | 含义 |
| --- | --- |
| `lr` | 学习率 |

![一张*图*。](../img/a.svg)
"""


def made(granularity: str, source: str = SOURCE, target: str = TARGET, profile: Profile = ZH) -> tuple[Pair, ...]:
    one, other = parse(source, "a.md"), parse(target, "a_t.md")
    beads = align_blocks(one, other, EN, profile)
    assert granularity in {"paragraph", "sentence"}
    return pairs(one, other, beads, "sentence" if granularity == "sentence" else "paragraph", EN, profile)


def test_headings_paragraphs_items_cells_and_captions_pair() -> None:
    found = [(pair.source, pair.target) for pair in made("paragraph")]
    assert ("Title", "标题") in found
    assert ("the learning rate", "学习率") in found
    assert ("name", "名称") in found
    assert ("A *figure*.", "一张*图*。") in found
    assert ("The first item spans\ntwo lines. It has `code`.", "第一项占据\n两行。它包含`code`。") in found


def test_sentences_pair_within_and_stand_where_they_say() -> None:
    found = [pair for pair in made("sentence") if pair.kind == "sentence"]
    assert ("It saturates for large inputs!", "输入很大时它会饱和！") in [(p.source, p.target) for p in found]
    for pair in found:
        here, there = SOURCE[pair.source_start : pair.source_end], TARGET[pair.target_start : pair.target_end]
        assert here.split() == pair.source.split()
        assert "".join(there.split()) == "".join(pair.target.split())


def test_a_paragraph_of_which_a_sentence_is_missing_stays_whole() -> None:
    target = TARGET.replace("输入很大时它会饱和！有更好的函数吗？", "")
    kinds = {pair.source[:3]: pair.kind for pair in made("sentence", target=target)}
    assert kinds["We "] == "paragraph"


def test_merged_paragraphs_are_one_pair() -> None:
    one = "The array `a` has 12 elements.\n\nIts shape is $(3, 4)$.\n"
    other = "El vector `a` tiene 12 elementos y su forma es $(3, 4)$.\n"
    (pair,) = made("paragraph", one, other, ES)
    assert pair.source == "The array `a` has 12 elements. Its shape is $(3, 4)$."
    assert pair.method == "anchor:2-1"
    assert (pair.source_start, pair.source_end) == (0, len(one) - 1)


def test_a_pair_kept_in_memory_can_be_cut_later() -> None:
    pair = next(pair for pair in made("paragraph") if pair.source.startswith("We met"))
    cut = sentence_pairs(pair, EN, ZH)
    assert [piece.kind for piece in cut] == ["sentence"] * 3
    assert all(SOURCE[piece.source_start : piece.source_end] == piece.source for piece in cut)
    assert all(piece.score <= pair.score for piece in cut)
