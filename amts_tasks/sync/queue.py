"""What waits for a later run: what translators reserved, and what is more than people can read or a pair may cost.

The rule, which the plan shows: documents come in the order in which the book is read. One waits when a translator has
reserved it; when its chapter has no branch yet and as many are open as may be; when its chapter's branch would have
more words to read than it may have (a document that alone has more goes alone); when it costs more than is left; and
when a document waits that takes over text of it. What costs nothing goes whatever the budget. Where nothing at all
could go for want of money, and the budget is not 0, nothing waits for it: whoever pays is shown the whole and refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from amts_tasks.counts import counted
from amts_tasks.sync.document.plan import DocumentPlan, asked
from amts_tasks.sync.identity import billed, span
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.whole.needs import needs
from amts_tasks.text import ParsedDocument, Segment

_SUFFIXES = ("", ".md", ".ipynb", ".html")
_WORD = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힯]|[^\W぀-ヿ㐀-鿿豈-﫿가-힯]+")
_LEAST_TAKEN = 16
"""Characters below which a text is not followed from one document to another: headings such as "Exercises"."""
_NOTHING = 1e-9
"""USD by which sums of the same prices may differ."""
_TO_READ = frozenset({Provenance.sent, Provenance.bought, Provenance.patched, Provenance.swapped})
_SETTLED = frozenset({Provenance.kept, Provenance.target_only, Provenance.stale})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one run may give people to read, and cost. 0 words or branches: no limit."""

    words: int = 0
    """On one branch, words of the source whose translation is new."""
    branches: int = 0
    """Open at a time."""
    budget: float | None = None
    """USD for changed text; None: no limit, 0: nothing that is paid for."""
    price_per_million: float = 0.0
    """USD for a million characters."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Words on the branches that are open now, by chapter."""
    reserved: Mapping[str, str] = field(default_factory=dict)
    """Why documents are not to be touched, by path."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that this run leaves alone although it has something new."""

    document: str
    reason: str
    cause: str
    """reserved, branches, words, budget, or together: it waits for another one."""
    words: int
    """To read, of the source."""
    characters: int
    """That would be sent."""


def chapter_of(path: str) -> str:
    """The chapter a document belongs to: its first folder, for a document at the root its name without suffix."""
    parts = PurePosixPath(path).parts
    return parts[0] if len(parts) > 1 else PurePosixPath(path).stem


def reading_order(documents: Mapping[str, ParsedDocument]) -> tuple[str, ...]:
    """The paths in the order in which the book is read: by its tables of contents from the root's, the rest by path."""
    found: dict[str, None] = {}
    for root in sorted(documents, key=lambda path: (PurePosixPath(path).stem != "index", path.count("/"), path)):
        stack = [root]
        while stack:
            path = stack.pop()
            if path in found:
                continue
            found[path] = None
            listed = [need.name for need in needs(documents[path]) if need.role == "toc"]
            stack += [name + suffix for name in reversed(listed) for suffix in _SUFFIXES if name + suffix in documents]
    return tuple(found)


def words(plan: DocumentPlan) -> int:
    """Words of the source whose translation a human has not seen; in Chinese, Japanese and Korean, characters."""
    # What a human made of the same text elsewhere is to be read here too.
    return sum(
        _words(plan, item)
        for item in plan.items
        if item.provenance in _TO_READ or (item.provenance is Provenance.memory and item.reason)
    )


def queue(
    plans: Sequence[DocumentPlan], order: Sequence[str], limits: Limits
) -> tuple[tuple[DocumentPlan, ...], tuple[Waiting, ...]]:
    """The plans that a run carries out, in order of path, and what waits, in the order of reading."""
    place = {path: number for number, path in enumerate(order)}
    load = dict(limits.waiting)
    left = limits.budget
    waiting: list[Waiting] = []
    for plan in sorted(plans, key=lambda plan: (place.get(plan.path, len(place)), plan.path)):
        if not changes(plan):
            continue
        chapter, size, sent = chapter_of(plan.path), words(plan), _sent(plan)
        cost = sent * limits.price_per_million / 1_000_000
        name = plan.old_path if plan.old_path in limits.reserved else plan.path
        cause, reason = _obstacle(name or plan.path, chapter, size, cost, load, left, limits)
        if cause:
            waiting.append(Waiting(plan.path, reason, cause, size, sent))
            continue
        load[chapter] = load.get(chapter, 0) + size
        left = left - cost if left is not None else None
    waiting += _companions(plans, waiting)
    aside = {one.document for one in waiting}
    goes = any(changes(plan) for plan in plans if plan.path not in aside)
    if limits.budget and not goes and any(one.cause == "budget" for one in waiting):
        # Nothing fits: whoever asks is to see what the whole would be.
        return queue(plans, order, replace(limits, budget=None))
    return tuple(plan for plan in plans if plan.path not in aside), tuple(waiting)


def longer(plans: Sequence[DocumentPlan], limits: Limits) -> tuple[tuple[str, int], ...]:
    """The documents that alone have more words to read than a branch may have, and how many; by path."""
    sizes = ((plan.path, words(plan)) for plan in plans)
    return tuple((path, size) for path, size in sizes if limits.words and size > limits.words)


def changes(plan: DocumentPlan) -> bool:
    """Whether the plan does anything to its document."""
    moved = plan.renamed or plan.target is None
    return moved or any(item.provenance not in _SETTLED for item in plan.items)


def _obstacle(
    path: str, chapter: str, size: int, cost: float, load: Mapping[str, int], left: float | None, limits: Limits
) -> tuple[str, str]:
    if path in limits.reserved:
        return "reserved", limits.reserved[path]
    if limits.branches and chapter not in load and len(load) >= limits.branches:
        return "branches", f"{counted(limits.branches, 'branch is', 'branches are')} open, as many as may be"
    before = load.get(chapter, 0)
    if limits.words and before and size and before + size > limits.words:
        return "words", f"its branch has {before:,} of {counted(limits.words, 'word')} to read"
    if left is not None and limits.budget is not None and cost > left + _NOTHING:
        return "budget", _too_dear(cost, left, limits.budget)
    return "", ""


def _too_dear(cost: float, left: float, budget: float) -> str:
    """Why a document waits for money, and whether it would wait for ever."""
    if not budget:
        return f"it costs {cost:.4f} USD, and budget.run is 0: nothing that is paid for is sent"
    if cost > budget + _NOTHING:
        return f"it alone costs {cost:.4f} USD, more than budget.run ({budget:.4f}): it waits until that is raised"
    return f"it costs {cost:.4f} USD, and {left:.4f} of budget.run ({budget:.4f}) are left"


def _companions(plans: Sequence[DocumentPlan], waiting: Sequence[Waiting]) -> list[Waiting]:
    """The documents that would give up text which a waiting one takes over: they wait for it, else it would be lost."""
    by_path = {plan.path: plan for plan in plans}
    found: dict[str, Waiting] = {}
    pending = [one.document for one in waiting]
    aside = set(pending)
    while pending:
        name = pending.pop()
        taken = _taken(by_path[name])
        for plan in plans:
            if plan.path not in aside and any(text in lost for lost in _given_up(plan) for text in taken):
                reason = f"text of it goes to {name}, which waits"
                found[plan.path] = Waiting(plan.path, reason, "together", words(plan), _sent(plan))
                pending.append(plan.path)
                aside.add(plan.path)
    return list(found.values())


def _taken(plan: DocumentPlan) -> set[str]:
    """The translations that a document takes from elsewhere, but for those that stand everywhere."""
    own = plan.target.text if plan.target is not None else ""
    return {text.strip() for text in _used(plan.items) if len(text) >= _LEAST_TAKEN and text.strip() not in own}


def _used(items: Iterable[Item]) -> Iterator[str]:
    """The translations of blocks, texts and sentences that items put in where they did not stand before."""
    for item in items:
        if item.within is not None:
            yield from _used(item.within.items)
        if item.provenance is Provenance.moved and item.text:
            yield item.text
        yield from (text for _, text in item.known)
        yield from (part.text for _, parts in item.patches for part in parts if not part.wanted)


def _given_up(plan: DocumentPlan) -> list[str]:
    return list(_lost(plan.items, plan.target)) if plan.target is not None else []


def _lost(items: Iterable[Item], target: ParsedDocument) -> Iterator[str]:
    for item in items:
        if item.within is not None:
            yield from _lost(item.within.items, item.within.target)
        elif item.provenance not in _SETTLED:
            yield span(target, item.target_blocks)


def _sent(plan: DocumentPlan) -> int:
    return sum(billed(asked(plan, item, place)) for item in plan.items for place in item.asked)


def _words(plan: DocumentPlan, item: Item) -> int:
    if item.provenance is Provenance.patched:
        texts = [asked(plan, item, place) for place in item.asked]
    else:
        texts = [text.source for text in plan.source.blocks[item.index].texts]
    return sum(len(_WORD.findall(Segment.of(text).plain)) for text in texts)
