"""How a number of things is said to a person."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Number and noun: `1 text`, `2 texts`, `1,000 texts`; `many` where the plural is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
