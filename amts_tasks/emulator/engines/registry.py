"""Which engine serves which pair: as chosen, or the best there is (``auto``)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence

from amts_tasks.emulator.engines import apertium, dictionary
from amts_tasks.emulator.engines.apertium import ApertiumEngine
from amts_tasks.emulator.engines.chat import ChatEngine
from amts_tasks.emulator.engines.choice import BUILT_IN, EVERY, EngineChoice, choices
from amts_tasks.emulator.engines.command import CommandEngine
from amts_tasks.emulator.engines.dictionary import DictionaryEngine
from amts_tasks.emulator.engines.echo import EchoEngine
from amts_tasks.emulator.engines.engine import Engine, Example, Masked, NoEngineError, Term
from amts_tasks.emulator.engines.libretranslate import LibreTranslateEngine
from amts_tasks.emulator.engines.pseudo import PseudoEngine
from amts_tasks.emulator.engines.recorded import RecordedEngine
from amts_tasks.emulator.engines.remote import Remote
from amts_tasks.emulator.engines.statistical import Fallback, StatisticalEngine

ENGINE_NAMES = BUILT_IN
"""What ``--engine`` takes by name alone; see ``choice`` for the others."""
MOST_UNKNOWN = 0.15
"""Share of unknown words above which a segment goes to a whole engine, where there is one."""


class EngineRoom:
    """The engines of one emulator. ValueError where the choice cannot be read."""

    def __init__(self, name: str = "auto") -> None:
        self.name = name
        self._choices = choices(name)
        self._echo = EchoEngine()
        self._dictionary = DictionaryEngine()
        self._apertium = ApertiumEngine()
        self._statistical = StatisticalEngine(self._fallback)
        self._lock = threading.Lock()
        self._others = {
            pair: engine for pair, chosen in self._choices.items() if (engine := _other(chosen)) is not None
        }

    def customised(self, source: str, target: str) -> Engine:
        """The engine of a job with parallel data; unless a baseline was asked for by name there always is one."""
        kind = self._kind(source, target)
        if kind not in {"auto", "statistical"}:
            return self.baseline(source, target)
        helper: Engine | None = None
        if kind == "auto" and source != target:
            with contextlib.suppress(NoEngineError):
                helper = self.baseline(source, target)
        return _Learnt(self._statistical, helper, self._lock)

    def baseline(self, source: str, target: str) -> Engine:
        """The engine without parallel data; raises NoEngineError when the installation brings none for the pair."""
        kind = self._kind(source, target)
        if kind == "echo" or source == target:
            return self._echo
        if kind == "pseudo":
            return PseudoEngine()
        other = self._others.get(self._pair(source, target))
        if other is not None:
            return other
        if kind in {"auto", "statistical", "dictionary"} and (source, target) in dictionary.PAIRS:
            if dictionary.installed():
                return self._dictionary
            raise NoEngineError(_none(source, target, "install CC-CEDICT: pip install 'amts[cedict]'"))
        if kind in {"auto", "statistical", "apertium"} and (source, target) in apertium.MODES:
            if apertium.installed(source, target):
                return self._apertium
            raise NoEngineError(_none(source, target, "install Apertium with the package apertium-eng-spa"))
        raise NoEngineError(_none(source, target, "none is known for this pair; give the job parallel data"))

    def close(self) -> None:
        """Ends what runs beside this process."""
        self._apertium.close()

    def _pair(self, source: str, target: str) -> str:
        pair = f"{source}-{target}"
        return pair if pair in self._choices else EVERY

    def _kind(self, source: str, target: str) -> str:
        return self._choices[self._pair(source, target)].kind

    def _fallback(self, source: str, target: str) -> Fallback:
        if self._kind(source, target) != "auto":
            return lambda word: ()
        if (source, target) in dictionary.PAIRS and dictionary.installed():
            return lambda word: dictionary.look_up(word, source, target)
        return lambda word: ()


class _Learnt:
    """The statistical engine of a job; two jobs of one pair learn their model once.

    Where a whole engine (Apertium) helps, it takes the segments of which the parallel data knows too few words.
    """

    whole = False

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


def _other(chosen: EngineChoice) -> Engine | None:
    """The engine outside of this package that was chosen, or None."""
    given = chosen.settings
    if chosen.kind == "command":
        return CommandEngine(given["command"], given.get("timeout", 300.0))
    if chosen.kind == "recorded":
        return RecordedEngine(given["folder"])
    if chosen.kind == "libretranslate":
        remote = Remote(chosen.kind, given["url"], timeout=given.get("timeout", 60.0), tries=given.get("tries", 3))
        return LibreTranslateEngine(remote, given.get("key"))
    if chosen.kind == "chat":
        headers = {"Authorization": f"Bearer {given['key']}"} if given.get("key") else {}
        remote = Remote(
            chosen.kind, given["url"], headers=headers, timeout=given.get("timeout", 120.0), tries=given.get("tries", 3)
        )
        return ChatEngine(remote, given["model"], shots=given.get("examples", 3), workers=given.get("workers", 4))
    return None


def _none(source: str, target: str, advice: str) -> str:
    return f"no baseline engine for {source} to {target}: {advice}"
