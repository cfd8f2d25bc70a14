"""Our branches on their way to the translators: pushed to the remote, and a request for each that is open."""

from __future__ import annotations

from amts_tasks.books import open_branches
from amts_tasks.books.branches import contains
from amts_tasks.books.open import branch_at
from amts_tasks.books.remote import REMOTE, Remote, made_by, pushed, send
from amts_tasks.books.repository import commit_id, git
from amts_tasks.config.push import local
from amts_tasks.errors import ForgeError, PublishError
from amts_tasks.forges import Forge, Request
from amts_tasks.steps.found.remote import forge_for, remote_of
from amts_tasks.steps.published.report import Outcome
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf
from amts_tasks.sync.told.description import put_into
from amts_tasks.sync.told.harmless import plain
from amts_tasks.translate.service import is_aws


def push(run: Run, found: Shelf, outcome: Outcome) -> None:
    """Pushes every branch of the pair that is not merged, where that is configured, and opens or updates its request.

    What could not be done is told, branch by branch, and the others go on; what another run may do is unfinished.
    """
    remote = remote_of(run)
    if remote is None:
        return
    forge = forge_for(run, remote)
    for branch in open_branches(found.repository, f"amts/{run.pair}/", found.main):
        if not branch.merged:
            _one(run, found, remote, forge, branch.name, outcome)


def _one(run: Run, found: Shelf, remote: Remote, forge: Forge | None, branch: str, outcome: Outcome) -> None:
    theirs = commit_id(found.repository, REMOTE + branch)
    if theirs is not None and not contains(found.repository, f"refs/heads/{branch}", theirs):
        return  # Set aside, as was told when the run began.
    if why := _not_ours_to_show(run, found, branch):
        outcome.told.append(f"{branch}: not pushed: {why}")
        return
    requests: tuple[Request, ...] | None = None
    try:
        requests = forge.of_branch(branch) if forge is not None else None
    except ForgeError as error:
        outcome.unfinished.append(f"{branch}: no request: {error}")
    opened = next((one for one in requests or () if one.state == "open"), None)
    if opened is None and requests and _settled(found, branch, requests[0], theirs, outcome):
        return
    try:
        if not pushed(found.repository, branch):
            send(found.repository, remote, branch)
            outcome.pushed.append(branch)
    except PublishError as error:
        meanwhile = "meanwhile" in str(error)
        (outcome.unfinished if meanwhile else outcome.rejected).append(str(error))
        return
    if forge is None or requests is None:
        return
    try:
        outcome.requests[branch] = _ask(run, found, forge, branch, opened)
    except ForgeError as error:
        outcome.unfinished.append(f"{branch}: no request: {error}")


def _settled(found: Shelf, branch: str, last: Request, theirs: str | None, outcome: Outcome) -> bool:
    """Whether a branch of which no request is open is not to be proposed again as it is."""
    if last.state == "closed":
        # Declined, and its branch is still there; unless the default branch has its text all the same.
        known = commit_id(found.repository, last.head) is not None
        return theirs is not None and not (known and branch_at(found.repository, found.main, branch, last.head).merged)
    if last.head != commit_id(found.repository, f"refs/heads/{branch}"):
        return False
    outcome.told.append(f"{branch}: request {last.number} was merged, and the default branch does not have it yet")
    return True


def _not_ours_to_show(run: Run, found: Shelf, branch: str) -> str:
    """Why a branch must not leave this machine: something other than Amazon Translate made text of it."""
    push = run.settings.translation.push
    foreign = [made for made in made_by(found.repository, found.main, branch) if not is_aws(made.split(" ")[0])]
    if not foreign:
        return ""
    for name, address in (
        ("push.remote", push.remote),
        ("push.base_url", push.base_url if push.forge != "none" else "/"),
    ):
        if not local(address):
            return f"{foreign[0]} made text of it, which is not Amazon Translate, and {name} is not on this machine"
    return ""


def _ask(run: Run, found: Shelf, forge: Forge, branch: str, opened: Request | None) -> str:
    """Opens the branch's request, or brings the open one's text up to date; its address."""
    raw = run.storage.find(f"{run.home}open/{branch.rpartition('/')[2]}.md")
    text = raw.decode() if raw else ""
    if opened is None:
        title = plain(f"Update {branch.rpartition('/')[2]} ({run.pair})")
        return forge.propose(branch, _base(run, found), title, text).url
    # A forge may store other line ends than it was given.
    before = opened.text.replace("\r\n", "\n")
    new = put_into(text, before, forge.most) if text else before
    if new.strip() != before.strip():
        forge.revise(opened, opened.title, new)
    return opened.url


def _base(run: Run, found: Shelf) -> str:
    translation = run.settings.translation
    if translation.push.base:
        return translation.push.base
    if translation.follow.kind == "branch" and translation.follow.name != "HEAD":
        return translation.follow.name
    default = git(found.repository, "symbolic-ref", "HEAD").decode().strip()
    return default.removeprefix("refs/heads/")
