"""A command that reads lines and writes their translations, such as ``marian-decoder`` or ``apertium -u eng-spa``."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Sequence

from amts_tasks.emulator.engines.engine import EngineError, Example, Masked, Term
from amts_tasks.emulator.engines.marks import through


class CommandEngine:
    """One run of the command for all segments of a call; ``{source}`` and ``{target}`` in its words are the codes."""

    whole = False

    def __init__(self, command: str | Sequence[str], timeout: float = 300.0) -> None:
        self._words = tuple(shlex.split(command) if isinstance(command, str) else command)
        if not self._words:
            raise ValueError("engine command: found no command; expected one, such as command:apertium -u eng-spa")
        self._timeout = timeout
        self.name = f"command {os.path.basename(self._words[0])}"  # noqa: PTH119

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment; one that lost a mark is translated piece by piece."""
        words = [word.replace("{source}", source).replace("{target}", target) for word in self._words]
        return through(segments, lambda texts: self._run(words, texts), "brackets")

    def _run(self, words: list[str], texts: list[str]) -> list[str]:
        given = "".join(" ".join(text.split()) + "\n" for text in texts).encode()
        shown = shlex.join(words)
        try:
            # A session of its own, so that what a shell script started ends with it.
            process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(f"engine command: {shown}: {error.strerror or error}") from None
        with process:
            try:
                out, err = process.communicate(given, timeout=self._timeout)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise EngineError(f"engine command: {shown}: no answer within {self._timeout:g} s") from None
        if process.returncode:
            said = " ".join(err.decode("utf-8", "replace").split())[-300:] or "no text on standard error"
            raise EngineError(f"engine command: {shown}: exit code {process.returncode}: {said}")
        try:
            lines = out.decode().removesuffix("\n").split("\n")
        except UnicodeDecodeError as error:
            raise EngineError(f"engine command: {shown}: its output is not UTF-8 ({error.reason})") from None
        if len(lines) != len(texts):
            raise EngineError(f"engine command: {shown}: found {len(lines)} lines; expected {len(texts)}, one for each")
        return lines
