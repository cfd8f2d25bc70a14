"""A thousand random edits of the whole English book while humans edit the translation: what each edit touches.

    python benchmarks/sync_edits.py [--edits 1000] [--human 300] [--seed 1] [--renames 8] [--target tr]

The book is the last revision of the bundle under ``$AMTS_D2L_DATA``; its translation is the same text with an ending on
most words, so that no sentence equals its source and stops and capitals stand where they stood. Edits fall on sentences
of paragraphs and list items drawn at random, none on a paragraph that has one already: a word added (*reword*), a
sentence put in (*insert*), taken out (*delete*), swapped with the next one (*swap*), moved to the end of the next
paragraph (*move*), a paragraph cut in two (*split*) or joined with the next (*merge*), a document renamed (*rename*).
At the same time humans add a word to
sentences of the translation, everywhere. What comes back from the service is the sentence with ``MT`` before it.

For each kind of edit: how many sentences of the translation came or went beyond what the edit itself makes come and go
(by difflib on each document's sentences), characters sent beside those of the sentences that are new, and blocks of
which more than the changed sentence was sent. Then human edits that are nowhere in the result, and not on the review
list; those that stand twice; documents that are not built as the new source is.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sync_cost import book

from amts_tasks.align import align_blocks
from amts_tasks.languages import Profile, default_profile, load_profiles
from amts_tasks.sync import BookPlan, Manifest, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.identity import billed
from amts_tasks.sync.manifest import rebuild
from amts_tasks.sync.sentence.sentences import sentences
from amts_tasks.sync.told.table import columns
from amts_tasks.text import Kind, ParsedDocument, Segment, normalise, parse, render

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
KINDS = ("reword", "insert", "delete", "swap", "move", "split", "merge")
_PROSE = frozenset({Kind.paragraph, Kind.list_item})
_WORD = re.compile(r"(?<=[a-z]) (?=[a-z])")


@dataclass
class Edits:
    """A new source, and what was done to it."""

    sources: dict[str, ParsedDocument]
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    """By path of the old source."""
    new: dict[str, str] = field(default_factory=dict)
    """New sentence → kind of the edit that made it."""
    gone: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Path → old sentences that an edit took out or changed."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Old path → new path."""


def translated(document: ParsedDocument) -> ParsedDocument:
    """The document with its words made other words; those before a stop stay, for they may be abbreviations."""
    answers = {
        (block.index, text.index): "".join(
            re.sub(r"[A-Za-z]{3,}(?![A-Za-z]*[.])", r"\g<0>o", token) if isinstance(token, str) else token.text
            for token in Segment.of(text.source).tokens
        )
        for block in document.blocks
        for text in block.texts
    }
    return parse(render(document, answers), document.path)


def plain(text: str, english: Profile) -> list[str]:
    """The sentences of a text that can be edited: a word can be put in, and each has a mark at its end."""
    return [one.text for one in sentences(text, english)]


def edited(books: Mapping[str, ParsedDocument], count: int, renames: int, english: Profile, seed: int) -> Edits:
    """The new source; deterministic for a seed."""
    draw = random.Random(seed)
    places: list[tuple[str, int]] = []
    for path, document in sorted(books.items()):
        for block in document.blocks:
            if block.kind in _PROSE and len(block.texts) == 1 and "MARK" not in block.text:
                text = block.texts[0].source
                found = plain(text, english)
                if len(found) >= 3 and all(_WORD.search(one) and one[-1] in ".!?" for one in found):
                    places.append((path, block.index))
    draw.shuffle(places)
    made = Edits({})
    replaced: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    busy: set[tuple[str, int]] = set()
    done = 0
    chosen = set(places)
    for path, index in places:
        if done == count:
            break
        document = books[path]
        following = next((b.index for b in document.blocks[index + 1 :] if b.kind is not Kind.blank), -1)
        if {(path, index - 2), (path, index), (path, following)} & busy:
            continue
        kind = KINDS[done % len(KINDS)]
        if kind in {"move", "merge"} and (
            (path, following) not in chosen
            or document.blocks[following].kind is not document.blocks[index].kind
            or document.blocks[index].kind is not Kind.paragraph
        ):
            kind = draw.choice(("reword", "insert", "delete", "swap"))
        if kind == "split" and document.blocks[index].kind is not Kind.paragraph:
            kind = "reword"
        found = plain(document.blocks[index].texts[0].source, english)
        at = draw.randrange(len(found))
        if kind == "reword":
            old = found[at]
            place = draw.choice([match.start() for match in _WORD.finditer(old)])
            found[at] = f"{old[:place]} edit{done}{old[place:]}"
            made.new[normalise(found[at])] = kind
            made.gone[path][normalise(old)] += 1
        elif kind == "insert":
            found.insert(at, f"Here stands a sentence with the number edit{done}.")
            made.new[normalise(found[at])] = kind
        elif kind == "delete":
            made.gone[path][normalise(found.pop(at))] += 1
        elif kind == "swap":
            at = min(at, len(found) - 2)
            found[at : at + 2] = found[at + 1], found[at]
        elif kind == "move":
            other = plain(document.blocks[following].texts[0].source, english)
            other.append(found.pop(at))
            replaced[path][following, 0] = " ".join(other)
            busy.add((path, following))
        elif kind == "split":
            cut = draw.randrange(1, len(found))
            found = [*found[: cut - 1], found[cut - 1] + "\n\n" + found[cut], *found[cut + 1 :]]
        else:
            found += plain(document.blocks[following].texts[0].source, english)
            replaced[path][following, 0] = ""
            busy.add((path, following))
        replaced[path][index, 0] = " ".join(found)
        busy.add((path, index))
        made.kinds.setdefault(path, Counter())[kind] += 1
        done += 1
    names = draw.sample(sorted(path for path in books if "/" in path), renames)
    made.renamed = {path: f"chapter_renamed/{path.replace('/', '-')}" for path in names}
    for path, document in books.items():
        text = document.text
        if path in replaced:
            text = re.sub(r"\n{3,}", "\n\n", render(document, replaced[path]))
        where = made.renamed.get(path, path)
        made.sources[where] = parse(text, where)
    return made


def by_hand(
    targets: Mapping[str, ParsedDocument], count: int, other: Profile, seed: int
) -> tuple[dict[str, ParsedDocument], dict[str, str]]:
    """The translation with a word added to sentences of it, and path of each edited sentence."""
    draw = random.Random(seed)
    places = [
        (path, block.index)
        for path, document in sorted(targets.items())
        for block in document.blocks
        if block.kind in _PROSE and len(block.texts) == 1 and len(block.texts[0].source) > 80
    ]
    edits: dict[str, str] = {}
    replaced: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for number, (path, index) in enumerate(sorted(draw.sample(places, count))):
        found = list(sentences(targets[path].blocks[index].texts[0].source, other))
        at = draw.randrange(len(found))
        spots = [match.start() for match in re.finditer(r"(?<=[a-z]) (?=[a-z])", found[at].text)]
        if not spots:
            continue
        place = draw.choice(spots)
        new = f"{found[at].text[:place]} BYHAND{number}Q{found[at].text[place:]}"
        replaced[path][index, 0] = "".join((new if n == at else one.text) + one.gap for n, one in enumerate(found))
        edits[f"BYHAND{number}Q"] = path
    return {
        path: parse(render(document, replaced[path]), path) if path in replaced else document
        for path, document in targets.items()
    }, edits


def shape(document: ParsedDocument) -> list[tuple[str, int | None]]:
    """Kinds and levels of the blocks that are not blank."""
    return [(str(block.kind), block.level) for block in document.blocks if block.kind is not Kind.blank]


def bag(document: ParsedDocument, profile: Profile) -> Counter[str]:
    """A document's sentences."""
    return Counter(
        normalise(one.text)
        for block in document.blocks
        for text in block.texts
        for one in sentences(text.source, profile)
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--edits", type=int, default=1_000)
    options.add_argument("--human", type=int, default=300)
    options.add_argument("--renames", type=int, default=8)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--target", default="tr", help="whose profile is used")
    given = options.parse_args()
    bundle = DATA / "replay.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle} is not there")
        return
    profiles = load_profiles(ROOT / "config" / "languages")
    english, other = (profiles.get(code) or default_profile(code) for code in ("en", given.target))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", bundle, f"{folder}/book.git"], check=True)
        bases = book(Path(folder, "book.git"), "night-30-after")
    started = time.process_time()
    edits = edited(bases, given.edits, given.renames, english, given.seed)
    machine = {path: translated(document) for path, document in bases.items()}
    targets, hands = by_hand(machine, given.human, other, given.seed)
    beads = {path: align_blocks(bases[path], targets[path], english, other) for path in bases}
    prepared = time.process_time()
    pair = f"en-{given.target}"
    first: Manifest = rebuild(pair, bases, machine, beads, lambda path: "machine", lambda path: "a" * 40, "2026-01-01")
    versions = Versioned(bases, edits.sources, targets, beads)
    plan = plan_book(
        pair, {}, versions, other, source_profile=english, manifest=first, origin_of=lambda path: "machine"
    )
    delivered = deliver(plan, {one.id: f"MT {one.source}" for one in plan.wanted})
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    done = time.process_time()
    report(edits, plan, merged, targets, hands, english, other)
    print(
        f"processor seconds: {prepared - started:.0f} to make the edits and align, "
        f"{done - prepared:.0f} to plan and merge"
    )


def report(
    edits: Edits,
    plan: BookPlan,
    merged: Mapping[str, Merged],
    targets: Mapping[str, ParsedDocument],
    hands: Mapping[str, str],
    english: Profile,
    other: Profile,
) -> None:
    """The tables."""
    sent: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    foreign = []
    for one in plan.wanted:
        for text in sentences(one.source, english):
            kind = edits.new.get(normalise(text.text))
            if kind is None:
                foreign.append((one.id, text.text))
                extra["not new"] += billed(text.text)
            else:
                sent[kind] += billed(text.text)
                pieces[kind] += 1
    total = Counter(kind for kinds in edits.kinds.values() for kind in kinds.elements())
    new = Counter(edits.new.values())
    least = Counter[str]()
    for text, kind in edits.new.items():
        least[kind] += billed(text)
    rows: list[list[object]] = [["edit", "edits", "new sentences", "sent of them", "characters new", "characters sent"]]
    rows += [[kind, total[kind], new[kind], pieces[kind], least[kind], sent[kind]] for kind in KINDS]
    rows.append(["rename", len(edits.renamed), 0, 0, 0, 0])
    print(columns(rows))
    print(f"sent beside these: {len(foreign)} sentences that are not new, {extra['not new']:,} characters")
    for name, text in foreign[:10]:
        print(f"    {name}: {text[:100]!r}")
    came, went = Counter[str](), Counter[str]()
    for one in plan.documents:
        before = bag(targets[one.old_path or one.path], other) if one.target is not None else Counter()
        after = bag(parse(merged[one.path].text, one.path), other)
        came.update(after - before)
        went.update(before - after)
    moved = came & went
    came -= moved
    went -= moved
    expected = sum(new.values()), sum(n for gone in edits.gone.values() for n in gone.values())
    print(
        f"sentences of the translation: {came.total()} came (edits bring {expected[0]}), "
        f"{went.total()} went (edits take {expected[1]})"
    )
    strangers = [text for text in came if not text.startswith("MT ")]
    for text in strangers[:10]:
        print(f"    came and is not the service's: {text[:120]!r}")
    everywhere = "\n".join(one.text for one in merged.values())
    reviewed = "\n".join(one.text for one in plan.review)
    lost = [mark for mark in hands if mark not in everywhere and mark not in reviewed]
    listed = [mark for mark in hands if mark not in everywhere and mark in reviewed]
    twice = [mark for mark in hands if everywhere.count(mark) > 1]
    print(
        f"human edits {len(hands)}: stand {len(hands) - len(lost) - len(listed)}, "
        f"replaced and on the review list {len(listed)}, "
        f"lost {len(lost)} {lost[:5]}, twice {len(twice)} {twice[:5]}"
    )
    damaged = {path: one.damaged for path, one in merged.items() if one.damaged}
    different = [path for path, one in merged.items() if shape(parse(one.text, path)) != shape(edits.sources[path])]
    print(
        f"documents {len(merged)}: damaged {len(damaged)}, "
        f"built unlike the new source {len(different)} {different[:5]}, "
        f"blocks refused {sum(len(one.left) for one in merged.values())}"
    )


if __name__ == "__main__":
    main()
