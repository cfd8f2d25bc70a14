"""Damage in real output of the service: raw Japanese, Korean and Vietnamese, first Chinese versions, and their sources.

    python benchmarks/recorded_damage.py [--sample 50 --seed 1 [--show] [--judge FILE]] [--verdicts A.json B.json]

Prints a table of the findings by kind and language over all texts that pair surely, and with ``--sample`` drawn
findings as ``number language document:line kind``; ``--show`` adds both texts, to judge them by. ``--judge`` writes
them for judges who know nothing else, one JSON object a line: id, language, kind, source, target, finding. What two of
them answered, ``{id: "y" | "n"}`` each, ``--verdicts`` puts with the sample into ``judged/recorded_damage.json``.
Every run prints from that file, for each sample, the precision each judge saw, the share of findings both call damage,
and Cohen's kappa. Needs ``$AMTS_D2L_DATA``.
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
from amts_tasks.translate.damage import RULES, Damage, Finding

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
VERDICTS = Path(__file__).parent / "judged" / "recorded_damage.json"
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


def put_to_judges(drawn: list[Found], path: Path) -> None:
    """Write the findings for judges who see the two texts and the claim, and not where they come from."""
    claims = [
        {
            "id": f"d{number:02}",
            "language": one.language,
            "kind": one.finding.kind.value,
            "source": one.source,
            "target": one.target,
            "finding": f"{one.finding}. Found when: {RULES[one.finding.kind].found}.",
        }
        for number, one in enumerate(drawn, start=1)
    ]
    path.write_text("".join(json.dumps(claim, ensure_ascii=False) + "\n" for claim in claims), encoding="utf-8")


def bring_in(drawn: list[Found], judges: list[Path], what: str) -> None:
    """Add a judged sample to the verdicts: a row of letters for each judge, and where the findings are."""
    answers = [json.loads(path.read_text(encoding="utf-8")) for path in judges]
    letters = ["".join(given[f"d{number:02}"] for number in range(1, len(drawn) + 1)) for given in answers]
    kept = json.loads(VERDICTS.read_text(encoding="utf-8"))
    kept["samples"] = [one for one in kept["samples"] if one["what"] != what]
    findings = [f"{one.document}:{one.line} {named(one.finding)}" for one in drawn]
    kept["samples"].append({"what": what, "verdicts": letters, "findings": findings})
    VERDICTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kappa(first: str, second: str) -> float | None:
    """Cohen's kappa (Cohen, 1960) of two rows of letters; None where chance alone would have them agree on all."""
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    chance = sum(first.count(letter) * second.count(letter) for letter in set(first)) / len(first) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def verdicts() -> None:
    """Print for each judged sample the share of its findings that are damage, and how far two judges agree."""
    for one in json.loads(VERDICTS.read_text(encoding="utf-8"))["samples"]:
        letters = one["verdicts"]
        shares = ", ".join(f"{column.count('y') / len(column):.2f}" for column in letters)
        print(f"{one['what']}: {len(letters[0])} findings, precision {shares}", end="")
        if len(letters) == 2:
            both = sum(pair == ("y", "y") for pair in zip(*letters, strict=True)) / len(letters[0])
            agreement = kappa(*letters)
            said = "not defined, both say the same of all" if agreement is None else f"{agreement:.2f}"
            print(f"; both say damage {both:.2f}; Cohen's kappa {said}", end="")
        print()


def main() -> int:
    """Print the table and, if asked for, a sample."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--by-kind", action="store_true", help="as many of each kind and language as there can be")
    options.add_argument("--show", action="store_true")
    options.add_argument("--judge", type=Path, help="write the sample here, for judges")
    options.add_argument("--verdicts", type=Path, nargs="+", help="what the judges of this sample answered")
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
    drawn = sample(found, given.sample, given.seed, by_kind=given.by_kind) if given.sample else []
    if given.judge:
        put_to_judges(drawn, given.judge)
    if given.verdicts and drawn:
        bring_in(
            drawn, given.verdicts, f"seed {given.seed}, {'by kind' if given.by_kind else 'random'}, two judges, blind"
        )
    verdicts()
    if drawn:
        for number, one in enumerate(drawn, start=1):
            print(f"{number:3} {one.language} {one.document}:{one.line} {one.finding.kind.value}")
            if given.show:
                print(f"    {one.finding}\n    < {one.source!r}\n    > {one.target!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
