"""Text of a book where others would act on it: a request on a forge, a commit's message.

Nothing of a book may break a table, make markup, call somebody by name, point at or close an issue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amts_tasks.sync.told.word_diff import Span

_GAP = "\u200b"
"""Zero width: `@name`, `#12` and the like are no references with it, and look the same."""
# Forges look for these in the finished text, so no way of escaping keeps them from it: names, issues, merge requests,
# snippets, labels, milestones, epics, emoji, addresses.
_SIGN = re.compile(r"(?<=[@#!$~%&:])(?=[\w+-])|(?<=[\[{])(?=[+-])|(?<=[Gg][Hh])(?=-\d)|(?<=\bwww)(?=\.)|(?<=/)(?=/)")
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$]")
# What does not show, or turns the direction of what stands around it, must not hide anything from a reviewer.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    """The text on one line, for a commit's message: white space made single spaces, unseen characters told as
    `\\u202e`."""
    return _SIGN.sub(_GAP, _line(text)).strip()


def markdown(text: str) -> str:
    """The text on one line as Markdown that shows it and does nothing else, in a table's cell too."""
    return _escaped(_line(text)).strip()


def marked(spans: Sequence[Span], tag: str) -> str:
    """Spans as Markdown for a table's cell, those that changed in `<tag>`."""
    parts = [(_escaped(_line(text)), changed) for text, changed in spans]
    return "".join(f"<{tag}>{text}</{tag}>" if changed else text for text, changed in parts).strip()


def _line(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", re.sub(r"[ \t\r\n]+", " ", text))


def _escaped(text: str) -> str:
    # As numbers: a backslash before a bar is not the same to all readers of tables.
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", _SIGN.sub(_GAP, text))
