"""Marks that git leaves in a file where two versions met and nobody chose between them."""

from __future__ import annotations

import re

_OURS, _MIDDLE, _THEIRS = (re.compile(pattern) for pattern in (r"<{7}(?: |$)", r"={7}$", r">{7}(?: |$)"))
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def conflict_line(text: str) -> int | None:
    """The 1-based line at which the first unresolved conflict begins; None where there is none.

    A conflict has its three marks in order, each at the start of a line. In a fenced listing that is no cell (its info
    string does not begin with a brace) they may be what the book is about, and do not count when the whole conflict
    stands there.
    """
    fence, listing, inside, began, state = "", False, False, 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        found = _FENCE.match(line)
        if found and not fence:
            fence, listing = found[1], not found[2].lstrip().startswith("{")
        elif found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip():
            fence, state = "", 0 if inside else state
        elif _OURS.match(line):
            state, began, inside = 1, number, bool(fence) and listing
        elif state == 1 and _MIDDLE.match(line):
            state = 2
        elif state == 2 and _THEIRS.match(line):
            if not inside:
                return began
            state = 0
    return None
