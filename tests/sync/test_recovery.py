"""A lost manifest made again from history: machine text is never taken for a human's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.errors import InputError
from amts_tasks.sync.identity import digest
from amts_tasks.sync.lineage.approvals import Act, Approval, approved_again, read
from amts_tasks.sync.lineage.recovery import Change, Step, recovered
from amts_tasks.sync.manifest import State
from amts_tasks.text import ParsedDocument, parse

PATH = "a/doc.md"


def document(texts: list[str], path: str = PATH) -> ParsedDocument:
    return parse("\n\n".join(texts) + "\n", path)


def step(old: list[str], new: list[str], *, ours: bool, by: str = "") -> Step:
    return Step(ours, "f" * 40 if ours else "", "2026-01-01", by, (Change(PATH, document(old), document(new)),))


def standing(now: list[str], steps: list[Step], first: list[str], **options: object) -> list[State]:
    origin = str(options.pop("origin", "human"))
    acts: Any = options.pop("acts", ())
    stands = {PATH: document(now)}
    made = recovered("en-es", {PATH: document(first)}, steps, stands, lambda _: origin, **options)  # type: ignore[arg-type]
    made = approved_again(made, stands, acts)
    return [record.state for record in made.documents[PATH]][: len(now)]


def act(*texts: str, path: str = PATH, when: str = "2026-01-02") -> Act:
    """Somebody says of these texts, as blocks of a document, that they are good."""
    blocks = document(list(texts), path).blocks
    told = tuple(Approval(path, digest(block.essence), f"source {block.index}") for block in blocks if block.texts)
    return Act("R <r@x>", when, "approve", told)


FIRST = ["Uno dos tres.", "Cuatro $n$ cinco.", "Seis siete."]


def test_who_brought_a_text_first_made_it() -> None:
    ours = [FIRST[0], FIRST[1], "Texto de la máquina."]
    theirs = ["Una persona escribe.", *ours[1:]]
    steps = [step(FIRST, ours, ours=True), step(ours, theirs, ours=False)]
    assert standing(theirs, steps, FIRST) == [State.human, State.human, State.machine]
    assert standing(theirs, steps, FIRST, origin="machine") == [State.human, State.machine, State.machine]


def test_swapped_placeholders_leave_the_words_a_humans() -> None:
    ours = [FIRST[0], FIRST[1].replace("$n$", "$k$"), FIRST[2]]
    assert standing(ours, [step(FIRST, ours, ours=True)], FIRST) == [State.human] * 3


def test_what_the_service_returned_is_machine_text_whoever_committed_it() -> None:
    whole, part = "Texto de la máquina.", "Seis siete. Otra frase de la máquina."
    squashed = [whole, FIRST[1], part]
    bought = {whole, "Otra frase de la máquina."}
    steps = [step(FIRST, [*FIRST, "Algo."], ours=True), step(FIRST, squashed, ours=False)]
    assert standing(squashed, steps, FIRST, bought=bought) == [State.machine, State.human, State.machine]
    edited = [whole, FIRST[1], "Seis siete. Otra frase de una persona."]
    assert standing(edited, [*steps, step(squashed, edited, ours=False)], FIRST, bought=bought)[2] is State.human


def test_a_reviewed_commit_approves_what_it_brought_and_nothing_else() -> None:
    ours, more = [*FIRST, "Primera máquina."], [*FIRST, "Primera máquina.", "Segunda máquina."]
    steps = [step(FIRST, ours, ours=True), step(ours, more, ours=True), step(ours, more, ours=False, by="R <r@x>")]
    assert standing(more, steps, FIRST)[3:] == [State.machine, State.approved]


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from(["new", "drop", "move", "approve", "reword"])),
        max_size=10,
    )
)
def test_machine_text_is_never_a_humans_nor_approved_unless_that_very_text_was(
    deeds: list[tuple[bool, int, str]],
) -> None:
    texts = [f"Palabra {name} del libro." for name in "abcde"]
    author = dict.fromkeys(texts, False)
    now, steps, acts = list(texts), [], []
    approved: set[str] = set()
    for number, (ours, place, deed) in enumerate(deeds):
        old = list(now)
        if deed == "new":
            text = f"Frase {'xyzuvwqrst'[number]} nueva."
            now.insert(min(place, len(now)), text)
            author[text] = ours
        elif deed == "approve":
            text = now[place % len(now)]
            approved.add(text)
            acts.append(act(text, when=f"2026-01-{number + 1:02}"))
        elif deed == "reword":
            text = now[place % len(now)] + f" Y otra {number}."
            now[place % len(now)] = text
            author[text] = ours
        elif len(now) > 1:
            text = now.pop(place % len(now))
            if deed == "move":
                now.append(text)
        steps.append(step(old, now, ours=ours))
    expected = [
        (State.approved if text in approved else State.machine) if author[text] else State.human for text in now
    ]
    assert standing(now, steps, texts, acts=acts) == expected
    assert State.approved not in standing(now, steps, texts)


OURS = [*FIRST, "Primera frase de la máquina.", "Segunda frase de la máquina."]
MADE = [step(FIRST, OURS, ours=True)]


def test_an_act_gives_back_what_still_is_what_was_approved() -> None:
    acts = [act(OURS[0], OURS[3])]
    assert standing(OURS, MADE, FIRST, acts=acts) == [State.human] * 3 + [State.approved, State.machine]
    edited = [*OURS[:3], OURS[3].replace("Primera", "Otra"), OURS[4]]
    steps = [*MADE, step(OURS, edited, ours=True)]
    assert standing(edited, steps, FIRST, acts=acts)[3:] == [State.machine, State.machine]


def test_an_act_is_written_back_with_who_when_and_source() -> None:
    stands = {PATH: document(OURS)}
    made = recovered("en-es", {PATH: document(FIRST)}, MADE, stands, lambda _: "human")
    acts = [act(OURS[3], when="2026-02-02"), act(OURS[3], when="2026-01-01")]
    record = approved_again(made, stands, acts).documents[PATH][3]
    assert (record.by, record.when, record.source) == ("R <r@x>", "2026-02-02", "source 0")
    assert read(acts[0].as_json("en-es"), "here") == acts[0]


def test_an_approved_text_is_known_again_where_it_moved_and_nowhere_else() -> None:
    other, words = "b/other.md", OURS[3]
    made = {PATH: document(OURS), other: document([words, "Otro."], other)}
    steps = [Step(True, "f" * 40, "2026-01-01", "", tuple(Change(path, None, text) for path, text in made.items()))]

    def states(now: dict[str, ParsedDocument], text: str) -> dict[str, State]:
        found = approved_again(recovered("en-es", {}, steps, now, lambda _: "human"), now, [act(text)])
        return {path: found.documents[path][[*map(str.strip, _texts(now[path]))].index(text)].state for path in now}

    assert states(made, words) == {PATH: State.approved, other: State.machine}, "it stands where it was approved"
    assert states({other: made[other]}, words) == {other: State.approved}
    assert states({other: made[other]}, "Otro.") == {other: State.machine}, "too short to be known again"


def _texts(document: ParsedDocument) -> list[str]:
    return [block.text for block in document.blocks if block.texts]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "amts"}, 'found no "format": "amts-approvals"'),
        ({"version": 2}, "found version 2; this AMTS knows version 1"),
        ({"blocks": [{"document": "a.md"}]}, "found an approval this AMTS cannot read"),
    ],
)
def test_what_is_no_act(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        read({**act(OURS[3]).as_json("en-es"), **change}, "approvals/1.json")
