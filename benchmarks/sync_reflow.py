"""Every chapter renamed and every paragraph reflowed: nothing is sent, and the translation stays byte for byte.

    python benchmarks/sync_reflow.py [--languages zh,tr]

Three books: the English one at the last revision of the bundle under ``$AMTS_D2L_DATA``, with a made translation (as in
``sync_edits.py``), and the dev documents of each language with their origins. In the new source each document stands in
a folder of another name, a text over several lines is on one, and a text on one line is on two.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from first_sync import translation
from sync_cost import book
from sync_edits import translated

from amts_tasks.align import align_blocks
from amts_tasks.languages import Profile, default_profile, load_profiles
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.text import ParsedDocument, Segment, parse, render

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
_BREAK = re.compile(r"(?<=[a-z]{2}) (?=[a-z]{2})")


def reflowed(document: ParsedDocument, path: str) -> tuple[ParsedDocument, int]:
    """The document with its lines broken elsewhere, and how many texts that changed."""
    new: dict[tuple[int, int], str] = {}
    for block in document.blocks:
        for text in block.texts:
            if text.continuation is None:
                continue
            if "\n" in text.source:
                new[block.index, text.index] = re.sub(r"\s*\n\s*", " ", text.source)
                continue
            at = 0
            for token in Segment.of(text.source).tokens:
                found = _BREAK.search(token) if isinstance(token, str) else None
                if found is not None:
                    place = at + found.start()
                    new[block.index, text.index] = f"{text.source[:place]}\n{text.source[place + 1 :]}"
                    break
                at += len(token if isinstance(token, str) else token.text)
    return parse(render(document, new), path), len(new)


def measured(name: str, book_: Versioned, profiles: tuple[Profile, Profile]) -> None:
    """One line of the table."""
    sources: dict[str, ParsedDocument] = {}
    changed = 0
    for path, base in book_.bases.items():
        where = f"renamed_{path}" if "/" in path else path
        sources[where], count = reflowed(base, where)
        changed += count
    versions = Versioned(book_.bases, sources, book_.targets, book_.alignments)
    plan = plan_book(f"en-{name}", {}, versions, profiles[1], source_profile=profiles[0])
    merged = {one.path: merge_document(one, deliver(plan, {})[one.path]) for one in plan.documents}
    old = {one.path: book_.targets[one.old_path].text for one in plan.documents if one.old_path in book_.targets}
    same = sum(merged[path].text == text for path, text in old.items())
    renamed = sum(one.renamed for one in plan.documents)
    print(
        f"{name}: {len(sources)} documents, {renamed} renamed, {changed:,} texts reflowed; "
        f"characters sent {plan.characters['sent']}, documents byte for byte as before {same} of {len(sources)}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--languages", default="zh,tr")
    given = options.parse_args()
    bundle = DATA / "replay.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle} is not there")
        return
    known: Mapping[str, Profile] = load_profiles(ROOT / "config" / "languages")
    english = known["en"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", bundle, f"{folder}/book.git"], check=True)
        whole = book(Path(folder, "book.git"), "night-30-after")
    spanish = known.get("es") or default_profile("es")
    targets = {path: translated(document) for path, document in whole.items()}
    beads = {path: align_blocks(whole[path], targets[path], english, spanish) for path in whole}
    measured("made", Versioned(whole, {}, targets, beads), (english, spanish))
    for language in given.languages.split(","):
        profiles = english, known.get(language) or default_profile(language)
        measured(language, translation(language, {}, profiles), profiles)


if __name__ == "__main__":
    main()
