"""Tags around the words that their own words became."""

from __future__ import annotations

from collections.abc import Sequence

from amts_tasks.emulator.engines.engine import FIRST_CLOSE, FIRST_OPEN, is_fixed, is_tag


def tagged(words: Sequence[str], origins: Sequence[Sequence[int]], tags: Sequence[tuple[int, str]]) -> list[str]:
    """The words with the tags between them.

    ``origins``: the source positions each word comes from; ``tags``: the source position each tag stands before, and
    its character. A pair goes around all words that come from inside it; one around nothing, and a tag without its
    other half, stand before the first word that comes from behind them.
    """
    if not tags:
        return list(words)
    before: list[list[str]] = [[] for _ in range(len(words) + 1)]
    behind: list[list[str]] = [[] for _ in range(len(words) + 1)]
    spans, alone = _pairs(tags)
    found: list[tuple[int, int, int, int]] = []
    for opening, closing in spans:
        begin, end = tags[opening][0], tags[closing][0]
        inside = [at for at, source in enumerate(origins) if any(begin <= place < end for place in source)]
        if inside:
            found.append((inside[0] - inside[-1], opening, inside[0], inside[-1] + 1))
            continue
        before[_first(origins, begin)] += [tags[opening][1], tags[closing][1]]
    partner = dict(spans)
    # The shorter of two that meet lies inside the longer, the later opened of two that are alike inside the earlier.
    for _, opening, low, high in sorted(found):
        before[low].append(tags[opening][1])
        behind[high].insert(0, tags[partner[opening]][1])
    for number in alone:
        before[_first(origins, tags[number][0])].append(tags[number][1])
    out: list[str] = []
    for at in range(len(words) + 1):
        out += [*behind[at], *before[at], *words[at : at + 1]]
    return out


def weave(text: str, kinds: Sequence[str], words: Sequence[str]) -> str:
    """The written text with each kind replaced by its span's character and the tags between their words."""
    out: list[str] = []
    place = 0
    waiting: list[str] = []
    shown = iter(kinds)
    for word in words:
        if not word:
            continue
        if is_tag(word):
            waiting.append(word)
            continue
        length = len(next(shown))
        blank = text[place] == " " and out
        if blank:
            place += 1
        # A closing tag stands right after its last word, an opening one right before its first.
        out.extend(tag for tag in waiting if ord(tag) >= FIRST_CLOSE)
        out.append(" " if blank else "")
        out.extend(tag for tag in waiting if ord(tag) < FIRST_CLOSE)
        waiting.clear()
        out.append(word if is_fixed(word) else text[place : place + length])
        place += length
    return "".join((*out, *waiting))


def _first(origins: Sequence[Sequence[int]], place: int) -> int:
    """The first word that comes from the place or from behind it."""
    return next((at for at, source in enumerate(origins) if any(i >= place for i in source)), len(origins))


def _pairs(tags: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, int]], list[int]]:
    """Which tags open and close one element, and which have no other half."""
    opened: dict[int, list[int]] = {}
    spans: list[tuple[int, int]] = []
    for number, (_, character) in enumerate(tags):
        if ord(character) < FIRST_CLOSE:
            opened.setdefault(ord(character) - FIRST_OPEN, []).append(number)
        elif opened.get(ord(character) - FIRST_CLOSE):
            spans.append((opened[ord(character) - FIRST_CLOSE].pop(), number))
    paired = {number for span in spans for number in span}
    return spans, [number for number in range(len(tags)) if number not in paired]
