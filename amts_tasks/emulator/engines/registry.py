"""Which engine serves which pair: by name, or the best there is (``auto``)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence

from amts_tasks.emulator.engines import apertium, dictionary
from amts_tasks.emulator.engines.apertium import ApertiumEngine
from amts_tasks.emulator.engines.dictionary import DictionaryEngine
from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.engines.engine import Engine, Example, Masked, NoEngineError, Term
from amts_tasks.emulator.engines.pseudo import PseudoEngine
from amts_tasks.emulator.engines.statistical import Fallback, StatisticalEngine

ENGINE_NAMES = ("auto", "statistical", "dictionary", "apertium", "pseudo", "echo")
"""What ``--engine`` takes. auto: statistical with parallel data, else the baseline; statistical: the same, but no
dictionary for words the parallel data does not show; dictionary, apertium: that baseline alone, with parallel data for
exact matches; pseudo: other letters; echo: the source comes back."""
MOST_UNKNOWN = 0.15
"""Share of unknown words above which a segment goes to a whole engine, where there is one."""


class EngineRoom:
    """The engines of one emulator."""

    def __init__(self, name: str = "auto") -> None:
        if name not in ENGINE_NAMES:
            raise ValueError(f"found engine {name!r}; expected one of: {', '.join(ENGINE_NAMES)}")
        self.name = name
        self._echo = EchoEngine()
        self._dictionary = DictionaryEngine()
        self._apertium = ApertiumEngine()
        self._statistical = StatisticalEngine(self._fallback)
        self._lock = threading.Lock()

    def customised(self, source: str, target: str) -> Engine:
        """The engine of a job with parallel data; unless a baseline was asked for by name there always is one."""
        if self.name not in {"auto", "statistical"}:
            return self.baseline(source, target)
        helper: Engine | None = None
        if self.name == "auto" and source != target:
            with contextlib.suppress(NoEngineError):
                helper = self.baseline(source, target)
        return _Learnt(self._statistical, helper, self._lock)

    def baseline(self, source: str, target: str) -> Engine:
        """The engine without parallel data; raises NoEngineError when the installation brings none for the pair."""
        if self.name == "echo" or source == target:
            return self._echo
        if self.name == "pseudo":
            return PseudoEngine()
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
        if self.name != "auto":
            return lambda word: ()
        if (source, target) in dictionary.PAIRS and dictionary.installed():
            return lambda word: dictionary.look_up(word, source, target)
        return lambda word: ()


class _Learnt:
    """The statistical engine of a job; two jobs of one pair learn their model once.

    Where a whole engine (Apertium) helps, it takes the segments of which the parallel data knows too few words.
    """

    def __init__(self, engine: StatisticalEngine, helper: Engine | None, lock: threading.Lock) -> None:
        self._engine, self._helper, self._lock = engine, helper, lock
        self.name = engine.name if helper is None else f"{engine.name} with {helper.name}"

    def translate(
        self,
        segments: Sequence[Masked],
        source: str,
        target: str,
        examples: Sequence[Example],
        terms: Sequence[Term],
    ) -> list[str]:
        """One text a segment."""
        with self._lock:
            answers = self._engine.translate(segments, source, target, examples, terms)
            if self._helper is None or self._helper.name == "cc-cedict" or not segments:
                return answers  # a dictionary has helped word by word already
            model = self._engine.model(examples, source, target)
            poor = [place for place, segment in enumerate(segments) if model.unknown(segment) > MOST_UNKNOWN]
        helped = self._helper.translate([segments[place] for place in poor], source, target, examples, terms)
        for place, text in zip(poor, helped, strict=True):
            answers[place] = text
        return answers


def _none(source: str, target: str, advice: str) -> str:
    return f"no baseline engine for {source} to {target}: {advice}"
