"""What thirty real nights cost, beside whole files, whole blocks, and the least that changed sentences cost.

The base is the book before the night, the translation is AMTS's own text of it (every letter's case changed: nothing of
it equals the source), the source is the book after the night. The optimum is worked out apart from the package's
synchronisation: by document, difflib on the sentences of the prose (the same letters are billed), new documents beside
the one whose sentences they share, sentences that stand anywhere in the book before left out. Needs $AMTS_D2L_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from amts_tasks.align import Bead, align_blocks
from amts_tasks.languages import Profile, load_profiles
from amts_tasks.roundtrip.engines import swapcase
from amts_tasks.sync import BookPlan, Versioned, plan_book
from amts_tasks.sync.identity import billed, content
from amts_tasks.text import ParsedDocument, Segment, normalise, parse, render
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import Unit, documents, read

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
# An initial (J. Doe) ends no sentence.
_END = re.compile(r"(?<![ (][A-Z]\.)(?<=[.!?])[\"')\]*_]*\s+(?=[\"'(\[*_`$:]*[A-Z])")


def book(repository: Path, tag: str) -> dict[str, ParsedDocument]:
    """The book's documents at a tag."""
    names = subprocess.run(
        ["git", "-C", repository, "ls-tree", "-r", "--name-only", tag], check=True, capture_output=True, text=True
    ).stdout.split()
    names = [name for name in names if name.endswith(".md")]
    requests = "".join(f"{tag}:{name}\n" for name in names).encode()
    out = subprocess.run(
        ["git", "-C", repository, "cat-file", "--batch"], input=requests, check=True, capture_output=True
    ).stdout
    found, at = {}, 0
    for name in names:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[-1])
        found[name] = parse(out[end + 1 : end + 1 + size].decode(), name)
        at = end + 2 + size
    return found


def translated(document: ParsedDocument, english: Profile) -> ParsedDocument:
    """The document through the exchange, the case of every letter changed."""
    units = [
        Unit(f"{block.index}.{text.index}", Segment.of(text.source))
        for block in document.blocks
        for text in block.texts
    ]
    answers: dict[tuple[int, int], str] = {}
    segments = {unit.id: unit.segment for unit in units}
    for one in documents(units, "en"):
        for name, inner in read(swapcase(one.html)).items():
            block, _, text = name.partition(".")
            restored = restore(segments[name], inner, english, english)
            if restored.text is not None:
                answers[int(block), int(text)] = restored.text
    return parse(render(document, answers), document.path)


def prose(document: ParsedDocument) -> list[str]:
    """Its sentences in order, split by a rule of this script's own."""
    return [
        normalise(sentence)
        for block in document.blocks
        for text in block.texts
        if Segment.of(text.source).translatable
        for sentence in _END.split(text.source)
    ]


def optimum(before: dict[str, ParsedDocument], after: dict[str, ParsedDocument]) -> int:
    """Characters of the sentences that are new in the book."""
    known = Counter(sentence for document in before.values() for sentence in prose(document))
    total = 0
    for path, document in after.items():
        old = before.get(path)
        if old is not None and old.text == document.text:
            continue
        was, now = prose(old) if old is not None else [], prose(document)
        for tag, _, _, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if tag in {"replace", "insert"}:
                total += sum(billed(one) for one in now[j1:j2] if one not in known and Segment.of(one).translatable)
    return total


def night(
    before: dict[str, ParsedDocument],
    after: dict[str, ParsedDocument],
    profiles: dict[str, Profile],
    target: str,
    own: dict[str, ParsedDocument],
) -> BookPlan:
    """The plan of a night whose translation is AMTS's own text of the evening before; `own` remembers that by text."""
    english, other = profiles["en"], profiles[target]
    targets, beads = {}, {}
    for path, document in before.items():
        same = path in after and after[path].text == document.text
        if document.text not in own:
            own[document.text] = translated(document, english)
        targets[path] = own[document.text]
        ours, theirs = content(document), content(targets[path])
        # Of a document that did not change nothing depends on the aligner.
        beads[path] = (
            tuple(Bead((i,), (j,)) for i, j in zip(ours, theirs, strict=True))
            if same and len(ours) == len(theirs)
            else align_blocks(document, targets[path], english, other)
        )
    return plan_book(
        f"en-{target}",
        {},
        Versioned(before, after, targets, beads),
        other,
        source_profile=english,
        origin_of=lambda path: "machine",
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--nights", type=int, default=30)
    options.add_argument("--target", default="zh", help="whose profile is used")
    chosen = options.parse_args()
    bundle = DATA / "replay.bundle"
    if not bundle.exists():
        print(f"skipped: {bundle} is not there")
        return
    profiles = dict(load_profiles(ROOT / "config" / "languages"))
    own: dict[str, ParsedDocument] = {}
    nights = json.loads((DATA / "replay.json").read_text())[: chosen.nights]
    totals = Counter[str]()
    print(
        f"{'night':>5} {'files':>9} {'blocks':>8} {'optimum':>8} {'sent':>8} {'ratio':>6}  patched swapped moved sent"
    )
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", bundle, f"{folder}/book.git"], check=True)
        repository = Path(folder, "book.git")
        for one in nights:
            before, after = book(repository, one["tag_before"]), book(repository, one["tag_after"])
            plan = night(before, after, profiles, chosen.target, own)
            least = optimum(before, after)
            sent = plan.characters["sent"]
            row = {"files": one["file_prose_chars"], "blocks": one["blktm_chars"], "optimum": least, "sent": sent}
            totals.update(row)
            ratio = f"{sent / least:.3f}" if least else "-"
            kinds = " ".join(str(plan.blocks[kind]) for kind in ("patched", "swapped", "moved", "sent"))
            print(
                f"{one['n']:>5} {row['files']:>9} {row['blocks']:>8} {least:>8} {sent:>8} {ratio:>6}  {kinds}",
                flush=True,
            )
    print(
        f"  all {totals['files']:>9} {totals['blocks']:>8} {totals['optimum']:>8} {totals['sent']:>8} "
        f"{totals['sent'] / max(1, totals['optimum']):>6.3f}"
    )


if __name__ == "__main__":
    main()
