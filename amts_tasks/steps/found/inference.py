"""The versions of its source that documents were made from, where the translation does not say: looked for in the
book's history, and remembered from one run to the next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from amts_tasks import names
from amts_tasks.books import Book, Revision, open_book
from amts_tasks.books.book import Document, document
from amts_tasks.books.history import Version
from amts_tasks.books.lineage import Lineage
from amts_tasks.errors import Fault, TextError
from amts_tasks.steps.run import Run
from amts_tasks.sync.identity import Identity
from amts_tasks.sync.lineage.inference import LEAST_FIT, SURE, infer
from amts_tasks.sync.look import Review
from amts_tasks.sync.told.table import columns, on_a_line
from amts_tasks.text import ParsedDocument, parse
from amts_tasks.text.document import form_of

_SHOWN = 20
"""Documents that the table names; the JSON has all."""


def infer_bases(
    run: Run, resolved: dict[str, Any], wanted: Mapping[str, str]
) -> tuple[dict[str, str], list[dict[str, Any]], list[Fault]]:
    """The base of each translated document (text by path) as far as it is known, a row about each, and the faults of
    those that are left alone.

    Candidates are the versions, in the book's history up to this run's source, of what stood at the document's path,
    under that path and those it was renamed from and to, none younger than the last change of its translation. What was
    found is kept in storage: a document that did not change since is not looked at again, and one that did keeps its
    version while nothing speaks against it.
    """
    settings = run.settings
    book = open_book(run.config.book.place, run.folder)
    tip = _tip(run, resolved, book)
    translated = open_book(settings.translation.place, run.folder)
    shelf = translated.revision(revision=resolved["source" if settings.reverse else "target"])
    history, touched = lineage_of(run, resolved, book, tip), _touched(run, translated, shelf)
    key = f"{run.home}inferred.json"
    remembered: dict[str, dict[str, Any]] = run.storage.find_json(key) or {}
    identity = Identity(run.config.profiles[settings.translation.language].own_links)
    base: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for path, text in sorted(wanted.items()):
        made = [version for version in history.versions(path) if form_of(version.path) is form_of(path)]
        older = [one for one in made if path not in touched or one.committed_at <= touched[path]]
        # The history begins after the translation: its first version is the nearest that is known.
        candidates = older or made[:1]
        if not candidates:
            continue
        known = remembered.get(path, {})
        digest = names.digest([text, [[one.commit, one.path] for one in candidates]])
        texts = _documents(book, path, candidates if known.get("digest") != digest else ())
        if isinstance(texts, Fault):
            faults.append(texts)
            continue
        row = known if known.get("digest") == digest else _row(path, text, texts, candidates, identity, known)
        row["digest"] = digest
        row["limited"] = path in touched and tip.committed_at < touched[path]
        row["before"] = not older
        if not older:
            row["confidence"] = 0.5
        remembered[path] = row
        rows.append(row)
        if row["known"]:
            version = candidates[_place(row, candidates)]
            raw = book.contents([version])[version.blob]
            base[path] = raw.decode("utf-8")
        else:
            what = f"a translation with {row['fit']:.0%} of the code, formulas, labels and headings of its source"
            faults.append(Fault(path, 0, "", what, f"at least {LEAST_FIT:.0%}, at some revision; it is left alone"))
    if rows:
        run.storage.put_json(key, remembered)
    return base, rows, faults


def renamed(run: Run, resolved: dict[str, Any], gone: Collection[str]) -> dict[str, str]:
    """Where documents that the source has no more at their paths stand in it now, old path to new, as far as its
    history tells. Of two that would come to the same place the one that was there last counts."""
    if not gone:
        return {}
    book = open_book(run.config.book.place, run.folder)
    history = lineage_of(run, resolved, book, _tip(run, resolved, book))
    rows = {row["document"]: row for row in inferred_of(run, resolved) if row["known"]}
    found: dict[str, tuple[int, str]] = {}
    for path in sorted(gone):
        made = history.versions(path)
        version = made[_place(rows[path], made)] if path in rows else None
        thread = history.thread(path, version)
        if thread is not None and thread.stands not in {"", path}:
            place = thread.paths.index(path)
            found[thread.stands] = max(found.get(thread.stands, (place, path)), (place, path))
    return {path: new for new, (_, path) in sorted(found.items())}


def _tip(run: Run, resolved: dict[str, Any], book: Book) -> Revision:
    """The revision of the book whose history is looked at."""
    if run.settings.reverse:
        return book.revision(as_of=run.instant, follow=run.config.book.follow)
    return book.revision(revision=resolved["source"])


def lineage_of(run: Run, resolved: dict[str, Any], book: Book, tip: Revision) -> Lineage:
    """What became of the book's documents up to a revision; looked up once a run."""
    return run.remembered(resolved, f"lineage of {tip.id}", lambda: book.lineage(tip))


def _place(row: Mapping[str, Any], versions: Sequence[Version]) -> int:
    """Which of the versions a row names; -1 for none. Rows of before renames were followed name no path."""
    path = row.get("path", row["document"])
    return next((n for n, one in enumerate(versions) if (one.commit, one.path) == (row["revision"], path)), -1)


def _touched(run: Run, translated: Book, shelf: Revision) -> Mapping[str, datetime]:
    """When each document of the translation was last changed: not when it was moved as it was. Nothing of a folder,
    which keeps no dates."""
    if run.settings.translation.place.kind == "folder":
        return {}
    threads = translated.lineage(shelf).threads
    return {one.stands: one.versions[-1].committed_at for one in threads if one.stands}


def _documents(book: Book, path: str, versions: Sequence[Version]) -> list[ParsedDocument] | Fault:
    """The versions parsed; a fault of the document where one of them cannot be read, for it might be the one."""
    raw = book.contents(versions)
    parsed = []
    for version in versions:
        read = document(path, raw[version.blob])
        if not isinstance(read, Document):
            return read
        try:
            parsed.append(parse(read.text, path))
        except TextError as error:
            fault: Fault = error.args[0]
            return fault
    return parsed


def _row(
    path: str,
    text: str,
    versions: Sequence[ParsedDocument],
    made: Sequence[Version],
    identity: Identity,
    known: Mapping[str, Any],
) -> dict[str, Any]:
    # What a run of the past found was found among fewer versions than there were when the text was translated.
    earlier = None
    if known and not known["limited"]:
        place = _place(known, made)
        earlier = place if place >= 0 else None
    own = [n for n, one in enumerate(made) if one.path == path]
    found = infer(versions, parse(text, path), identity, earlier, own)
    rival = None if found.runner_up is None else made[found.runner_up]
    return {
        "document": path,
        "revision": made[found.chosen].commit,
        "path": made[found.chosen].path,
        "committed_at": made[found.chosen].committed_at.isoformat(),
        "confidence": found.confidence,
        "runner_up": rival.commit if rival else None,
        "versions": len(made),
        "plausible": [made[index].commit for index in found.plausible],
        "newest": found.chosen == found.plausible[-1],
        "fit": found.fit,
        "known": found.known,
        "doubtful": [versions[found.chosen].blocks[index].text for index in found.doubtful],
    }


def inferred_of(run: Run, resolved: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that ``extract`` wrote about documents of unknown origin; none where every base was known."""
    found: list[dict[str, Any]] | None = run.storage.find_json(run.key(resolved, "extract", "inferred.json"))
    return found or []


def inferred_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows for a terminal, the least sure first; empty for none."""
    if not rows:
        return ""
    sure = sum(row["known"] and row["confidence"] >= SURE for row in rows)
    lost = sum(not row["known"] for row in rows)
    lines: list[list[object]] = [["document", "made from", "of", "confidence", "runner-up", "versions", "marks found"]]
    for row in sorted(rows, key=lambda row: (row["known"], row["confidence"], row["document"]))[:_SHOWN]:
        made = row["revision"][:12] if row["known"] else "unknown"
        if row["known"] and row["path"] != row["document"]:
            made = f"{made} {on_a_line(row['path'])}"
        rival = (row["runner_up"] or "-")[:12]
        facts = (f"{row['confidence']:.2f}", rival, row["versions"], f"{row['fit']:.0%}")
        lines.append([on_a_line(row["document"]), made, row["committed_at"][:10], *facts])
    more = f"and {len(rows) - _SHOWN} more\n" if len(rows) > _SHOWN else ""
    unsure = len(rows) - sure - lost
    return (
        f"\nsource revisions inferred from the book's history: {sure} sure, {unsure} not ({SURE} and less), "
        f"{lost} unknown (left alone)\n{columns(lines)}{more}"
    )


def told(
    rows: Sequence[Mapping[str, Any]], sources: Mapping[str, ParsedDocument], moved: Mapping[str, str]
) -> list[Review]:
    """What a human should compare: blocks that may be behind their source, because nobody knows which version of it
    they translate. A block whose source changed since the newest of those versions is translated anew in any case;
    where an older one was taken, it may be up to date already.
    `moved` has the new paths of renamed documents by their old ones."""
    found = []
    for row in rows:
        path = moved.get(row["document"], row["document"])
        if row["known"] and row["before"] and path in sources:
            reason = f"translated before its source's first known version, {row['revision'][:12]}; taken for that"
            found.append(Review(path, f"{reason}: compare it by hand"))
        if not row["known"] or len(row["plausible"]) == 1 or path not in sources:
            continue
        still = {block.text for block in sources[path].blocks}
        reason = (
            f"its source had {len(row['plausible'])} versions, {row['plausible'][0][:12]} to "
            f"{row['plausible'][-1][:12]}, of which it may translate any; taken for {row['revision'][:12]}: compare it"
        )
        found += [Review(path, reason, text) for text in row["doubtful"] if text in still or not row["newest"]]
    return found
