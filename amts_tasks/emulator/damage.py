"""What the service is known, or feared, to do to the markup of a translated segment, on order and by seed.

Seen in public: an internal placeholder ``DNT_…`` in place of a protected span (aws-sdk-ruby issue 3191), a space added
at a tag's edge (the same), spans in another order (the developer guide's own example). A lost or doubled tag is what
other services do.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amts_tasks.emulator import inline


@dataclass(frozen=True, slots=True)
class Damage:
    """Kinds of damage with the share of segments each strikes; the same seed does the same."""

    kinds: Mapping[str, float]
    seed: str

    def apply(self, html: str, number: int) -> str:
        """The inner HTML of segment ``number`` as it comes back."""
        for kind in sorted(self.kinds):
            chance = random.Random(f"{self.seed}:{number}:{kind}")  # noqa: S311
            if chance.random() < self.kinds[kind]:
                html = _DO[kind](html, chance)
        return html


def elements(html: str) -> list[tuple[int, int]]:
    """(start, end) of every element, outermost and inner, in order; void ones and comments too."""
    found = []
    for match in inline.MARKUP.finditer(html):
        markup, name = match[0], inline.name_of(match[0])
        if markup.startswith("</"):
            continue
        whole = not name or name in inline.VOID or markup.endswith("/>")
        found.append((match.start(), match.end() if whole else inline.end_of(html, match.end(), name)))
    return found


def _lost(html: str, chance: random.Random) -> str:
    """One element's tags are gone; a protected one goes with its content."""
    places = elements(html)
    if not places:
        return html
    start, end = chance.choice(places)
    markup = inline.MARKUP.match(html, start)
    inside = ""
    if markup is not None and not inline.untranslatable(markup[0]):
        inside = html[markup.end() : end]
        inside = inside[: inside.rfind("</")] if "</" in inside else inside
    return html[:start] + inside + html[end:]


def _moved(html: str, chance: random.Random) -> str:
    """One element stands at the other end of the segment."""
    places = elements(html)
    if not places:
        return html
    start, end = chance.choice(places)
    element, rest = html[start:end], html[:start] + html[end:]
    return rest + element if start < len(html) - end else element + rest


def _doubled(html: str, chance: random.Random) -> str:
    """One element stands twice."""
    places = elements(html)
    if not places:
        return html
    start, end = chance.choice(places)
    return html[:end] + html[start:end] + html[end:]


def _leak(html: str, chance: random.Random) -> str:
    """An internal placeholder stands for an element, or at the end where there is none."""
    token = "<DNT_" + "".join(chance.choices(string.ascii_uppercase, k=26))
    places = elements(html)
    start, end = chance.choice(places) if places else (len(html), len(html))
    return html[:start] + token + html[end:]


def _space(html: str, chance: random.Random) -> str:
    """A space stands where there was none: at the edge of an element, else between two characters."""
    places = [edge for place in elements(html) for edge in place] or [len(html) // 2]
    place = chance.choice(places)
    return f"{html[:place]} {html[place:]}"


_DO: Mapping[str, Callable[[str, random.Random], str]] = {
    "lost_tag": _lost,
    "moved_tag": _moved,
    "doubled_tag": _doubled,
    "dnt_leak": _leak,
    "added_space": _space,
}
