"""Where the texts are, and a bead that was found in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from amts_tasks.align.interleaved import Woven, unwoven
from amts_tasks.align.quality import Kind

SHARED = Path(__file__).parents[3] / "shared" / "data"
ALIGNMENT = Path(os.environ.get("AMTS_ALIGNMENT_DATA") or SHARED / "alignment")
BOOK = Path(os.environ.get("AMTS_D2L_DATA") or SHARED / "d2l")
DROPPED, JOINED, MOVED = 0.04, 0.03, 0.02
"""Shares of a translation's lines or blocks that are taken out, joined with the next, moved, so that there is
something to find."""

Shape = tuple[tuple[int, ...], tuple[int, ...]]


class Sample(NamedTuple):
    """One bead found, with text on both sides."""

    kind: Kind
    group: str
    """Corpus and language."""
    odds: float
    right: bool
    """Whether it is in gold, as it is."""


def interleaved() -> Iterator[Woven]:
    """The documents of the Vietnamese book, which hold their source in comments."""
    for file in sorted((BOOK / "dev" / "vn").rglob("*.md")):
        woven = unwoven(file.read_text(encoding="utf-8"), file.name)
        if len(woven.chunks) > 1:
            yield woven
