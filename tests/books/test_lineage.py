"""The documents of a book through its history, renamed ones as one document."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.books.history import Entry
from amts_tasks.books.lineage import Lineage, lineage, threaded
from amts_tasks.config import Place

LINES = [f"Line {number} of a text about balls and urns.\n" for number in range(20)]
TEXT = "".join(LINES)


def text(*changes: int) -> str:
    return "".join(f"Another line {n}.\n" if n in changes else line for n, line in enumerate(LINES))


def of(upstream: Any, root: str = "") -> Lineage:
    return lineage(upstream.path / ".git", "HEAD", root)


def made(lines: Lineage, path: str) -> list[tuple[int, str]]:
    """Day and path of what a translation at a path can have been made from."""
    return [(one.committed_at.day, one.path) for one in lines.versions(path)]


def test_a_chain_of_renames_is_one_document(upstream: Any) -> None:
    upstream.commit({"a/one.md": TEXT, "other.md": "Another text.\n"})
    upstream.commit({"a/one.md": text(1)})
    upstream.commit({"a/one.md": None, "b/one.md": text(1)})
    upstream.commit({"b/one.md": text(1, 2)})
    upstream.commit({"b/one.md": None, "b/two.md": text(1, 2, 3)})
    lines = of(upstream)
    every = [(1, "a/one.md"), (2, "a/one.md"), (4, "b/one.md"), (5, "b/two.md")]
    for path in ("a/one.md", "b/one.md", "b/two.md"):
        assert made(lines, path) == every, "the rename of day 3 changed nothing"
        thread = lines.thread(path)
        assert thread is not None
        assert (thread.paths, thread.stands) == (("a/one.md", "b/one.md", "b/two.md"), "b/two.md")
    assert made(lines, "other.md") == [(1, "other.md")]
    assert lines.versions("nowhere.md") == ()
    assert lines.thread("nowhere.md") is None


def test_a_path_used_again_for_another_document(upstream: Any) -> None:
    upstream.commit({"a.md": TEXT})
    upstream.commit({"a.md": None, "b.md": TEXT})
    upstream.commit({"a.md": "Something else.\n"})
    upstream.commit({"b.md": text(1)})
    lines = of(upstream)
    assert made(lines, "a.md") == [(1, "a.md"), (3, "a.md"), (4, "b.md")]
    assert made(lines, "b.md") == [(1, "a.md"), (4, "b.md")]
    first, new, last = lines.versions("a.md")
    assert [lines.thread("a.md", one).stands for one in (first, new, last)] == ["b.md", "a.md", "b.md"]  # type: ignore[union-attr]
    assert lines.thread("a.md").stands == "a.md"  # type: ignore[union-attr]


def test_a_document_that_was_deleted_stands_nowhere(upstream: Any) -> None:
    upstream.commit({"a.md": TEXT, "b.md": "Another text.\n"})
    upstream.commit({"a.md": None})
    assert of(upstream).thread("a.md").stands == ""  # type: ignore[union-attr]
    upstream.commit({"a.md": text(4)})
    lines = of(upstream)
    assert lines.thread("a.md").stands == "a.md"  # type: ignore[union-attr]
    assert made(lines, "a.md") == [(1, "a.md"), (3, "a.md")]


def test_two_documents_that_change_places_by_way_of_a_third(upstream: Any) -> None:
    other = "".join(f"Row {number} of a table of colours.\n" for number in range(20))
    upstream.commit({"a.md": TEXT, "b.md": other})
    upstream.commit({"a.md": None, "b.md": TEXT, "c.md": other})
    lines = of(upstream)
    assert lines.thread("c.md").paths == ("c.md",), "git calls b.md changed, and c.md a copy of it"  # type: ignore[union-attr]
    assert made(lines, "c.md") == [(1, "b.md"), (2, "c.md")]


def test_split_and_copied_documents_know_what_they_came_from(upstream: Any) -> None:
    upstream.commit({"whole.md": TEXT})
    upstream.commit({"whole.md": text(3)})
    upstream.commit({"whole.md": None, "first.md": "".join(LINES[:12]), "second.md": "".join(LINES[8:])})
    upstream.commit({"first.md": "".join(LINES[:11])})
    lines = of(upstream)
    assert [one for one in made(lines, "first.md") if one[1] == "whole.md"] == [(1, "whole.md"), (2, "whole.md")]
    assert made(lines, "second.md") == [(1, "whole.md"), (2, "whole.md"), (3, "second.md")]
    assert lines.thread("whole.md").stands in {"first.md", "second.md"}  # type: ignore[union-attr]


def test_only_documents_below_the_root_and_only_first_parents(upstream: Any) -> None:
    upstream.commit({"[b]ook/a.md": TEXT, "book/a.md": TEXT, "[b]ook/a.png": b"\x89PNG", "a.md": TEXT})
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({"[b]ook/a.md": None, "[b]ook/x.md": TEXT}, day=2)
    upstream.commit({"[b]ook/x.md": None, "[b]ook/Y.MD": TEXT}, day=3)
    upstream.git("checkout", "--quiet", "trunk")
    upstream.commit({"a.md": text(1)}, day=4)
    upstream.git("merge", "--quiet", "--no-ff", "-m", "merge", "topic", day=9)
    lines = of(upstream, "[b]ook")
    assert [(thread.paths, len(thread.versions)) for thread in lines.threads] == [(("a.md", "Y.MD"), 1)]


def test_a_link_is_no_version_of_a_document(upstream: Any) -> None:
    upstream.commit({"a.md": TEXT})
    (upstream.path / "a.md").unlink()
    (upstream.path / "a.md").symlink_to("b.md")
    upstream.commit({})
    lines = of(upstream)
    assert lines.thread("a.md").stands == ""  # type: ignore[union-attr]
    assert made(lines, "a.md") == [(1, "a.md")]


def test_a_folder_knows_of_no_renames(tmp_path: Path) -> None:
    from amts_tasks.books import open_book

    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    book = open_book(Place("folder", str(tmp_path)), tmp_path / "cache")
    lines = book.lineage(book.revision())
    assert [one.path for one in lines.versions("a.md")] == ["a.md"]
    assert lines.thread("a.md").stands == "a.md"  # type: ignore[union-attr]


@given(st.lists(st.tuples(st.sampled_from(["edit", "add", "delete", "rename"]), st.integers(0, 5)), max_size=20))
def test_every_version_belongs_to_the_document_it_was_made_of(deeds: list[tuple[str, int]]) -> None:
    """Against a book kept beside it, in which each document has a name of its own that no rename changes."""
    paths = [f"{name}.md" for name in "abcdef"]
    standing: dict[str, int] = {}
    expected: dict[int, list[tuple[str, str]]] = {}
    entries = []
    for number, (deed, at) in enumerate(deeds):
        path, commit, when, blob = (
            paths[at],
            f"{number:040}",
            datetime(2024, 1, 1 + number, tzinfo=UTC),
            f"blob {number}",
        )
        other = paths[(at + number) % len(paths)]
        if deed == "add" and path not in standing:
            standing[path] = number
            expected[number] = [(path, blob)]
            entries.append(Entry(commit, when, "A", blob, path))
        elif deed == "edit" and path in standing:
            expected[standing[path]].append((path, blob))
            entries.append(Entry(commit, when, "M", blob, path))
        elif deed == "delete" and path in standing:
            expected[standing.pop(path)].append((path, ""))
            entries.append(Entry(commit, when, "D", "", path))
        elif deed == "rename" and path in standing and other not in standing:
            standing[other] = standing.pop(path)
            expected[standing[other]].append((other, blob))
            entries.append(Entry(commit, when, "R", blob, other, path))
    lines = threaded(entries)
    found = [[(one.path, one.blob) for one in thread.versions] for thread in lines.threads]
    assert sorted(found) == sorted(expected.values())
    assert {thread.stands for thread in lines.threads} - {""} == set(standing)
