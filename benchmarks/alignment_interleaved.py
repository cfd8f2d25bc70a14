"""How well blocks are paired without an encoder: documents that hold their own source, aligned as if they did not.

English stands in comments of the Vietnamese book, each before its translation, so the book itself says what belongs
together. The comments are taken out, and the English and the Vietnamese are aligned as two documents; gold is by
comment, and consecutive beads wholly inside one count as one. Recall of single blocks is over the comments that have as
many blocks with text as their translation, these in order. Read from ``$AMTS_D2L_DATA``; nothing is shuffled.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.align import Bead, GoldScore, Vectors, align_blocks, score_beads
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.interleaved import Woven, unwoven
from amts_tasks.languages import Profile, load_profiles
from amts_tasks.text import Kind, ParsedDocument, parse

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l") / "dev" / "vn"
WORST = 5
"""Documents that are named."""


@dataclass(frozen=True)
class Gold:
    """What a document says of itself."""

    target: ParsedDocument
    """The translation without the comments."""
    chunks: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    """Blocks with text that belong together, of the source and of the target; a side may be empty."""


def gold(woven: Woven) -> Gold | None:
    """What is known of a document; None where its translation is cut into other blocks without the comments."""
    inside = [block for block in woven.target.blocks if block.kind is not Kind.comment]
    plain = parse("".join(block.text for block in inside), woven.target.path)
    kept = [block for block in inside if block.kind is not Kind.blank]
    left = [block for block in plain.blocks if block.kind is not Kind.blank]
    if [block.text for block in kept] != [block.text for block in left]:
        return None
    now = {one.index: other.index for one, other in zip(kept, left, strict=True)}
    chunks = []
    for source, target in woven.chunks:
        here = tuple(index for index in source if woven.source.blocks[index].texts)
        there = tuple(now[index] for index in target if index in now and woven.target.blocks[index].texts)
        if here or there:
            chunks.append((here, there))
    return Gold(plain, tuple(chunks))


def score(
    woven: Woven, known: Gold, profiles: tuple[Profile, Profile], vectors: Vectors | None
) -> tuple[GoldScore, GoldScore]:
    """By comment, and by single block."""
    owner = {index: str(number) for number, (here, _) in enumerate(known.chunks) for index in here}
    other = {index: str(number) for number, (_, there) in enumerate(known.chunks) for index in there}
    found = []
    for bead in align_blocks(woven.source, known.target, *profiles, vectors):
        sides = tuple(i for i in bead.source if i in owner), tuple(j for j in bead.target if j in other)
        if sides[0] or sides[1]:
            found.append(Bead(*sides, bead.score))
    ids = (
        [owner.get(index, "") for index in range(len(woven.source.blocks))],
        [other.get(index, "") for index in range(len(known.target.blocks))],
    )
    single = [
        Bead((i,), (j,))
        for here, there in known.chunks
        if len(here) == len(there)
        for i, j in zip(here, there, strict=True)
    ]
    whole = [Bead(here, there) for here, there in known.chunks]
    return score_beads(found, whole, *ids), score_beads(found, single)


def main() -> None:
    """Measure and print; another folder may be given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    files = sorted(folder.rglob("*.md")) if folder.is_dir() else []
    known = load_profiles(ROOT / "config" / "languages")
    profiles = known["en"], known["vi"]
    vectors = vectors_for("en", "vi")
    whole, single, count = GoldScore(), GoldScore(), Counter[str]()
    by_file: list[tuple[float, str]] = []
    for file in files:
        woven = unwoven(file.read_text(encoding="utf-8"), file.name)
        if len(woven.chunks) < 2:
            count["without comments"] += 1
            continue
        said = gold(woven)
        if said is None:
            count["cut otherwise"] += 1
            continue
        count["documents"] += 1
        count["chunks"] += len(said.chunks)
        count["even"] += sum(len(here) == len(there) for here, there in said.chunks)
        found, ones = score(woven, said, profiles, vectors)
        whole, single = whole + found, single + ones
        by_file.append((found.f1(), file.relative_to(folder).as_posix()))
    if not count["documents"]:
        print(f"no documents with their source in comments in {folder}: set AMTS_D2L_DATA")
        return
    print(
        f"{count['documents']} documents ({count['without comments']} without comments, {count['cut otherwise']} cut "
        f"otherwise), {count['chunks']} comments, {count['even']} of them with as many blocks as their translation; "
        + ("no encoder knows the languages" if vectors is None else f"encoder {vectors.encoder.name}")
    )
    print(f"strict, by comment   P {whole.precision():.3f}  R {whole.recall():.3f}  F1 {whole.f1():.3f}")
    print(f"single blocks        R {single.recall():.3f} of {single.gold}")
    print("lowest F1: " + ", ".join(f"{name} {f1:.3f}" for f1, name in sorted(by_file)[:WORST]))


if __name__ == "__main__":
    main()
