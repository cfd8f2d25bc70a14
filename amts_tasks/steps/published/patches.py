"""The open branches of a pair as patches in storage: for those who cannot reach the repository that holds them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from amts_tasks import names
from amts_tasks.books import open_branches
from amts_tasks.books.patch import mail_series
from amts_tasks.books.repository import GitError, git
from amts_tasks.errors import InputError
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf

INDEX = "open/patches.json"
"""Below the pair's home: the branches that were open when the newest run ended, each with a patch beside it."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What a branch has and the translation's default branch has not."""

    chapter: str
    """As it stands in the branch's name."""
    branch: str
    commit: str
    """Id of the branch's last commit."""
    main: str
    """Id of the default branch's commit that it was taken against."""
    commits: int
    """Not on the default branch, people's too."""
    committed_at: str
    """When the last of them was made, ISO 8601."""


def keep_patches(run: Run, found: Shelf) -> None:
    """Writes the patch of every open branch of the pair that is new or went on, and their list."""
    before = {one.branch: one for one in _read(run) or ()}
    kept = []
    for branch in open_branches(found.repository, f"amts/{run.pair}/"):
        if branch.merged:
            continue
        known = before.get(branch.name)
        if known is None or (known.commit, known.main) != (branch.commit, found.main):
            try:
                known = _written(run, found, branch.name, branch.commit)
            except GitError as error:
                # Such as a default branch whose history was rewritten: the branch is there all the same.
                run.say(f"{branch.name}: no patch of it: {error}")
                continue
        kept.append(known)
    run.storage.put_json(f"{run.home}{INDEX}", [asdict(one) for one in kept])


def patches(run: Run) -> tuple[Patch, ...]:
    """Those of the branches that were open when the newest run ended, by name of branch.

    InputError when there can be none: nothing was published yet, or the pair is evaluation only.
    """
    if run.settings.reverse:
        other = f"{run.settings.target}-{run.settings.source}"
        raise InputError(f"{run.pair}: evaluation only, nothing of it is committed; ask for {other}")
    kept = _read(run)
    if kept is None:
        raise InputError(f"{run.pair}: nothing was published yet; run it first: amts run {run.pair}")
    return kept


def patch_of(run: Run, chapter: str) -> tuple[Patch, bytes]:
    """The newest patch of a chapter, given by its name or its branch's; InputError where it has no open branch."""
    known = patches(run)
    wanted = {chapter, names.branch(run.pair, chapter)}
    for one in known:
        if one.branch in wanted:
            return one, run.storage.get(_key(run, one.chapter))
    open_now = f"open were: {', '.join(one.chapter for one in known)}" if known else "no branch was open"
    raise InputError(
        f"{run.pair}: no open branch of {chapter!r} when the last run ended ({open_now}); "
        "what was merged or deleted has no patch any more"
    )


def _read(run: Run) -> tuple[Patch, ...] | None:
    rows: list[dict[str, Any]] | None = run.storage.find_json(f"{run.home}{INDEX}")
    return None if rows is None else tuple(Patch(**row) for row in rows)


def _key(run: Run, chapter: str) -> str:
    return f"{run.home}open/{chapter}.patch"


def _written(run: Run, found: Shelf, branch: str, tip: str) -> Patch:
    chapter = branch.rpartition("/")[2]
    run.storage.put(_key(run, chapter), mail_series(found.repository, found.main, tip))
    counted = git(found.repository, "rev-list", "--count", "--end-of-options", tip, f"^{found.main}").decode()
    when = git(found.repository, "show", "-s", "--format=%cI", "--end-of-options", tip).decode().strip()
    return Patch(chapter, branch, tip, found.main, int(counted), when)
