"""The description of an open request: our part, written anew by each run, and what people wrote around it, which stays.

A forge takes descriptions up to a length. Where both parts are longer than that, ours gives way.
"""

from __future__ import annotations

import re

from amts_tasks.sync.told.body import BEGIN, END, rest, size

_MARKS = re.compile(r"<!-- amts: (?:what stands up to the other mark is written anew by each run|end) -->\n?")
_TABLE = r"\n#### [^\n]*\n\n\|[^\n]*\n\|-[^\n]*\n(?:\|[^\n]*\n)*"
_SECTION = rf"\n### Changed [^\n]*\n(?:{_TABLE})*"
_REST = re.compile(
    r"\n([\d,]+) more changed sentences? do(?:es)? not fit here; [^\n,.]*(?:\.|, and so does the patch: ([^\n]*))\n"
)
_HEAD = 5
"""Lines of a table's head, with the document's name and the empty ones around that."""


def put_into(ours: str, old: str, most: int) -> str:
    """A description of at most ``most`` UTF-16 units with our part written anew; what people wrote around it stays.

    Where our marks are not in it any more, ours comes after what people wrote. Where both do not fit, changed sentences
    are left out of ours from the end, and counted; where not even its first lines fit, ``old`` is given back as it is.
    """
    begin, end = old.find(BEGIN), old.find(END)
    if 0 <= begin < end and old.count(BEGIN) == old.count(END) == 1:
        before, after = old[:begin], old[end + len(END) :]
    else:
        # A mark that lost its other one must not pass for one of ours the next time.
        before, after = _MARKS.sub("", old).rstrip("\n"), ""
        before += "\n\n" if before else ""
    fitting = shortened(ours.rstrip("\n"), most - size(before) - size(after))
    return old if fitting is None else f"{before}{fitting}{after}"


def shortened(ours: str, most: int) -> str | None:
    """Our part with as many changed sentences, from the first on, as fit into ``most`` UTF-16 units; None where not
    even none of them does."""
    if size(ours) <= most:
        return ours
    told = _REST.search(ours)
    left, patch = (int(told[1].replace(",", "")), told[2] or "") if told else (0, "")
    text = ours.replace(told[0], "", 1) if told else ours
    tables = re.search(rf"(?:{_SECTION})+", text)
    begin, end = tables.span() if tables else (len(text), len(text))
    rows = sum(table[0].count("\n") - _HEAD for table in re.finditer(_TABLE, text[begin:end]))
    # The paragraph that tells how many are left out has no more digits than for all of them.
    room = most - size(text[:begin]) - size(text[end:]) - size(rest(left + rows, patch))
    if room < 0:
        return None
    kept: list[str] = []
    for section in re.finditer(_SECTION, text[begin:end]):
        opening = section[0][: section[0].index("\n", 1) + 1]
        for table in re.finditer(_TABLE, section[0]):
            lines = re.findall(r"[^\n]*\n", table[0])
            opening += "".join(lines[:_HEAD])
            for row in lines[_HEAD:]:
                room -= size(opening) + size(row)
                if room < 0:
                    break
                kept.append(opening + row)
                rows, opening = rows - 1, ""
            if room < 0:
                break
        if room < 0:
            break
    return "".join([text[:begin], *kept, rest(left + rows, patch), text[end:]])
