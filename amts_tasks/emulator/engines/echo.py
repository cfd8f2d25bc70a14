"""The engine of protocol tests: what it is shown is what it answers."""

from __future__ import annotations

from collections.abc import Sequence

from amts_tasks.emulator.engines.engine import Example, Masked, Term


class EchoEngine:
    """Answers the source."""

    name = "echo"
    whole = False

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """The segments' own texts."""
        return [segment.text for segment in segments]
