"""The message of a chapter's commit: where every block comes from, which sentences changed, what to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.languages import Profile
from amts_tasks.sync.item import Provenance
from amts_tasks.sync.merged.changes import Change
from amts_tasks.sync.told.harmless import plain
from amts_tasks.sync.told.table import columns, short
from amts_tasks.sync.told.word_diff import Span, word_diff

COLUMNS = (
    Provenance.kept,
    Provenance.moved,
    Provenance.swapped,
    Provenance.patched,
    Provenance.memory,
    Provenance.bought,
    Provenance.sent,
    Provenance.code,
    Provenance.stale,
)
"""What a chapter's table counts, document by document; after them comes what was left behind."""
LISTED = 20
"""Entries of a list that a message holds; the report has all."""
_ROWS = 100
"""Documents that a message names."""
MOST_CHARACTERS = 8_000
"""Of the changed sentences in a message; the patch and the request's text have them all."""
_AROUND = 48
"""Characters shown of a stretch without a difference, before and after one with."""
_DIFFERENT = 400
"""Characters shown of one difference."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The two languages, as differences are shown in them."""

    source: str = "source"
    target: str = "target"
    source_characters: bool = False
    """Whether differences are told by character."""
    target_characters: bool = False

    @classmethod
    def of(cls, source: Profile, target: Profile) -> Languages:
        """As two profiles say: by character where nothing stands between two sentences."""
        return cls(source.code, target.code, not source.joiner, not target.joiner)

    def sides(self, change: Change) -> tuple[tuple[tuple[Span, ...], tuple[Span, ...]], ...]:
        """Old and new spans of the source, and of the translation."""
        return (
            word_diff(change.old_source, change.new_source, characters=self.source_characters),
            word_diff(change.old_target, change.new_target, characters=self.target_characters),
        )


@dataclass(frozen=True, slots=True)
class About:
    """What all change sets of a run share."""

    pair: str
    revisions: Mapping[str, str]
    """By role: source, target."""
    service: str
    """What made the texts, in words."""
    languages: Languages


@dataclass(frozen=True, slots=True)
class Told:
    """What a reviewer is told of one chapter's changes."""

    about: About
    chapter: str
    rows: tuple[tuple[object, ...], ...]
    """A row a document: path, number of blocks for each of `COLUMNS`, number of texts left behind."""
    renamed: tuple[tuple[str, str], ...]
    """Old and new path."""
    look: tuple[str, ...]
    """What a human should look at."""
    changes: tuple[Change, ...]
    words: int
    """Of the source, whose translation nobody has read."""
    images: tuple[str, ...] = ()
    """Paths of those that come in the source's newer version."""

    @property
    def patch(self) -> str:
        """The command that gives the branch's patch."""
        branch = names.branch(self.about.pair, self.chapter)
        return f"amts patch {self.about.pair} {branch.removeprefix(f'amts/{self.about.pair}/')}"

    @property
    def title(self) -> str:
        """One line."""
        source = self.about.revisions.get("source", "")
        return plain(f"Update {self.chapter} ({self.about.pair})" + (f" to {source[:12]}" if source else ""))


def message(told: Told) -> str:
    """The commit's message: of bounded length, and with nothing in it that a forge would act on.

    Its last paragraph are the trailers `Source-revision`, `Target-revision` and `Translation-service`.
    """
    parts = [f"{told.title}\n"]
    rows = [[short(plain(str(row[0])), 120), *row[1:]] for row in told.rows]
    if rows:
        table = columns([["document", *map(str, COLUMNS), "left"], *rows[:_ROWS]])
        parts.append(f"\nBlocks by where their text comes from:\n\n{table}")
    parts.append(f"and {counted(len(rows) - _ROWS, 'more document')}\n" if len(rows) > _ROWS else "")
    parts += [f"\nRenamed: {plain(old)} -> {plain(new)}\n" for old, new in told.renamed[:_ROWS]]
    if told.images:
        parts.append("\nImages that the source changed:\n\n")
        parts += [f"- {plain(image[:400])}\n" for image in told.images[:_ROWS]]
        parts.append(f"- and {len(told.images) - _ROWS} more\n" if len(told.images) > _ROWS else "")
    parts += _changes(told)
    if told.look:
        parts.append("\nFor a human to look at:\n\n")
        parts += [f"- {plain(entry[:400])}\n" for entry in told.look[:LISTED]]
        parts.append(f"- and {len(told.look) - LISTED} more, see the run's report\n" if len(told.look) > LISTED else "")
    about = told.about
    revisions = [f"{role.capitalize()}-revision: {revision}\n" for role, revision in about.revisions.items()]
    return "".join([*parts, "\n", *revisions, f"Translation-service: {plain(about.service)}\n"])


def _changes(told: Told) -> list[str]:
    if not told.changes:
        return []
    shown: list[str] = []
    size = 0
    for change in told.changes[:LISTED]:
        entry = _entry(change, told.about.languages)
        if size + len(entry) > MOST_CHARACTERS:
            break
        shown.append(entry)
        size += len(entry)
    rest = len(told.changes) - len(shown)
    words = counted(told.words, "word")
    head = f"\nChanged sentences ({len(told.changes)}; {words} to read), [-removed-] {{+added+}}:\n\n"
    return [head, *shown, f"and {rest} more: {plain(told.patch)}\n" if rest else ""]


def _entry(change: Change, languages: Languages) -> str:
    note = f" ({plain(change.note)})" if change.note else ""
    what = f"{change.provenance} to {plain(change.to)}" if change.to else change.provenance
    lines = [f"{plain(change.document)}{f':{change.line}' if change.line else ''}, {what}{note}\n"]
    for code, sides in zip((languages.source, languages.target), languages.sides(change), strict=True):
        for name, spans, marks in zip(("old", "new"), sides, (("[-", "-]"), ("{+", "+}")), strict=True):
            if spans:
                lines.append(f"  {code} {name}  {_spans(spans, *marks)}\n")
    return "".join(lines)


def _spans(spans: Sequence[Span], opening: str, closing: str) -> str:
    parts: list[str] = []
    for place, (text, changed) in enumerate(spans):
        if changed:
            cut = text if len(text) <= _DIFFERENT else text[: _DIFFERENT - 1] + "…"
            parts.append(f"{opening}{_edges(cut)}{closing}" if len(spans) > 1 else _edges(cut))
            continue
        before = text[:_AROUND] if place else ""
        after = text[-_AROUND:] if place < len(spans) - 1 else ""
        whole = len(text) <= 2 * _AROUND
        parts.append(_edges(text) if whole else _edges(f"{before}…{after}"))
    return "".join(parts).strip()


def _edges(text: str) -> str:
    """The text on one line, a space at its ends where white space was."""
    words = plain(text)
    if not words:
        return " "
    ends = [" " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""]
    return words.join(ends)
