"""The memory over all runs: parts, the index made from them, and what is found in it."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amts_tasks.align import Pair
from amts_tasks.errors import StorageError
from amts_tasks.memory import Entry
from amts_tasks.memory.index import Index, changes
from amts_tasks.memory.lookup import Lookup
from amts_tasks.memory.match import band, similarity, swapped
from amts_tasks.memory.part import Gone, read, written
from amts_tasks.memory.unit import Unit, units

WORDS = ("the", "loss", "falls", "of", "`x`", "and", "$y$", "损失", "[a](b)", "fast")
sentence = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
unit = st.builds(
    Unit,
    source=sentence,
    target=sentence,
    state=st.sampled_from(("human", "approved", "machine")),
    document=st.sampled_from(("a.md", "b.md")),
    confidence=st.sampled_from((0.5, 1.0)),
    service=st.sampled_from(("", "here")),
    standing=st.just(True),
)


def human(source: str, target: str, **more: object) -> Unit:
    return Unit(source, target, "human", "a.md", **more)  # type: ignore[arg-type]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    with Index(tmp_path / "memory.sqlite") as made:
        yield made  # type: ignore[misc]


def test_bands() -> None:
    shown = [band(score) for score in (101, 100, 99, 95, 94, 85, 84, 75, 74, 50, 49, 0)]
    assert shown == ["101", "100", *["95-99"] * 2, *["85-94"] * 2, *["75-84"] * 2, *["50-74"] * 2, *["new"] * 2]


def test_a_placeholder_weighs_as_one_character() -> None:
    assert similarity("Call `a`  now.", "Call `a` now.") == 100
    assert similarity("Call `a` now.", "Call `something_very_long_indeed` now.") == 90
    assert similarity("the loss", "損失") == 0


def test_context_exact_masked_fuzzy(index: Index) -> None:
    index.take("p", "r1", [
        human("Summary", "小结", previous="Before.", following="After."),
        human("Summary", "总结", previous="Other."),
        human("Call `f` with $x$ twice.", "用$x$调用`f`两次。"),
        human("The loss falls quickly at first.", "损失起初下降得很快。"),
    ])  # fmt: skip
    look = Lookup(index)
    first, second = look.best("Summary", " Before. ", "After.")
    assert (first.score, first.how, first.target, first.band) == (101, "context", "小结", "101")
    assert (second.score, second.how, second.target) == (100, "exact", "总结")
    assert look.best("Sum  mary") == ()
    (match,) = look.best("Call `f` with\n$x$ twice.")
    assert (match.score, match.how) == (100, "normalised")
    (match,) = look.best("Call `g` with $z^2$ twice.")
    assert (match.score, match.how, match.target, match.band) == (99, "masked", "用$z^2$调用`g`两次。", "95-99")
    (match,) = look.best("The loss falls quickly at last.")
    assert (match.how, match.target, match.band) == ("fuzzy", "损失起初下降得很快。", "85-94")
    assert look.best("Something else altogether, this is.") == ()


def test_swapping_is_refused_where_it_is_not_certain() -> None:
    once = human("Use `a` or `b`.", "用`a`或`b`。")
    assert swapped("Use `c` or `d`.", once) == "用`c`或`d`。"
    assert swapped("Use `c`.", once) is None
    assert swapped("Use `c` or $d$.", once) is None, "of another kind"
    assert swapped("Use `c` or `d`.", human("Use `a` or `b`.", "用`a`。")) is None, "the target has others"
    assert swapped("Use `c` or `d`.", human("Use `a` or `a`.", "用`a`或`a`。")) is None, "which of both is not known"
    assert swapped("Use `c` or `c`.", human("Use `a` or `b`.", "用`b`或`a`。")) == "用`c`或`c`。"


def test_machine_text_is_found_only_where_the_same_service_made_it(index: Index) -> None:
    index.take("p", "r1", [Unit("A text.", "文。", "machine", "a.md", service="here")])
    assert Lookup(index).best("A text.") == ()
    assert Lookup(index, "there").best("A text.") == ()
    assert [match.target for match in Lookup(index, "here").best("A text.")] == ["文。"]


def test_what_a_human_wrote_once_is_never_lost(index: Index) -> None:
    old, new = human("It falls.", "它下降。", standing=True), human("It fell.", "它下降了。", standing=True)
    index.take("1", "r1", list(changes(index, [old])))
    assert list(changes(index, [old])) == [], "a run made again adds nothing"
    made = list(changes(index, [new]))
    assert made == [new, Gone(old.identity)]
    index.take("2", "r2", made)
    assert [(u.target, u.standing, u.first, u.last) for u in index] == [
        ("它下降。", False, "r1", "r2"),
        ("它下降了。", True, "r2", ""),
    ]
    assert [unit.target for unit in index.former()] == ["它下降。"]
    index.take("3", "r3", list(changes(index, [old, new])))
    assert [(u.standing, u.first, u.last) for u in index] == [(True, "r1", ""), (True, "r2", "")]


def test_a_run_of_the_past_moves_nothing(index: Index) -> None:
    now, then = human("Now.", "今。", standing=True), human("Then.", "昔。", standing=True)
    index.take("1", "r9", list(changes(index, [now])))
    index.take("2", "r1", list(changes(index, [then], past=True)))
    assert [(unit.target, unit.standing) for unit in index] == [("今。", True), ("昔。", False)]


@given(runs=st.lists(st.lists(unit, max_size=6), max_size=4), data=st.data())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_make_the_same_memory_again(
    runs: list[list[Unit]], data: st.DataObject, tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.mktemp("index")  # type: ignore[attr-defined]
    kept = []
    with Index(folder / "one.sqlite") as index:
        for number, seen in enumerate(runs):
            for part in written(changes(index, {u.identity: u for u in seen}.values()), f"r{number}"):
                index.take(part.name, *read(part.data, part.name))
                kept.append(part)
        first = list(index)
        asked = data.draw(sentence)
        answers = Lookup(index, "here").best(asked), Lookup(index).best(asked)
        assert all(match.unit.trusted for match in answers[1])
        assert all(unit.trusted and not unit.standing for unit in index.former())
        for match in answers[0]:
            assert match.how == "fuzzy" or match.score >= 99
            assert match.how != "fuzzy" or match.score == similarity(asked, match.unit.source)
    with Index(folder / "two.sqlite") as index:
        for part in (*kept, *kept):
            index.take(part.name, *read(part.data, part.name))
        assert list(index) == first
        assert (Lookup(index, "here").best(asked), Lookup(index).best(asked)) == answers
        texts = {(unit.document, unit.source, unit.target) for seen in runs for unit in seen}
        assert {(unit.document, unit.source, unit.target) for unit in index} == texts, "nothing is lost"


def test_fuzzy_agrees_with_comparing_everything(index: Index) -> None:
    random = Random(5)
    words = ["".join(random.choices("abcdefgh", k=random.randint(2, 6))) for _ in range(200)]
    sources = [" ".join(random.choices(words, k=random.randint(4, 14))) for _ in range(800)]
    index.take("p", "r", [human(source, f"T{number}") for number, source in enumerate(dict.fromkeys(sources))])
    look = Lookup(index)
    for source in sources[::20]:
        changed = source.split()
        changed[random.randrange(len(changed))] = "zz"
        asked = " ".join(changed)
        best = max(similarity(asked, other) for other in sources)
        found = look.fuzzy(asked)
        assert best < 75 or found[0].score == best


def test_the_units_of_a_run_know_their_neighbours_and_who_vouches_for_them() -> None:
    def entry(start: int, source: str, state: str) -> Entry:
        pair = Pair("a.md", start, start + 1, 0, 1, "paragraph", 0.9, "anchor", source, f"<{source}>")
        return Entry(pair, state, "human", source, "here")  # type: ignore[arg-type]

    made = units([entry(9, "three", "human"), entry(5, "two", "machine"), entry(0, "one", "human")])
    assert [(u.source, u.previous, u.following, u.service) for u in made] == [
        ("one", "", "two", ""),
        ("three", "two", "", ""),
        ("two", "one", "three", "here"),
    ]
    (both,) = units([entry(0, "same", "machine"), entry(3, "same", "approved")])
    assert both.state == "approved"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data[:-9], "cut short"),
        (lambda data: gzip.compress(gzip.decompress(data).replace(b"fall", b"fail")), "another digest"),
        (lambda data: b"no gzip", "not gzipped"),
    ],
)
def test_a_part_that_is_not_as_written_is_refused(spoil: object, message: str) -> None:
    (part,) = written([human("It falls.", "它下降。")], "r1")
    assert read(part.data, part.name) == ("r1", [human("It falls.", "它下降。")])
    with pytest.raises(StorageError, match=message):
        read(spoil(part.data), part.name)  # type: ignore[operator]


@pytest.mark.parametrize("junk", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_index_is_made_anew(junk: bytes, tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(junk)
    with Index(path) as index:
        index.take("p", "r", [human("It falls.", "它下降。")])
        assert len(index) == 1
        assert index.parts == ("p",)
