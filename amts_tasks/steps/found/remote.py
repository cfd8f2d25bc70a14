"""What was done at the remote since the last run: commits to our branches, requests of others, requests declined."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from amts_tasks.books import Revision, head, open_book, translation_repository
from amts_tasks.books.landing import note_landing
from amts_tasks.books.open import branch_at, branches_at, note_landings
from amts_tasks.books.overlay import changes
from amts_tasks.books.remote import REMOTE, SEEN, Remote, forget, receive
from amts_tasks.books.repository import commit_id, git
from amts_tasks.errors import BookError, ForgeError
from amts_tasks.forges import Forge, Patience, Request, forge_of
from amts_tasks.steps.run import Run

EVERY = "**"
"""In the place of a document's path: each of them."""


@dataclass(slots=True)
class Arrived:
    """What a run has to know of the remote."""

    aside: dict[str, str] = field(default_factory=dict)
    """Documents that wait, and why: their branch was set aside, or its request was declined."""
    touched: dict[str, str] = field(default_factory=dict)
    """Documents that wait, since a request of somebody else touches them; `EVERY` for all, where a forge does not list
    all that one touches."""
    told: list[str] = field(default_factory=list)
    """What the report has to say."""


def remote_of(run: Run) -> Remote | None:
    """The repository that the pair's branches are pushed to; None where none is configured."""
    push = run.settings.translation.push
    return Remote(push.remote, run.folder, run.token(push)) if push.remote else None


def forge_for(run: Run, remote: Remote) -> Forge | None:
    """The forge of the pair's translation, and how long it is waited for in this step; None where none is configured.

    InputError without a token, or without the library.
    """
    return forge_of(run.settings.translation.push, remote.token, Patience(run.sleep, run.clock, run.say))


def arrive(run: Run, revision: Revision, source: Revision) -> Arrived:
    """Takes in what people did at the remote; nothing where none is configured.

    A forge that cannot be asked stops no run: reserved.yaml holds, and so do the requests that it had when it was last
    asked, for a document that a person works on is better left a day too long. InputError without a token; BookError
    where the remote's branches cannot be fetched, since text of a human could be missed.
    """
    arrived = Arrived()
    remote = remote_of(run)
    if remote is None:
        return arrived
    forge = forge_for(run, remote)
    place = run.settings.translation.place
    name = f"{run.config.book.name}-{run.settings.translation.language}"
    repository = translation_repository(place, revision, run.folder, name, ours=False)
    main = revision.id if place.kind == "git" else head(repository)
    prefix = f"amts/{run.pair}/"
    received = receive(repository, remote, prefix)
    arrived.told += [f"{one}: taken in, with what was committed to it at the remote" for one in received.taken]
    arrived.told += [f"{one}: deleted at the remote, and so here" for one in received.gone]
    arrived.told += [f"{one}: taken in as it was rewritten at the remote" for one in received.rewritten]
    for branch, why in sorted(received.aside.items()):
        arrived.told.append(f"{branch}: set aside: {why}; delete it at the remote, or there and here, to begin anew")
        tips = [commit_id(repository, kind + branch) for kind in ("refs/heads/", REMOTE)]
        for path in _documents(run, repository, main, branch, filter(None, tips)):
            arrived.aside[path] = f"{branch} is set aside: {why}"
    if forge is None:
        return arrived
    try:
        # Both answers before anything is taken from them: half of what a forge knows would look like all of it.
        others = _others(run, forge)
        had = {one: forge.of_branch(one) for one in _known(repository, main, prefix) if one not in received.aside}
    except ForgeError as error:
        done = run.storage.find_json(f"{run.home}state.json") or {}
        arrived.touched = done.get("touched", {})
        arrived.aside |= {path: why for path, why in done.get("aside", {}).items() if path not in arrived.aside}
        arrived.told.append(f"{error}; the requests known from the last run count")
        return arrived
    arrived.touched = others
    for branch, requests in had.items():
        for one in reversed(requests):
            if one.state == "merged" and one.head and one.made:
                note_landing(repository, branch, one.head, one.made)
        if requests and requests[0].state == "closed" and all(one.state != "open" for one in requests):
            _decline(run, repository, main, source, branch, requests[0], arrived)
    return arrived


def _others(run: Run, forge: Forge) -> dict[str, str]:
    """The documents that open requests of others touch, and whose."""
    touched: dict[str, str] = {}
    for request in sorted(forge.open_requests(), key=lambda one: one.number):
        if not (request.own and request.branch.startswith("amts/")):
            files = forge.files(request)
            who = f"{forge.name} request {request.number} by {request.author}"
            for path in filter(None, (_document(run, path) for path in files.paths)):
                touched.setdefault(path, f"{who} touches it")
            if files.more:
                touched.setdefault(EVERY, f"{who} may touch it: {files.more}")
    return touched


def _known(repository: Path, main: str, prefix: str) -> list[str]:
    """Our branches that the remote has or had, and that the translation does not hold yet."""
    form = "--format=%(objectname) %(refname)"
    listed = git(repository, "for-each-ref", form, f"{SEEN}{prefix}").decode().splitlines()
    seen = {name.removeprefix(SEEN): commit for commit, name in (line.split(" ", 1) for line in listed)}
    found = branches_at(repository, main, seen, prefix)
    note_landings(repository, main, {one.name: one.commit for one in found if one.landed == one.commit})
    return [one.name for one in found if not one.merged]


def _decline(
    run: Run, repository: Path, main: str, source: Revision, branch: str, request: Request, arrived: Arrived
) -> None:
    """A request that was closed without a merge is not opened again, nor is its text proposed again.

    Its documents wait until their source changes once more, and while its branch is still at the remote, for nothing
    new could be pushed there without what was declined.
    """
    tip = request.head if commit_id(repository, request.head) else commit_id(repository, SEEN + branch)
    # Somebody may have taken its text over by hand.
    if tip is None or branch_at(repository, main, branch, tip).merged:
        return
    said = f"request {request.number} was closed without a merge"
    if not forget(repository, branch, tip):
        said += ", and its branch here has more than it had"
    elif commit_id(repository, REMOTE + branch) is not None:
        said += ", and its branch is still there: delete it to be given new text, or open the request again"
    else:
        form = "--format=%(trailers:key=Source-revision,valueonly)"
        seen = git(repository, "log", form, "--end-of-options", tip, f"^{main}").decode().split()
        documents = set(_documents(run, repository, main, branch, [tip])) - _changed_since(run, seen[:1], source)
        arrived.aside |= dict.fromkeys(sorted(documents), f"{said}: it waits until its source changes again")
        arrived.told += [f"{branch}: {said}; the same text is not proposed again"] if documents else []
        return
    arrived.aside |= dict.fromkeys(_documents(run, repository, main, branch, [tip]), said)
    arrived.told.append(f"{branch}: {said}")


def _changed_since(run: Run, then: list[str], source: Revision) -> set[str]:
    book = open_book(run.config.book.place, run.folder)
    try:
        return set(book.changed(book.revision(revision=then[0]), source)) if then else set()
    except BookError:
        return set()


def _documents(run: Run, repository: Path, main: str, branch: str, tips: Iterable[str]) -> list[str]:
    """The documents that a branch changes, by path in the book, at each of these commits; not what has landed."""
    found: set[str] = set()
    for tip in tips:
        begin = branch_at(repository, main, branch, tip).landed or _fork(repository, main, tip)
        found |= {path for raw in changes(repository, begin, tip) for path in [_document(run, raw)] if path}
    return sorted(found)


def _fork(repository: Path, main: str, tip: str) -> str:
    return git(repository, "merge-base", "--", main, tip).decode().strip()


def _document(run: Run, path: str) -> str | None:
    """The document that a file of the translation's repository is, or is the origin of; None outside of the book."""
    translation = run.settings.translation
    root = f"{translation.place.root}/" if translation.place.root else ""
    if not path.startswith(root):
        return None
    pure = PurePosixPath(path.removeprefix(root))
    if translation.layout == "origin" and pure.stem.endswith(translation.origin_suffix):
        pure = pure.with_name(pure.stem.removesuffix(translation.origin_suffix) + pure.suffix)
    return str(pure)
