"""Cron expressions, checked without Airflow: five fields, or one of the presets."""

from __future__ import annotations

import re

PRESETS = ("@hourly", "@daily", "@weekly", "@monthly", "@yearly")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, list[str]], ...] = (
    ("minute", 0, 59, []),
    ("hour", 0, 23, []),
    ("day of month", 1, 31, []),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 7, _DAYS),
)
_PART = re.compile(r"(?:\*|(?P<low>\w+)(?:-(?P<high>\w+))?)(?:/(?P<step>[1-9]\d?))?")


def cron_fault(expression: str) -> str | None:
    """None for a valid expression, else what would be right."""
    if expression in PRESETS:
        return None
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        return 'five fields such as "0 2 * * *" (minute hour day month weekday), or one of: ' + ", ".join(PRESETS)
    for text, (name, least, most, names) in zip(fields, _FIELDS, strict=True):
        if not all(_part_is_right(part, least, most, names) for part in text.split(",")):
            return f"{name} of {least} to {most} as in *, */2, {least}-{most} or {least},{most} (found {text})"
    return None


def _part_is_right(part: str, least: int, most: int, names: list[str]) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    ends = [_value(match[group], least, names) for group in ("low", "high") if match[group] is not None]
    return all(end is not None and least <= end <= most for end in ends) and ends == sorted(
        ends, key=lambda end: end or 0
    )


def _value(text: str, least: int, names: list[str]) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= 2:
        return int(text)
    # A month's name counts from 1, a day's from 0, as their fields do.
    return names.index(text.lower()) + least if text.lower() in names else None
