"""The first sync of the real Chinese and Turkish documents, from what they were made from to the newest English.

    python benchmarks/first_sync.py [--languages zh,tr] [--draw FILE --count 100 --seed 1]

The dev documents under ``$AMTS_D2L_DATA`` with their origins, and the last revision of its bundle: those documents, and
new ones that are theirs renamed. Prints what is kept, moved, swapped, patched and sent; the characters sent beside two
optima worked out apart from the synchronisation (difflib on sentences): *changed sentences* that stand nowhere in the
origins, and *given the pairing*, where a sentence also counts as changed when no single sentence of the translation is
paired with it and its paragraph did not stay. Then what is wrong with the merged documents: damaged ones, references
that dangle and did not before, cells that are no Python (lines that begin with % or ! aside). Last, the queue: how many
nights the changes take with 2,000 words a branch and eight branches a night, each merged before the next.

``--draw`` has the emulator's engine, trained on the pair's own documents, translate what is sent of patched paragraphs,
and writes drawn ones as JSON lines for ``flow_verdicts.py``: id, pair, old and new source, old and new target. Keep the
file out of the repository: it holds the book's text.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

from customised import Customised
from sync_cost import book, optimum, prose

from amts_tasks.align import align_blocks, pairs
from amts_tasks.languages import Profile, default_profile, load_profiles
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.document.code import body, is_cell
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.identity import Identity, billed, to_translate
from amts_tasks.sync.item import Provenance
from amts_tasks.sync.lineage.renames import renames
from amts_tasks.sync.queue import Limits, chapter_of, queue, reading_order, words
from amts_tasks.sync.told.table import columns
from amts_tasks.sync.whole.references import broken
from amts_tasks.text import ParsedDocument, normalise, parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
NEWEST = "night-30-after"
WORDS, BRANCHES = 2_000, 8


def translation(language: str, newest: Mapping[str, ParsedDocument], profiles: tuple[Profile, Profile]) -> Versioned:
    """The translated documents, what they were made from, and what those are in the newest book."""
    folder = DATA / "dev" / language
    bases, targets = {}, {}
    for file in sorted(folder.rglob("*_origin.md")):
        path = file.relative_to(folder).as_posix().replace("_origin.md", ".md")
        bases[path] = parse(file.read_bytes().decode(), path)
        targets[path] = parse((folder / path).read_bytes().decode(), path)
    beads = {path: align_blocks(bases[path], targets[path], *profiles) for path in bases}
    gone = {path: base for path, base in bases.items() if path not in newest}
    new = {path: document for path, document in newest.items() if path not in bases}
    moved = renames(gone, new, Identity(profiles[1].own_links))
    sources = {path: document for path, document in newest.items() if path in bases or path in moved}
    return Versioned(bases, sources, targets, beads)


def given_the_pairing(versions: Versioned, profiles: tuple[Profile, Profile]) -> int:
    """Characters of the sentences that have to be sent when only what is paired one to one can stay."""
    paired, kept = set(), set()
    for path, base in versions.bases.items():
        beads = versions.alignments[path]
        for pair in pairs(base, versions.targets[path], beads, "sentence", *profiles):
            paired.add(normalise(pair.source))
        blocks = [base.blocks[index] for bead in beads if bead.target for index in bead.source]
        kept |= {normalise(text.source) for block in blocks for text in block.texts}
    total = 0
    for document in versions.sources.values():
        for block in document.blocks:
            for text in block.texts:
                if normalise(text.source) in kept:
                    continue
                single = parse(text.source) if block.texts else document
                for one in prose(single):
                    total += 0 if one in paired else billed(one)
    return total


def unreadable(document: ParsedDocument) -> Iterator[str]:
    """The cells that are no Python."""
    for block in document.blocks:
        if is_cell(block):
            lines = ("pass" if line.lstrip().startswith(("%", "!")) else line for line in body(block.text).split("\n"))
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", SyntaxWarning)
                    ast.parse("\n".join(lines))
            except SyntaxError:
                yield block.text


def nights(plans: tuple[DocumentPlan, ...], order: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """(branches, words of the fullest branch of several documents, words of the fullest) a night, until all is done."""
    found = []
    left = plans
    while True:
        now, waiting = queue(left, order, Limits(words=WORDS, branches=BRANCHES))
        load: dict[str, list[int]] = {}
        for plan in now:
            if words(plan) or any(
                item.provenance not in {Provenance.kept, Provenance.target_only} for item in plan.items
            ):
                load.setdefault(chapter_of(plan.path), []).append(words(plan))
        several = [sum(some) for some in load.values() if len([one for one in some if one]) > 1]
        found.append((len(load), max(several, default=0), max(map(sum, load.values()), default=0)))
        aside = {one.document for one in waiting}
        if not aside or len(aside) == len(left):
            return found
        left = tuple(plan for plan in left if plan.path in aside)


def paragraphs(pair: str, plan: BookPlan, merged: Mapping[str, Merged]) -> Iterator[dict[str, str]]:
    """The patched texts of which something was sent and something stayed, in both languages, before and after."""
    for one in plan.documents:
        result = parse(merged[one.path].text, one.path)
        for piece in merged[one.path].pieces:
            item = piece.item
            if item.provenance is not Provenance.patched or piece.left or one.target is None or not item.target_blocks:
                continue
            made = [block for block in result.blocks if piece.start <= block.start < piece.end and block.texts]
            source = one.source.blocks[item.index]
            old = one.target.blocks[item.target_blocks[0]]
            for number, parts in item.patches:
                wanted = {part.wanted for part in parts}
                if wanted != {True, False} or len(made) != 1 or len(made[0].texts) != len(source.texts):
                    continue
                row = {
                    "pair": pair,
                    "old_source": _base(one, item.target_blocks[0], number),
                    "new_source": source.texts[number].source,
                    "old_target": old.texts[number].source if number < len(old.texts) else "",
                    "new_target": made[0].texts[number].source,
                }
                name = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
                yield {"id": name, **row}


_BASES: dict[tuple[str, int], ParsedDocument] = {}
_BACK: dict[str, tuple[ParsedDocument, dict[int, int]]] = {}


def _base(plan: DocumentPlan, target: int, number: int) -> str:
    base, back = _BACK[plan.old_path or plan.path]
    block = base.blocks[back[target]] if target in back else None
    return block.texts[number].source if block is not None and number < len(block.texts) else ""


def measured(language: str, newest: Mapping[str, ParsedDocument], options: argparse.Namespace) -> list[dict[str, str]]:
    """Prints the tables of a language; what may be drawn from, with ``--draw``."""
    known = load_profiles(ROOT / "config" / "languages")
    profiles = tuple(known.get(code) or default_profile(code) for code in ("en", language))
    english, other = profiles
    versions = translation(language, newest, (english, other))
    plan = plan_book(f"en-{language}", {}, versions, other, source_profile=english)
    sources = [one.source for one in plan.wanted]
    answers: Mapping[str, str | None] = dict(zip(sources, sources, strict=True))
    if options.draw:
        patched = {one.source for one in plan.wanted if one.part is not None}
        answers = {**answers, **Customised(f"en-{language}").answers(patched)}
    given = {one.id: answer for one in plan.wanted for answer in [answers[one.source]] if answer is not None}
    delivered = deliver(plan, given)
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    texts = {path: result.text for path, result in merged.items()}
    whole = sum(billed(t.source) for d in versions.sources.values() for b in d.blocks for t in to_translate(b))
    print(
        f"en-{language}: {len(versions.targets)} translated documents, "
        f"{len(versions.sources)} of them in the newest book"
    )
    total = sum(plan.characters.values())
    print(
        columns([
            ["", *plan.blocks],
            ["blocks", *plan.blocks.values()],
            ["characters", *plan.characters.values()],
            ["share", *(f"{100 * n / total:.1f} %" for n in plan.characters.values())],
        ])
    )
    changed = optimum(dict(versions.bases), dict(versions.sources))
    paired = given_the_pairing(versions, (english, other))
    sent = plan.characters["sent"]
    print(
        f"characters: files whole {whole:,}; changed sentences {changed:,}; given the pairing {paired:,}; sent {sent:,}"
    )
    print(f"  sent / changed sentences {sent / changed:.3f}; sent / given the pairing {sent / paired:.3f}")
    damaged = [f"{path}: {one.damaged}" for path, one in merged.items() if one.damaged]
    left = [one for result in merged.values() for one in result.left]
    excused = {one.name for one in broken({}, newest)} | {one.name for one in broken({}, versions.targets)}
    rest = {path: document for path, document in newest.items() if path not in texts}
    dangling = [one for one in broken({}, {**rest, **texts}) if one.name not in excused and one.path in texts]
    cells = [cell for path, text in texts.items() for cell in unreadable(parse(text, path))]
    count = sum(is_cell(block) for path, text in texts.items() for block in parse(text, path).blocks)
    print(
        f"  damaged {len(damaged)}, refused {len(left)}, dangling references {len(dangling)}, "
        f"cells that are no Python {len(cells)} of {count}"
    )
    for line in [*damaged, *map(str, dangling), *cells]:
        print(f"    {line}")
    evenings = nights(plan.documents, reading_order(versions.sources))
    print(
        f"  queue: {len(evenings)} nights; branches a night at most {max(n for n, _, _ in evenings)} of {BRANCHES}; ",
        end="",
    )
    print(
        f"words of a branch of several documents at most {max(n for _, n, _ in evenings)} of {WORDS} "
        f"(of one document alone {max(n for _, _, n in evenings)})\n",
        flush=True,
    )
    for path, base in versions.bases.items():
        back = {t: b.source[0] for b in versions.alignments[path] if len(b.source) == 1 for t in b.target[:1]}
        _BACK[path] = (base, back)
    return list(paragraphs(f"en-{language}", plan, merged)) if options.draw else []


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--languages", default="zh,tr")
    options.add_argument("--draw", type=Path)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    bundle = DATA / "replay.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle} is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", bundle, f"{folder}/book.git"], check=True)
        newest = book(Path(folder, "book.git"), NEWEST)
    found = {language: measured(language, newest, given) for language in given.languages.split(",")}
    if given.draw:
        total = sum(map(len, found.values()))
        rows = []
        for language, some in found.items():
            share = max(round(given.count * len(some) / max(1, total)), given.count * 3 // 10)
            share = min(share, given.count - given.count * 3 // 10) if len(found) > 1 else given.count
            rows += random.Random(given.seed).sample(sorted(some, key=lambda row: row["id"]), min(share, len(some)))
            print(f"{language}: {len(some)} patched paragraphs, {min(share, len(some))} drawn")
        given.draw.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
