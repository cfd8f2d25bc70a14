"""The plan of a whole book: every document's plan, what it costs, and what a human should look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from amts_tasks.align.beads import Bead
from amts_tasks.errors import InputError
from amts_tasks.languages import Profile
from amts_tasks.sync.document.index import BookIndex, Known
from amts_tasks.sync.document.maker import Lookup
from amts_tasks.sync.document.patches import Patches
from amts_tasks.sync.document.plan import DocumentPlan, asked, plan_document
from amts_tasks.sync.document.planner import Versions
from amts_tasks.sync.document.recalled import Recall, nothing
from amts_tasks.sync.document.within import changed_cells
from amts_tasks.sync.identity import Identity, billed
from amts_tasks.sync.item import Provenance
from amts_tasks.sync.lineage.renames import renames
from amts_tasks.sync.look import Review, reviews
from amts_tasks.sync.manifest import Manifest, Standing
from amts_tasks.sync.queue import Limits, Waiting, longer, queue, reading_order
from amts_tasks.sync.sentence.patch import Languages
from amts_tasks.text import Kind, ParsedDocument, kinds_of, spoken

COUNTED = (Provenance.kept, Provenance.moved, Provenance.swapped, Provenance.patched, Provenance.sent)
"""What the totals are given for, in the order in which `amts plan --json` shows them."""


NO_SOURCE_ANY_MORE = "the source has no such document any more; delete it when you are sure"
"""Why a human should look at a translation whose source was deleted."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """The book in its three versions. Paths are those of the source book; a translation stands at its source's path."""

    bases: Mapping[str, ParsedDocument]
    """What each translated document was made from; a path may be missing."""
    sources: Mapping[str, ParsedDocument]
    """The source at its new revision."""
    targets: Mapping[str, ParsedDocument]
    """The translation as it is."""
    alignments: Mapping[str, Sequence[Bead]]
    """By path of the target: base to target, and source to target where there is no base."""
    gone: Mapping[str, str] | None = None
    """Paths that the source book no longer has at all, each with where its history says that the document stands now
    (empty: nowhere); None: every base that `sources` lacks. Globs may hide a document that still exists, and its
    translation is not to be deleted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to be sent to the service; texts that are equal to one of these are filled in from its answer."""

    id: str
    """`path#block.text`, for a sentence of it `path#block.text.part`."""
    document: str
    block: int
    text: int
    part: int | None
    """Number of the sentence among the text's parts; None for a whole text."""
    source: str
    """Inline Markdown."""
    characters: int


@dataclass(frozen=True, slots=True)
class BookPlan:
    """What a run would do to the translation of a book, before anything is sent."""

    pair: str
    revisions: Mapping[str, str]
    """Revisions by role, such as `source` and `target`."""
    documents: tuple[DocumentPlan, ...]
    """In order of path; also those of which nothing changes."""
    wanted: tuple[Wanted, ...]
    """What has to be bought, each text once."""
    duplicates: Mapping[str, str]
    """Id of a text that is wanted again, to the id of the first."""
    blocks: Mapping[str, int]
    """Number of source blocks with text, by provenance (`COUNTED`)."""
    characters: Mapping[str, int]
    """What the service would bill for those blocks; `sent` is all that it will bill: sentences of `patched` blocks are
    counted there and not under `patched`."""
    price: float
    """USD for the characters sent."""
    budget_left: float
    """USD that the budget leaves after this; negative when it does not suffice."""
    review: tuple[Review, ...] = field(default=())
    waiting: tuple[Waiting, ...] = ()
    """Documents that are left for a later run; they are not among `documents`."""
    longer: tuple[tuple[str, int], ...] = ()
    """Path and words to read of documents that alone have more than a branch may have: they go alone, uncut."""

    @property
    def changed(self) -> bool:
        """Whether the result of any document can differ from the translation as it is."""
        settled = {Provenance.kept, Provenance.target_only, Provenance.stale}
        return any(
            plan.renamed or plan.target is None or any(item.provenance not in settled for item in plan.items)
            for plan in self.documents
        )


def plan_book(
    pair: str,
    revisions: Mapping[str, str],
    book: Versioned,
    profile: Profile,
    *,
    source_profile: Profile | None = None,
    manifest: Manifest | None = None,
    origin_of: Callable[[str], str] = lambda path: "human",
    bought: Mapping[str, str] | Callable[[str], str | None] | None = None,
    recall: Recall = nothing,
    price_per_million: float = 0.0,
    budget: float = 0.0,
    limits: Limits | None = None,
) -> BookPlan:
    """The plan of a book; pure, and the same for the same arguments.

    `profile` is the target language's; `source_profile` the book's own, without which a changed text is sent whole.
    `origin_of` gives a translation's declared origin by path; `bought` the inline Markdown bought earlier for a text
    (by its exact inline Markdown) under the very parallel data, settings and service of this run: the caller chooses by
    those. `recall` has what humans made of a text before, though the translation holds it no more.
    `price_per_million` and `budget` in USD; `limits` says what has to wait (None: nothing).
    Raises InputError when a translation has no alignment.
    """
    book = _spoken(book, kinds_of(profile))
    identity = Identity(profile.own_links)
    known = manifest or Manifest(pair)
    standings = {path: known.standings(path, target, origin_of(path)) for path, target in book.targets.items()}
    _insist_on_alignments(book)
    pairs = [
        Known(path, base, book.targets[path], book.alignments[path], standings[path])
        for path, base in sorted(book.bases.items())
        if path in book.targets
    ]
    patches = languages = both = None
    if source_profile is not None:
        languages = source_profile.code, profile.code
        both = Languages(source_profile, profile, identity.patterns)
        pairs += changed_cells(pairs, book.sources.values(), identity, both)
        patches = Patches(pairs, book.sources.values(), both)
    elsewhere = _elsewhere(book.sources, identity)
    look = Lookup(BookIndex(pairs, identity), identity, recall, _finder(bought), patches, both, elsewhere)
    moved_from = _renamed(book, identity)
    plans = tuple(
        plan_document(
            path,
            _versions(book, standings, path, moved_from.get(path, path)),
            look,
            moved_from.get(path),
            languages,
        )
        for path in sorted(book.sources)
    )
    waiting: tuple[Waiting, ...] = ()
    if limits is not None:
        plans, waiting = queue(plans, reading_order(book.sources), limits)
    wanted, duplicates = _wanted(plans)
    blocks, characters = _totals(plans, wanted)
    price = characters["sent"] * price_per_million / 1_000_000
    review = (*reviews(plans), *_unsourced(book, moved_from))
    return BookPlan(
        pair,
        dict(revisions),
        plans,
        wanted,
        duplicates,
        blocks,
        characters,
        price,
        budget - price,
        review,
        waiting,
        longer(plans, limits) if limits is not None else (),
    )


def _spoken(book: Versioned, kinds: Collection[Kind]) -> Versioned:
    """The book with the comments and docstrings that are translated as texts."""
    if not kinds:
        return book
    bases, sources, targets = (
        {path: spoken(document, kinds) for path, document in side.items()}
        for side in (book.bases, book.sources, book.targets)
    )
    return replace(book, bases=bases, sources=sources, targets=targets)


def _insist_on_alignments(book: Versioned) -> None:
    wanted = (path for path in sorted(book.targets) if path in book.bases or path in book.sources)
    missing = [path for path in wanted if path not in book.alignments]
    if missing:
        raise InputError(f"{missing[0]}: found a translation that was not aligned; align it with its source first")


def _versions(book: Versioned, standings: Mapping[str, Sequence[Standing]], path: str, old: str) -> Versions:
    target = book.targets.get(old)
    if target is None:
        return Versions(None, book.sources[path], None)
    return Versions(book.bases.get(old), book.sources[path], target, book.alignments[old], standings[old])


def _renamed(book: Versioned, identity: Identity) -> dict[str, str]:
    gone = {
        path: base
        for path, base in book.bases.items()
        if path not in book.sources and path in book.targets and (book.gone is None or path in book.gone)
    }
    new = {path: text for path, text in book.sources.items() if path not in book.bases and path not in book.targets}
    return renames(gone, new, identity, book.gone or {})


def _finder(bought: Mapping[str, str] | Callable[[str], str | None] | None) -> Callable[[str], str | None]:
    if bought is None:
        return lambda source: None
    return bought if callable(bought) else bought.get


def _elsewhere(sources: Mapping[str, ParsedDocument], identity: Identity) -> Callable[[str, str], bool]:
    holders: dict[str, set[str]] = defaultdict(set)
    for path, document in sources.items():
        for key in identity.keys(document).values():
            holders[key].add(path)
    return lambda path, key: bool(holders.get(key, set()) - {path})


def _wanted(plans: Sequence[DocumentPlan]) -> tuple[tuple[Wanted, ...], dict[str, str]]:
    wanted: dict[str, Wanted] = {}
    duplicates: dict[str, str] = {}
    for plan in plans:
        for item in plan.items:
            for number, *part in item.asked:
                source = asked(plan, item, (number, *part))
                name = f"{plan.path}#{'.'.join(map(str, (item.index, number, *part)))}"
                if source in wanted:
                    duplicates[name] = wanted[source].id
                else:
                    piece = part[0] if part else None
                    wanted[source] = Wanted(name, plan.path, item.index, number, piece, source, billed(source))
    return tuple(wanted.values()), duplicates


def _totals(plans: Sequence[DocumentPlan], wanted: Sequence[Wanted]) -> tuple[dict[str, int], dict[str, int]]:
    blocks, characters = Counter[str](), Counter[str]()
    for plan in plans:
        for item in plan.items:
            if item.characters:
                blocks[item.provenance] += 1
                characters[item.provenance] += item.characters
                if item.provenance is Provenance.patched:
                    characters[item.provenance] -= sum(billed(asked(plan, item, place)) for place in item.asked)
    characters[Provenance.sent] = sum(text.characters for text in wanted)
    return {str(kind): blocks[kind] for kind in COUNTED}, {str(kind): characters[kind] for kind in COUNTED}


def _unsourced(book: Versioned, moved_from: Mapping[str, str]) -> Iterator[Review]:
    for path in sorted(book.targets):
        if path not in book.sources and path not in moved_from.values():
            had_one = path in book.bases
            yield Review(path, NO_SOURCE_ANY_MORE if had_one else "only the translation has this document: it stays")


def deliver(plan: BookPlan, answers: Mapping[str, str]) -> dict[str, dict[tuple[int, ...], str]]:
    """What came back, by document and (block, text) or (block, text, part).

    `answers` holds inline Markdown by the id of what was `wanted`. A text that stands more than once gets the one
    answer everywhere; what is missing was refused.
    """
    delivered: dict[str, dict[tuple[int, ...], str]] = {document.path: {} for document in plan.documents}
    for name, first in [*((text.id, text.id) for text in plan.wanted), *plan.duplicates.items()]:
        if first in answers:
            path, _, place = name.rpartition("#")
            delivered[path][tuple(map(int, place.split(".")))] = answers[first]
    return delivered
