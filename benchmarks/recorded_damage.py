"""Damage in real output of the service: raw Japanese, Korean and Vietnamese, first Chinese versions, and their sources.

    python benchmarks/recorded_damage.py [--sample 50 --seed 1 [--show]]

Prints a table of the findings by kind and language over all texts that pair surely, and with ``--sample`` drawn
findings as ``number language document:line kind``; ``--show`` adds both texts, to judge them by. Verdicts on drawn
findings are in ``recorded_verdicts.txt`` beside this file: a line each time they were judged, with a letter each, y
where the finding is damage. Needs ``$AMTS_D2L_DATA``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from amts_tasks.align import align_blocks, pairs
from amts_tasks.languages import Profile, default_profile, load_profiles
from amts_tasks.text import Segment, parse
from amts_tasks.translate import compare
from amts_tasks.translate.damage import Damage, Finding

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
VERDICTS = Path(__file__).parent / "recorded_verdicts.txt"
SURE = 0.9
LANGUAGES = ("ja", "ko", "vi", "zh")


class Found(NamedTuple):
    """One finding and where it is."""

    language: str
    document: str
    line: int
    finding: Finding
    source: str
    target: str


def recorded() -> Iterator[tuple[str, Path, Path]]:
    """Language, source and translation of each raw document."""
    for entry in json.loads((DATA / "manifest.json").read_text()):
        if entry["lang"] in {"ja", "ko", "vi"} and entry["source"] and entry["target"]:
            source, target = DATA / entry["source"], DATA / entry["target"]
            if source.is_file() and target.is_file():
                yield entry["lang"], source, target
    for target in sorted((DATA / "recorded_mt_zh").rglob("*.md")):
        source = target.with_name(target.stem + "_origin.md")
        if source.is_file():
            yield "zh", source, target


def profile(code: str) -> Profile:
    """The project's profile, else a guess."""
    return load_profiles(ROOT / "config" / "languages").get(code) or default_profile(code)


def findings() -> tuple[list[Found], Counter[str]]:
    """All findings in order, and how many texts were looked at in each language."""
    found: list[Found] = []
    looked: Counter[str] = Counter()
    english = profile("en")
    for language, source, target in recorded():
        other = profile(language)
        here = parse(source.read_text(encoding="utf-8"), source.name)
        there = parse(target.read_text(encoding="utf-8"), target.name)
        alike = tuple(
            bead
            for bead in align_blocks(here, there, english, other)
            if len(bead.source) == len(bead.target) == 1
            and here.blocks[bead.source[0]].kind == there.blocks[bead.target[0]].kind
        )
        for pair in pairs(here, there, alike, "paragraph", english, other):
            if pair.score < SURE:
                continue
            looked[language] += 1
            line = there.text.count("\n", 0, pair.target_start) + 1
            name = target.relative_to(DATA).as_posix()
            found += [
                Found(language, name, line, one, pair.source, pair.target)
                for one in compare.findings(Segment.of(pair.source), Segment.of(pair.target), english, other)
            ]
    return found, looked


def named(finding: Finding) -> str:
    """The kind, and for placeholders the sort."""
    of_sort = finding.kind in {Damage.lost, Damage.altered, Damage.doubled}
    return f"{finding.kind.value} ({finding.detail.split(' ')[0]})" if of_sort else finding.kind.value


def sample(found: list[Found], size: int, seed: int, *, by_kind: bool) -> list[Found]:
    """Findings drawn at random; by kind: in turns from each kind and language, so that the rare ones are judged too."""
    chance = random.Random(seed)  # a drawn sample, no secret
    if not by_kind:
        return chance.sample(found, min(size, len(found)))
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in chance.sample(found, len(found)):
        groups.setdefault((named(one.finding), one.language), []).append(one)
    turns = (group[turn] for turn in range(len(found)) for _, group in sorted(groups.items()) if turn < len(group))
    return list(itertools.islice(turns, size))


def verdicts() -> None:
    """Print the share of the drawn findings that were damage, each time they were judged."""
    if not VERDICTS.is_file():
        return
    for line in VERDICTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, letters = line.partition(": ")
            given = "".join(letters.split())
            print(
                f"{what}: {given.count('y')} of {len(given)} are damage, precision {given.count('y') / len(given):.2f}"
            )


def main() -> int:
    """Print the table and, if asked for, a sample."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--by-kind", action="store_true", help="as many of each kind and language as there can be")
    options.add_argument("--show", action="store_true")
    given = options.parse_args()
    if not (DATA / "manifest.json").is_file():
        print(f"no d2l data at {DATA}; set AMTS_D2L_DATA", file=sys.stderr)
        return 0
    found, looked = findings()
    print(f"{'damage':34}" + "".join(f"{language:>7}" for language in LANGUAGES))
    print(f"{'(texts looked at)':34}" + "".join(f"{looked[language]:7}" for language in LANGUAGES))
    counts = Counter((named(one.finding), one.language) for one in found)
    for kind in sorted({kind for kind, _ in counts}, key=lambda kind: -sum(counts[kind, one] for one in LANGUAGES)):
        print(f"{kind:34}" + "".join(f"{counts[kind, language]:7}" for language in LANGUAGES))
    verdicts()
    if given.sample:
        drawn = sample(found, given.sample, given.seed, by_kind=given.by_kind)
        for number, one in enumerate(drawn, start=1):
            print(f"{number:3} {one.language} {one.document}:{one.line} {one.finding.kind.value}")
            if given.show:
                print(f"    {one.finding}\n    < {one.source!r}\n    > {one.target!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
