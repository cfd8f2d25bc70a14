"""Patterns of document paths: ``*`` and ``?`` and ``[…]`` stay within a folder, ``**/`` is any number of folders.

The rules of a .gitignore line with a slash in it, minus its negation: known to everybody, and the same on every system.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from functools import lru_cache

DOCUMENTS = ("**/*.md", "**/*.mdx", "**/*.markdown", "**/*.ipynb", "**/*.html", "**/*.htm")
"""All documents that can be translated: Markdown, notebooks and HTML."""


def matches(path: str, patterns: Iterable[str], exclude: Iterable[str] = ()) -> bool:
    """Whether a path (relative, with forward slashes) matches one of ``patterns`` and none of ``exclude``."""
    return any(compiled(pattern).fullmatch(path) for pattern in patterns) and not any(
        compiled(pattern).fullmatch(path) for pattern in exclude
    )


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern; it must match the whole path."""
    parts: list[str] = []
    for part in re.split(r"(\*\*/|\*\*$)", pattern):
        if part == "**/":
            parts.append("(?:[^/]+/)*")
        elif part == "**":
            parts.append(".*")
        else:
            parts.append(_within_a_folder(part))
    return re.compile("".join(parts), re.DOTALL)


def _within_a_folder(part: str) -> str:
    """fnmatch's own translation, a character at a time where it would let ``*`` cross a slash."""
    found: list[str] = []
    for piece in re.split(r"(\*+|\?|\[[!^]?\]?[^\]/]*\])", part):
        if piece.startswith("*"):
            found.append("[^/]*")
        elif piece == "?":
            found.append("[^/]")
        elif piece.startswith("[") and piece.endswith("]") and len(piece) > 2:
            found.append(
                "(?!/)" + fnmatch.translate(piece.replace("[^", "[!", 1)).removeprefix("(?s:").removesuffix(r")\Z")
            )
        else:
            found.append(re.escape(piece))
    return "".join(found)
