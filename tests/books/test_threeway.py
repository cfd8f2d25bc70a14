"""Files that both sides changed: merged where git merges them and no paragraph is of both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amts_tasks.books.branches import write_commit, write_tree
from amts_tasks.books.landing import AUTHOR
from amts_tasks.books.repository import blobs, git
from amts_tasks.books.threeway import merged

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("both") / "book.git"
    git(None, "init", "--quiet", "--bare", "--template=", str(path))
    return path


def merge(repository: Path, base: str | None, ours: str | None, theirs: str | None) -> str | None:
    files = {"a.md": base.encode()} if base is not None else {"b.md": b"other"}
    start = write_commit(repository, write_tree(repository, None, files), (), "start", AUTHOR, WHEN)
    ids = [
        None if text is None else git(repository, "hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()
        for text in (ours, theirs)
    ]
    found = merged(repository, start, "a.md", *ids)
    return None if found is None else blobs(repository, [found])[found].decode()


def test_paragraphs_of_both(repository: Path) -> None:
    base = "# A\n\nOne.\n\nTwo.\n\nThree.\n"
    ours, theirs = base.replace("One", "Our one"), base.replace("Three", "Their three").replace("Two.\n\n", "")
    assert merge(repository, base, ours, theirs) == "# A\n\nOur one.\n\nTheir three.\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("One.\nTwo.\nThree.\nFour.\n", "Our one.\nTwo.\nThree.\nFour.\n", "One.\nTwo.\nThree.\nTheir four.\n"),
        ("One.\n", "Ours.\n", "Theirs.\n"),
        ("One.\n", None, "Theirs.\n"),
        ("One.\n", "Ours.\n", None),
        (None, "Ours.\n", "Theirs.\n"),
        ("One\0.\n\nTwo.\n\nThree.\n", "Our one\0.\n\nTwo.\n\nThree.\n", "One\0.\n\nTwo.\n\nTheirs.\n"),
    ],
    ids=["one paragraph", "one line", "deleted by us", "deleted by them", "new on both", "no text"],
)
def test_conflicts(repository: Path, base: str | None, ours: str | None, theirs: str | None) -> None:
    assert merge(repository, base, ours, theirs) is None


EDITS = st.lists(st.sampled_from(["", "edit", "delete"]), min_size=6, max_size=6)


def edited(edits: Sequence[str], by: str) -> list[str | None]:
    made = {"": "Text number {}.", "edit": f"{by} number {{}}."}
    return [None if edit == "delete" else made[edit].format(number) for number, edit in enumerate(edits)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS, EDITS)
def test_what_is_merged_has_every_change_of_both_once(repository: Path, ours: list[str], theirs: list[str]) -> None:
    base = "\n\n".join(f"Text number {number}." for number in range(6)) + "\n"
    sides = edited(ours, "Ours"), edited(theirs, "Theirs")
    one, other = ("\n\n".join(text for text in side if text is not None) + "\n" for side in sides)
    found = merge(repository, base, one, other)
    if found is None:
        # Where a paragraph goes, git may find no line between it and the change of the other side.
        assert any(a and b for a, b in zip(ours, theirs, strict=True)) or "delete" in {*ours, *theirs}
        return
    wanted = [a if b == f"Text number {number}." else b for number, (a, b) in enumerate(zip(*sides, strict=True))]
    assert [text for text in found.strip().split("\n\n") if text] == [text for text in wanted if text is not None]
