"""Verdicts on whether patched paragraphs read on: shares, and how far two judges agree.

    python benchmarks/flow_verdicts.py FIRST.json [SECOND.json] [--drawn FLOW.jsonl] [--write]

Paragraphs are drawn by ``first_sync.py --draw``. A judge reads the new target beside the old target and both sources
and says, apart from the engine's choice of words, ``ok``, or what is broken: ``repeated`` (a sentence twice),
``missing``, ``place`` (in the wrong place), ``punctuation`` (between sentences), ``connective`` (a pronoun or a
connective that no longer fits), ``markup`` (emphasis or a mark that no longer fits), ``stale`` (the change of the
source is not in it). A file of verdicts is a JSON object from a paragraph's id to one of these words, or to
``broken`` where more than one fits. Prints the share of ``ok`` with its Wilson interval (95 %), by pair and by fault,
and Cohen's kappa (1960) of ok against broken. With ``--write`` the verdicts, without the text, go to
``judged/flow.json`` (or ``--to``): by id, pair and one column a judge.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

WORDS = ("ok", "repeated", "missing", "place", "punctuation", "connective", "markup", "stale", "broken")
KEPT = Path(__file__).parent / "judged" / "flow.json"


def verdicts(file: Path) -> dict[str, str]:
    """A judge's verdicts by id; SystemExit naming what is no verdict."""
    found = json.loads(file.read_text(encoding="utf-8"))
    strange = sorted(f"{name}: {word!r}" for name, word in found.items() if word not in WORDS)
    if strange:
        raise SystemExit(f"{file}: found {strange[0]}; expected one of: {', '.join(WORDS)}")
    return dict(found)


def wilson(good: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, good / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def kappa(one: Sequence[bool], other: Sequence[bool]) -> float:
    """Cohen's kappa of two judges; NaN where chance alone would have them agree on all."""
    total = len(one)
    same = sum(a == b for a, b in zip(one, other, strict=True)) / total
    chance = sum((one.count(value) / total) * (other.count(value) / total) for value in (True, False))
    return (same - chance) / (1 - chance) if chance < 1 else math.nan


def main() -> None:
    """Print, and write where asked."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "files", nargs="*", type=Path, help="one file a judge; without any, the verdicts that are kept"
    )
    options.add_argument("--drawn", type=Path, help="the drawn paragraphs, for the pair of each")
    options.add_argument("--write", action="store_true")
    options.add_argument("--to", type=Path, default=KEPT)
    given = options.parse_args()
    if given.files:
        judges = [verdicts(file) for file in given.files]
        lines = given.drawn.read_text(encoding="utf-8").splitlines() if given.drawn else []
        pairs = {row["id"]: row["pair"] for row in map(json.loads, lines)}
    elif not given.to.exists():
        print(f"skipped: {given.to} is not there, and no file of verdicts was given")
        return
    else:
        kept = json.loads(given.to.read_text(encoding="utf-8"))
        pairs = {row[0]: row[1] for row in kept["rows"]}
        judges = [{row[0]: row[number] for row in kept["rows"]} for number in range(2, len(kept["columns"]))]
    names = sorted(set.intersection(*(set(judge) for judge in judges)))
    missing = sorted((set().union(*judges) | set(pairs)) - set(names))
    if missing:
        print(f"without every judge's verdict, and left out: {len(missing)} ({', '.join(missing[:5])})")
    for number, judge in enumerate(judges, start=1):
        for pair in ("", *sorted(set(pairs.values()))):
            some = [name for name in names if pair in {"", pairs.get(name)}]
            good = sum(judge[name] == "ok" for name in some)
            low, high = wilson(good, len(some))
            faults = Counter(judge[name] for name in some if judge[name] != "ok")
            said = f"judge {number} {pair or 'all':6} ok {good}/{len(some)} [{low:.2f}, {high:.2f}]"
            print(f"{said} {dict(sorted(faults.items()))}")
    if len(judges) == 2 and names:
        one, other = ([judge[name] == "ok" for name in names] for judge in judges)
        same = sum(a == b for a, b in zip(one, other, strict=True))
        both = sum(a and b for a, b in zip(one, other, strict=True))
        print(f"both ok {both}/{len(names)}; agreement {same}/{len(names)}, Cohen's kappa {kappa(one, other):.2f}")
    if given.write and given.files:
        columns = ["id", "pair", *(f"judge {number}" for number in range(1, len(judges) + 1))]
        rows = [[name, pairs.get(name, ""), *(judge[name] for judge in judges)] for name in names]
        what = (
            "Patched paragraphs of the first sync of the real zh and tr documents, judged for flow apart from wording."
        )
        body = ",\n".join("  " + json.dumps(row) for row in rows)
        given.to.write_text(
            f'{{\n "what": {json.dumps(what)},\n "columns": {json.dumps(columns)},\n "rows": [\n{body}\n ]\n}}\n',
            encoding="utf-8",
        )
        print(f"written to {given.to}")


if __name__ == "__main__":
    main()
