"""Merged documents as change sets, one a chapter: files and the message a reviewer reads. Nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from amts_tasks.sync.book import BookPlan
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.look import Review
from amts_tasks.sync.merged.changes import Change
from amts_tasks.sync.merged.merge import Left, Merged
from amts_tasks.sync.merged.weave import woven
from amts_tasks.sync.queue import chapter_of, words
from amts_tasks.sync.told.message import COLUMNS, About, Languages, Told, message
from amts_tasks.sync.told.table import short
from amts_tasks.text import Form, ParsedDocument


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one chapter's branch gets in one commit."""

    chapter: str
    """The first folder of the documents' paths; for a document at the root its name without suffix."""
    files: Mapping[str, bytes | None]
    """By path from the translated book's root, in order; None takes a file away."""
    told: Told
    """What a reviewer reads of it."""

    @property
    def message(self) -> str:
        """The commit's message."""
        return message(self.told)


@dataclass(frozen=True, slots=True)
class Tree:
    """The translated book as it is, and how it keeps its sources."""

    bases: Mapping[str, ParsedDocument]
    """The source each translation was made from, by path."""
    origin_suffix: str | None = None
    """What an origin file's name has before its suffix (`_origin`: foo_origin.md beside foo.md); None for none."""
    files: Mapping[str, str] | None = None
    """The translations as their files hold them, by path, where these hold the source in comments; None elsewhere."""
    suffix: str = ""
    """What the name of such a file has before its suffix."""

    def file(self, path: str) -> str:
        """Where the translation of a source document stands."""
        return origin_path(path, self.suffix)


def origin_path(path: str, suffix: str) -> str:
    """Where the origin file of a translation stands: `a/foo.md` and `_origin` give `a/foo_origin.md`."""
    pure = PurePosixPath(path)
    return str(pure.with_name(f"{pure.stem}{suffix}{pure.suffix}"))


def change_sets(
    plan: BookPlan,
    merged: Mapping[str, Merged],
    tree: Tree,
    *,
    service: str,
    refused: Mapping[str, str] | None = None,
    changes: Mapping[str, Sequence[Change]] | None = None,
    languages: Languages | None = None,
) -> tuple[ChangeSet, ...]:
    """The change sets of a run in order of chapter, without chapters in which nothing changes.

    `service` is what made the sent texts, in words; `refused` holds reasons by id (`path#block.text`) of texts whose
    answers were not accepted; `changes` has the changed sentences by path, `languages` how they are shown. A merge that
    was given up, and a new document of which no text came back, is named in its chapter's message and not written. A
    renamed document goes to the chapter of its new path, its old files with it.
    """
    chapters: dict[str, dict[str, bytes | None]] = defaultdict(dict)
    reports: dict[str, list[tuple[DocumentPlan, Merged]]] = defaultdict(list)
    for document in plan.documents:
        result = merged.get(document.path)
        if result is None:
            continue
        chapter = chapter_of(document.path)
        files = {} if withheld(document, result) else _files(document, result, tree)
        if files or result.damaged or result.left:
            chapters[chapter].update(files)
            reports[chapter].append((document, result))
    about = About(plan.pair, plan.revisions, service, languages or Languages())
    return tuple(
        ChangeSet(
            chapter,
            dict(sorted(files.items())),
            _told(about, chapter, reports[chapter], plan.review, refused or {}, changes or {}),
        )
        for chapter, files in sorted(chapters.items())
        if files
    )


def withheld(plan: DocumentPlan, merged: Merged) -> str | None:
    """Why a document is not published, or None: the merge was given up, or nothing of a new document came back."""
    if merged.damaged:
        return merged.damaged
    asked = {item.block for item in plan.items if item.asked}
    if plan.target is None and asked and asked <= {left.block for left in merged.left}:
        return "none of its texts came back"
    return None


def _files(plan: DocumentPlan, merged: Merged, tree: Tree) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    if tree.files is not None and plan.source.form is Form.markdown:
        old = tree.files.get(plan.old_path or plan.path)
        # Where the base is unknown comments would claim what nobody knows.
        whole = woven(plan, merged, old) if plan.based else merged.text
        if plan.renamed or whole != old:
            files[tree.file(plan.path)] = whole.encode()
        if plan.renamed and plan.old_path is not None:
            files[tree.file(plan.old_path)] = None
        return files
    if plan.target is None or plan.renamed or merged.text != plan.target.text:
        files[plan.path] = merged.text.encode()
    # Where the base is unknown an origin file would claim what nobody knows.
    if tree.origin_suffix is not None and plan.based:
        base = tree.bases.get(plan.path)
        if plan.renamed or base is None or base.text != plan.source.text:
            files[origin_path(plan.path, tree.origin_suffix)] = plan.source.text.encode()
    if plan.renamed and plan.old_path is not None:
        files[plan.old_path] = None
        if tree.origin_suffix is not None and plan.old_path in tree.bases:
            files[origin_path(plan.old_path, tree.origin_suffix)] = None
    return files


def _told(
    about: About,
    chapter: str,
    documents: Sequence[tuple[DocumentPlan, Merged]],
    review: Iterable[Review],
    refused: Mapping[str, str],
    changes: Mapping[str, Sequence[Change]],
) -> Told:
    rows = tuple(
        (
            document.path,
            *(sum(item.provenance is kind for item in document.items) for kind in COLUMNS),
            len(result.left),
        )
        for document, result in documents
    )
    entries = [
        f"{document.path}: {why}; not written" for document, result in documents if (why := withheld(document, result))
    ]
    entries += [
        _left(left, refused) for document, result in documents for left in result.left if not withheld(document, result)
    ]
    changed = {document.path for document, _ in documents}
    entries += _reviews(one for one in review if one.document in changed)
    return Told(
        about,
        chapter,
        rows,
        tuple((document.old_path or "", document.path) for document, _ in documents if document.renamed),
        tuple(entries),
        tuple(change for document, _ in documents for change in changes.get(document.path, ())),
        sum(words(document) for document, result in documents if not withheld(document, result)),
    )


def _reviews(reviews: Iterable[Review]) -> Iterator[str]:
    """One entry for all places of a document with the same reason: a whole tab, cell by cell, would hide the others."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in reviews:
        places[one.document, one.reason].append(one.text)
    for (document, reason), texts in places.items():
        more = f" (and {len(texts) - 1} more)" if len(texts) > 1 else ""
        shown = f": {short(texts[0])}" if texts[0].strip() else ""
        yield f"{document}: {reason}{shown}{more}"


def _left(left: Left, refused: Mapping[str, str]) -> str:
    reasons = [why for name, why in refused.items() if name.startswith(f"{left.document}#{left.block}.")]
    shows = "the old translation stays" if left.shows == "old" else "the source's text stands there"
    return f"{left.document}: {'; '.join(reasons) or left.reason}; {shows}: {short(left.text)}"
