"""How many accepted sentence pairs of the real book are right, as two judges found, and whether they still come out.

    judged_pairs.py                            what the committed verdicts say, and how many of the pairs come out today
    judged_pairs.py --no-check                 the same without aligning the book again
    judged_pairs.py draw FOLDER --seed 1122    draw pairs: FOLDER/pairs.jsonl for the judges, FOLDER/pairs_key.jsonl
    judged_pairs.py keep FOLDER                FOLDER/pairs.A.json, pairs.B.json ({id: verdict}) → the committed file

Pairs come from ``amts align DIR DIR --pair en-zh`` (and en-tr) in ``$AMTS_D2L_DATA``: accepted by the filters, of
sentences. The committed file has documents, offsets, hashes and verdicts, no text. Intervals are Wilson's (1927), 95 %.
Agreement is Cohen's kappa (1960) over the three verdicts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from amts_tasks.align.documents import Alignment
from amts_tasks.align.review import Reviewed
from amts_tasks.cli.pairs import aligned
from amts_tasks.languages import Profile, load_profiles
from amts_tasks.text import ParsedDocument, split

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l") / "dev"
JUDGED = ROOT / "benchmarks" / "judged"
KEPT = JUDGED / "d2l_sentence_pairs_twice.json"
WANTED = {"zh": 300, "tr": 100}
VERDICTS = ("right", "partly", "wrong")
COLUMNS = (
    *("source_document", "target_document", "source_start", "source_end", "target_start", "target_end"),
    *("kind", "score", "source_hash", "target_hash", "A", "B"),
)
Row = dict[str, Any]


def sentence_pairs(language: str) -> tuple[list[Reviewed], tuple[Alignment, ...], tuple[Profile, Profile]]:
    """The accepted pairs of sentences, as ``amts align`` gives them for the folder that holds both languages."""
    known = load_profiles(ROOT / "config" / "languages")
    profiles = known["en"], known[language]
    folder = DATA / language
    table, alignments = aligned(folder, folder, profiles, "sentence")
    return [one for one in table.reviewed if one.reason is None and one.pair.kind == "sentence"], alignments, profiles


def row(one: Reviewed, profiles: tuple[Profile, Profile]) -> Row:
    """What is known of a pair but its text."""
    pair = one.pair
    sizes = (len(split(text, profile)) for text, profile in zip((pair.source, pair.target), profiles, strict=True))
    return {
        "source_document": pair.document,
        "target_document": one.target_document,
        "source_start": pair.source_start,
        "source_end": pair.source_end,
        "target_start": pair.target_start,
        "target_end": pair.target_end,
        "kind": "-".join(map(str, sizes)),
        "score": pair.score,
        "source_hash": hashed(pair.source),
        "target_hash": hashed(pair.target),
    }


def hashed(text: str) -> str:
    """The first sixteen digits of the SHA-256 of the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Context:
    """The sentences of a document, to tell what stands before and after a place."""

    def __init__(self, document: ParsedDocument, profile: Profile) -> None:
        self.spans: list[tuple[int, int, str]] = []
        for block in document.blocks:
            for text in block.texts:
                # Character of the text → of the document: its lines are joined by one character each.
                places = [at for start, end in text.spans for at in (*range(start, end), end)]
                for start, end in split(text.source, profile):
                    if piece := text.source[start:end].strip():
                        first = start + text.source[start:end].index(piece)
                        self.spans.append((places[first], places[first + len(piece) - 1] + 1, piece))

    def around(self, start: int, end: int) -> tuple[str, str]:
        """The sentence that ends before the span, and the one that begins after it; "" where there is none."""
        before = [piece for _, last, piece in self.spans if last <= start]
        after = [piece for first, _, piece in self.spans if first >= end]
        return before[-1] if before else "", after[0] if after else ""


def draw(folder: Path, seed: int) -> None:
    """Write pairs for the judges, shuffled over the languages, and apart from them where they come from."""
    drawn: list[tuple[Row, Row]] = []
    for language, count in WANTED.items():
        pairs, alignments, profiles = sentence_pairs(language)
        sources = {one.source.path: one.source for one in alignments}
        targets = {one.target.path: one.target for one in alignments}
        print(f"{language}: {len(pairs)} accepted sentence pairs, {count} drawn with seed {seed}")
        for one in random.Random(seed).sample(pairs, count):
            pair, known = one.pair, row(one, profiles)
            before, after = Context(sources[pair.document], profiles[0]).around(pair.source_start, pair.source_end)
            other = Context(targets[one.target_document], profiles[1]).around(pair.target_start, pair.target_end)
            drawn.append((
                {
                    "pair": f"en-{language}",
                    "kind": known["kind"],
                    "source": pair.source,
                    "target": pair.target,
                    "source_before": before,
                    "source_after": after,
                    "target_before": other[0],
                    "target_after": other[1],
                },
                {"pair": f"en-{language}", "seed": seed, **known},
            ))
    random.Random(seed).shuffle(drawn)
    folder.mkdir(parents=True, exist_ok=True)
    for name, side in (("pairs.jsonl", 0), ("pairs_key.jsonl", 1)):
        lines = [json.dumps({"id": f"p{n:03}", **both[side]}, ensure_ascii=False) for n, both in enumerate(drawn, 1)]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{folder / 'pairs.jsonl'} and pairs_key.jsonl: {len(drawn)} pairs")


def keep(folder: Path) -> None:
    """Put the judges' verdicts beside the key, for the repository; every pair must have one of the words from both."""
    key = [json.loads(line) for line in (folder / "pairs_key.jsonl").read_text(encoding="utf-8").splitlines()]
    judges = {name: json.loads((folder / f"pairs.{name}.json").read_text(encoding="utf-8")) for name in "AB"}
    for name, verdicts in judges.items():
        bad = [one["id"] for one in key if verdicts.get(one["id"]) not in VERDICTS]
        if bad:
            raise SystemExit(f"pairs.{name}.json: {len(bad)} pairs without one of {', '.join(VERDICTS)}: {bad[:10]}")
    earlier = json.loads((JUDGED / "d2l_sentence_pairs.json").read_text(encoding="utf-8"))
    found: Row = {
        "what": "Accepted sentence pairs of the development half of Dive into Deep Learning, drawn by judged_pairs.py "
        f"with seed {key[0]['seed']}, judged one by one by two judges, blind to each other and to the score.",
        "verdicts": earlier["verdicts"],
        "hashes": "First sixteen digits of the SHA-256 of the pair's text. Offsets are characters of the parsed files.",
        "columns": list(COLUMNS),
    }
    for language in WANTED:
        mine = [one for one in key if one["pair"] == f"en-{language}"]
        rows = [one | {name: judges[name][one["id"]] for name in "AB"} for one in mine]
        found[language] = [[one[column] for column in COLUMNS] for one in rows]
    KEPT.write_text(dumped(found), encoding="utf-8")
    print(f"{KEPT}: {len(key)} pairs")


def dumped(found: Row) -> str:
    """JSON with a line a pair."""
    whole = json.dumps({name: value for name, value in found.items() if name not in WANTED}, indent=1)
    tables = (
        f' "{language}": [\n' + ",\n".join(f"  {json.dumps(one)}" for one in found[language]) + "\n ]"
        for language in WANTED
    )
    return whole[:-2] + ",\n" + ",\n".join(tables) + "\n}\n"


def read(path: Path) -> dict[str, list[Row]]:
    """The rows of each language of a committed file."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {code: [dict(zip(found["columns"], one, strict=True)) for one in found[code]] for code in WANTED}


def wilson(hits: int, of: int) -> str:
    """The share and its 95 % interval."""
    if not of:
        return "none"
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{share:.3f} [{middle - half:.3f}, {min(1.0, middle + half):.3f}] {hits}/{of}"


def kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Cohen's kappa of two judges' verdicts; 1 where both always say the same single word."""
    total = len(one)
    same = sum(a == b for a, b in zip(one, other, strict=True)) / total
    left, right = Counter(one), Counter(other)
    chance = sum(left[word] * right[word] for word in VERDICTS) / total**2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def report(rows: list[Row]) -> Iterator[str]:
    """Precision by judge and by shape of the pair, the judges' agreement."""
    single = [one for one in rows if one["kind"] == "1-1"]
    for name, some in (("1-1", single), ("n-m", [one for one in rows if one["kind"] != "1-1"])):
        for judge in "AB":
            count = Counter(one[judge] for one in some)
            cells = [f"{word} {wilson(count[word], len(some))}" for word in VERDICTS[:2]]
            yield "   ".join((
                f"  {name}  judge {judge}",
                *cells,
                f"not wrong {wilson(len(some) - count['wrong'], len(some))}",
            ))
        right = sum(one["A"] == one["B"] == "right" for one in some)
        never = sum("wrong" not in {one["A"], one["B"]} for one in some)
        yield f"  {name}  both      right {wilson(right, len(some))}   neither says wrong {wilson(never, len(some))}"
    one, other = ([row[judge] for row in rows] for judge in "AB")
    table = Counter(zip(one, other, strict=True))
    same = sum(count for (a, b), count in table.items() if a == b)
    yield f"  agreement {same}/{len(rows)}, Cohen's kappa {kappa(one, other):.2f}"
    yield "  A, B: " + "; ".join(f"{a}, {b} {count}" for (a, b), count in sorted(table.items()))


def identity(one: Row) -> tuple[Any, ...]:
    """A pair by its place and its text."""
    return tuple(one[name] for name in (*COLUMNS[:6], "source_hash", "target_hash"))


def still(language: str, rows: list[Row]) -> str:
    """How many of the judged pairs come out of today's aligner."""
    pairs, _, profiles = sentence_pairs(language)
    today = {identity(row(one, profiles)) for one in pairs}
    gone = [one for one in rows if identity(one) not in today]
    worse = Counter(max(one["A"], one["B"], key=VERDICTS.index) for one in gone)
    told = "; of the others the worse verdict was: " + ", ".join(f"{word} {n}" for word, n in sorted(worse.items()))
    return f"  {len(rows) - len(gone)} of {len(rows)} still come out today" + (told if gone else "")


def main() -> None:
    """Draw, keep or report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", nargs="?", choices=("report", "draw", "keep"), default="report")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=1122)
    parser.add_argument("--no-check", action="store_true")
    options = parser.parse_args()
    if options.task != "report" and options.folder is None:
        parser.error(f"{options.task} needs a folder")
    if options.task == "draw":
        draw(options.folder, options.seed)
    elif options.task == "keep":
        keep(options.folder)
    elif not KEPT.is_file():
        print(f"no verdicts of two judges yet: {KEPT.name} comes from `judged_pairs.py keep FOLDER`")
    else:
        for language, rows in read(KEPT).items():
            print(f"en-{language}: {len(rows)} pairs judged twice")
            print("\n".join(report(rows)))
            if DATA.is_dir() and not options.no_check:
                print(still(language, rows))


if __name__ == "__main__":
    main()
