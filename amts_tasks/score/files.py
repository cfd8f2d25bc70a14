"""`amts score HYP REF`: files of one segment a line, compared. The only module here that opens files; nothing imports
it but the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amts_tasks.counts import counted
from amts_tasks.errors import InputError, not_utf8
from amts_tasks.languages import Profile
from amts_tasks.score.metrics import Score, corpus


@dataclass(frozen=True, slots=True)
class Compared:
    """The scores of two files."""

    scores: tuple[Score, ...]

    @property
    def value(self) -> list[dict[str, Any]]:
        """For JSON: metric, value, signature, segments, low, high and p of each score."""
        return [score.as_dict() for score in self.scores]

    @property
    def text(self) -> str:
        """For a person: a line a metric, with interval, p-value if there is one, and signature."""
        return "\n".join(_line(score) for score in self.scores)


def compare(hypothesis: Path, reference: Path, baseline: Path | None, profile: Profile) -> Compared:
    """The scores of a file against a reference, and the p-values of its differences to a baseline.

    Raises InputError, naming the files, for one that cannot be read, is not UTF-8 or has another number of lines.
    """
    texts = {path: _segments(path) for path in (hypothesis, reference, baseline) if path is not None}
    if len({len(lines) for lines in texts.values()}) > 1:
        found = ", ".join(f"{path}: {counted(len(lines), 'line')}" for path, lines in texts.items())
        raise InputError(f"{found}; expected one segment a line, the same number in all")
    return Compared(corpus(texts[hypothesis], texts[reference], profile, texts[baseline] if baseline else None))


def _segments(path: Path) -> list[str]:
    try:
        # Not utf-8-sig: it counts the bytes from behind the mark.
        text = path.read_bytes().decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise not_utf8(path, error) from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    # Lines end at a line feed alone: U+2028 and its like stand inside of segments.
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


def _line(score: Score) -> str:
    digits = 4 if score.metric == "BLEU" else 2
    p = "" if score.p is None else f"  p = {score.p:.4f}"
    interval = f"[{score.low:.{digits}f}, {score.high:.{digits}f}]"
    segments = counted(score.segments, "segment")
    return f"{score.metric:<8}{score.value:>8.{digits}f}  {interval}{p}  {segments}  {score.signature}"
