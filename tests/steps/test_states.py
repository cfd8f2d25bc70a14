"""States: nobody touched it is not the same as somebody read it, in whatever order runs, merges and people come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amts_tasks.books import open_branches
from amts_tasks.books.overlay import overlay
from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import BookError, InputError
from amts_tasks.steps.kept.memory import opened
from amts_tasks.steps.planned.references import references
from amts_tasks.steps.reviewed.review import approved, approved_by_trailer
from amts_tasks.sync.manifest import State
from amts_tasks.text import parse

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS, HELD_OUT = "urn/draws.md", "rank/orders.md"
DOCUMENTS = ("index.md", DRAWS, "urn/errors.md", HELD_OUT)
READER = "Reader <reader@example.org>"
PROSE = re.compile(r"^(\* )?[^\W\d_]")


def state_of(small: Small, text: str, branch: str = "main", path: str = DRAWS) -> State:
    """The state of the one block that holds these words."""
    document = parse(small.zh.read(path, branch), path)
    standings = small.manifest().standings(path, document, "human")
    (state,) = {one.state for block, one in zip(document.blocks, standings, strict=True) if text in block.text}
    return state


@pytest.mark.parametrize("how", ["merge", "squash", "two in a row"])
def test_a_merge_without_an_edit_leaves_machine_text_what_it_is(small: Small, how: str) -> None:
    small.revise()
    small.run()
    if how == "squash":
        squash(small, BRANCH)
    else:
        small.merge(BRANCH)
    words = pseudo("note the colour", "zh")
    assert state_of(small, words) is State.machine
    if how == "two in a row":
        small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
        small.run()
        small.merge(BRANCH)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert state_of(small, words) is State.machine
    assert state_of(small, "瓮保持第一次抽取之前的样子") is State.human
    assert words not in small.learnt()
    with opened(small.given()) as index:
        assert {unit.state for unit in index if words in unit.target} == {"machine"}


def squash(small: Small, branch: str, trailer: str = "", *, keep: bool = False) -> None:
    """Puts what a branch has on main, in a commit of one parent that says nothing of where it comes from; the branch is
    deleted unless it is to be kept."""
    small.zh.git("fetch", "--quiet", str(small.repo.path), f"+refs/heads/{branch}:refs/heads/taken")
    start = small.zh.git("merge-base", "main", "taken")
    files = {path: small.zh.read(path, "taken") for path in small.zh.changed(start, "taken")}
    if trailer:
        tree = small.zh.git("rev-parse", "taken^{tree}")
        person = ("-c", "user.name=Reader", "-c", "user.email=reader@example.org")
        made = small.zh.git(*person, "commit-tree", tree, "-p", "main", "-m", f"Taken\n\nReviewed-by: {trailer}")
        small.zh.git("update-ref", "refs/heads/main", made)
    else:
        small.zh.commit(files)
    small.zh.git("update-ref", "-d", "refs/heads/taken")
    if not keep:
        small.repo.git("update-ref", "-d", f"refs/heads/{branch}")


class History:
    """A book, its translation and its people, with a record of which words a human vouched for.

    Every change of the source brings a word that no other text has. The engine's word for it is the mark of machine
    text: it may be learnt from once somebody edited the block it stands in, or approved its document, and not before.
    """

    def __init__(self, small: Small) -> None:
        self.small = small
        self.marks: list[str] = []
        self.approved: set[tuple[str, str]] = set()
        self.vouched: set[str] = set()
        self.said = 0
        self.by_hand: set[str] = set()
        """Documents that somebody has edited on main, and not on a branch."""
        self.work: dict[str, set[str]] = {}
        """Commits of people, by branch."""
        self.taken: dict[str, str] = {}
        """What was squashed of a branch that was kept: its last commit."""

    def revise(self, document: int, line: int, more: bool) -> None:
        """Another word in a line of the source, or another sentence at its end."""
        path = DOCUMENTS[document]
        lines = self.small.book.read(path).split("\n")
        prose = [number for number, text in enumerate(lines) if PROSE.match(text)]
        number = prose[line % len(prose)]
        word = "q" + "".join(chr(ord("a") + int(digit)) for digit in f"{len(self.marks):03}") + "wording"
        self.marks.append(pseudo(word, "zh"))
        if more:
            lines[number] += f" Another sentence is about the {word} of balls."
        else:
            lines[number] = re.sub(r"\b[a-z]{4,}(?=[^`]*$)", word, lines[number], count=1)
        self.small.book.commit({path: "\n".join(lines)})

    def undo(self, document: int) -> None:
        """The source goes back to what it was: what humans made of that comes out of the memory."""
        path, book = DOCUMENTS[document], self.small.book
        versions = book.git("log", "--format=%H", "main", "--", path).split("\n")
        if len(versions) > 1:
            book.commit({path: book.read(path, versions[1])})

    def run(self) -> None:
        done = self.small.run()
        self.check()
        if done is not None:
            self.check_branches()

    def merge(self, how: int) -> None:
        """The open branches into main: as they are, with a human's correction in each document, or squashed and deleted
        or kept."""
        for branch, tip in self.small.branches().items():
            if self.merged(branch):
                continue
            if how >= 2:
                squash(self.small, branch, keep=how == 3)
                if how == 3:
                    self.taken[branch] = tip
                else:
                    self.work.pop(branch, None)
            else:
                self.small.merge(branch, edit=self.corrected if how else None)
                self.by_hand.update(
                    path for path in DOCUMENTS if how and path.split("/")[0].removesuffix(".md") in branch
                )

    def merged(self, branch: str) -> bool:
        """Whether a branch is in main already; or was made from another, so that a merge would take main back."""
        commit = self.small.repo.git("rev-parse", branch)
        self.small.zh.git("fetch", "--quiet", str(self.small.repo.path), f"+refs/heads/{branch}:refs/heads/other")
        start = self.small.zh.git("merge-base", "main", "other")
        theirs = set(self.small.zh.changed(start, "main"))
        clash = theirs & set(self.small.zh.changed(start, commit))
        self.small.zh.git("update-ref", "-d", "refs/heads/other")
        return start == commit or bool(clash)

    def corrected(self, text: str, line: int = -1) -> str:
        """Some words of a human at the end of a line: whoever writes there has read the block."""
        lines = text.split("\n")
        prose = [number for number, words in enumerate(lines) if PROSE.match(words)]
        number = prose[line % len(prose)]
        self.said += 1
        lines[number] += f"某人写了第{self.said}句。"
        self.vouched.update(mark for mark in self.marks if mark in lines[number])
        return "\n".join(lines)

    def commit(self, which: int, line: int) -> None:
        """A human's commit to one of our branches, whatever has become of it."""
        branches = sorted(self.small.branches())
        if not branches:
            return
        repo, branch = self.small.repo, branches[which % len(branches)]
        paths = [
            path
            for path in DOCUMENTS
            if path in repo.files(branch) and path.split("/")[0].removesuffix(".md") in branch
        ]
        if paths:
            repo.days = max(repo.days + 1, 60)
            made = repo.commit({paths[0]: self.corrected(repo.read(paths[0], branch), line)}, branch=branch)
            self.work.setdefault(branch, set()).add(made)

    def edit(self, document: int, line: int) -> None:
        """A human's commit to main."""
        path = DOCUMENTS[document]
        self.by_hand.add(path)
        self.small.zh.commit({path: self.corrected(self.small.zh.read(path), line)})

    def approve(self, document: int) -> None:
        """`amts approve`, of a document as it stands on main and on our branches."""
        path = DOCUMENTS[document]
        try:
            approved(self.small.given(), [path], READER)
        except BookError:
            return
        except InputError as error:
            # It was changed on a branch of ours and on main.
            if f"set aside: {path}" not in str(error):
                raise
            return
        self.vouched |= self.standing(path)
        self.approved |= set(self.states(path, State.approved))

    def states(self, path: str, state: State) -> Iterator[tuple[str, str]]:
        """Path and text of a document's blocks of a state, on main and on our branches."""
        manifest = self.small.manifest()
        for text in self.texts(path):
            document = parse(text, path)
            for block, one in zip(document.blocks, manifest.standings(path, document, "human"), strict=True):
                if one.state is state and block.text.strip():
                    yield path, block.text

    def texts(self, path: str) -> list[str]:
        return [self.small.zh.read(path), *(self.small.repo.read(path, one) for one in self.small.branches())]

    def trailer(self) -> None:
        """A branch is taken by a commit that names its reader, and that is read."""
        for branch in self.small.branches():
            if self.merged(branch) or branch != BRANCH:
                continue
            before = {path: self.small.zh.read(path) for path in DOCUMENTS}
            squash(self.small, branch, READER)
            self.work.pop(branch, None)
            for path in DOCUMENTS:
                new = set(self.small.zh.read(path).split("\n")) - set(before[path].split("\n"))
                self.vouched.update(mark for mark in self.marks if any(mark in line for line in new))
            approved_by_trailer(self.small.given())

    def lose(self) -> None:
        """The manifest goes, and is made again."""
        self.small.s3.delete_object(Bucket=self.small.name, Key=f"{self.small.name}/en-zh/manifest.json")

    def standing(self, path: str) -> set[str]:
        return {mark for mark in self.marks if any(mark in text for text in self.texts(path))}

    def check(self) -> None:
        """Nothing of the machine that nobody vouched for is learnt from, trusted, or a reference; what was approved is
        so for as long as it stands, whether the manifest was lost since or not."""
        barred = [mark for mark in self.marks if mark not in self.vouched]
        for place, text in self.believed():
            assert not [mark for mark in barred if mark in text], (place, text)
        for path in DOCUMENTS:
            assert not self.approved & set(self.states(path, State.machine))

    def check_branches(self) -> None:
        """What was squashed is open no more, nothing conflicts but what somebody has changed on main, nobody's commit
        is lost, and git itself merges every open branch as AMTS lays it over main."""
        small, repo = self.small, self.small.repo
        conflicts = {line.split(": ")[1]: line for line in small.said if "set aside: " in line}
        assert conflicts.keys() <= self.by_hand, conflicts
        main, ours = small.zh.git("rev-parse", "main"), self.open()
        laid = overlay(repo.path, main, open_branches(repo.path, "amts/en-zh/", main), "amts/en-zh/").written
        for branch, tip in small.branches().items():
            for made in self.work.get(branch, ()):
                repo.git("merge-base", "--is-ancestor", made, branch)
            if self.taken.get(branch) == tip:
                assert branch not in ours
            if branch in ours and not any(branch in line for line in conflicts.values()):
                tree = repo.git("merge-tree", "--write-tree", main, branch)
                for path in repo.changed(f"{main}^{{tree}}", tree):
                    assert repo.git("rev-parse", f"{tree}:{path}") == laid[path]

    def open(self) -> dict[str, str]:
        """Our open branches, as the last run has left them."""
        found: dict[str, str] = self.small.storage.get_json(f"{self.small.name}/en-zh/state.json")["ours"]
        return found

    def believed(self) -> Iterator[tuple[str, str]]:
        small = self.small
        if small.storage.find(f"{small.name}/en-zh/parallel-data/imported.json"):
            yield from (("parallel data", row) for row in small.learnt().split("\n"))
        with opened(small.given()) as index:
            yield from (("memory", unit.target) for unit in index if unit.trusted)
        run = small.given(force=True, evaluate=True, owner="reader")
        try:
            resolved = small.until("align", run)["resolve"]
            for one in references(run, resolved):
                for bead in one.beads:
                    yield from (("reference", one.text.blocks[index].text) for index in bead.target)
        except BookError:
            return  # All of a held-out document is machine text: there is nothing to score by.
        finally:
            small.settle(run)


PLACES = st.integers(0, 3)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("revise"), PLACES, PLACES, st.booleans()),
        st.tuples(st.just("undo"), PLACES),
        st.tuples(st.just("run")),
        st.tuples(st.just("merge"), st.integers(0, 3)),
        st.tuples(st.just("commit"), PLACES, PLACES),
        st.tuples(st.just("edit"), PLACES, PLACES),
        st.tuples(st.just("approve"), PLACES),
        st.tuples(st.just("trailer")),
        st.tuples(st.just("lose")),
    ),
    min_size=3,
    max_size=6,
)
SEVERAL = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))


@SEVERAL
@given(deeds=DEEDS)
@example(deeds=[("merge", 3), ("edit", 1, 0), ("revise", 1, 2, False), ("run",)])
@example(deeds=[("merge", 3), ("commit", 1, 0), ("run",), ("edit", 3, 0), ("merge", 2)])
@example(deeds=[("edit", 1, 0)])
def test_no_machine_text_is_ever_learnt_from_or_a_reference(deeds: list[tuple[Any, ...]], another: Any) -> None:
    history = History(another())
    history.revise(1, 1, False)
    history.revise(3, 0, True)
    history.run()
    assert history.marks
    for name, *arguments in deeds:
        getattr(history, name)(*arguments)
    history.revise(0, 0, False)
    history.run()
    history.small.close()
