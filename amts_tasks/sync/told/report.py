"""A book's plan to be read: `amts plan`, and its `--json`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from amts_tasks.counts import counted
from amts_tasks.sync.book import COUNTED, BookPlan
from amts_tasks.sync.document.plan import DocumentPlan, asked
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.queue import Waiting
from amts_tasks.sync.told.table import columns, on_a_line

_SILENT = frozenset({Provenance.kept, Provenance.target_only})
_KINDS = (
    Provenance.sent,
    Provenance.patched,
    Provenance.swapped,
    Provenance.moved,
    Provenance.memory,
    Provenance.bought,
    Provenance.code,
    Provenance.stale,
)
_REUSED = (Provenance.memory, Provenance.bought)
_SHOWN = 20
"""Documents and review entries that the table names; the JSON has all."""


def as_json(plan: BookPlan) -> dict[str, Any]:
    """The plan as `amts plan --json` prints it.

    `documents` is their number; `items` names every block that does not just stay. An item's span is in the new source,
    for `stale` and `deleted` ones in the translation; its characters are what is billed, 0 for a text that an earlier
    item already sends.
    """
    paid: dict[tuple[str, int], int] = defaultdict(int)
    for text in plan.wanted:
        paid[text.document, text.block] += text.characters
    return {
        "pair": plan.pair,
        "revisions": dict(plan.revisions),
        "documents": len(plan.documents),
        "blocks": dict(plan.blocks),
        "characters": dict(plan.characters),
        "reused": {str(kind): asdict(_reused(plan, kind)) for kind in _REUSED},
        "waiting": [asdict(one) for one in plan.waiting],
        "longer": [{"document": path, "words": size} for path, size in plan.longer],
        "price": round(plan.price, 6),
        "budget_left": round(plan.budget_left, 6),
        "items": [
            row
            for document in plan.documents
            for item in document.items
            if item.provenance not in _SILENT and not (item.block is not None and item.text == "")
            for row in [_row(document, item, paid)]
        ],
    }


def as_table(plan: BookPlan) -> str:
    """The plan for a terminal: totals, price and rest of the budget, the documents that change, what to review."""
    totals: list[list[object]] = [
        ["", *map(str, COUNTED)],
        ["blocks", *plan.blocks.values()],
        ["characters", *plan.characters.values()],
    ]
    revisions = ", ".join(f"{role} {revision[:12]}" for role, revision in plan.revisions.items())
    parts = [
        f"{plan.pair}: {counted(len(plan.documents), 'document')} ({revisions})\n" if revisions else f"{plan.pair}\n",
        columns(totals),
        *_sent_line(plan),
        *_reused_line(plan),
        f"price {plan.price:.4f} USD, budget left {plan.budget_left:.4f} USD\n",
    ]
    rows = [row for row in map(_document, plan.documents) if row is not None]
    if rows:
        rows.sort(key=lambda row: (-int(row[1]), str(row[0])))
        parts.append("\n" + columns([["document", *map(str, _KINDS)], *rows[:_SHOWN]]))
        parts.append(f"and {len(rows) - _SHOWN} more\n" if len(rows) > _SHOWN else "")
    if plan.waiting:
        parts.append(f"\nwaiting for a later run: {documents_waiting(plan.waiting)}\n")
        queued: list[list[object]] = [["document", "words", "characters", "why"]]
        queued += [[on_a_line(one.document), one.words, one.characters, one.reason] for one in plan.waiting[:_SHOWN]]
        parts.append(columns(queued))
        parts.append(f"and {len(plan.waiting) - _SHOWN} more\n" if len(plan.waiting) > _SHOWN else "")
    if plan.longer:
        parts.append(f"\nlonger than a branch may be, so alone on it and uncut: {len(plan.longer)}\n")
        parts += [f"  {on_a_line(path)}: {counted(size, 'word')} to read\n" for path, size in plan.longer[:_SHOWN]]
        parts.append(f"  and {len(plan.longer) - _SHOWN} more\n" if len(plan.longer) > _SHOWN else "")
    if plan.review:
        parts.append(f"\nto review: {len(plan.review)}\n")
        entries = Counter(f"{one.document}: {one.reason}" for one in plan.review)
        lines = [f"  {entry}{f' ({times} times)' if times > 1 else ''}\n" for entry, times in entries.items()]
        parts += lines[:_SHOWN]
        parts.append(f"  and {len(lines) - _SHOWN} more\n" if len(lines) > _SHOWN else "")
    return "".join(parts)


def documents_waiting(waiting: Sequence[Waiting]) -> str:
    """How much waits, in words: documents, words to read, characters that would be sent."""
    words, characters = sum(one.words for one in waiting), sum(one.characters for one in waiting)
    return f"{counted(len(waiting), 'document')}, {counted(words, 'word')}, {counted(characters, 'character')}"


@dataclass(frozen=True, slots=True)
class _Reused:
    blocks: int
    characters: int


def _reused(plan: BookPlan, kind: Provenance) -> _Reused:
    """What need not be sent because it was translated before; characters as they would be billed."""
    items = [item for document in plan.documents for item in document.items if item.provenance is kind]
    return _Reused(len(items), sum(item.characters for item in items))


def _sent_line(plan: BookPlan) -> list[str]:
    """What the characters under `sent` are of: texts and single sentences, so more than the blocks counted there."""
    if not plan.wanted:
        return []
    sentences = sum(text.part is not None for text in plan.wanted)
    of_them = f", of them {counted(sentences, 'sentence')} of patched blocks" if sentences else ""
    texts, characters = counted(len(plan.wanted), "text"), counted(plan.characters["sent"], "character")
    return [f"sent: {texts}, {characters}{of_them}\n"]


def _reused_line(plan: BookPlan) -> list[str]:
    told = {Provenance.memory: "out of the memory", Provenance.bought: "bought before"}
    parts = [
        f"{counted(found.blocks, 'block')}, {counted(found.characters, 'character')} {told[kind]}"
        for kind in _REUSED
        for found in [_reused(plan, kind)]
        if found.blocks
    ]
    return [f"not sent: {'; '.join(parts)}\n"] if parts else []


def _document(plan: DocumentPlan) -> list[int | str] | None:
    counts = [sum(item.provenance is kind for item in plan.items) for kind in _KINDS]
    name = f"{plan.old_path} -> {plan.path}" if plan.renamed else plan.path
    return [on_a_line(name), *counts] if any(counts) or plan.renamed or plan.target is None else None


def _row(plan: DocumentPlan, item: Item, paid: dict[tuple[str, int], int]) -> dict[str, Any]:
    if item.block is not None:
        block = plan.source.blocks[item.block]
        start, end, text = block.start, block.end, block.text
    else:
        blocks = plan.target.blocks if plan.target is not None else ()
        start, end = blocks[item.target_blocks[0]].start, blocks[item.target_blocks[-1]].end
        text = plan.target.text[start:end] if plan.target is not None else ""
    if item.asked:
        text = "\n".join(asked(plan, item, place) for place in item.asked)
    return {
        "document": plan.path,
        "span": [start, end],
        "provenance": str(item.provenance),
        "text": text,
        "characters": paid[plan.path, item.index] if item.asked else item.characters,
    }
