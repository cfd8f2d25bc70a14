"""Placeholders swapped in a translation whose source changed only in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from amts_tasks.text import Placeholder, Segment, Tag, normalise


def swapped(old: str, new: str, target: str, own_links: Sequence[re.Pattern[str]] = ()) -> str | None:
    """The translation of `old`, with the placeholders and link targets that `new` has instead; inline Markdown.

    None where the words differ too, or where it is not certain which placeholder of the translation is which: an old
    one that became two different ones, or one that the translation has not as often as its source had. Link targets
    that belong to the translation (`own_links`) stay. White space may differ.
    """
    before, after = Segment.of(old).tokens, Segment.of(new).tokens
    if [_words(token) for token in before if _words(token)] != [_words(token) for token in after if _words(token)]:
        return None
    marks = [token for token in before if not isinstance(token, str)]
    news = [token for token in after if not isinstance(token, str)]
    if [_shape(token) for token in marks] != [_shape(token) for token in news] or _order(before) != _order(after):
        return None
    become: dict[str, set[str]] = {}
    for one, other in zip(marks, news, strict=True):
        if not (isinstance(one, Tag) and any(pattern.search(one.text) for pattern in own_links)):
            become.setdefault(one.text, set()).add(other.text)
    changed = {text: next(iter(others)) for text, others in become.items() if others != {text}}
    if any(len(become[text]) > 1 for text in changed):
        return None
    theirs = Segment.of(target).tokens
    here, there = (Counter(t.text for t in side if not isinstance(t, str)) for side in (marks, theirs))
    if any(here[text] != there[text] for text in changed):
        return None
    return "".join(token if isinstance(token, str) else changed.get(token.text, token.text) for token in theirs)


def _words(token: str | Placeholder | Tag) -> str:
    return normalise(token) if isinstance(token, str) else ""


def _shape(mark: str | Placeholder | Tag) -> tuple[str, object]:
    if isinstance(mark, Placeholder):
        return "placeholder", mark.kind
    return ("tag", (mark.name, mark.id, mark.open)) if isinstance(mark, Tag) else ("text", None)


def _order(tokens: Sequence[str | Placeholder | Tag]) -> list[str]:
    """What stands after what: words, placeholders, tags."""
    return [
        _words(token) and "words" if isinstance(token, str) else type(token).__name__
        for token in tokens
        if not isinstance(token, str) or _words(token)
    ]
