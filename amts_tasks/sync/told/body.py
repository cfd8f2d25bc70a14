"""The text of a chapter's pull or merge request, in Markdown: what its commits change, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from amts_tasks.counts import counted
from amts_tasks.sync.merged.changes import Change
from amts_tasks.sync.told.harmless import markdown, marked
from amts_tasks.sync.told.message import COLUMNS, LISTED, Languages, Told

MOST = 60_000
"""Longest text of ours in a request, in UTF-16 units: GitHub takes 65,536 characters (GitLab 1,048,576), and the rest
is for what people write around it."""
BEGIN, END = "<!-- amts: what stands up to the other mark is written anew by each run -->", "<!-- amts: end -->"
"""What a human writes before or after these stays."""


def body(told: Told, *, earlier: Sequence[Change] = (), words: int = 0, build: str = "", most: int = MOST) -> str:
    """The request's text, of at most `most` UTF-16 units.

    `earlier` are the changes of the branch's commits before this one that still stand, `words` those to read of them;
    `build` what the book's build said, in a line. Sentences that do not fit are counted, and it is said where they are.
    """
    for listed in (5 * LISTED, LISTED, 5, 0):
        head, foot = _head(told, listed, words), _foot(told, build, min(listed, LISTED))
        if size(head) + size(foot) < most // 2:
            break
    room = most - size(head) - size(foot) - size(BEGIN + END) - 2 * _REST
    shown: list[str] = []
    left = 0
    for title, changes in (
        ("Changed sentences", told.changes),
        ("Changed by earlier runs, not merged yet", earlier),
    ):
        parts, missing, used = _tables(title, changes, told.about.languages, room)
        shown += parts
        left += missing
        room -= used
    more = rest(left, _typed(told.patch)) if left else ""
    return "".join([BEGIN, "\n", head, *shown, more, foot, END, "\n"])


def remainder() -> str:
    """The text of a request whose branch has more than the default branch has taken over of it."""
    return f"{BEGIN}\nEarlier changes of this branch are merged. What came after shows in the changed files.\n{END}\n"


def rest(count: int, patch: str = "") -> str:
    """A paragraph on changed sentences that are left out, and where they are."""
    newest = f", and so does the patch: {patch}" if patch else "."
    many = counted(count, "more changed sentence does", "more changed sentences do")
    return f"\n{many} not fit here; the changed files show all of them{newest}\n"


_REST = 400
"""Room for the sentence that tells what does not fit."""


def _head(told: Told, listed: int, earlier: int) -> str:
    words = counted(told.words + earlier, "word of the source has", "words of the source have")
    words += " a translation that nobody has read."
    lines = [
        f"The source of {markdown(told.chapter)} changed. This branch brings the translation up to date "
        f"({markdown(told.about.pair)}). {words}\n\n",
        "Merge it, with or without changes. Or commit to this branch: what you write stays, counts as a human's text, "
        "and is learnt from. Or close it without a merge: the same text is not proposed again.\n\n",
    ]
    if told.rows:
        lines.append(f"| Document | {' | '.join(map(str, COLUMNS))} | left |\n|---|{'---:|' * (len(COLUMNS) + 1)}\n")
    rows = [f"| {' | '.join([markdown(str(row[0])), *map(str, row[1:])])} |\n" for row in told.rows]
    lines += rows[:listed]
    lines += [f"\nand {counted(len(rows) - listed, 'more document')}\n"] if len(rows) > listed else []
    renamed = [f"\nRenamed: {markdown(old)} → {markdown(new)}\n" for old, new in told.renamed[:listed]]
    images = ["\nImages that the source changed:\n\n"] if told.images else []
    images += [f"- {markdown(image[:400])}\n" for image in told.images[:listed]]
    images += [f"- and {len(told.images) - listed} more\n"] if len(told.images) > listed else []
    return "".join([*lines, *renamed, *images])


def _foot(told: Told, build: str, listed: int) -> str:
    parts: list[str] = []
    if told.look:
        parts.append("\n### For a human to look at\n\n")
        parts += [f"- {markdown(entry[:400])}\n" for entry in told.look[:listed]]
        parts += [f"- and {len(told.look) - listed} more, in the run's report\n"] if len(told.look) > listed else []
    parts += [f"\nThe book's build: {markdown(build[:1000])}\n"] if build else []
    parts.append(f"\nAs a patch for `git am`, where AMTS is set up: {_typed(told.patch)}\n")
    revisions = [f"{role} {revision[:12]}" for role, revision in told.about.revisions.items()]
    parts.append(f"\n{markdown(', '.join([*revisions, f'translated by {told.about.service}']))}\n")
    return "".join(parts)


def _typed(command: str) -> str:
    """A command as code, to be copied; one with an unusual name in it only as text, which cannot make markup."""
    return f"`{command}`" if re.fullmatch(r"[\w .-]+", command) else markdown(command)


def _tables(title: str, changes: Iterable[Change], languages: Languages, room: int) -> tuple[list[str], int, int]:
    """A table a document, as many rows as there is room for; the number of those left out, and the room used."""
    parts: list[str] = []
    used = left = 0
    document = None
    heads = [f"{markdown(code)}, {age}" for code in (languages.source, languages.target) for age in ("old", "new")]
    for change in changes:
        opening = "" if parts else f"\n### {title}\n"
        if change.document != document:
            opening += f"\n#### {markdown(change.document)}\n\n| Line | {' | '.join(heads)} |\n|---|---|---|---|---|\n"
        row = opening + _row(change, languages)
        if used + size(row) > room:
            left += 1
            continue
        document = change.document
        parts.append(row)
        used += size(row)
    return parts, left, used


def _row(change: Change, languages: Languages) -> str:
    where = f"{change.line or ''} {change.provenance}".strip()
    where += f" to {markdown(change.to)}" if change.to else ""
    where += f": {markdown(change.note)}" if change.note else ""
    cells = [
        marked(spans, tag) if len(spans) > 1 or not spans or not spans[0][1] else marked([(spans[0][0], False)], tag)
        for sides in languages.sides(change)
        for spans, tag in zip(sides, ("del", "ins"), strict=True)
    ]
    return f"| {' | '.join([where, *cells])} |\n"


def size(text: str) -> int:
    """The length of a text in UTF-16 units, which no forge counts more of."""
    return len(text.encode("utf-16-le")) // 2
