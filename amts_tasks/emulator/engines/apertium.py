"""Apertium as processes of its own, between English and Spanish, where the installation has it (GPL: never linked).

The commands of a mode file are joined by pipes and stay alive; a segment goes in with a null byte and comes out with
one. The wrapper script ``apertium -z`` waits for ever on some installations, so the mode file is read instead.
"""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import regex

from amts_tasks.emulator.engines.engine import EngineError, Example, Masked, Term

MODES = {("en", "es"): "eng-spa", ("es", "en"): "spa-eng", ("en", "es-MX"): "eng-spa", ("es-MX", "en"): "spa-eng"}
"""The pairs and their modes."""
FOLDER = Path(os.environ.get("AMTS_APERTIUM", "/usr/share/apertium"))
"""Where the language data lies."""
_ESCAPED = regex.compile(r"([\\\[\]{}^$/@<>])")
_PRIVATE = regex.compile(r"([\uE000-\uEFFF])")


def installed(source: str, target: str) -> bool:
    """Whether Apertium can serve the pair here."""
    mode = MODES.get((source, target))
    return mode is not None and (FOLDER / "modes" / f"{mode}.mode").is_file()


class ApertiumEngine:
    """One pipeline a pair, started when it is first wanted."""

    name = "apertium"
    whole = False

    def __init__(self, folder: Path | None = None, timeout: float = 60.0) -> None:
        self._folder = folder or FOLDER
        self._timeout = timeout
        self._pipes: dict[str, _Pipe] = {}
        self._lock = threading.Lock()

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment; a fixed span or tag is a blank between words, which Apertium carries along."""
        mode = MODES[source, target]
        with self._lock:
            try:
                if mode not in self._pipes:
                    self._pipes[mode] = _Pipe(self._folder / "modes" / f"{mode}.mode")
                pipe = self._pipes[mode]
                return [_shown(pipe.ask(_hidden(segment.text), self._timeout)) for segment in segments]
            except OSError as error:  # a later call starts anew
                broken = self._pipes.pop(mode, None)
                if broken is not None:
                    broken.close()
                raise EngineError(f"engine apertium: {mode}: {error}") from None

    def close(self) -> None:
        """Ends the processes."""
        with self._lock:
            for pipe in self._pipes.values():
                pipe.close()
            self._pipes.clear()


def commands(mode: str) -> list[list[str]]:
    """The commands of a mode file, told to flush at null bytes and to leave unknown words unmarked."""
    filled = mode.strip().replace("$1", "-n").replace("$2", "")
    return [[*words[:1], "-z", *words[1:]] for words in (shlex.split(part) for part in filled.split("|")) if words]


class _Pipe:
    def __init__(self, mode: Path) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        stdin = subprocess.PIPE
        before: int | object = stdin
        for words in commands(mode.read_text(encoding="utf-8")):
            process = subprocess.Popen(
                words,
                stdin=before,  # type: ignore[arg-type]
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            if self._processes:
                last = self._processes[-1].stdout
                if last is not None:
                    last.close()
            self._processes.append(process)
            before = process.stdout if process.stdout is not None else stdin

    def ask(self, text: str, timeout: float) -> str:
        """The answer to one segment; OSError where the processes ended or say nothing in time."""
        first, last = self._processes[0].stdin, self._processes[-1].stdout
        if first is None or last is None:
            raise OSError("the pipeline has no ends")
        first.write(text.encode() + b"\0")
        first.flush()
        out = bytearray()
        end = time.monotonic() + timeout
        while not out.endswith(b"\0"):
            ready, _, _ = select.select([last], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(f"no answer within {timeout:g} s")
            piece = os.read(last.fileno(), 65_536)
            if not piece:
                raise BrokenPipeError("it ended in the middle of a segment")
            out += piece
        return out[:-1].decode("utf-8", "replace")

    def close(self) -> None:
        for process in self._processes:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        for process in self._processes:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _hidden(text: str) -> str:
    """As apertium-destxt shows it: markup as superblanks, a full stop in brackets that ends the sentence."""
    escaped = _ESCAPED.sub(r"\\\1", text)
    hidden: str = _PRIVATE.sub(r"[\1]", escaped) + ".[]"
    return hidden


def _shown(text: str) -> str:
    text = text.removesuffix("[]").removesuffix(".")
    text = str(regex.sub(r"\[([\uE000-\uEFFF])\]", r"\1", text))
    text = str(regex.sub(r"\\(.)", r"\1", text))
    # It leaves the space of a word that its transfer rules dropped or moved.
    return str(regex.sub(r" {2,}", " ", text)).strip()
