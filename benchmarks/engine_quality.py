"""How well the emulator's statistical engine translates documents it has never seen, scored as the pipeline scores.

    python benchmarks/engine_quality.py [--pairs en-zh,zh-en,en-tr] [--held-out test|dev|path,path,…] [--cut sentence]

The documents of ``$AMTS_D2L_DATA`` (default: the data set beside the repository) are aligned; the held-out ones are
translated with parallel data cut from all others, near-duplicates left out, and scored by ``amts_tasks.score``: the
mean over articles of corpus BLEU. ``dev`` are the documents the engine's weights were chosen on, with ``test`` held out
too. Times are processor seconds, and multiples of a calibration in this process.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from amts_tasks.align import align_blocks, pairs
from amts_tasks.align.pairs import Pair
from amts_tasks.emulator import inline
from amts_tasks.emulator.engines import EngineRoom
from amts_tasks.emulator.engines.engine import Engine
from amts_tasks.emulator.memory import Memory
from amts_tasks.emulator.parallel_file import read
from amts_tasks.emulator.switches import Switches
from amts_tasks.emulator.translator import Translator
from amts_tasks.languages import Profile, default_profile, load_profiles
from amts_tasks.memory import build
from amts_tasks.memory.parallel_data import Cut, ParallelData
from amts_tasks.score import corpus, cut
from amts_tasks.text import ParsedDocument, Segment, parse
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
TEST = (
    "chapter_natural-language-processing-applications/sentiment-analysis-and-dataset.md",
    "chapter_natural-language-processing-pretraining/approx-training.md",
    "chapter_natural-language-processing-pretraining/bert-dataset.md",
    "chapter_recurrent-modern/machine-translation-and-dataset.md",
    "chapter_recurrent-neural-networks/language-models-and-dataset.md",
)
"""The five articles of the published evaluation. Nothing is chosen on them."""
DEV = (
    "chapter_computer-vision/fine-tuning.md",
    "chapter_multilayer-perceptrons/dropout.md",
    "chapter_natural-language-processing-applications/natural-language-inference-attention.md",
    "chapter_natural-language-processing-pretraining/glove.md",
    "chapter_preliminaries/autograd.md",
    "chapter_recurrent-modern/lstm.md",
    "chapter_recurrent-neural-networks/bptt.md",
)
"""What the weights are chosen on."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One language pair's documents, aligned."""

    source: Profile
    target: Profile
    documents: Mapping[str, tuple[ParsedDocument, ParsedDocument]]
    """Path → the document in both languages."""
    pairs: Mapping[str, tuple[Pair, ...]]
    """Path → its paragraph pairs."""


@dataclass(frozen=True, slots=True)
class Result:
    """One set of held-out documents, translated and scored."""

    bleu: Mapping[str, float]
    """Path → corpus BLEU, 0-1."""
    share: float
    """Letters of reference prose in scored segments, 0-1."""
    refused: int
    """Texts whose translation failed the pipeline's checks; the source was scored."""
    rows: int
    training: float
    """Processor seconds."""
    translating: float
    characters: int

    @property
    def mean(self) -> float:
        """The mean of the articles' corpus BLEU."""
        return sum(self.bleu.values()) / len(self.bleu)


def shelf(pair: str) -> Shelf:
    """The pair's documents, aligned by blocks."""
    one, other = pair.split("-")
    profiles = load_profiles(ROOT / "config" / "languages")
    source, target = (profiles.get(code) or default_profile(code) for code in (one, other))
    language = other if one == "en" else one
    documents, found = {}, {}
    for path in sorted((DATA / "dev" / language).rglob("*_origin.md")):
        translation = path.with_name(path.name.replace("_origin", ""))
        name = translation.relative_to(DATA / "dev" / language).as_posix()
        if name.startswith("chapter_references/"):
            continue
        sides = [parse(file.read_text(encoding="utf-8"), name) for file in (path, translation)]
        left, right = sides if one == "en" else sides[::-1]
        beads = align_blocks(left, right, source, target)
        documents[name] = (left, right)
        found[name] = pairs(left, right, beads, "paragraph", source, target)
    return Shelf(source, target, documents, found)


def parallel_data(held: Shelf, out: Sequence[str], granularity: Cut = "sentence") -> ParallelData:
    """All other documents' pairs as the pipeline cuts them."""
    return build(
        (pair for name in held.pairs for pair in held.pairs[name]),
        held.source,
        held.target,
        held_out=out,
        held_out_texts=[
            text.source for name in out for block in held.documents[name][0].blocks for text in block.texts
        ],
        granularity=granularity,
        form=lambda text: inner_html(Segment.of(text)),
    )


def units(held: Shelf, out: Sequence[str]) -> dict[str, Segment]:
    """What is translated of the held-out documents, by unit id."""
    return {
        f"{name}#{block.index}.{text.index}": Segment.of(text.source)
        for name in out
        for block in held.documents[name][0].blocks
        for text in block.texts
        if Segment.of(text.source).letters
    }


def memory(held: Shelf, csv: bytes) -> Memory:
    """The rows as a job of the emulator has them."""
    return Memory.of(read(csv, "CSV", Switches()), held.target.service_code)


def measured(held: Shelf, rows: Memory, out: Sequence[str], engine: Engine | None = None) -> Result:
    """The held-out documents, translated with these rows and scored."""
    source, target = held.source.service_code, held.target.service_code
    engine = engine or EngineRoom("auto").customised(source, target)
    wanted = units(held, out)
    translator = Translator(engine, source, target, rows)
    segments = [inline.parse(inner_html(segment)) for segment in wanted.values()]
    started = time.process_time()
    translator.translate([inline.parse("a")])
    trained = time.process_time()
    answers = translator.translate(segments)
    done = time.process_time()
    back: dict[str, str | None] = {}
    for (name, segment), answer, said in zip(wanted.items(), answers, segments, strict=True):
        back[name] = restore(segment, inline.put_back(answer, said), held.source, held.target).text
    bleu, letters, total = {}, 0, 0
    for name in out:
        left, right = held.documents[name]
        scored = cut(left, right, align_blocks(left, right, held.source, held.target), back)
        hypotheses = [group.hypothesis for group in scored.groups]
        references = [group.reference_text for group in scored.groups]
        bleu[name] = corpus(hypotheses, references, held.target)[0].value
        letters += scored.letters
        total += scored.letters_total
    return Result(
        bleu,
        letters / total,
        sum(text is None for text in back.values()),
        len(rows.rows),
        trained - started,
        done - trained,
        sum(len(segment.text) for segment in segments),
    )


def calibration() -> float:
    """Processor seconds of a fixed piece of work, half of it NumPy's and half Python's: the unit of the times."""
    started = time.process_time()
    keys = np.random.default_rng(1).integers(0, 50_000, 2_000_000)
    for _ in range(3):
        np.unique(keys)
    counts: dict[int, int] = {}
    for key in keys[:1_500_000].tolist():
        counts[key] = counts.get(key, 0) + 1
    return time.process_time() - started


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", default="en-zh,zh-en,en-tr")
    options.add_argument("--held-out", default="test", help="test, dev, or paths with commas between")
    options.add_argument("--cut", choices=("sentence", "paragraph", "both"), default="sentence")
    options.add_argument("--engine", default="auto")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    scored = {"test": TEST, "dev": DEV}.get(given.held_out) or tuple(given.held_out.split(","))
    unit = min(calibration() for _ in range(3))
    found = {}
    for pair in given.pairs.split(","):
        held = shelf(pair)
        data = parallel_data(held, (*TEST, *(name for name in scored if name not in TEST)), given.cut)
        room = EngineRoom(given.engine)
        engine = room.customised(held.source.service_code, held.target.service_code)
        result = measured(held, memory(held, data.csv), scored, engine)
        found[pair] = {
            "engine": engine.name,
            "rows": result.rows,
            "bleu": round(result.mean, 4),
            "articles": {name: round(value, 4) for name, value in result.bleu.items()},
            "scored_share": round(result.share, 4),
            "refused": result.refused,
            "training_seconds": round(result.training, 2),
            "training_units": round(result.training / unit, 1),
            "characters_per_second": round(result.characters / result.translating),
            "characters_per_unit": round(result.characters / result.translating * unit),
        }
        if not given.json:
            print(f"{pair}  BLEU {result.mean:.4f}  share {result.share:.3f}  refused {result.refused}  ", end="")
            print(f"rows {result.rows}  engine {engine.name}")
            for name, value in result.bleu.items():
                print(f"    {value:.4f}  {name}")
            print(f"    training {result.training:.1f} s = {result.training / unit:.1f} calibrations of {unit:.2f} s, ")
            speed = result.characters / result.translating
            print(f"    {speed:,.0f} characters/s = {speed * unit:,.0f} a calibration; load {os.getloadavg()[0]:.1f}")
    if given.json:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
