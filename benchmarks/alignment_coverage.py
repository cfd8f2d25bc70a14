"""How much of the real book's source prose accepted pairs cover, and why the rest is not covered.

As ``amts align DIR DIR --pair en-zh`` aligns the folders of ``$AMTS_D2L_DATA``. A block of prose, a sentence, or a
letter counts as covered where a pair that the filters accept holds it, or the repetition of such a pair. What is not
covered counts once, under the first that holds: no block of the translation belongs to it; its block is paired but its
text is in no pair (so many table cells on one side, so many on the other); the filter that refused its pair.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from amts_tasks.align.documents import Alignment
from amts_tasks.align.filters import DUPLICATE
from amts_tasks.align.review import Reviewed, coverage
from amts_tasks.cli.pairs import aligned
from amts_tasks.languages import Profile, load_profiles
from amts_tasks.text import split

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l") / "dev"
GOALS = {"zh": 0.90, "tr": 0.97}
UNITS = ("blocks", "sentences", "letters")
SENTENCE, PARAGRAPH = "covered by a pair of sentences", "covered by a pair of paragraphs"
ALONE, UNTOLD = "no counterpart found", "paired, in no pair of texts"
Counts = dict[str, Counter[str]]
"""For each unit how many of it stand under each heading."""


def fates(alignment: Alignment, reviewed: list[Reviewed], paired: set[int], profile: Profile) -> Iterator[Counts]:
    """What became of each block of the source that has letters in it, of its sentences and of their letters.

    `paired` are the blocks that have a counterpart, wherever it stands.
    """
    spans = [(one.pair.source_start, one.pair.source_end, fate(one)) for one in reviewed]
    for block in alignment.source.blocks:
        known = [span for span in spans if span[0] < block.end and span[1] > block.start]
        found: Counts = {unit: Counter() for unit in UNITS}
        for text in block.texts:
            # Character of the text → of the document: its lines are joined by one character each.
            places = [at for start, end in text.spans for at in range(start, end + 1)]
            for start, end in split(text.source, profile):
                letters = sum(map(str.isalpha, text.source[start:end]))
                if letters:
                    here, there = places[start], places[end - 1] + 1
                    heading = best([name for a, b, name in known if a < there and b > here], block.index in paired)
                    found["sentences"][heading] += 1
                    found["letters"][heading] += letters
        if found["sentences"]:
            found["blocks"][best(list(found["sentences"]), block.index in paired)] += 1
            yield found


def fate(one: Reviewed) -> str:
    """Under which heading a pair puts what it holds; the repetition of a pair is as good as the pair."""
    if one.reason in {None, DUPLICATE}:
        return SENTENCE if one.pair.kind == "sentence" else PARAGRAPH
    return str(one.reason)


def best(headings: list[str], paired: bool) -> str:
    """Of several headings the one that counts: covered is covered."""
    for heading in (SENTENCE, PARAGRAPH):
        if heading in headings:
            return heading
    return min(headings, default=UNTOLD if paired else ALONE)


def measure(language: str) -> None:
    """Print one language's table."""
    known = load_profiles(ROOT / "config" / "languages")
    profiles = known["en"], known[language]
    folder = DATA / language
    table, alignments = aligned(folder, folder, profiles, "sentence")
    by_document: dict[str, list[Reviewed]] = {}
    for one in table.reviewed:
        by_document.setdefault(one.pair.document, []).append(one)
    paired: dict[str, set[int]] = {}
    for alignment in alignments:
        inside = {index for bead in alignment.beads if bead.target for index in bead.source}
        paired.setdefault(alignment.source.path, set()).update(inside)
    whole: Counts = {unit: Counter() for unit in UNITS}
    for alignment in alignments:
        path = alignment.source.path
        if alignment.found == "path":
            for counts in fates(alignment, by_document.get(path, []), paired[path], profiles[0]):
                for unit in UNITS:
                    whole[unit] += counts[unit]
    totals = {unit: whole[unit].total() for unit in UNITS}
    covered = {unit: whole[unit][SENTENCE] + whole[unit][PARAGRAPH] for unit in UNITS}
    theirs = coverage(alignments, table.reviewed)
    print(f"en-{language}: {len(by_document)} documents, {len(table.reviewed)} pairs")
    print(f"{'':<34}" + "".join(f"{unit:>20}" for unit in UNITS))
    print(row("all", {unit: (totals[unit], 1.0) for unit in UNITS}))
    print(row("covered", {unit: (covered[unit], covered[unit] / totals[unit]) for unit in UNITS}))
    headings = sorted({name for unit in UNITS for name in whole[unit]}, key=lambda name: -whole["letters"][name])
    for name in headings:
        print(row("  " + name, {unit: (whole[unit][name], whole[unit][name] / totals[unit]) for unit in UNITS}))
    goal = f", goal {GOALS[language]:.0%}" if language in GOALS else ""
    print(f"blocks as `amts align` tells them: {theirs['accepted']} of {theirs['prose']}"
          f" ({theirs['accepted'] / theirs['prose']:.2%}{goal}); paired {theirs['paired']}")  # fmt: skip


def row(name: str, cells: dict[str, tuple[int, float]]) -> str:
    """A line of the table: count and share of each unit."""
    return f"{name:<34}" + "".join(f"{count:>11,} {share:>8.2%}" for count, share in cells.values())


def main() -> None:
    """Measure the languages given, or those with a goal."""
    if not DATA.is_dir():
        print(f"no real book in {DATA}: set AMTS_D2L_DATA")
        return
    for language in sys.argv[1:] or list(GOALS):
        measure(language)


if __name__ == "__main__":
    main()
