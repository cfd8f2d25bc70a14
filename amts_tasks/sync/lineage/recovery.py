"""A lost manifest made again from the history of the translation: whose text each block is.

A block is known by its text. Who brought it into the book first made it: what stood there before AMTS's first commit is
as the translation declares, what a commit of AMTS brought is machine text, what anybody else brought since is human.
Where that cannot be known it is machine text: read once more, never learnt from by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from amts_tasks.sync.identity import content, digest
from amts_tasks.sync.manifest import Manifest, Record, State, declared
from amts_tasks.text import Block, ParsedDocument, Segment, normalise

_LEAST = 8
"""Characters from which a text that the service returned is known again: a short heading is anybody's."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit made of a document; the new text, and what it was before (None: not there)."""

    path: str
    old: ParsedDocument | None
    new: ParsedDocument


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of the translation's history."""

    ours: bool
    """Whether AMTS made it."""
    source: str
    """The source revision it names."""
    when: str
    """ISO 8601."""
    reviewed_by: str
    """Who says to have read it; empty for nobody."""
    changes: tuple[Change, ...]


def recovered(
    pair: str,
    before: Mapping[str, ParsedDocument],
    steps: Iterable[Step],
    now: Mapping[str, ParsedDocument],
    origin_of: Callable[[str], str],
    bought: Collection[str] = (),
) -> Manifest:
    """The manifest that history shows.

    `before` is the translation at first contact, `steps` what was committed since, parents first, `now` the documents
    that stand (on the default branch, or on a branch of ours over it). `bought` holds normalised texts that the service
    is known to have returned: they are machine text whoever committed them, as with a merge that was squashed, also
    between sentences that stood there before. Text that moved within the book keeps its state, and so do words in which
    only placeholders were swapped.
    """
    returned = [one for one in sorted(bought) if len(one) >= _LEAST]
    known: dict[str, Record] = {}
    words: dict[str, State] = {}
    every: dict[str, dict[str, None]] = {}
    for path, document in sorted(before.items()):
        for index in content(document):
            block = document.blocks[index]
            name = digest(block.essence)
            # The commit that AMTS's first one was made on may hold an earlier branch, squashed and its history gone.
            state = State.machine if _holds(block, returned) else declared(origin_of(path))
            known.setdefault(name, Record("", state, "found", by="translation"))
            every.setdefault(path, {}).setdefault(name)
            _learn(words, block, state)
    for step in steps:
        for change in step.changes:
            stood = _digests(change.old)
            for index in content(change.new):
                block = change.new.blocks[index]
                name = digest(block.essence)
                every.setdefault(change.path, {}).setdefault(name)
                if name not in known:
                    known[name] = _made(step, block, change.old, words, returned)
                    _learn(words, block, known[name].state)
                if step.reviewed_by and name not in stood and known[name].state is State.machine:
                    known[name] = replace(known[name], state=State.approved, by=step.reviewed_by)
    documents = {}
    for path in sorted({*now, *every}):
        standing = [digest(now[path].blocks[i].essence) for i in content(now[path])] if path in now else []
        gone = [name for name in every.get(path, ()) if name not in set(standing)]
        documents[path] = tuple(
            replace(known[name], target=name) if name in known else Record(name, State.machine, "rebuilt", by="amts")
            for name in (*standing, *gone)
        )
    return Manifest(pair, documents)


def _made(
    step: Step, block: Block, old: ParsedDocument | None, words: Mapping[str, State], bought: Sequence[str]
) -> Record:
    texts = [normalise(text.source) for text in block.texts if Segment.of(text.source).translatable]
    returned = not step.ours and bool(texts) and all(_returned(text, old, bought) for text in texts)
    if not step.ours and not returned:
        return Record("", State.human, "rebuilt", when=step.when, by="translation")
    swapped = words.get(_words(block)) if step.ours and not returned else None
    return Record("", swapped or State.machine, "rebuilt", revision=step.source, when=step.when, by="amts")


def _holds(block: Block, bought: Sequence[str]) -> bool:
    return any(one in text for text in (normalise(text.source) for text in block.texts) for one in bought)


def _returned(text: str, old: ParsedDocument | None, bought: Sequence[str]) -> bool:
    """Whether the service made a text, but for sentences that stood in the document before."""
    inside = [one for one in bought if one in text]
    if not inside:
        return False
    for one in sorted(inside, key=len, reverse=True):
        text = text.replace(one, "\0")
    stood = normalise(old.text) if old is not None else ""
    return all(piece.strip() in stood for piece in text.split("\0"))


def _learn(words: dict[str, State], block: Block, state: State) -> None:
    name = _words(block)
    if name and (name not in words or state.rank < words[name].rank):
        words[name] = state


def _words(block: Block) -> str:
    """Its texts without placeholders and marks; empty for a block without any letter."""
    tokens = [token for text in block.texts for token in Segment.of(text.source).tokens if isinstance(token, str)]
    said = normalise(" ".join(tokens))
    return f"{block.kind} {said}" if any(letter.isalpha() for letter in said) else ""


def _digests(document: ParsedDocument | None) -> frozenset[str]:
    if document is None:
        return frozenset()
    return frozenset(digest(document.blocks[index].essence) for index in content(document))
