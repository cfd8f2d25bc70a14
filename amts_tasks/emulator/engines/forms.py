"""What an English word may be a form of."""

from __future__ import annotations

from collections.abc import Iterator


def forms(word: str) -> Iterator[str]:
    """The word, then what it may be a form of, for a look-up."""
    yield word
    for ending, repair in (
        ("'s", ""), ("ies", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"),
        ("ing", ""), ("ing", "e"), ("ly", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) + len(repair) >= 3:
            stem = word[: -len(ending)] + repair
            yield stem
            if ending in {"ed", "ing"} and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]
