"""How often the version of its source that a translation was made from is named, where nobody wrote it down.

Every version of the book's documents in the bundle is "translated" (every letter's case changed) and edited as people
do: words altered, blocks dropped, moved or added, comments in code reworded, cells added, numbers spelt out. Then the
version is looked for among all of that document's versions. Then the documents that the source renamed: looked for
among the versions of the translation's path alone, and of all paths that the document had. After that the real cases:
what people made of an old and of a new version, looked for between the two. Needs $AMTS_D2L_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from amts_tasks.books.history import versions
from amts_tasks.books.lineage import Lineage, Thread, lineage
from amts_tasks.books.repository import blobs
from amts_tasks.languages import load_profiles
from amts_tasks.sync.identity import Identity
from amts_tasks.sync.lineage.inference import SURE, Inferred, infer
from amts_tasks.text import Kind, ParsedDocument, normalise, parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
_WORD = re.compile(r"(?<![\w:`$\\{/.-])[A-Za-z]{4,}(?![\w:`$\\}/.-])")
_CELL = "```{.python .input}\n#@tab paddle\nown = paddle.ones((2, 3))\n```\n\n"


def human(document: ParsedDocument, by: random.Random, share: float) -> str:
    """The document as a translator would leave it, with `share` of its blocks changed in some way."""
    pieces: list[str] = []
    for block in document.blocks:
        text = block.text
        if block.texts:
            text = _WORD.sub(lambda found: found[0].swapcase(), text)
        if block.kind is not Kind.blank and by.random() < share:
            deed = by.choice(["words", "drop", "add", "move", "number"] if block.texts else ["comment", "cell", "keep"])
            if deed == "words":
                text = _WORD.sub(lambda found: "QUITE" if by.random() < 0.2 else found[0], text)
            elif deed == "drop":
                text = ""
            elif deed == "add":
                text += "\nA NOTE OF THE TRANSLATORS ON THIS.\n"
            elif deed == "move" and pieces:
                pieces[-1], text = text, pieces[-1]
            elif deed == "number":
                text = re.sub(r"\b\d\b", "SOME", text)
            elif deed == "comment":
                text = re.sub(r"(?m)(?<=# )[A-Za-z]+.*$", "REMARK", text)
            elif deed == "cell":
                text = _CELL + text
        pieces.append(text)
    return "".join(pieces)


def prose(document: ParsedDocument) -> str:
    """What two versions that say the same have in common."""
    return normalise(document.text)


def verdict(found: Inferred, same: list[bool], truth: int) -> str:
    """What came of one case; `same` tells which versions say what the true one says."""
    if not found.known:
        return "left to a human"
    sure = "sure" if found.confidence >= SURE else "unsure"
    if same[found.chosen]:
        return f"right, {sure}"
    return f"{'too new' if found.chosen > truth else 'too old'}, {sure}"


VERDICTS = (
    *("right, sure", "right, unsure", "too new, unsure", "too new, sure", "too old, unsure", "too old, sure"),
    "left to a human",
)
SHARES = (0.0, 0.05, 0.2, 0.5)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=60, help="documents of the bundle, evenly spaced; 0: all")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    if not (DATA / "replay.bundle").exists():
        print(f"skipped: {DATA / 'replay.bundle'} is not there")
        return
    identity = Identity()
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder, "book.git")
        subprocess.run(["git", "clone", "-q", "--bare", DATA / "replay.bundle", repository], check=True)
        history = {p: [one for one in made if one.blob] for p, made in versions(repository, "HEAD").items()}
        several = [path for path, made in history.items() if len({one.blob for one in made}) > 1]
        several = several[:: max(1, len(several) // chosen.documents)] if chosen.documents else several
        start = time.perf_counter()
        lines = lineage(repository, "HEAD")
        spent = time.perf_counter() - start
        moved = [thread for thread in lines.threads if len(thread.paths) > 1]
        wanted = [one.blob for path in several for one in history[path]]
        raw = blobs(repository, [*wanted, *(one.blob for thread in moved for one in thread.versions if one.blob)])
    print(f"{len(several)} documents, {sum(len(history[path]) for path in several)} versions")
    head("")
    for share in SHARES:
        counts, within, took = Counter[str](), 0, 0.0
        for path in several:
            by = random.Random(f"{chosen.seed} {share} {path}")
            documents = [parse(raw[one.blob].decode(), path) for one in history[path]]
            says = [prose(document) for document in documents]
            for truth, document in enumerate(documents):
                target = parse(human(document, by, share), path)
                start = time.perf_counter()
                found = infer(documents, target, identity)
                took += time.perf_counter() - start
                same = [text == says[truth] for text in says]
                counts[verdict(found, same, truth)] += 1
                within += any(same[index] for index in found.plausible)
        cases = counts.total()
        told = f"true one plausible {within / cases:.1%}  ({1000 * took / cases:.0f} ms a case)"
        row(f"{share:.0%}", counts, told)
    print(f"\n{len(moved)} documents that were renamed, once or twice (found in {1000 * spent:.0f} ms)")
    for share in SHARES:
        renamed(lines, moved, raw, share, chosen.seed)
    real()


def head(title: str) -> None:
    print(f"{title:<16} {'edited':>6} {'cases':>6} " + " ".join(f"{name:>16}" for name in VERDICTS))


def row(name: str, counts: Counter[str], more: str, title: str = "") -> None:
    shares = " ".join(f"{counts[one]:>10} {counts[one] / counts.total():>5.1%}" for one in VERDICTS)
    print(f"{title:<16} {name:>6} {counts.total():>6} {shares}  {more}")


def renamed(lines: Lineage, moved: Sequence[Thread], raw: Mapping[str, bytes], share: float, seed: int) -> None:
    """The documents that the source renamed: translations at the path of then, at the last one and at the first one."""
    identity = Identity()
    alone: dict[str, Counter[str]] = defaultdict(Counter)
    all_: dict[str, Counter[str]] = defaultdict(Counter)
    worse = Counter[str]()
    for thread in moved:
        by = random.Random(f"{seed} {share} {thread.paths}")
        made = lines.versions(thread.paths[0])
        documents = [parse(raw[one.blob].decode(), one.path) for one in made]
        says = [prose(document) for document in documents]
        for truth, version in enumerate(made):
            target = parse(human(documents[truth], by, share), version.path)
            same = [text == says[truth] for text in says]
            places = {"path of then": version.path}
            places |= {"moved along": thread.paths[-1]} if version.path != thread.paths[-1] else {}
            places |= {"left behind": thread.paths[0]} if version.path != thread.paths[0] else {}
            for name, path in places.items():
                own = [number for number, one in enumerate(made) if one.path == path]
                before = "left to a human"
                if own:
                    found = infer([documents[number] for number in own], target, identity)
                    before = verdict(replace(found, chosen=own[found.chosen]), same, truth)
                after = verdict(infer(documents, target, identity, own=own), same, truth)
                alone[name][before] += 1
                all_[name][after] += 1
                worse[name] += before.startswith("right") and not after.startswith("right")
    head("its path alone")
    for name, counts in sorted(alone.items()):
        row(f"{share:.0%}", counts, "", name)
    head("all its paths")
    for name, counts in sorted(all_.items()):
        row(f"{share:.0%}", counts, f"right before and not now {worse[name]}", name)


def real() -> None:
    """The recorded cases: which of the old and the new source a human's old and new text was made from."""
    profiles = load_profiles(ROOT / "config" / "languages")
    counts = Counter[str]()
    for case in json.loads((DATA / "sync_cases" / "index.json").read_text()):
        folder = DATA / "sync_cases" / case["id"]
        if not folder.is_dir():
            continue
        identity = Identity(profiles[case["lang"]].own_links)
        both = [parse((folder / f"{age}_origin.md").read_bytes().decode(), "doc.md") for age in ("old", "new")]
        for truth, age in enumerate(("old", "new")):
            target = parse((folder / f"{age}_target.md").read_bytes().decode(), "doc.md")
            found = infer(both, target, identity)
            counts[f"{age}: " + verdict(found, [index == truth for index in range(2)], truth)] += 1
    print("real cases of two versions:")
    for name, count in sorted(counts.items()):
        print(f"  {name:<24} {count}")


if __name__ == "__main__":
    main()
