"""Branches that the default branch has taken over without their commits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amts_tasks.books import open_branches
from amts_tasks.books.landing import Landing, joined, landed, note_landing, noted, stood
from amts_tasks.books.open import note_landings
from amts_tasks.books.overlay import overlay
from amts_tasks.books.repository import git

BRANCH = "amts/en-zh/intro"


class Book:
    """A repository with a main and one branch of ours."""

    def __init__(self, upstream: Any) -> None:
        self.upstream = upstream
        self.path: Path = upstream.path / ".git"
        upstream.commit({"a.md": "a", "b.md": "b", "c.md": "c", "d.md": "d"})
        upstream.git("branch", BRANCH)

    def main(self, files: dict[str, str | None]) -> str:
        self.upstream.git("checkout", "--quiet", "trunk")
        made: str = self.upstream.commit(files)
        return made

    def ours(self, files: dict[str, str | None]) -> str:
        self.upstream.git("checkout", "--quiet", BRANCH)
        made: str = self.upstream.commit(files)
        return made

    def __call__(self) -> str | None:
        main, tip = (git(self.path, "rev-parse", name).decode().strip() for name in ("trunk", BRANCH))
        found = landed(self.path, main, BRANCH, tip)
        return found.commit if found else None

    def laid(self) -> Any:
        main = git(self.path, "rev-parse", "trunk").decode().strip()
        return overlay(self.path, main, open_branches(self.path, "amts/", main), "amts/")


@pytest.fixture
def book(upstream: Any) -> Book:
    return Book(upstream)


def test_nothing_has_landed_of_an_open_branch(book: Book) -> None:
    assert book() is None
    book.ours({"a.md": "A"})
    assert book() is None
    book.main({"b.md": "B"})
    assert book() is None
    assert list(book.laid().tips) == [BRANCH]


def test_all_files_at_one_commit(book: Book) -> None:
    """Half of it, or each half at a time of its own that the other does not reach, is not the branch."""
    tip = book.ours({"a.md": "A", "b.md": None})
    book.main({"a.md": "A"})
    assert book() is None
    book.main({"a.md": "a"})
    book.main({"b.md": None})
    assert book() is None
    book.main({"a.md": "A"})
    assert book() == tip
    book.main({"a.md": "edited", "b.md": "back"})
    assert book() == tip, "what people do later takes nothing back"
    assert book.laid().tips == book.laid().conflicts == {}
    assert book.laid().landed == {BRANCH: tip}


def test_what_stood_there_before_the_branch_began_does_not_count(book: Book) -> None:
    book.main({"a.md": "A"})
    book.main({"a.md": "a"})
    book.upstream.git("branch", "--force", BRANCH, "trunk")
    book.ours({"a.md": "A"})
    book.main({"b.md": "B"})
    assert book() is None


def test_what_came_after_is_new(book: Book) -> None:
    first = book.ours({"a.md": "A"})
    book.main({"a.md": "A"})
    second = book.ours({"b.md": "B", "a.md": "AA"})
    book.main({"d.md": "D"})
    assert book() == first
    laid = book.laid()
    assert (laid.tips, laid.starts, laid.conflicts) == ({BRANCH: second}, {BRANCH: first}, {})
    assert sorted(laid.written) == ["a.md", "b.md"]
    # Where people have changed the same file since, it is a conflict as ever.
    book.main({"a.md": "somebody's"})
    assert book.laid().conflicts == {"a.md": BRANCH}
    assert sorted(book.laid().written) == ["b.md"]


def test_a_merge_of_both_has_what_is_new_and_conflicts_with_nothing(book: Book) -> None:
    first = book.ours({"a.md": "A\n", "c.md": None})
    book.main({"a.md": "A\n", "c.md": None})
    main = book.main({"b.md": "B", "c.md": "back"})
    tip = book.ours({"a.md": "A\nmore\n", "new/e.md": "E", "d.md": None})
    assert book() == first
    made = joined(book.path, main, first, tip)
    assert made == joined(book.path, main, first, tip), "on any machine, at any time"
    files = git(book.path, "ls-tree", "-r", "--name-only", made).decode().split()
    assert files == ["a.md", "b.md", "c.md", "new/e.md"]
    assert git(book.path, "show", f"{made}:a.md") == b"A\nmore\n"
    assert git(book.path, "show", f"{made}:c.md") == b"back", "what main has done since stays"
    assert git(book.path, "rev-parse", f"{made}^1", f"{made}^2").decode().split() == [tip, main]
    tree = git(book.path, "merge-tree", "--write-tree", main, made).decode().split()[0]
    assert tree == git(book.path, "rev-parse", f"{made}^{{tree}}").decode().strip()
    whole = joined(book.path, main, tip, tip)
    assert git(book.path, "diff", "--stat", main, whole) == b""


PAGE = "".join(f"line {number}\n" for number in range(20))


@pytest.mark.parametrize("how", ["squash", "rebase", "by hand"])
def test_files_that_both_sides_had_changed(book: Book, how: str) -> None:
    """What git makes of both is the squash; what somebody else made of both is not known to be one."""
    book.main({"page.md": PAGE, "other.md": PAGE})
    book.upstream.git("branch", "--force", BRANCH, "trunk")
    first = book.ours({"page.md": PAGE.replace("line 3\n", "ours\n")})
    tip = book.ours({"page.md": PAGE.replace("line 3\n", "ours\n").replace("line 9\n", "more\n"), "other.md": "O\n"})
    theirs = PAGE.replace("line 17\n", "theirs\n")
    book.main({"page.md": theirs})
    assert list(book.laid().conflicts) == ["page.md"]
    both = theirs.replace("line 3\n", "ours\n")
    if how == "rebase":
        book.main({"page.md": both})
        assert book() == first
    both = both.replace("line 9\n", "more\n")
    book.main({"page.md": both if how != "by hand" else both.replace("ours", "OURS"), "other.md": "O\n"})
    book.main({"page.md": "later\n", "c.md": "C"})
    assert book() == (tip if how != "by hand" else None)


def test_through_merges_of_main_into_the_branch(book: Book) -> None:
    first = book.ours({"a.md": "A"})
    main = book.main({"a.md": "A", "b.md": "B"})
    git(book.path, "update-ref", f"refs/heads/{BRANCH}", joined(book.path, main, first, first))
    book.upstream.git("checkout", "--quiet", "--force", BRANCH)
    assert book() is None, "nothing of it is new"
    second = book.ours({"a.md": "AA"})
    book.main({"d.md": "D"})
    assert book() is None
    book.main({"a.md": "AA"})
    assert book() == second


def test_what_a_forge_says(book: Book) -> None:
    """Where the merge changed the text, no file on main is as the branch has it; the forge knows which commit it is."""
    first = book.ours({"a.md": "A"})
    merge = book.main({"a.md": "A, corrected in the merge"})
    book.main({"a.md": "and later"})
    assert book() is None
    note_landing(book.path, BRANCH, first, "f" * 40)
    assert book() is None, "a commit that is not known here"
    elsewhere = book.ours({"c.md": "C"})
    note_landing(book.path, BRANCH, first, elsewhere)
    assert book() is None, "merged into another branch than main"
    note_landing(book.path, BRANCH, first, merge)
    assert book() == first
    assert sorted(book.laid().written) == ["c.md"]
    # Of what the forge says and what the files say the later counts.
    book.main({"a.md": "A", "c.md": "C"})
    assert book() == elsewhere
    note_landing(book.path, BRANCH, elsewhere, merge)
    book.upstream.git("branch", "--force", BRANCH, "trunk")
    book.ours({"d.md": "D"})
    assert book() is None, "the branch began anew"


def test_what_was_found_is_noted_and_holds(book: Book) -> None:
    tip = book.ours({"a.md": "A"})
    made = book.main({"a.md": "A"})
    main = book.main({"a.md": "edited"})
    assert noted(book.path, "amts/") == {}
    note_landings(book.path, main, {BRANCH: tip, "amts/en-zh/other": main})
    assert noted(book.path, "amts/en-zh/") == {BRANCH: Landing(tip, made)}
    (one,) = open_branches(book.path, "amts/", main)
    assert (one.merged, one.landed) == (True, tip)
    (one,) = open_branches(book.path, "amts/", f"{made}^")
    assert (one.merged, one.landed) == (False, None), "at an earlier revision it was open"
    after = book.ours({"b.md": "B"})
    (one,) = open_branches(book.path, "amts/", main)
    assert (one.commit, one.merged, one.landed) == (after, False, tip)


def test_documents_that_stood_as_they_were_written(book: Book) -> None:
    book.main({"c.md": "C"})
    book.main({"c.md": "c"})
    book.upstream.git("branch", "--force", BRANCH, "trunk")
    made = book.ours({"a.md": "A", "b.md": "B", "c.md": "C"})
    book.main({"a.md": "A"})
    main = book.main({"a.md": "edited"})
    assert stood(book.path, main, made, ["a.md", "b.md", "c.md", "d.md"]) == {"a.md"}
    assert stood(book.path, main, "f" * 40, ["a.md"]) == set()


def test_many_files_and_strange_names(book: Book) -> None:
    many: dict[str, str | None] = {f"many/[{n}] ä\t.md": "x" for n in range(1_200)}
    tip = book.ours(many)
    book.main(dict(list(many.items())[:-1]))
    assert book() is None
    book.main(many)
    assert book() == tip


def test_branches_without_a_common_commit(book: Book) -> None:
    book.upstream.git("checkout", "--quiet", "--orphan", "other")
    book.upstream.commit({"a.md": "A"})
    book.upstream.git("branch", "--force", BRANCH, "other")
    book.upstream.git("checkout", "--quiet", "trunk")
    assert book() is None
