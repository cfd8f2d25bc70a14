"""D2L: marks of framework tabs, and lines of roles such as labels and widths."""

from __future__ import annotations

from amts_tasks.text import leaves
from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page


def begin(page: Page, number: int, at: int) -> int | None:
    """A tab mark or a line of nothing but roles."""
    line = page.lines[number]
    tab = leaves.TAB_MARK.match(line, at)
    if tab:
        name = tab[1] or tab[2]
        page.tab = None
        ended = page.add(Kind.tab_mark, number, number + 1)
        page.tab = name.strip() if name else None
        return ended
    if leaves.ROLE_LINE.match(line, at):
        return page.add(Kind.label if leaves.LABEL.search(line, at) else Kind.directive, number, number + 1)
    return None


def interrupts(line: str, at: int) -> bool:
    """Both stand directly under text."""
    return bool(leaves.TAB_MARK.match(line, at) or leaves.ROLE_LINE.match(line, at))


RULE = Rule("d2l", ":", begin, interrupts)
