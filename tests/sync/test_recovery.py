"""A lost manifest made again from history: machine text is never taken for a human's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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
    made = recovered("en-es", {PATH: document(first)}, steps, {PATH: document(now)}, lambda _: origin, **options)  # type: ignore[arg-type]
    return [record.state for record in made.documents[PATH]][: len(now)]


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


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from("new drop move")), max_size=8))
def test_machine_text_is_never_a_humans(deeds: list[tuple[bool, int, str]]) -> None:
    texts = [f"Palabra {name} del libro." for name in "abcde"]
    author = dict.fromkeys(texts, False)
    now, steps = list(texts), []
    for number, (ours, place, deed) in enumerate(deeds):
        old = list(now)
        if deed == "new":
            text = f"Frase {'xyzuvwqrst'[number]} nueva."
            now.insert(min(place, len(now)), text)
            author[text] = ours
        elif len(now) > 1:
            text = now.pop(place % len(now))
            if deed == "move":
                now.append(text)
        steps.append(step(old, now, ours=ours))
    expected = [State.machine if author[text] else State.human for text in now]
    assert standing(now, steps, texts) == expected
