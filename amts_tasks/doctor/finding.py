"""One thing that was looked at, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["good", "bad", "unsure"]
"""unsure: it could not be seen, mostly for want of a permission that the pipeline itself does not need."""
_MARKS = {"good": "ok", "bad": "FAULT", "unsure": "?"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at."""

    name: str
    state: State
    told: str
    """What was found."""
    advice: str = ""
    """What to do about it; empty where nothing is to be done."""

    def as_dict(self) -> dict[str, str]:
        """The fields by name, for JSON."""
        return asdict(self)


def failed(findings: Iterable[Finding]) -> bool:
    """Whether any is bad."""
    return any(finding.state == "bad" for finding in findings)


def table(findings: Sequence[Finding]) -> str:
    """The findings as a person reads them, the advice on a line of its own."""
    width = max((len(finding.name) for finding in findings), default=0)
    lines = []
    for finding in findings:
        lines.append(f"{_MARKS[finding.state]:<5}  {finding.name:<{width}}  {finding.told}")
        if finding.advice:
            lines.append(f"{'':<5}  {'':<{width}}  → {finding.advice}")
    return "\n".join(lines)
