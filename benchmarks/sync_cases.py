"""Real revisions that humans took over in their translation: what the three-way merge keeps, and what it leaves to do.

    python benchmarks/sync_cases.py [--languages zh,tr] [--cases zh-005,tr-036] [--show] [--json]

Each case of ``$AMTS_D2L_DATA/sync_cases`` has a document's source before and after, its translation before, and the one
a human made. Two tables. *Kept*: target blocks whose source is unchanged (white space aside), and target blocks that
only the translation has, byte for byte in the result; cells are counted apart, for they follow their tab. *TER*: of the
changed source blocks the result, against the human's new text of them, beside the same blocks translated whole, and the
old translation left as it was; then of the whole document, beside the changed blocks whole and the whole file. One
engine makes all of them: the emulator's, trained on the pair's dev documents without those of the cases and without
near-duplicates of their texts. The humans also polish, so that the TER of no method can be 0.

A block is scored with those that its translation is tied to (the bead of an alignment of the human's two new texts);
blocks that the human's text lacks are not scored, and counted.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from customised import Customised

from amts_tasks.align import Bead, align_blocks
from amts_tasks.languages import Profile
from amts_tasks.score import corpus
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.document.code import is_cell
from amts_tasks.sync.identity import Identity, billed, to_translate
from amts_tasks.sync.told.table import columns
from amts_tasks.text import ParsedDocument, parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
NAMES = ("old_origin", "new_origin", "old_target", "new_target")
METHODS = ("old text left", "block whole", "merged")
WHOLE = ("old text left", "file whole", "blocks whole", "merged")


@dataclass(frozen=True, slots=True)
class Case:
    """One revision; the four texts are of one document."""

    name: str
    language: str
    path: str
    base: ParsedDocument
    source: ParsedDocument
    target: ParsedDocument
    human: ParsedDocument


def cases(languages: Sequence[str], names: Sequence[str]) -> list[Case]:
    """The cases that are here."""
    found = []
    for entry in json.loads((DATA / "sync_cases" / "index.json").read_text()):
        folder = DATA / "sync_cases" / entry["id"]
        if folder.is_dir() and entry["lang"] in languages and (not names or entry["id"] in names):
            texts = [parse((folder / f"{name}.md").read_bytes().decode(), entry["file"]) for name in NAMES]
            found.append(Case(entry["id"], entry["lang"], entry["file"], *texts))
    return found


def kept(case: Case, beads: Sequence[Bead], merged: Merged, identity: Identity) -> tuple[Counter[str], list[str]]:
    """How many target blocks should stand unchanged and do, by kind; and those that do not."""
    counts: Counter[str] = Counter()
    lost = []
    olds, news = identity.keys(case.base), set(identity.keys(case.source).values())
    shown = Counter(block.text.rstrip("\n") for block in parse(merged.text, case.path).blocks)
    for bead in beads:
        if not all(olds[index] in news for index in bead.source):
            continue
        cell = any(is_cell(case.base.blocks[index]) for index in bead.source)
        cell = cell or any(is_cell(case.target.blocks[index]) for index in bead.target)
        kind = "cells" if cell else "unchanged" if bead.source else "target only"
        for index in bead.target:
            text = case.target.blocks[index].text.rstrip("\n")
            counts[kind] += 1
            if shown[text]:
                shown[text] -= 1
                counts[f"{kind} kept"] += 1
            elif not cell:
                lost.append(text)
    return counts, lost


def prose(document: ParsedDocument, blocks: Sequence[int]) -> str:
    """The texts of some blocks, one after another."""
    return " ".join(text.source for index in blocks for text in document.blocks[index].texts)


class Texts:
    """What each method makes of a block of the new source."""

    def __init__(self, case: Case, plan: BookPlan, merged: Merged, answers: Mapping[str, str | None]) -> None:
        self.case, self.answers = case, answers
        (self.plan,) = plan.documents
        result = parse(merged.text, case.path)
        self.merged: dict[int, str] = {}
        for piece in merged.pieces:
            if piece.item.block is not None:
                inside = [b.index for b in result.blocks if piece.start <= b.start < piece.end]
                self.merged[piece.item.block] = prose(result, inside)
        self.items = {item.block: item for item in self.plan.items if item.block is not None}

    def of(self, method: str, block: int) -> str:
        """The prose of a block under a method; empty where its text stands with another block's, or nowhere."""
        if method == "merged":
            return self.merged.get(block, "")
        if method in {"block whole", "file whole"}:
            texts = self.case.source.blocks[block].texts
            return " ".join(self.answers.get(text.source) or text.source for text in texts)
        item = self.items[block]
        if method == "blocks whole":
            standing = item.provenance in {"kept", "moved"}
            return self.of("merged" if standing else "block whole", block)
        return prose(self.case.target, item.target_blocks)


def scored(case: Case, texts: Texts, changed: set[int], profiles: tuple[Profile, Profile]) -> Iterator[dict[str, Any]]:
    """One row a bead of the human's new texts that has prose on both sides."""
    for bead in align_blocks(case.source, case.human, *profiles):
        reference = prose(case.human, bead.target)
        with_text = [index for index in bead.source if to_translate(case.source.blocks[index])]
        if not with_text or not reference:
            continue
        row = {
            "case": case.name,
            "changed": bool(changed & set(with_text)),
            "kinds": sorted({str(texts.items[index].provenance) for index in with_text}),
            "source": prose(case.source, bead.source),
            "reference": reference,
        }
        for method in dict.fromkeys([*METHODS, *WHOLE]):
            row[method] = " ".join(filter(None, (texts.of(method, index) for index in bead.source)))
        yield row


def ter(rows: Sequence[Mapping[str, Any]], method: str, profile: Profile) -> float:
    """Corpus TER, 0 on."""
    return next(
        score.value
        for score in corpus([row[method] for row in rows], [row["reference"] for row in rows], profile)
        if score.metric == "TER"
    )


def measured(
    language: str, chosen: Sequence[Case], show: bool
) -> tuple[Counter[str], list[dict[str, Any]], Customised]:
    """What was kept, and what each method made, of the cases of a language."""
    near = [text.source for case in chosen for block in case.source.blocks for text in block.texts]
    engine = Customised(f"en-{language}", {case.path for case in cases([language], ())}, near)
    profiles = engine.shelf.source, engine.shelf.target
    identity = Identity(profiles[1].own_links)
    counts: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    for case in chosen:
        beads = align_blocks(case.base, case.target, *profiles)
        book = Versioned({case.path: case.base}, {case.path: case.source}, {case.path: case.target}, {case.path: beads})
        plan = plan_book(f"en-{language}", {}, book, profiles[1], source_profile=profiles[0])
        whole = [text.source for block in case.source.blocks for text in to_translate(block)]
        answers = engine.answers([*(one.source for one in plan.wanted), *whole])
        given = {one.id: answer for one in plan.wanted for answer in [answers[one.source]] if answer is not None}
        merged = merge_document(plan.documents[0], deliver(plan, given)[case.path])
        found, lost = kept(case, beads, merged, identity)
        counts += found
        counts["damaged"] += merged.damaged is not None
        counts["refused"] += len(merged.left)
        counts["cases"] += 1
        counts["characters sent"] += plan.characters["sent"]
        olds = set(identity.keys(case.base).values())
        keys = identity.keys(case.source)
        changed = {i for i, key in keys.items() if key not in olds and to_translate(case.source.blocks[i])}
        counts["changed blocks"] += len(changed)
        counts["characters of changed blocks"] += sum(
            billed(text.source) for index in changed for text in to_translate(case.source.blocks[index])
        )
        counts["characters of the files"] += sum(map(billed, whole))
        made = list(scored(case, Texts(case, plan, merged, answers), changed, profiles))
        counts["changed rows"] += sum(row["changed"] for row in made)
        rows += made
        for text in lost if show else ():
            print(f"{case.name}: not byte for byte in the result: {text[:300]!r}")
        if merged.damaged:
            print(f"{case.name}: damaged: {merged.damaged}")
    return counts, rows, engine


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--languages", default="zh,tr")
    options.add_argument("--cases", default="", help="names with commas between; all of them if not given")
    options.add_argument("--show", action="store_true", help="print each changed block as every method makes it")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    if not (DATA / "sync_cases").is_dir():
        print(f"skipped: {DATA / 'sync_cases'} is not there")
        return
    value: dict[str, Any] = {}
    for language in given.languages.split(","):
        chosen = cases([language], [name for name in given.cases.split(",") if name])
        if not chosen:
            continue
        counts, rows, engine = measured(language, chosen, given.show)
        profile = engine.shelf.target
        changed = [row for row in rows if row["changed"]]
        by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in changed:
            by_kind["+".join(row["kinds"])].append(row)
        value[language] = {
            "engine": engine.engine.name,
            "rows": engine.rows,
            **counts,
            "TER of changed blocks": {method: ter(changed, method, profile) for method in METHODS},
            "TER of documents": {method: ter(rows, method, profile) for method in WHOLE},
            "TER by provenance": {
                kind: {"blocks": len(some), **{method: ter(some, method, profile) for method in METHODS}}
                for kind, some in sorted(by_kind.items())
            },
        }
        if not given.json:
            _print(language, value[language], changed if given.show else [])
    if given.json:
        print(json.dumps(value, indent=1))


def _print(language: str, value: Mapping[str, Any], changed: Sequence[Mapping[str, Any]]) -> None:
    print(
        f"{language}: {value['cases']} cases, {value.get('damaged', 0)} damaged, {value.get('refused', 0)} refused; ",
        end="",
    )
    print(f"engine {value['engine']}, {value['rows']} rows of parallel data")
    for kind in ("unchanged", "target only", "cells"):
        total, stood = value.get(kind, 0), value.get(f"{kind} kept", 0)
        print(f"  {kind:12} {stood:>5} of {total:>5} byte for byte{'' if total else ' (none)'}")
    sent = [value[f"characters {name}"] for name in ("sent", "of changed blocks", "of the files")]
    print(f"  characters: merged {sent[0]:,}, changed blocks whole {sent[1]:,}, files whole {sent[2]:,}")
    print(f"  changed blocks {value['changed blocks']}, in {value['changed rows']} scored rows")
    table: list[list[object]] = [["TER", *dict.fromkeys([*WHOLE, *METHODS])]]
    for name in ("TER of changed blocks", "TER of documents"):
        table.append([
            name,
            *(f"{value[name][m]:.1f}" if m in value[name] else "" for m in dict.fromkeys([*WHOLE, *METHODS])),
        ])
    print(columns(table))
    table = [["changed blocks, by provenance", "rows", *METHODS]]
    for kind, some in value["TER by provenance"].items():
        table.append([kind, some["blocks"], *(f"{some[m]:.1f}" for m in METHODS)])
    print(columns(table))
    for row in changed:
        print(f"--- {row['case']} {'+'.join(row['kinds'])}")
        for name in ("source", "old text left", "block whole", "merged", "reference"):
            print(f"{name:>14}: {row[name]}")


if __name__ == "__main__":
    main()
