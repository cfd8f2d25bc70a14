"""The manifest's records after a run: who vouches for a text, and what it replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.identity import content
from amts_tasks.sync.manifest import Manifest, Record, Replaced, State, read, rebuild, write
from amts_tasks.sync.merged.changes import Former
from amts_tasks.sync.merged.records import Making, updated
from amts_tasks.sync.review import reviewables
from amts_tasks.text import ParsedDocument, parse

NONE = Manifest("en-es")
ENGLISH, SPANISH = default_profile("en"), default_profile("es")
EN = "# Tea\n\nBoil three cups of water.\n\nPour it over the leaves.\n"
ES = "# Té\n\nHierve tres tazas de agua.\n\nViértela sobre las hojas.\n"


@dataclass(frozen=True, slots=True)
class Book:
    """One document, its translation, and the manifest of a pair."""

    base: str = EN
    target: str = ES
    manifest: Manifest = NONE
    path: str = "tea.md"

    @property
    def parsed(self) -> tuple[ParsedDocument, ParsedDocument]:
        return parse(self.base, self.path), parse(self.target, self.path)

    def found(self, origin: str = "human") -> Book:
        base, target = self.parsed
        beads = {self.path: align_blocks(base, target, ENGLISH, SPANISH)}
        bases, targets = {self.path: base}, {self.path: target}
        made = rebuild("en-es", bases, targets, beads, lambda _: origin, lambda _: "a" * 40, "first")
        return replace(self, manifest=made)

    def after(self, source: str, answers: dict[str, str] | None = None, path: str | None = None) -> Book:
        """After a run: texts without an answer are refused."""
        path = path or self.path
        base, target = self.parsed
        beads = align_blocks(base, target, ENGLISH, SPANISH)
        versioned = Versioned({self.path: base}, {path: parse(source, path)}, {self.path: target}, {self.path: beads})
        plan = plan_book("en-es", {}, versioned, SPANISH, manifest=self.manifest, source_profile=ENGLISH)
        given_ = {text.id: (answers or {})[text.source] for text in plan.wanted if text.source in (answers or {})}
        delivered = deliver(plan, given_)
        merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
        plans = {one.path: one for one in plan.documents}
        making = Making("b" * 40, "later", "service")
        made = updated(self.manifest, plans, merged, {}, making, {self.path: Former(base, beads)})
        return Book(source, merged[path].text, read(write(made)), path)

    def records(self) -> dict[str, Record]:
        """By the text they are of."""
        document = self.parsed[1]
        standings = self.manifest.standings(self.path, document, "human")
        found = {document.blocks[i].text.strip(): standings[i].record for i in content(document)}
        return {text: record for text, record in found.items() if record is not None}

    def waiting(self) -> list[tuple[str, str, str, str]]:
        base, target = self.parsed
        standings = self.manifest.standings(self.path, target, "human")
        beads = align_blocks(base, target, ENGLISH, SPANISH)
        found = reviewables(self.path, base, target, beads, standings)
        return [(one.old_source, one.source, one.old_target, one.target) for one in found if one.reason]


NEW = "Boil two cups of water."
ANSWER = "Pon a hervir dos tazas."


def revised(new: str = NEW, source: str = EN) -> str:
    assert "Boil three cups of water." in source
    return source.replace("Boil three cups of water.", new)


def test_a_text_says_what_it_replaced_and_nothing_else_does() -> None:
    book = Book().found().after(revised(), {NEW: ANSWER})
    assert book.waiting() == [("Boil three cups of water.", NEW, "Hierve tres tazas de agua.", ANSWER)]
    assert [text for text, record in book.records().items() if record.replaced] == [ANSWER]
    assert book.records()[ANSWER].state is State.machine


def test_it_stays_known_over_runs_renames_and_machine_text_that_nobody_read() -> None:
    book = Book().found().after(revised(), {NEW: ANSWER})
    old = ("Boil three cups of water.", "Hierve tres tazas de agua.")
    later = book.after(revised().replace("leaves", "green leaves"), {"Pour it over the green leaves.": "Verdes."})
    assert later.waiting()[0] == (old[0], NEW, old[1], ANSWER)
    renamed = later.after(later.base, path="hot/tea.md")
    assert renamed.waiting() == later.waiting()
    again = renamed.after(revised("Boil two cups of soft water."), {"Boil two cups of soft water.": "Blanda."})
    assert again.waiting()[0] == (old[0], "Boil two cups of soft water.", old[1], "Blanda.")


def test_a_new_text_replaced_nothing() -> None:
    book = Book().found().after(EN + "\nWait.\n", {"Wait.": "Espera."})
    assert book.waiting() == [("", "Wait.", "", "Espera.")]


def test_a_refused_answer_shows_what_the_text_was_made_from_until_it_is_in_step() -> None:
    book = Book().found().after(revised())
    old = "Boil three cups of water.", "Hierve tres tazas de agua."
    assert book.waiting() == [(old[0], NEW, old[1], old[1])]
    book = book.after(revised(), {NEW: ANSWER})
    assert book.waiting() == [(old[0], NEW, old[1], ANSWER)]


def test_a_cell_of_a_table_shows_its_own_text_and_none_where_that_is_not_certain() -> None:
    table = "| A cup | A pot |\n|---|---|\n| of water | of tea |\n"
    theirs = "| Una taza | Una olla |\n|---|---|\n| de agua | de té |\n"
    replaced = Replaced(("A cup", "A pot"), ("Una taza", "Una olla"))
    assert replaced.text(1, 2, "A big pot") == ("A pot", "Una olla")
    assert replaced.text(0, 3, "A pot") == ("A pot", "Una olla"), "known by its source, wherever it stands now"
    assert replaced.text(0, 3, "A big pot") == ("", "")
    assert replaced.text(0, 1, "A cup and a pot") == ("A cup\nA pot", "Una taza\nUna olla")
    book = (
        Book(table, theirs)
        .found()
        .after(table.replace("of water", "of soft water"), {"of soft water": "de agua blanda"})
    )
    shown = [row for row in book.waiting() if row[0]]
    assert shown == [("of water", "of soft water", "de agua", "de agua blanda")]


def test_the_same_words_in_the_same_place_stay_whose_they_were() -> None:
    """A human was ahead of the source: what the service says now is what stands there."""
    manifest = Book().found().manifest
    rows = [replace(row, by="A <a@example.org>", when="then") for row in manifest.documents["tea.md"]]
    ahead = replace(Book(), manifest=manifest.merge({"tea.md": rows}))
    book = ahead.after(revised(), {NEW: "Hierve  tres tazas de agua."})
    record = book.records()["Hierve  tres tazas de agua."]
    assert (record.state, record.by, record.when) == (State.human, "A <a@example.org>", "then")
    assert (record.revision, record.replaced) == ("b" * 40, None)
    assert book.waiting() == []


def test_the_same_words_in_another_place_are_nobodys() -> None:
    answer = "Viértela sobre las hojas."
    book = Book().found().after(revised(), {NEW: answer})
    first = next(iter(one for one in book.manifest.documents["tea.md"] if one.provenance == "sent"))
    assert first.state is State.machine
    new = Book().found().after(EN + "\nWait.\n", {"Wait.": answer})
    assert [one.state for one in new.manifest.documents["tea.md"]][-1] is State.machine


@given(
    st.sampled_from(["human", "machine"]),
    st.lists(st.sampled_from([ANSWER, "Hierve tres tazas de agua.", ""]), max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_the_service_never_makes_a_text_more_than_it_was(origin: str, answers: list[str]) -> None:
    book = Book().found(origin)
    for number, answer in enumerate(answers):
        new = f"Boil {number} cups of water."
        text = revised(new)
        book = book.after(text, {new: answer} if answer else {})
        states = {text: record.state for text, record in book.records().items()}
        assert states.get(ANSWER, State.machine) is State.machine
        if origin == "machine":
            assert set(states.values()) == {State.machine}
        else:
            assert states["# Té"] is State.human
