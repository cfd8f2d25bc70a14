"""Apertium as processes of its own, between English and Spanish, where the installation has it (GPL: never linked).

The commands of a mode file are joined by pipes and stay alive; a segment goes in with a null byte and comes out with
one. The wrapper script ``apertium -z`` waits for ever on some installations, so the mode file is read instead.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import regex

from amts_tasks.emulator.engines.engine import Example, Masked, Term

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

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or FOLDER
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
            if mode not in self._pipes or not self._pipes[mode].alive:
                self._pipes[mode] = _Pipe(self._folder / "modes" / f"{mode}.mode")
            return [_shown(self._pipes[mode].ask(_hidden(segment.text))) for segment in segments]

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

    @property
    def alive(self) -> bool:
        return all(process.poll() is None for process in self._processes)

    def ask(self, text: str) -> str:
        first, last = self._processes[0].stdin, self._processes[-1].stdout
        if first is None or last is None:
            raise RuntimeError("Apertium's pipeline has no ends")
        first.write(text.encode() + b"\0")
        first.flush()
        out = bytearray()
        while (byte := last.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("Apertium ended in the middle of a segment")
            out += byte
        return out.decode()

    def close(self) -> None:
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.close()
        for process in self._processes:
            process.terminate()
            process.wait(timeout=10)
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
    return str(regex.sub(r"\\(.)", r"\1", text))
