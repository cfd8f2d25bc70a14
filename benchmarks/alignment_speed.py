"""What alignment to sentences costs, beside the bare encoding of the sentences and beside NLTK's Gale-Church.

All in this process, on the same lists of sentences: those of the real Chinese book where ``$AMTS_D2L_DATA`` has it,
else the example's. Processor seconds, one thread, vectors not yet known. The last lines are the same for ten times the
book, every sentence made another one, without the encoder and with it. A number takes every so manieth document only.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nltk.translate.gale_church import align_blocks as gale_church

from amts_tasks.align import Vectors, align_texts
from amts_tasks.align.encoders import UseEncoder
from amts_tasks.languages import Profile, default_profile
from amts_tasks.text import parse, split

ROOT = Path(__file__).parents[1]
TIMES = 10
Text = tuple[list[str], list[str]]


def sentences(path: Path, profile: Profile) -> list[str]:
    """All sentences of a document's prose, in order."""
    document = parse(path.read_text(encoding="utf-8"))
    found = []
    for block in document.blocks:
        for text in block.texts:
            found += [text.source[start:end].strip() for start, end in split(text.source, profile)]
    return [sentence for sentence in found if sentence]


def book(every: int = 1) -> tuple[list[Text], Profile, Profile, int]:
    """The documents' sentences, the profiles, the size in bytes."""
    here = default_profile("en")
    real = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l") / "dev" / "zh"
    paths = [
        (path, path.with_name(path.name.replace("_origin.md", ".md"))) for path in sorted(real.rglob("*_origin.md"))
    ]
    there = default_profile("zh")
    if not paths:
        folder = ROOT / "examples" / "en"
        paths = [(path, ROOT / "examples" / "es" / path.relative_to(folder)) for path in sorted(folder.rglob("*.md"))]
        there = default_profile("es")
    paths = [(one, other) for one, other in paths if other.is_file()][::every]
    size = sum(path.stat().st_size for both in paths for path in both)
    return [(sentences(one, here), sentences(other, there)) for one, other in paths], here, there, size


def seconds(task: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    task()
    return time.process_time() - started


def main() -> None:
    """Measure and print."""
    texts, here, there, size = book(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    one, other = (sum(len(text[side]) for text in texts) for side in (0, 1))
    print(f"{len(texts)} documents, {size / 1e6:.1f} MB, {one} and {other} sentences, load {os.getloadavg()[0]:.1f}")
    encoder = UseEncoder()
    opening = seconds(lambda: encoder.encode(["Open."]))
    distinct = list(dict.fromkeys(sentence for text in texts for side in text for sentence in side))
    encoding = seconds(lambda: encoder.encode(distinct))
    full = seconds(lambda: align_texts(texts, here, there, vectors=Vectors(encoder)))
    bare = seconds(lambda: align_texts(texts, here, there))
    lengths = [([len(s) for s in one], [len(s) for s in other]) for one, other in texts]
    rival = seconds(lambda: [gale_church(one, other) for one, other in lengths if one and other])
    print(f"opening the encoder               {opening:8.2f} s")
    print(f"encoding {len(distinct)} distinct sentences {encoding:8.2f} s   {len(distinct) / encoding:.0f} a second")
    print(f"alignment with the encoder, cold  {full:8.2f} s   {full / encoding:.2f} x the encoding (goal 1.5)")
    print(f"NLTK's Gale-Church                {rival:8.2f} s")
    print(f"alignment without the encoder     {bare:8.2f} s   {bare / rival:.2f} x NLTK's Gale-Church (goal 1)")
    many = [
        ([f"{sentence} {copy}" for sentence in one], [f"{sentence} {copy}" for sentence in other])
        for copy in range(TIMES)
        for one, other in texts
    ]
    longer = seconds(lambda: align_texts(many, here, there))
    print(f"{TIMES} x the book, without            {longer:8.2f} s   {longer / bare:.1f} x one book (goal 12)")
    longer = seconds(lambda: align_texts(many, here, there, vectors=Vectors(encoder, kept=10**6)))
    print(f"{TIMES} x the book, with               {longer:8.2f} s   {longer / full:.1f} x one book (goal 12)")


if __name__ == "__main__":
    main()
