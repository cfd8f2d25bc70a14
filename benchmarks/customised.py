"""The emulator's engine for one language pair, trained as a job trains it: for benchmarks that compare its outputs.

Parallel data is cut as the pipeline cuts it from the dev documents under ``$AMTS_D2L_DATA``, without the documents that
are named and without near-duplicates of the texts that are named. Each text goes through the exchange's HTML, the
emulator's translator and the pipeline's checks, as a text of a night's job does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine_quality import Shelf, memory, shelf

from amts_tasks.emulator import inline
from amts_tasks.emulator.engines import EngineRoom
from amts_tasks.emulator.translator import Translator
from amts_tasks.memory import build
from amts_tasks.text import Segment
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html


class Customised:
    """Translates texts of one pair; each text once, and the same text always alike."""

    def __init__(self, pair: str, out: Collection[str] = (), near: Iterable[str] = ()) -> None:
        """`out` are paths of documents to leave out, `near` texts whose near-duplicates are left out too."""
        self.shelf: Shelf = shelf(pair)
        data = build(
            (one for name in self.shelf.pairs for one in self.shelf.pairs[name]),
            self.shelf.source,
            self.shelf.target,
            held_out=[name for name in self.shelf.pairs if name in set(out)],
            held_out_texts=list(near),
            granularity="sentence",
            form=lambda text: inner_html(Segment.of(text)),
        )
        codes = self.shelf.source.service_code, self.shelf.target.service_code
        rows = memory(self.shelf, data.csv)
        self.rows = len(rows.rows)
        self.engine = EngineRoom("auto").customised(*codes)
        self._translator = Translator(self.engine, *codes, rows)
        self._answers: dict[str, str | None] = {}

    def answers(self, sources: Iterable[str]) -> dict[str, str | None]:
        """Inline Markdown by source text; None where the pipeline's checks refuse what came back."""
        wanted = sorted(set(sources) - self._answers.keys())
        segments = [Segment.of(source) for source in wanted]
        shown = [inline.parse(inner_html(segment)) for segment in segments]
        for source, segment, asked, answer in zip(
            wanted, segments, shown, self._translator.translate(shown), strict=True
        ):
            back = restore(segment, inline.put_back(answer, asked), self.shelf.source, self.shelf.target)
            self._answers[source] = back.text
        return self._answers
