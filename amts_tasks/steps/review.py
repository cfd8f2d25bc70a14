"""The review of a pair outside of a run: what awaits it goes out to a file, and what a human says comes back.

A changed text is committed to the chapter's branch in the translation's repository, as its reviewer's; an approved one
is so noted in the manifest. Both enter the memory, and the next run learns from them.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from amts_tasks import names
from amts_tasks.books import commit, open_book
from amts_tasks.books.trailers import reviewed
from amts_tasks.config import matches
from amts_tasks.errors import InputError
from amts_tasks.memory import Lookup, Unit, po, tmx, xliff
from amts_tasks.memory.carried import Carried, Format, Head
from amts_tasks.memory.coded import coded, markdown, restored, words
from amts_tasks.memory.match import Match
from amts_tasks.steps.align import align, beads_of, latest_manifest, origin_of
from amts_tasks.steps.extract import extract, texts_of
from amts_tasks.steps.memory import append, opened
from amts_tasks.steps.resolve import hold, release, resolve
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, shelf
from amts_tasks.sync.identity import digest
from amts_tasks.sync.manifest import Manifest, Standing, State
from amts_tasks.sync.manifest import write as write_manifest
from amts_tasks.sync.queue import chapter_of
from amts_tasks.sync.review import Reviewable, edited, reviewables, vouched
from amts_tasks.text import ParsedDocument, Segment, parse
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html


@dataclass(slots=True)
class Desk:
    """The translation as it is now, every text of it with its state."""

    run: Run
    resolved: dict[str, Any]
    manifest: Manifest
    documents: dict[str, ParsedDocument]
    standings: dict[str, tuple[Standing, ...]]
    texts: tuple[Reviewable, ...]

    @property
    def waiting(self) -> tuple[Reviewable, ...]:
        """The texts that await review, in the order of the book."""
        return tuple(one for one in self.texts if one.reason)

    @property
    def head(self) -> Head:
        """What a file of this pair says of itself."""
        about = {"book": self.run.config.book.name, "pair": self.run.pair, "revision": self.resolved["source"]}
        settings = self.run.settings
        return Head(settings.source, settings.target, tuple(sorted(about.items())))


@contextmanager
def desk(run: Run) -> Iterator[Desk]:
    """The pair's texts, looked up now, under its lease. InputError for a pair that is evaluation only."""
    if run.settings.reverse:
        raise InputError(f"{run.pair}: its target is the book's own language; nothing of it is translated or reviewed")
    try:
        resolved = resolve(run, unchanged=True)
        assert resolved is not None  # noqa: S101  # `unchanged` tells it always
        extract(run, resolved)
        align(run, resolved)
        manifest = latest_manifest(run)
        texts, beads = texts_of(run, resolved), beads_of(run, resolved)
        documents = {path: parse(text, path) for path, text in sorted(texts.target.items())}
        standings = {path: manifest.standings(path, one, origin_of(run, path)) for path, one in documents.items()}
        found: list[Reviewable] = []
        for path, document in documents.items():
            base = parse(texts.base[path], path) if path in texts.base else None
            found += reviewables(path, base, document, beads.get(path, ()), standings[path])
        yield Desk(run, resolved, manifest, documents, standings, tuple(found))
    finally:
        release(run)


def exported(run: Run, form: Format) -> tuple[bytes, int]:
    """A file of what awaits review, and how many texts that are."""
    with desk(run) as found, opened(run) as index:
        look = Lookup(index)
        rows = [_carried(one, look) for one in found.waiting]
        file = io.BytesIO()
        if form == "po":
            count = po.write(file, [row for row in rows if row.source.strip()], found.head, _form)
        elif form == "tmx":
            count = tmx.write(file, rows, found.head)
        else:
            count = xliff.write(file, rows, found.head, version="1.2" if form == "xliff12" else "2.0")
        return file.getvalue(), count


def pages(run: Run) -> tuple[Head, list[tuple[Reviewable, Match | None]]]:
    """What awaits review, each with the pair of the memory that it came from, where there is one."""
    with desk(run) as found, opened(run) as index:
        look = Lookup(index)
        return found.head, [(one, former(one, look)) for one in found.waiting]


def former(one: Reviewable, look: Lookup) -> Match | None:
    """The pair that a human vouched for and this text replaced: the most similar source of its document."""
    matches_ = [*look.exact(one.source), *look.fuzzy(one.source, limit=20)] if one.source else []
    return next((match for match in matches_ if match.unit.document == one.document), None)


def _form(text: str) -> str:
    return inner_html(Segment.of(text))


def _carried(one: Reviewable, look: Lookup) -> Carried:
    before = former(one, look)
    return Carried(
        one.source,
        one.target,
        id=one.id,
        document=one.document,
        state=str(one.state),
        note=one.reason,
        former=before.unit.source if before else "",
    )


@dataclass(slots=True)
class Outcome:
    """What an import or approval did."""

    human: list[str] = field(default_factory=list)
    """Ids of texts that a human changed."""
    approved: list[str] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    """What was not taken: {line, id, reason, text}; what a human wrote is in the memory nevertheless."""
    unchanged: int = 0
    """Texts that came back as they went, without a word that they are good."""
    branches: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> dict[str, Any]:
        """For JSON."""
        return {name: getattr(self, name) for name in ("human", "approved", "left", "unchanged", "branches")}

    @property
    def text(self) -> str:
        """For a person."""
        lines = [
            f"{len(self.human)} texts changed by a human, {len(self.approved)} approved, {self.unchanged} as they "
            f"were, {len(self.left)} not taken"
        ]
        lines += [f"  {branch}  {commit_id[:12]}" for branch, commit_id in sorted(self.branches.items())]
        for one in self.left:
            place = f"{one['line']}: " if one["line"] else ""
            lines.append(f"  not taken: {place}{one['id'] or one['text'][:60]!r}: {one['reason']}")
        return "\n".join(lines)


def imported(
    run: Run, file: IO[bytes], name: str, form: Format, by: str, *, approve: bool, unfinished: bool
) -> Outcome:
    """Takes in what came back from a CAT tool; `by` is the reviewer, `Name <mail>`.

    The whole file is read and understood before anything is written. `approve`: whatever came back unchanged is
    approved by this very act; `unfinished`: changes are taken although the file marks them as not finished.
    InputError for a file that cannot be read, is of another book or pair, or holds nothing of this one.
    """
    rows = _rows(run, file, name, form)
    with desk(run) as found:
        outcome = Outcome()
        marks: dict[str, tuple[Reviewable, str, State]] = {}
        kept: list[Unit] = []
        by_id = {one.id: one for one in found.texts}
        by_words: defaultdict[str, list[Reviewable]] = defaultdict(list)
        for one in found.waiting:
            by_words[_words(one.source, form)].append(one)
        known = 0
        with opened(run) as index:
            for row in rows:
                here = [by_id[row.id]] if row.id in by_id else []
                if not here and "#" not in row.id:
                    here = by_words.get(_row_words(row, form), [])
                    if not here:
                        continue  # a memory holds much that does not await review
                known += 1
                if not here:
                    _moved_on(run, row, form, list(found.texts), Lookup(index), outcome, kept)
                for one in here:
                    _taken(run, one, row, form, outcome, marks, approve=approve, unfinished=unfinished)
        if rows and not known:
            raise InputError(
                f"{name}: none of its {len(rows)} texts awaits review in {run.pair}; is it another book's?"
            )
        _apply(found, marks, by, outcome)
        append(run, kept, "")
    return outcome


def approved(run: Run, globs: Iterable[str], by: str) -> Outcome:
    """Approves all machine text of the documents that match, by this very act. InputError where none matches."""
    with desk(run) as found:
        wanted = tuple(globs)
        chosen = [path for path in found.documents if matches(path, wanted)]
        if not chosen:
            raise InputError(f"{run.pair}: no translated document matches {', '.join(wanted)}")
        outcome = Outcome()
        marks = {
            one.id: (one, one.target, State.approved)
            for one in found.texts
            if one.document in chosen and one.state is State.machine
        }
        _apply(found, marks, by, outcome)
        return outcome


def approved_by_trailer(run: Run) -> Outcome:
    """Approves the machine text that came with a commit that carries a `Reviewed-by:` trailer, by who it names.

    Looked at are the default branch and our open branches. A block counts that such a commit brought, and that still
    stands as it was then.
    """
    with desk(run) as found:
        place = _shelf(found)
        root = run.settings.translation.place.root
        prefix = f"{root}/" if root else ""
        brought: dict[tuple[str, str], str] = {}
        for one in reviewed(place.repository, (place.main, *place.ours.tips.values())):
            path = one.path.removeprefix(prefix)
            if not one.path.startswith(prefix) or path not in found.documents:
                continue
            old, new = (_digests(data, path) for data in (one.old, one.new))
            brought.update(dict.fromkeys(((path, name) for name in new - old), one.by))
        by_person: defaultdict[str, dict[str, tuple[Reviewable, str, State]]] = defaultdict(dict)
        for text in found.texts:
            block = found.documents[text.document].blocks[text.block]
            person = brought.get((text.document, digest(block.text)))
            if person is not None and text.state is State.machine:
                by_person[person][text.id] = (text, text.target, State.approved)
        outcome = Outcome()
        for person, marks in sorted(by_person.items()):
            _apply(found, marks, person, outcome)
        return outcome


def _digests(data: bytes, path: str) -> set[str]:
    return {digest(block.text) for block in parse(data.decode("utf-8", "replace"), path).blocks}


def _rows(run: Run, file: IO[bytes], name: str, form: Format) -> list[Carried]:
    source, target = run.settings.source, run.settings.target
    if form == "tmx":
        return list(tmx.read(file, name, source, target))
    head, rows = (po if form == "po" else xliff).read(file, name, source, target)
    about = dict(head.about)
    for key, wanted in (("book", run.config.book.name), ("pair", run.pair)):
        if about.get(key, wanted) != wanted:
            raise InputError(f"{name}: found the {key} {about[key]!r}; expected {wanted!r}")
    return list(rows)


def _words(source: str, form: Format) -> str:
    return _form(source) if form == "po" else words(coded(source))


def _row_words(row: Carried, form: Format) -> str:
    return row.source if form == "po" else words(row.source_codes)


def _back(run: Run, one: Reviewable, row: Carried, form: Format) -> tuple[str | None, str]:
    """The translation that came back as Markdown, or None and why not."""
    if _row_words(row, form) != _words(one.source, form):
        return None, "its source text is not the one that was exported; sources are not changed in a review"
    if form == "po":
        if row.target == _form(one.target):
            return one.target, ""
        if not one.source:
            return None, "nothing is known of its source; correct it in the book"
        made = restore(Segment.of(one.source), row.target, run.source, run.target)
        return made.text, "; ".join(map(str, made.faults))
    # Our own codes carry their Markdown; another tool's stand for ours in their order.
    own = markdown(row.source_codes) == one.source
    text = markdown(row.target_codes) if own else restored(row.target_codes, row.source_codes, one.source)
    if text is None:
        return None, "its codes are not those of its source"
    if text != one.target and (fault := _codes_fault(text, one)):
        return None, fault
    return text, ""


def _codes_fault(text: str, one: Reviewable) -> str:
    """Why a text's placeholders are not to be believed; they are those of the source, or those it had."""
    if not text.strip():
        return "the translation is empty"
    mine = sorted(piece.text for piece in Segment.of(text).placeholders)
    for other in (one.source, one.target):
        if mine == sorted(piece.text for piece in Segment.of(other).placeholders):
            return ""
    wanted = sorted(piece.text for piece in Segment.of(one.source).placeholders)
    lost = [piece for piece in wanted if mine.count(piece) < wanted.count(piece)]
    gained = [piece for piece in mine if wanted.count(piece) < mine.count(piece)]
    said = [f"{word} {', '.join(dict.fromkeys(some))}" for word, some in (("lost", lost), ("gained", gained)) if some]
    return f"placeholders: {'; '.join(said)}; expected those of the source"


def _taken(
    run: Run,
    one: Reviewable,
    row: Carried,
    form: Format,
    outcome: Outcome,
    marks: dict[str, tuple[Reviewable, str, State]],
    *,
    approve: bool,
    unfinished: bool,
) -> None:
    text, fault = _back(run, one, row, form)
    if text is None:
        outcome.left.append({"line": row.line, "id": one.id, "reason": fault, "text": row.target})
    elif text == one.target:
        if row.confirmed or approve:
            marks.setdefault(one.id, (one, text, State.approved))
        else:
            outcome.unchanged += 1
    elif row.open and not unfinished:
        reason = "changed, but marked as not finished (fuzzy, initial); finish it, or import with --unfinished"
        outcome.left.append({"line": row.line, "id": one.id, "reason": reason, "text": row.target})
    else:
        marks[one.id] = (one, text, State.human)


def _moved_on(
    run: Run, row: Carried, form: Format, texts: list[Reviewable], look: Lookup, outcome: Outcome, kept: list[Unit]
) -> None:
    """A text that is not there any more as it was exported: told, and what the human wrote is remembered."""
    path = row.id.partition("#")[0]
    same = [one for one in texts if one.document == path and _words(one.source, form) == _row_words(row, form)]
    reason = "its translation was changed meanwhile" if same else "its source was changed or removed meanwhile"
    source = next((one.source for one in same), row.source)
    target: str | None = row.target
    if form == "po":
        # Without the source's Markdown the placeholders of a PO text cannot be put back; the text itself is listed.
        target = restore(Segment.of(source), row.target, run.source, run.target).text if same else None
    machine = look.index.find(source)
    was = any(unit.target == target and unit.state == "machine" for unit in machine)
    if target and (row.confirmed or (not was and not row.open)):
        state = "approved" if was else "human"
        kept.append(Unit(source, target, state, path, method="review"))  # type: ignore[arg-type]
        reason += "; what came back is kept in the memory"
    outcome.left.append({"line": row.line, "id": row.id, "reason": reason, "text": row.target})


def _apply(found: Desk, marks: Mapping[str, tuple[Reviewable, str, State]], by: str, outcome: Outcome) -> None:
    run, manifest = found.run, found.manifest
    when = run.instant.isoformat()
    documents: defaultdict[str, list[tuple[Reviewable, str, State]]] = defaultdict(list)
    for one, text, state in marks.values():
        documents[one.document].append((one, text, state))
    chapters: defaultdict[str, dict[str, bytes | None]] = defaultdict(dict)
    kept: list[Unit] = []
    for path, said in sorted(documents.items()):
        document = found.documents[path]
        texts = {(one.block, one.text): text for one, text, state in said if state is State.human}
        made = edited(document, texts)
        if made.text != document.text:
            chapters[chapter_of(path)][path] = made.text.encode()
        states: dict[int, State] = {}
        waiting = {(one.block, one.text) for one in found.texts if one.document == path and one.state is State.machine}
        taken = []
        for one, text, state in said:
            fault = made.faults.get((one.block, one.text))
            if fault:
                outcome.left.append({"line": 0, "id": one.id, "reason": fault, "text": text})
                continue
            taken.append((one, text, state))
            waiting.discard((one.block, one.text))
            (outcome.human if state is State.human else outcome.approved).append(one.id)
        for one, text, state in taken:
            # A block is vouched for when all of its texts are.
            rest = any(block == one.block for block, _ in waiting)
            block_state = State.machine if rest else max(states.get(one.block, state), state, key=lambda s: s.rank)
            states[one.block] = block_state
            vouches = (one.source, text, state.value, path)
            if one.source and not rest:
                around = {"previous": one.previous, "following": one.following}
                kept.append(Unit(*vouches, origin=origin_of(run, path), method="review", standing=True, **around))  # type: ignore[arg-type]
        new = parse(made.text, path)
        standings, origin = found.standings[path], origin_of(run, path)
        manifest = vouched(manifest, document, standings, new, states, origin=origin, when=when, by=by)
    if not documents:
        return
    hold(run)
    # Before any branch, as publish does: what stands on a branch and not in the manifest is taken for a human's edit.
    run.storage.put(f"{run.home}manifest.json", write_manifest(manifest))
    found.manifest = manifest
    append(run, kept, found.resolved["source"])
    _commit(found, chapters, by, outcome)
    key = f"{run.home}state.json"
    done = run.storage.find_json(key)
    if done:
        run.storage.put_json(key, {**done, "reviewed": when})


def _shelf(found: Desk) -> Shelf:
    translation = found.run.settings.translation
    revision = open_book(translation.place, found.run.folder).revision(revision=found.resolved["target"])
    return shelf(found.run, revision, found.resolved["ours"])


def _commit(found: Desk, chapters: Mapping[str, dict[str, bytes | None]], by: str, outcome: Outcome) -> None:
    if not chapters:
        return
    run, place = found.run, _shelf(found)
    for chapter, files in sorted(chapters.items()):
        name = names.branch(run.pair, chapter)
        base = found.resolved["ours"].get(name, place.main)
        message = f"{run.pair} {chapter}: reviewed text\n\n" + "".join(f"{path}\n" for path in files)
        root = run.settings.translation.place.root
        made = commit(place.repository, name, base, files, message, by, run.instant, root=root)
        if made is not None:
            outcome.branches[name] = made


__all__ = ["Outcome", "approved", "approved_by_trailer", "desk", "exported", "former", "imported", "pages"]
