"""What is newer than the revision that counts, and when it will count."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amts_tasks.books import open_book
from amts_tasks.config import Follow, Place


def january(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, tzinfo=UTC)


def young(upstream: Any, cache: Path, follow: Follow, as_of: datetime, root: str = "") -> list[tuple[int, Any, Any]]:
    """Day, day on which it counts, and files of what waits."""
    book = open_book(Place("git", str(upstream.path), root), cache)
    found = book.young(book.revision(as_of=as_of, follow=follow), as_of, follow)
    return [(one.committed_at.day, one.until.day if one.until else None, one.files) for one in found]


def test_what_has_to_settle_and_until_when(upstream: Any, cache: Path) -> None:
    for day in (1, 2, 4, 5, 8):
        upstream.commit({"book/a.md": str(day), f"book/{day}.md": "new", "other.md": str(day)}, day=day)
    follow = Follow(settle_days=3)
    waits = young(upstream, cache, follow, january(6), "book")
    assert waits == [(4, 7, ("4.md", "a.md")), (5, 8, ("5.md", "a.md"))], "that of day 8 is not there yet"
    assert young(upstream, cache, follow, january(30)) == []
    assert young(upstream, cache, Follow(), january(6)) == [], "nothing has to settle"


def test_a_commit_counts_with_a_later_one_of_an_earlier_date(upstream: Any, cache: Path) -> None:
    upstream.commit({"a.md": "1"}, day=1)
    upstream.commit({"a.md": "2"}, day=9)
    upstream.commit({"a.md": "3"}, day=5)
    assert young(upstream, cache, Follow(settle_days=4), january(8)) == [(5, 9, ("a.md",)), (9, 9, ("a.md",))]
    assert young(upstream, cache, Follow(settle_days=4), january(9, 1)) == []
    assert young(upstream, cache, Follow(settle_days=5), january(9, 12)) == [(5, 10, ("a.md",)), (9, 10, ("a.md",))]


def test_a_merge_is_one_commit_with_all_it_brought(upstream: Any, cache: Path) -> None:
    upstream.commit({"a.md": "1"}, day=1)
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({"b.md": "1"}, day=2)
    upstream.commit({"c.md": "1"}, day=3)
    upstream.git("checkout", "--quiet", "trunk")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "merge", "topic", day=6)
    assert young(upstream, cache, Follow(settle_days=2), january(7)) == [(6, 8, ("b.md", "c.md"))]


def test_what_waits_for_a_tag_and_for_a_tag_to_settle(upstream: Any, cache: Path) -> None:
    for day in range(1, 7):
        upstream.commit({"a.md": str(day)}, day=day)
        if day in {2, 4}:
            upstream.git("tag", "-a", f"v{day}", "-m", "tag", day=day)
    assert young(upstream, cache, Follow("tags", "v*"), january(9)) == [(5, None, ("a.md",)), (6, None, ("a.md",))]
    waits = young(upstream, cache, Follow("tags", "v*", 3), january(6, 1))
    assert waits == [(day, 7 if day < 5 else None, ("a.md",)) for day in (3, 4, 5, 6)]


def test_a_tag_beside_the_branch(upstream: Any, cache: Path) -> None:
    upstream.commit({"a.md": "1"}, day=1)
    upstream.git("tag", "-a", "v1", "-m", "tag", day=1)
    upstream.commit({"a.md": "2"}, day=2)
    upstream.git("checkout", "--quiet", "-b", "release")
    upstream.commit({"b.md": "1"}, day=3)
    upstream.git("tag", "-a", "v2", "-m", "tag", day=4)
    upstream.git("checkout", "--quiet", "trunk")
    upstream.commit({"a.md": "3"}, day=5)
    waits = young(upstream, cache, Follow("tags", "v*", 4), january(6))
    assert waits == [(2, 8, ("a.md",)), (3, 8, ("b.md",)), (5, None, ("a.md",))]


def test_all_of_a_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("1", encoding="utf-8")
    book = open_book(Place("folder", str(tmp_path)), tmp_path / "cache")
    assert book.young(book.revision(), None, Follow(settle_days=3)) == ()
