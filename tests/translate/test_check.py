"""What is let into the book, what is put right first, and what is refused."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amts_tasks.languages import Profile, Spacing, default_profile
from amts_tasks.roundtrip.engines import hostile
from amts_tasks.text import Segment, parse, render, same_structure
from amts_tasks.text.structure import gains_a_pipe
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import Unit, documents, inner_html, read

EN = default_profile("en")
ES = default_profile("es")
ZH = replace(default_profile("zh"), spacing=Spacing(before_reference=" ", after_reference="", cjk_latin=""))
KEPT = '<span translate="no">{}</span>'


def back(source: str, inner: str, target=ES) -> tuple[str | None, tuple[str, ...]]:
    restored = restore(Segment.of(source), inner, EN, target)
    assert (restored.text is None) == bool(restored.faults)
    return restored.text, restored.faults or restored.repairs


@given(st.text(alphabet="Aé *_`$|[]()<>&\\\n:中#-1.", max_size=80))
@settings(max_examples=300, deadline=None)
def test_what_comes_back_as_it_went_is_the_source(source: str) -> None:
    segment = Segment.of(source)
    for profile in (ES, ZH):
        restored = restore(segment, inner_html(segment), EN, profile)
        assert (restored.text, restored.faults, restored.repairs) == (source, (), ())


@pytest.mark.parametrize(
    ("source", "inner", "text", "notes"),
    [
        ("a **b** c", "A <b>B</b> C", "A **B** C", ()),
        ("[**a**] (b)", "<b>A</b> (B)", "[**A**] (B)", ()),
        ("[**a**] (**b**)", '<b id="1">A</b><b id="2">B</b>', "[**A**] (**B**)", ("spaces at a tag",)),
        ("[**a**] (~~b~~) c", "<b>A</b><s>B</s> C", "[**A**] (~~B~~) C", ("spaces at a tag",)),
        ("[**a**] (b)", "<b>A</b>(B)", "[**A**] (B)", ("spaces at a tag",)),
        ("a\nb", "A\n  B", "A B", ("line feed",)),
        ("a **b** c", "A<b> B </b>C", "A **B** C", ("spaces at a tag",)),
        ("a ***b***", "A <i> <b> B</b></i>", "A ***B***", ("spaces at a tag",)),
        (" a ", "A", " A ", ()),
        ("a  \nb", "A<br>B", "A  \nB", ()),
        ("costs", "5 $", r"5 \$", ("escape",)),
        ("a or b", "A | B", r"A \| B", ("escape",)),
        ("a | b", "B | A", "B | A", ()),
        ("&lt;a&gt;", KEPT.format("&amp;lt;") + "A" + KEPT.format("&amp;gt;"), "&lt;A&gt;", ()),
        ("a", "&lt;b&gt;A", r"\<b>A", ("escape",)),
        ("a", "A &amp;amp; B", "A & B", ("entity",)),
        ("a b", "*A* B", r"\*A\* B", ("escape",)),
        ("a", "# A", r"\# A", ("line start",)),
        ("a", "- A", r"\- A", ("line start",)),
        ("a", "1. A", r"1\. A", ("line start",)),
        ("a", "&gt; A", r"\> A", ("line start",)),
        ("1. a", "1. A", "1. A", ()),
        ("$x$ a", KEPT.format(" $x$ ") + " A", "$x$ A", ()),
        ("a _b_", "A<i>B</i>", "A _B_", ("spacing",)),
    ],
)
def test_repairs(source: str, inner: str, text: str | None, notes: tuple[str, ...] | None) -> None:
    found, said = back(source, inner)
    assert found == text
    if notes is not None:
        assert said == notes


@pytest.mark.parametrize(
    ("source", "inner", "reason"),
    [
        ("a $x$", "A", "placeholder lost"),
        ("a $x$", f"A {KEPT.format('$x$')} b {KEPT.format('$x$')}", "placeholder doubled"),
        ("a $12$ $21$", "A " + KEPT.format("$1$") + KEPT.format("$2$"), "placeholder altered"),
        ("a **b** *c*", "A <b>B <i>C</b> d</i>", "closes nothing"),
        ("a $x$", "A DNT_GEBKJMMFHEHCKOAJBKHK", "internal name leaked"),
        ("a", "", "emptied"),
        ("a", " 。", "emptied"),
        ("a **b**", "A B <b></b>", "emptied"),
        ("a", "`A`", "code gained"),
        ("a", "A\\", "a backslash at the end"),
        ("a", "[A](B)", "link"),
        ("a", "http://b.c", "differently"),
        ("a $x$", "A $" + KEPT.format("$x$"), "differently"),
        ("with 768 hidden units and 12 heads", "con unidades ocultas y 12 cabezas", "number lost: 768"),
        ("is set to 0.75 here", "se fija aquí", "number lost: 0.75"),
        ("about $x$ 40 of **50**", "unos " + KEPT.format("$x$") + " <b>50</b>", "number lost: 40"),
        ("word " * 20, "palabra", "characters for each"),
        ("word " * 20, "palabra " * 80, "characters for each"),
    ],
)
def test_refusals(source: str, inner: str, reason: str) -> None:
    text, faults = back(source, inner)
    assert text is None
    assert any(reason in str(fault) for fault in faults), faults


@pytest.mark.parametrize(
    ("source", "inner", "target"),
    [
        ("1,024 of 2,048 units", "1.024 de 2.048 unidades", ES),
        ("the 2 first of 12", "los dos primeros de 12", ES),
        ("a year of 10 million words", "一年1000万词", ZH),
        ("a year of 25 million words", "两千五百万词", ZH),
        ("of 64 units", "第六十四，即６４个单元", ZH),
        ("ResNet-18 in the 1990s", "九十年代", ZH),
        ("40 units of 3D", "٤٠ unidades", ES),
    ],
)
def test_numbers_that_are_still_there(source: str, inner: str, target: Profile) -> None:
    assert back(source, inner, target)[0] is not None


def test_a_person_may_leave_a_number_out() -> None:
    segment = Segment.of("above 37 degrees (98.6 of theirs)")
    assert restore(segment, "高于37度", EN, ZH).faults
    assert restore(segment, "高于37度", EN, ZH, by_hand=True).text == "高于37度"


@pytest.mark.parametrize(
    ("source", "inner", "text"),
    [
        (":numref:`a` shows", KEPT.format(":numref:`a`") + " 显示", ":numref:`a`显示"),
        ("see :numref:`a` now", "见" + KEPT.format(":numref:`a`") + " 了", "见 :numref:`a`了"),
        ("see :eqref:`a`.", "见，  " + KEPT.format(":eqref:`a`") + "。", "见， :eqref:`a`。"),
        ("the $x$ of `y`", "是 " + KEPT.format("$x$") + " 的 " + KEPT.format("`y`"), "是$x$的`y`"),
        ("a GPU now", "一个 GPU 了", "一个GPU了"),
        ("see https://a.b/c now", "见 " + KEPT.format("https://a.b/c") + "了", "见 https://a.b/c 了"),
        (
            "see :cite:`a` and :cite:`b`",
            KEPT.format(":cite:`b`") + KEPT.format(":cite:`a`") + "见",
            ":cite:`b` :cite:`a`见",
        ),
    ],
)
def test_spacing_of_the_profile(source: str, inner: str, text: str) -> None:
    assert back(source, inner, ZH)[0] == text


def test_spacing_that_is_none_leaves_alone() -> None:
    inner = "见" + KEPT.format(":numref:`a`") + " 了 GPU"
    assert back("see :numref:`a` now", inner, replace(ZH, spacing=Spacing()))[0] == "见:numref:`a` 了 GPU"


def test_the_length_ratio_counts_from_english() -> None:
    chinese = "这是一个很长的句子，" * 6
    english = "This is a sentence that is long, " * 6
    assert restore(Segment.of(chinese), english, ZH, EN).text is not None
    assert restore(Segment.of(chinese), english * 6, ZH, EN).text is None
    assert restore(Segment.of(english), chinese, EN, replace(ZH, length_ratio=(2.0, 3.0))).text is None


PIECES = st.sampled_from([
    "word ",
    "more ",
    "$x_1$ ",
    "`a b` ",
    ":numref:`c` ",
    "[d](e) ",
    "**f** ",
    "*g* ",
    "[**h**] ",
    "&lt; ",
    "3.5 ",
    "中文",
    "| ",
    "\n",
    "- ",
    "# ",
])


@example("\n3.5 - **f** \n- ", 196)  # a pipe in an underlined heading: the merge sees it
@example("# - # # - ", 816)  # number signs at the end of what comes back close the heading
@given(st.lists(PIECES, min_size=1, max_size=25).map("".join), st.integers(0, 10_000))
@settings(max_examples=500, deadline=None)
def test_nothing_hostile_gets_through(source: str, seed: int) -> None:
    """Whatever is let through has the source's placeholders, tags and block structure, but for what the merge sees."""
    document = parse(source)
    units = {
        f"a#{block.index}.{run.index}": (block.index, run.index, Segment.of(run.source))
        for block in document.blocks
        for run in block.texts
    }
    sent = documents((Unit(name, segment) for name, (_, _, segment) in units.items()), "en")
    random.seed(seed)
    for exchange in sent:
        for name, inner in read(hostile(exchange.html, seed)).items():
            block, run, segment = units[name]
            restored = restore(segment, inner, EN, ES)
            if restored.text is not None:
                rendered = parse(render(document, {(block, run): restored.text}))
                if gains_a_pipe(document.blocks[block], rendered.blocks[block].text):
                    continue
                assert same_structure(document, rendered) is None


@pytest.mark.parametrize(
    ("source", "written", "target", "repaired"),
    [
        ("The urn is on the table.", "罐子在桌上", ZH, "罐子在桌上。"),
        ("Two urns, one table.", "两个罐子,一张桌子。", ZH, "两个罐子，一张桌子。"),
        ("The urn is on the table.", "La urna está en la mesa", ES, "La urna está en la mesa."),
    ],
)
def test_stops_and_spaces_of_a_person_stay(source: str, written: str, target: Profile, repaired: str) -> None:
    segment = Segment.of(source)
    assert restore(segment, written, EN, target).text == repaired
    assert restore(segment, written, EN, target, by_hand=True).text == written


def test_what_markdown_needs_is_put_right_by_hand_too() -> None:
    made = restore(Segment.of("See **this**."), "参见<b>这个 </b>。", EN, ZH, by_hand=True)
    assert made.text is not None
    assert "**这个**" in made.text
