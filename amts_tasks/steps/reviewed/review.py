"""The review of a pair outside of a run: what awaits it goes out to a file, and what a human says comes back.

A changed text is committed to the chapter's branch in the translation's repository, as its reviewer's; an approved one
is so noted in the manifest. Both enter the memory, and the next run learns from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import IO

from amts_tasks.books.trailers import reviewed
from amts_tasks.config import matches
from amts_tasks.counts import counted
from amts_tasks.errors import InputError
from amts_tasks.memory import Lookup, Unit, po, tmx, xliff
from amts_tasks.memory.carried import Carried, Format
from amts_tasks.memory.coded import coded, markdown, restored, words
from amts_tasks.steps.kept.memory import append, opened
from amts_tasks.steps.layout import source_path
from amts_tasks.steps.reviewed.desk import desk, inline
from amts_tasks.steps.reviewed.verdict import Outcome, apply, shelf_of
from amts_tasks.steps.run import Run
from amts_tasks.sync.identity import digest
from amts_tasks.sync.manifest import State
from amts_tasks.sync.review import Reviewable
from amts_tasks.text import Segment, parse
from amts_tasks.translate.check import restore


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
        outcome = Outcome(name)
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
                f"{name}: none of its {counted(len(rows), 'text')} awaits review in {run.pair}; is it another book's?"
            )
        apply(found, marks, by, outcome, "import")
        append(run, kept, "")
    return outcome


def approved(run: Run, globs: Iterable[str], by: str) -> Outcome:
    """Approves all machine text of the documents that match, by this very act. InputError where none matches."""
    with desk(run) as found:
        wanted = tuple(globs)
        chosen = [path for path in found.documents if matches(path, wanted)]
        if not chosen:
            aside = [why for why in found.aside if matches(why.partition(":")[0], wanted)]
            told = f"; set aside: {'; '.join(aside)}" if aside else ""
            raise InputError(f"{run.pair}: no translated document matches {', '.join(wanted)}{told}")
        outcome = Outcome()
        marks = {
            one.id: (one, one.target, State.approved)
            for one in found.texts
            if one.document in chosen and one.state is State.machine
        }
        apply(found, marks, by, outcome, "approve")
        return outcome


def approved_by_trailer(run: Run) -> Outcome:
    """Approves the machine text that came with a commit that carries a `Reviewed-by:` trailer, by who it names.

    Looked at are the default branch and our open branches. A block counts that such a commit brought, and that still
    stands as it was then.
    """
    with desk(run) as found:
        place = shelf_of(found)
        root = run.settings.translation.place.root
        prefix = f"{root}/" if root else ""
        brought: dict[tuple[str, str], str] = {}
        for one in reviewed(place.repository, (place.main, *place.ours.tips.values(), *place.ours.landed.values())):
            path = source_path(one.path.removeprefix(prefix), run.settings.translation.suffix)
            if not one.path.startswith(prefix) or path not in found.documents:
                continue
            old, new = (_digests(data, path) for data in (one.old, one.new))
            brought.update(dict.fromkeys(((path, name) for name in new - old), one.by))
        by_person: defaultdict[str, dict[str, tuple[Reviewable, str, State]]] = defaultdict(dict)
        for text in found.texts:
            block = found.documents[text.document].blocks[text.block]
            person = brought.get((text.document, digest(block.essence)))
            if person is not None and text.state is State.machine:
                by_person[person][text.id] = (text, text.target, State.approved)
        outcome = Outcome()
        for person, marks in sorted(by_person.items()):
            apply(found, marks, person, outcome, "trailer")
        return outcome


def _digests(data: bytes, path: str) -> set[str]:
    return {digest(block.essence) for block in parse(data.decode("utf-8", "replace"), path).blocks}


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
    return inline(source) if form == "po" else words(coded(source))


def _row_words(row: Carried, form: Format) -> str:
    return row.source if form == "po" else words(row.source_codes)


def _back(run: Run, one: Reviewable, row: Carried, form: Format) -> tuple[str | None, str]:
    """The translation that came back as Markdown, or None and why not."""
    if _row_words(row, form) != _words(one.source, form):
        return None, "its source text is not the one that was exported; sources are not changed in a review"
    if form == "po":
        if row.target == inline(one.target):
            return one.target, ""
        if not one.source:
            return None, "nothing is known of its source; correct it in the book"
        made = restore(Segment.of(one.source), row.target, run.source, run.target, by_hand=True)
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
        reason = "changed, but marked as not finished (PO fuzzy, XLIFF needs-…); finish it, or import with --unfinished"
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
