"""Bare web and mail addresses, as GFM's extension has them: no brackets, and no mark of the sentence at their end."""

from __future__ import annotations

import re

_MAIL = re.compile(r"@[A-Za-z0-9](?:[A-Za-z0-9-]*+\.?(?=[A-Za-z0-9]))*+[A-Za-z0-9-]*+")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_-")
_ADDRESS = re.compile(r"[A-Za-z0-9._~^:/?\#@!&'()+,;=%\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u052f\u1e00-\u1fff-]++")
"""Letters of the alphabets that part words by spaces belong to it; Chinese goes on after it without one."""


def address_end(source: str, start: int) -> int | None:
    """Where the web address that begins here ends, without the punctuation of its sentence; None after a letter."""
    if start and source[start - 1].isascii() and source[start - 1].isalnum():
        return None
    end = _ADDRESS.match(source, start).end()  # type: ignore[union-attr]
    unopened = source.count(")", start, end) - source.count("(", start, end)
    while end > start:
        last = source[end - 1]
        if last == ")" and unopened > 0:
            unopened -= 1
        elif last not in "?!.,:;'_~&":
            break
        end -= 1
    return end


def mail_span(source: str, at: int, first: int) -> tuple[int, int] | None:
    """Where the mail address around an ``@`` begins and ends, not before ``first``; None where there is none."""
    begin = at
    while begin > first and source[begin - 1] in _LOCAL:
        begin -= 1
    domain = _MAIL.match(source, at) if begin < at else None
    return None if domain is None or "." not in domain[0] else (begin, domain.end())
