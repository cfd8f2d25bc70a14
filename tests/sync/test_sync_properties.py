"""Properties of plan and merge on small generated books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from amts_tasks.align import Bead
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Manifest, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.book import NO_SOURCE_ANY_MORE
from amts_tasks.sync.identity import content
from amts_tasks.sync.manifest import Standing, State, rebuild
from amts_tasks.sync.merged.records import Making, updated
from amts_tasks.text import ParsedDocument, parse

PROFILE = default_profile("es")
WORDS = st.lists(st.sampled_from(["river", "stone", "light", "under", "seven", "green"]), min_size=1, max_size=6)
ACTIONS = ("insert", "delete", "delete", "reword", "move", "move", "rename", "new")
KINDS = ("paragraph", "paragraph", "paragraph", "heading", "item", "math", "code", "label")


@dataclass(frozen=True)
class Piece:
    """A block to be written: its kind, and a number and words that make it recognisable."""

    kind: str
    number: int
    words: str

    def source(self) -> str:
        return _shape(self.kind, self.number, self.words)

    def target(self) -> str:
        """The translation: the words backwards; code and formulas as they are, comments of code aside."""
        words = " ".join(word[::-1] for word in self.words.split())
        return _shape(self.kind, self.number, words)


def _shape(kind: str, number: int, words: str) -> str:
    return {
        "paragraph": f"{words.capitalize()} w{number}q.\n",
        "heading": f"## {words.capitalize()} w{number}q\n",
        "item": f"* {words.capitalize()} w{number}q\n",
        "math": f"$$x_{{{number}}} = {len(words)}$$\n",
        "code": f"```{{.python .input}}\n# {words}\nx{number} = {number}\n```\n",
        "label": f":label:`sec_{number}`\n",
    }[kind]


@dataclass(frozen=True)
class Case:
    """A translated book and its source's next revision."""

    base: Mapping[str, list[Piece]]
    source: Mapping[str, list[Piece]]
    target: Mapping[str, list[tuple[int | None, str]]]
    """Blocks with the base piece they translate, None for what only the translation has."""

    def book(self) -> Versioned:
        bases = {path: _write([piece.source() for piece in pieces], path) for path, pieces in self.base.items()}
        sources = {path: _write([piece.source() for piece in pieces], path) for path, pieces in self.source.items()}
        targets = {path: _write([text for _, text in blocks], path) for path, blocks in self.target.items()}
        beads = {path: tuple(self._beads(path, bases[path], targets[path])) for path in targets}
        return Versioned(bases, sources, targets, beads)

    def _beads(self, path: str, base: ParsedDocument, target: ParsedDocument) -> list[Bead]:
        ours, theirs = content(base), content(target)
        beads = []
        for place, (number, _) in enumerate(self.target[path]):
            beads.append(Bead(() if number is None else (ours[number],), (theirs[place],)))
        return beads


def _write(blocks: list[str], path: str) -> ParsedDocument:
    document = parse("\n".join(blocks), path)
    assert len(content(document)) == len(blocks)
    return document


@st.composite
def books(draw: st.DrawFn) -> Case:
    numbers = iter(range(10_000))

    def piece(kind: str | None = None) -> Piece:
        return Piece(kind or draw(st.sampled_from(KINDS)), next(numbers), " ".join(draw(WORDS)))

    base = {
        f"chapter_{n}/doc.md": [piece("heading"), *(piece() for _ in range(draw(st.integers(1, 6))))]
        for n in range(draw(st.integers(1, 3)))
    }
    target = {}
    for path, pieces in base.items():
        blocks: list[tuple[int | None, str]] = []
        for number, one in enumerate(pieces):
            blocks.append((number, one.target()))
            if draw(st.integers(0, 4)) == 0:
                blocks.append((None, f"Note by the translator, n{next(numbers)}.\n"))
        target[path] = blocks
    source = {path: list(pieces) for path, pieces in base.items()}
    for _ in range(draw(st.integers(0, 5))):
        path = draw(st.sampled_from(sorted(source)))
        pieces = source[path]
        place = draw(st.integers(0, len(pieces)))
        action = draw(st.sampled_from(ACTIONS))
        if action == "insert":
            pieces.insert(place, piece())
        elif action == "new":
            source[f"chapter_9/new{next(numbers)}.md"] = [piece("heading"), piece("paragraph")]
        elif action == "rename":
            source[f"chapter_8/renamed{next(numbers)}.md"] = source.pop(path)
        elif place < len(pieces):
            one = pieces.pop(place)
            if action == "reword":
                pieces.insert(place, Piece(one.kind, one.number, one.words + " anew"))
            elif action == "move":
                other = source[draw(st.sampled_from(sorted(source)))]
                other.insert(draw(st.integers(0, len(other))), one)
    return Case(base, source, target)


def _moved_out() -> Case:
    """A document whose smaller half goes to a new one: no rename, so its translation stays without a source."""
    heading, paragraph = Piece("heading", 0, "river"), Piece("paragraph", 1, "river")
    note = None, "Note by the translator, n2.\n"
    target = {"chapter_0/doc.md": [(0, heading.target()), note, (1, paragraph.target())]}
    return Case({"chapter_0/doc.md": [heading, paragraph]}, {"chapter_8/new.md": [paragraph]}, target)


def run(book: Versioned, manifest: Manifest | None = None) -> tuple[BookPlan, dict[str, Merged]]:
    plan = plan_book("en-es", {"source": "b" * 40}, book, PROFILE, manifest=manifest)
    answers = {text.id: text.source.upper() for text in plan.wanted}
    delivered = deliver(plan, answers)
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    assert [result.damaged for result in merged.values() if result.damaged] == []
    assert [result.left for result in merged.values() if result.left] == []
    return plan, merged


def again(book: Versioned, merged: Mapping[str, Merged]) -> Versioned:
    """The book after the run, with the alignment that the run itself implies."""
    targets = {path: parse(result.text, path) for path, result in merged.items()}
    beads = {}
    for path, result in merged.items():
        blocks = content(targets[path])
        beads[path] = tuple(
            Bead(
                () if piece.item.block is None else (piece.item.block,),
                tuple(i for i in blocks if piece.start <= targets[path].blocks[i].start < piece.end),
            )
            for piece in result.pieces
        )
    return Versioned(book.sources, book.sources, targets, beads)


@given(books())
@settings(max_examples=80, deadline=None)
def test_nothing_changed_sends_nothing_and_changes_no_byte(case: Case) -> None:
    book = case.book()
    plan, merged = run(Versioned(book.bases, book.bases, book.targets, book.alignments))
    assert plan.wanted == ()
    assert not plan.changed
    assert {path: result.text for path, result in merged.items()} == {p: t.text for p, t in book.targets.items()}


@given(books())
@settings(max_examples=80, deadline=None)
def test_unchanged_blocks_keep_their_translation_wherever_they_are(case: Case) -> None:
    _, merged = run(case.book())
    shown = {path: Counter(_blocks(result.text)) for path, result in merged.items()}
    translated = {one.source(): one.target() for pieces in case.base.values() for one in pieces}
    for path, pieces in case.source.items():
        for one in pieces:
            # Labels say all themselves, and cells follow their tab.
            if one.source() in translated and one.kind not in {"code", "label"}:
                assert shown[path][one.target()] >= 1


@given(books())
@example(_moved_out())
@settings(max_examples=80, deadline=None)
def test_what_only_the_translation_has_stays(case: Case) -> None:
    plan, merged = run(case.book())
    standing = {one.old_path: merged[one.path].text for one in plan.documents if one.old_path}
    lost = {path for path in case.target if path not in standing}
    assert {review.document for review in plan.review if review.reason == NO_SOURCE_ANY_MORE} == lost
    for path, text in standing.items():
        notes = [block for number, block in case.target[path or ""] if number is None]
        assert [block for block in _blocks(text) if block in notes] == notes


@given(books())
@settings(max_examples=80, deadline=None)
def test_a_second_run_finds_nothing_to_do(case: Case) -> None:
    book = case.book()
    _, merged = run(book)
    plan, second = run(again(book, merged))
    assert plan.wanted == ()
    assert not plan.changed
    assert {path: result.text for path, result in second.items()} == {p: r.text for p, r in merged.items()}


@given(books())
@example(_moved_out())
@settings(max_examples=80, deadline=None)
def test_no_edit_of_a_human_is_lost_in_silence(case: Case) -> None:
    book = case.book()
    manifest = rebuild(
        "en-es", book.bases, book.targets, book.alignments, lambda path: "machine", lambda _: "a" * 40, "2024-01-01"
    )
    edits: dict[str, list[str]] = {}
    target = {}
    for path, blocks in case.target.items():
        target[path] = list(blocks)
        for place, (number, text) in enumerate(blocks):
            if number is not None and case.base[path][number].kind == "paragraph":
                edit = text.replace(".\n", " by hand.\n")
                target[path][place] = (number, edit)
                edits.setdefault(path, []).append(edit)
    edited = Case(case.base, case.source, target)
    plan, merged = run(edited.book(), manifest)
    everywhere = "".join(result.text for result in merged.values())
    reviewed = "".join(one.text for one in plan.review)
    untouched = {one.document for one in plan.review if one.reason == NO_SOURCE_ANY_MORE}
    for path, texts in edits.items():
        for text in texts:
            assert text in everywhere or text in reviewed or path in untouched
    making = Making("b" * 40, "2024-01-02", "service")
    plans = {one.path: one for one in plan.documents}
    after = updated(manifest, plans, merged, {}, making)
    for path, result in merged.items():
        document = parse(result.text, path)
        standings = after.standings(path, document, "machine")
        for block, standing in zip(document.blocks, standings, strict=True):
            if block.index in content(document):
                assert isinstance(standing, Standing)
                assert not standing.edited
                assert (standing.state is State.human) == ("by hand" in block.text)


@given(books())
@settings(max_examples=80, deadline=None)
def test_refused_answers_leave_the_old_text_and_are_asked_for_again(case: Case) -> None:
    book = case.book()
    plan = plan_book("en-es", {}, book, PROFILE)
    merged = {one.path: merge_document(one, {}) for one in plan.documents}
    assert sum(len(result.left) for result in merged.values()) == len(plan.wanted) + len(plan.duplicates)
    for one in plan.documents:
        for left in merged[one.path].left:
            item = next(item for item in one.items if item.block == left.block)
            if left.shows == "old" and one.target is not None:
                assert one.target.blocks[item.target_blocks[0]].text in merged[one.path].text
    plans = {one.path: one for one in plan.documents}
    manifest = updated(Manifest("en-es"), plans, merged, {}, Making("b" * 40, "2024-01-02", "service"))
    following = plan_book("en-es", {}, again(book, merged), PROFILE, manifest=manifest)
    assert {text.source for text in following.wanted} == {text.source for text in plan.wanted}


def _blocks(text: str) -> list[str]:
    document = parse(text)
    return [document.blocks[index].text for index in content(document)]
