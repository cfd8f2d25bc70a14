from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.align import Pair
from amts_tasks.errors import StorageError
from amts_tasks.memory import Entry, Memory

texts = st.text(min_size=1, max_size=20)
numbers = st.integers(0, 99)
entries = st.builds(
    Entry,
    st.builds(
        Pair, texts, numbers, numbers, numbers, numbers, st.sampled_from(("paragraph", "sentence")),
        st.integers(0, 10_000).map(lambda score: score / 10_000), texts, texts, texts,
    ),
    st.sampled_from(("human", "approved", "machine")),
    st.sampled_from(("human", "post-edited", "machine")),
    texts,
)  # fmt: skip


def entry(source: str, target: str, state: str = "human", document: str = "a.md", start: int = 0) -> Entry:
    pair = Pair(document, start, start + 1, 0, 1, "paragraph", 0.9, "anchor", source, target)
    assert state in {"human", "machine"}
    return Entry(pair, "human" if state == "human" else "machine", "human", source)


@given(st.lists(entries, max_size=6))
def test_a_memory_reads_back_as_written(found: list[Entry]) -> None:
    memory = Memory(found)
    assert Memory.from_bytes(memory.to_bytes()).entries == memory.entries


@given(st.lists(entries, max_size=6), st.randoms())
def test_the_bytes_do_not_depend_on_the_order(found: list[Entry], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Memory(shuffled).to_bytes() == Memory(found + found).to_bytes()


def test_exact_forgives_white_space_and_unicode_form_and_nothing_else() -> None:
    memory = Memory([entry("A cafe\u0301  table\nhere.", "一"), entry("a café table here.", "二", start=5)])
    assert [found.pair.target for found in memory.exact("A café table here.")] == ["一"]
    assert memory.exact("something else") == ()


def test_machine_text_is_remembered_and_not_trusted() -> None:
    memory = Memory([entry("x", "一"), entry("x", "二", "machine", start=3)])
    assert len(memory.exact("x")) == 2
    assert [found.pair.target for found in memory.trusted()] == ["一"]


def test_a_memory_of_an_older_run_is_read() -> None:
    data = Memory([entry("x", "一")]).to_bytes()
    old = data.replace(b'"memory": 2', b'"memory": 1').replace(b'"service": "", ', b"")
    assert old.count(b"service") == 0
    assert Memory.from_bytes(old).entries == Memory([entry("x", "一")]).entries


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data[:-2], "cut short"),
        (lambda data: data[: data.rindex(b"{")], "2 entries|1 entry; its head says 2"),
        (lambda data: b"\xff" + data, "not a memory"),
        (lambda data: data.replace(b'"memory": 2', b'"memory": 9'), "memory:1: found"),
        (lambda data: data.replace(b'"target": "', b'"tarjet": "'), "memory:2: .*is no entry"),
        (lambda data: data.replace(b'"state": "human"', b'"state": "perfect"'), "memory:2: found state 'perfect'"),
        (lambda _: b"", "memory:1: found ''"),
    ],
)
def test_anything_else_is_refused_with_its_place(spoil: object, message: str) -> None:
    data = Memory([entry("x", "一"), entry("y", "二", start=4)]).to_bytes()
    with pytest.raises(StorageError, match=message):
        Memory.from_bytes(spoil(data))  # type: ignore[operator]
