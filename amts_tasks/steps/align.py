"""``align``: every translated document beside the text it was made from, and the memory of the pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from amts_tasks.align import Bead, Vectors, align_blocks, pairs
from amts_tasks.align.blocks import monotone
from amts_tasks.align.documents import Alignment, align_documents
from amts_tasks.align.encoders import vectors_for
from amts_tasks.align.review import coverage, reasons, review
from amts_tasks.counts import counted
from amts_tasks.memory import Entry, Memory
from amts_tasks.steps.extract import Texts, texts_of
from amts_tasks.steps.kept.aligned import Aligned, as_row, of_row
from amts_tasks.steps.kept.memory import remember
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.sync.manifest import Manifest, State
from amts_tasks.sync.manifest import read as read_manifest
from amts_tasks.sync.merged.weave import beads_between
from amts_tasks.text import ParsedDocument, normalise, parse


def align(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Writes the beads of every document, the memory and what was refused; returns their numbers."""
    hold(run)
    run.memo.pop((resolved["prefix"], "plan"), None)
    texts = texts_of(run, resolved)
    manifest = manifest_of(run, resolved)
    rows: list[dict[str, Any]] = []
    entries: list[Entry] = []
    vectors = vectors_for(run.source.code, run.target.code)
    before = Aligned(run, vectors)
    alignments: list[Alignment] = []
    # Where nobody knows what a translation was made from, today's source tells at least what it lacks.
    made_from = {path: texts.base.get(path, texts.source.get(path)) for path in texts.target}
    shared = sorted(path for path, text in made_from.items() if text is not None)
    find: Callable[[], tuple[Bead, ...]]
    for number, path in enumerate(shared, start=1):
        base, target = parse(made_from[path] or "", path), parse(texts.target[path], path)
        if path in texts.files and path in texts.base and not run.settings.reverse:
            # Its comments say what belongs together.
            file = texts.files[path]
            find = partial(beads_between, file, path, run.source, run.target, vectors)
            beads = before.beads(base.text, file, path, find)
        else:
            find = partial(align_blocks, base, target, run.source, run.target, vectors, moves=True)
            beads = before.beads(base.text, target.text, path, find)
        rows.append({"path": path, "beads": [as_row(b) for b in beads]})
        alignments.append(Alignment(base, target, beads, "path"))
        if path in texts.base:
            entries += _entries(run, path, base, target, beads, manifest)
        if number % 25 == 0:
            run.say(f"aligned {number} of {counted(len(shared), 'document')}")
    for one in _elsewhere(run, texts, alignments, vectors):
        alignments.append(one)
        entries += _entries(run, one.target.path, one.source, one.target, one.beads, manifest)
    known = {(entry.pair.source, entry.pair.target) for entry in entries}
    for path, (made, text) in sorted(texts.merged.items()):
        base, target = parse(made, path), parse(text, path)
        find = partial(align_blocks, base, target, run.source, run.target, vectors, moves=True)
        beads = before.beads(made, text, path, find)
        more = _entries(run, path, base, target, beads, manifest)
        entries += [entry for entry in more if (entry.pair.source, entry.pair.target) not in known]
    anew = before.keep()
    memory = Memory(entries)
    run.storage.put_rows(run.key(resolved, "align", "beads.jsonl.gz"), rows)
    run.storage.put(run.key(resolved, "align", "memory.jsonl"), memory.to_bytes())
    remember(run, resolved, memory)
    reviewed = review(alignments, "paragraph", run.source, run.target, vectors)
    refused = [one.as_dict() for one in reviewed if one.reason is not None]
    run.storage.put_rows(run.key(resolved, "align", "rejected.jsonl.gz"), refused)
    counts: dict[str, Any] = {"documents": len(shared), "pairs": len(memory), "trusted": len(memory.trusted())}
    counts |= {"blocks": coverage(alignments, reviewed), "rejected": reasons(reviewed)}
    run.storage.put_json(run.key(resolved, "align", "report.json"), counts)
    trusted = len(memory.trusted())
    run.say(
        f"aligned {counted(len(shared), 'document')} ({anew} anew): {counted(len(memory), 'pair')}, "
        f"{trusted} to learn from"
    )
    if refused:
        told = ", ".join(f"{count} {reason}" for reason, count in reasons(reviewed).items())
        run.say(f"{counted(len(refused), 'pair is', 'pairs are')} doubtful and not learnt from: {told}")
    return counts


def _elsewhere(
    run: Run, texts: Texts, alignments: Sequence[Alignment], vectors: Vectors | None
) -> tuple[Alignment, ...]:
    """What of the translation stands in documents of another path than its source; nothing of held-out documents."""
    held = set(run.settings.held_out)
    sources = {one.source.path: one.source for one in alignments}
    sources |= {path: parse(text, path) for path, text in texts.base.items() if path not in sources}
    targets = {path: parse(text, path) for path, text in texts.target.items() if path not in held}
    found = align_documents(
        {path: source for path, source in sources.items() if path not in held},
        targets,
        run.source,
        run.target,
        vectors,
        known=[one for one in alignments if one.target.path not in held],
    )
    return tuple(one for one in found if one.found == "elsewhere")


def beads_of(run: Run, resolved: dict[str, Any]) -> dict[str, tuple[Bead, ...]]:
    """The beads that ``align`` wrote, by path, in order on both sides.

    A block the translators moved is left where it stands: the plan keeps the order of the translation's text, and a
    moved bead would carry it back to its place in the source.
    """
    return {
        row["path"]: monotone([of_row(bead) for bead in row["beads"]])
        for row in run.storage.get_rows(run.key(resolved, "align", "beads.jsonl.gz"))
    }


def memory_of(run: Run, resolved: dict[str, Any]) -> Memory:
    """The memory that ``align`` wrote."""
    key = run.key(resolved, "align", "memory.jsonl")
    return Memory.from_bytes(run.storage.get(key), run.storage.uri(key))


def manifest_of(run: Run, resolved: dict[str, Any]) -> Manifest:
    """The pair's manifest as this run found it."""
    return _manifest(run, run.key(resolved, "resolve", "manifest.json"))


def latest_manifest(run: Run) -> Manifest:
    """The pair's manifest; an empty one at first contact."""
    return _manifest(run, f"{run.home}manifest.json")


def _manifest(run: Run, key: str) -> Manifest:
    data = run.storage.find(key)
    return read_manifest(data, run.storage.uri(key)) if data else Manifest(run.pair)


def origin_of(run: Run, path: str) -> str:
    """What the translation declares a document to be: human, post-edited or machine."""
    return run.origin(path)


def parsed(texts: Mapping[str, str]) -> dict[str, ParsedDocument]:
    """All documents parsed, by path."""
    return {path: parse(text, path) for path, text in texts.items()}


def _entries(
    run: Run, path: str, base: ParsedDocument, target: ParsedDocument, beads: Sequence[Bead], manifest: Manifest
) -> list[Entry]:
    origin = origin_of(run, path)
    # In a reversed pair it is the source that was translated, so the states are those of its blocks.
    translated = base if run.settings.reverse else target
    standings = manifest.standings(path, translated, origin)
    found = []
    for bead in beads:
        if not bead.source or not bead.target:
            continue
        behind = [standings[i] for i in (bead.source if run.settings.reverse else bead.target)]
        if any(one.left for one in behind):
            continue  # Its source went on without it: it translates what stands in no book any more.
        state = min((one.state for one in behind), key=_rank)
        service = next((one.record.service for one in behind if one.record and one.record.service), "")
        context = normalise("".join(base.blocks[i].essence for i in bead.source))
        found += [
            Entry(pair, state.value, origin, context, service if state is State.machine else "")
            for pair in pairs(base, target, (bead,), "paragraph", run.source, run.target)
        ]
    return found


def _rank(state: State) -> int:
    return state.rank


__all__ = ["Texts", "align", "beads_of", "latest_manifest", "manifest_of", "memory_of", "origin_of", "parsed"]
