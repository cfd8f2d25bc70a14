from __future__ import annotations

import os
from pathlib import Path

import pytest

from amts_tasks.books import open_book
from amts_tasks.config import Place
from amts_tasks.errors import BookError


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('_', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_the_same_files_are_the_same_revision(tmp_path: Path) -> None:
    one = open_book(Place("folder", str(written(tmp_path / "one", b="2", a="1"))), tmp_path).revision()
    other = written(tmp_path / "other", a="1", b="2")
    os.utime(other / "a.md", (1, 1))
    assert open_book(Place("folder", str(other)), tmp_path).revision().id == one.id
    assert one.committed_at.isoformat() == "1970-01-01T00:00:00+00:00"
    (other / "a.md").rename(other / "c.md")
    assert open_book(Place("folder", str(other)), tmp_path).revision().id != one.id


def test_snapshot(tmp_path: Path) -> None:
    folder = written(tmp_path / "book", index="i", chapter_1="one", chapter_2="two")
    (folder / ".hidden.md").write_text("no")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("no")
    (folder / "latin.md").write_bytes(b"\xff")
    (folder / "link.md").symlink_to(folder / "index.md")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.md")
    book = open_book(Place("folder", str(folder)), tmp_path)
    found = book.snapshot(book.revision(), ["**/*.md"], ["chapter/2.md"])
    assert [(item.path, item.text) for item in found.documents] == [("chapter/1.md", "one"), ("index.md", "i")]
    assert [(fault.file, fault.found) for fault in found.faults] == [
        ("latin.md", "byte 0xff, which is not UTF-8"),
        ("link.md", "a symbolic link"),
        ("linked", "a symbolic link to a folder"),
        ("pipe.md", "a device, pipe or socket"),
    ]


def test_the_root_stays_in_the_folder(tmp_path: Path) -> None:
    written(tmp_path / "all", book_a="a", other_b="b")
    book = open_book(Place("folder", str(tmp_path / "all"), "book"), tmp_path)
    assert [item.path for item in book.snapshot(book.revision()).documents] == ["a.md"]
    (tmp_path / "all" / "out").symlink_to(tmp_path)
    with pytest.raises(BookError, match="leads out of"):
        open_book(Place("folder", str(tmp_path / "all"), "out"), tmp_path).revision()


def test_a_folder_that_changed_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "book", a="1")
    book = open_book(Place("folder", str(folder)), tmp_path)
    revision = book.revision()
    assert book.changed(revision, revision) == ()
    assert book.read(revision, "a.md") == b"1"
    written(folder, a="2")
    with pytest.raises(BookError, match=r"changed while the book was read; start the run again"):
        book.read(revision, "a.md")
    with pytest.raises(BookError, match="it keeps no others"):
        open_book(Place("folder", str(folder)), tmp_path).snapshot(revision)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no such folder; make it, or correct"):
        open_book(Place("folder", str(tmp_path / "none")), tmp_path).revision()
    folder = written(tmp_path / "book", a="1")
    book = open_book(Place("folder", str(folder)), tmp_path)
    with pytest.raises(BookError, match="no such file"):
        book.read(book.revision(), "../book/a.md")
    with pytest.raises(BookError, match="keeps no others"):
        book.revision(revision="v1")


def test_an_empty_folder_is_an_empty_book(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    book = open_book(Place("folder", str(tmp_path / "book")), tmp_path)
    assert book.snapshot(book.revision()).documents == ()
