"""Images that the source changed under the same name: which of them come along, on which branches, and which stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from amts_tasks import names
from amts_tasks.books.branches import files_at
from amts_tasks.books.history import Version, all_versions
from amts_tasks.counts import counted
from amts_tasks.errors import BookError
from amts_tasks.steps.plan import limits_of
from amts_tasks.steps.published.things import NO_IMAGES, Both
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf
from amts_tasks.sync import BookPlan, Merged
from amts_tasks.sync.publish import ChangeSet
from amts_tasks.sync.queue import chapter_of
from amts_tasks.sync.told.message import About, Told
from amts_tasks.sync.whole.images import Standing, shown_by, standing


@dataclass(slots=True)
class Images:
    """What becomes of the images that the source changed."""

    brought: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """The source's newest version of those that a chapter's branch gets, by chapter and path."""
    look: dict[str, list[str]] = field(default_factory=dict)
    """What a human should look at, by chapter."""
    told: list[str] = field(default_factory=list)
    """Lines for the report."""

    def alone(self, sets: Collection[ChangeSet], about: About) -> tuple[ChangeSet, ...]:
        """The change sets, and one for each chapter of which nothing but images changes; by chapter."""
        known = {one.chapter for one in sets}
        bare = [ChangeSet(name, {}, Told(about, name, (), (), (), (), 0)) for name in self.brought if name not in known]
        return tuple(sorted([*sets, *bare], key=lambda one: one.chapter))

    def joined(self, change: ChangeSet) -> ChangeSet:
        """A change set with its images."""
        brought, look = self.brought.get(change.chapter, {}), self.look.get(change.chapter, [])
        told = replace(change.told, images=tuple(sorted(brought)), look=(*change.told.look, *look))
        return replace(change, files={**change.files, **brought}, told=told)


def newer_images(
    run: Run,
    resolved: dict[str, Any],
    found: Shelf,
    both: Both,
    plan: BookPlan,
    merged: Mapping[str, Merged],
    sets: Collection[ChangeSet],
    withheld: Collection[str],
) -> Images:
    """The images that the source changed and the translation has as the source had them before, chapter by chapter.

    They come with a chapter of this run that shows them, and with an open branch that has another version of them
    already; else on a branch of their own, of the first chapter in the order of the plan that may have one. Documents
    that wait, or are reserved, withheld or touched by somebody, ask for nothing. An image of the translators' own
    stays, and is told where the source's has changed since. Nothing comes of a book in a folder: it keeps no earlier
    versions.
    """
    made = Images()
    root = run.settings.translation.place.root
    prefix = f"{root}/" if root else ""
    main = files_at(found.repository, found.main, root)
    ours = {**main, **{p.removeprefix(prefix): b for p, b in found.ours.written.items() if p.startswith(prefix)}}
    shared = {
        path: ours[path]
        for path in both.source.files & ours.keys()
        if PurePosixPath(path).suffix.lower() not in NO_IMAGES and prefix + path not in found.ours.conflicts
    }
    try:
        history = both.book.history(both.revision) if shared else {}
    except BookError as error:
        made.told.append(f"whether images of the source changed is not known: {error}")
        return made
    source = {path: tuple(one for one in history.get(path, ()) if one.blob) for path in shared}
    changed = {path for path, made_ in source.items() if len(made_) > 1 and made_[-1].blob != shared[path]}
    if not changed:
        return made
    theirs = all_versions(found.repository, [found.main, *found.ours.tips.values()], changed, root)
    kinds = {}
    for path in changed:
        newest = source[path][-1].committed_at
        since = {one.blob for one in theirs.get(path, ()) if one.committed_at >= newest}
        kinds[path] = standing(shared[path], [one.blob for one in source[path]], since)
    reserved = limits_of(run, resolved, {*merged, *changed}).reserved.keys()
    waiting = {*reserved, *withheld, *(one.document for one in plan.waiting)}
    texts = ((one.path, merged[one.path].text) for one in plan.documents if one.path not in waiting)
    chapters = {
        image: tuple(dict.fromkeys(chapter_of(path) for path in paths))
        for image, paths in shown_by(changed, texts).items()
    }
    tips = {chapter: files_at(found.repository, tip, root) for chapter, tip in _open(run, resolved, chapters).items()}
    taken = {*resolved["open_words"], *(one.chapter for one in sets)}
    for image, where in chapters.items():
        if kinds[image] is Standing.own:
            _told_own(made, image, source[image][-1], theirs.get(image, ()), where)
            continue
        if image in reserved:
            continue
        old = {one.blob for one in source[image][:-1]}
        running = [one.chapter for one in sets if one.chapter in where]
        behind = [one for one in where if one in tips and tips[one].get(image) != main.get(image)]
        room = not run.settings.review.branches or len(taken) < run.settings.review.branches
        free = [*(one for one in where if one in tips), *(where if room else ())]
        chosen = list(dict.fromkeys([*running, *behind])) or free[:1]
        if not chosen:
            made.told.append(
                f"{image}: the source's newer version waits: {counted(len(taken), 'branch is', 'branches are')} open"
            )
            continue
        taken.update(chosen)
        data = both.book.read(both.revision, image)
        for chapter in chosen:
            if tips.get(chapter, main).get(image) in old:
                made.brought.setdefault(chapter, {})[image] = data
    return made


def _open(run: Run, resolved: dict[str, Any], chapters: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The tips of the open branches of these chapters."""
    every = dict.fromkeys(chapter for where in chapters.values() for chapter in where)
    return {one: tip for one in every for tip in [resolved["ours"].get(names.branch(run.pair, one))] if tip}


def _told_own(made: Images, image: str, newest: Version, theirs: tuple[Version, ...], where: tuple[str, ...]) -> None:
    """A word on an image of the translation's own, where the source's is newer."""
    if any(one.committed_at >= newest.committed_at for one in theirs):
        return
    day = f"{newest.committed_at:%Y-%m-%d}"
    what = f"{image}: the translation's own image stays; the source's changed on {day}: compare it"
    made.told.append(what)
    for chapter in where:
        made.look.setdefault(chapter, []).append(what)
