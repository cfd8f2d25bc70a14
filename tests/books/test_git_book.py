from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.books import open_book
from amts_tasks.books.repository import git
from amts_tasks.config import Follow, Place
from amts_tasks.errors import BookError, Fault


def january(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, tzinfo=UTC)


def book_at(upstream: Any, cache: Path, root: str = "") -> Any:
    return open_book(Place("git", str(upstream.path), root), cache)


class TestRevision:
    def test_is_the_tip_of_the_default_branch(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "one"})
        tip = upstream.commit({"a.md": "two"}, message="Second\n\nbody")
        found = book_at(upstream, cache).revision()
        assert (found.id, found.committed_at, found.subject) == (tip, january(2), "Second")

    def test_as_of_an_instant_is_the_last_commit_before_it(self, upstream: Any, cache: Path) -> None:
        commits = [upstream.commit({"a.md": str(day)}) for day in (1, 2, 3)]
        book = book_at(upstream, cache)
        assert book.revision(as_of=january(3, 1)).id == commits[2]
        assert book.revision(as_of=january(3)).id == commits[1], "before, not at"
        assert book.revision(as_of=january(2, 23)).id == commits[1]

    def test_before_the_first_commit_there_is_none(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "one"}, day=5)
        with pytest.raises(BookError, match=r"before 2024-01-02.*the first is of 2024-01-05"):
            book_at(upstream, cache).revision(as_of=january(2))

    def test_dates_that_go_backwards_hide_nothing(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "1"}, day=10)
        early = upstream.commit({"a.md": "2"}, day=4)
        upstream.commit({"a.md": "3"}, day=12)
        book = book_at(upstream, cache)
        assert book.revision(as_of=january(11)).id == early, "the last one in the branch that is dated before"
        assert book.revision(as_of=january(5)).id == early

    def test_only_first_parents_count(self, upstream: Any, cache: Path) -> None:
        first = upstream.commit({"a.md": "1"}, day=1)
        upstream.git("checkout", "--quiet", "-b", "topic")
        topic = upstream.commit({"b.md": "1"}, day=2)
        upstream.git("checkout", "--quiet", "trunk")
        upstream.git("merge", "--quiet", "--no-ff", "-m", "merge", "topic", day=9)
        book = book_at(upstream, cache)
        assert book.revision(as_of=january(5)).id == first
        assert book.revision(as_of=january(5), follow=Follow("branch", "topic")).id == topic

    def test_text_settles(self, upstream: Any, cache: Path) -> None:
        commits = [upstream.commit({"a.md": str(day)}) for day in (1, 2, 3, 4)]
        settled = Follow(name="trunk", settle_days=2)
        assert book_at(upstream, cache).revision(as_of=january(4, 1), follow=settled).id == commits[1]
        with pytest.raises(BookError, match="at least 30 days old"):
            book_at(upstream, cache).revision(as_of=january(4, 1), follow=Follow(settle_days=30))

    def test_tags_count_from_the_day_they_were_made(self, upstream: Any, cache: Path) -> None:
        first = upstream.commit({"a.md": "1"})
        second = upstream.commit({"a.md": "2"})
        upstream.git("tag", "-a", "v1.0", first, "-m", "one", day=3)
        upstream.git("tag", "-a", "v1.1", second, "-m", "two", day=8)
        upstream.git("tag", "nightly", second)
        book, tags = book_at(upstream, cache), Follow("tags", "v*")
        assert book.revision(follow=tags).id == second
        assert book.revision(as_of=january(5), follow=tags).id == first
        with pytest.raises(BookError, match=r"no tag like 'x\*'"):
            book.revision(follow=Follow("tags", "x*"))

    @pytest.mark.parametrize("name", ["v1", "trunk", "HEAD", "id", "short"])
    def test_by_name(self, upstream: Any, cache: Path, name: str) -> None:
        tip = upstream.commit({"a.md": "1"})
        upstream.git("tag", "-a", "v1", "-m", "one")
        named = {"id": tip, "short": tip[:9]}.get(name, name)
        assert book_at(upstream, cache).revision(revision=named).id == tip

    @pytest.mark.parametrize("name", ["", "v9", "--upload-pack=x", "HEAD~1", "HEAD^{tree}", "a b", "f" * 40, "@{-1}"])
    def test_what_is_no_revision(self, upstream: Any, cache: Path, name: str) -> None:
        upstream.commit({"a.md": "1"})
        upstream.commit({"a.md": "2"})
        with pytest.raises(BookError, match=r"revision|commit") as caught:
            book_at(upstream, cache).revision(revision=name)
        assert str(upstream.path) in str(caught.value)

    def test_a_branch_that_is_not_there(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "1"})
        with pytest.raises(BookError, match=r"no branch 'main'; set follow.name to one of: trunk"):
            book_at(upstream, cache).revision(follow=Follow(name="main"))

    def test_new_commits_are_fetched_and_rewritten_ones_kept(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "1"})
        old = upstream.commit({"a.md": "2"})
        book = book_at(upstream, cache)
        seen = book.revision()
        upstream.git("reset", "--quiet", "--hard", "HEAD~1")
        new = upstream.commit({"a.md": "3"})
        assert book.revision().id == new
        assert book.snapshot(seen).documents[0].text == "2"
        shutil.rmtree(cache)
        upstream.git("reflog", "expire", "--expire=now", "--all")
        upstream.git("gc", "--quiet", "--prune=now")
        with pytest.raises(BookError, match=f"no commit {old}; its history was rewritten"):
            book.snapshot(seen)


class TestPlaces:
    def test_a_bundle(self, upstream: Any, cache: Path, tmp_path: Path) -> None:
        tip = upstream.commit({"a.md": "1"})
        upstream.git("bundle", "create", "--quiet", str(tmp_path / "b.bundle"), "--all")
        book = open_book(Place("git", str(tmp_path / "b.bundle")), cache)
        assert book.revision().id == tip
        assert [document.text for document in book.snapshot(book.revision()).documents] == ["1"]

    def test_a_file_address(self, upstream: Any, cache: Path) -> None:
        tip = upstream.commit({"a.md": "1"})
        assert open_book(Place("git", f"file://{upstream.path}"), cache).revision().id == tip

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to another user")
    def test_a_repository_of_another_user(self, upstream: Any, cache: Path) -> None:
        tip = upstream.commit({"a.md": "1"})
        for path in (upstream.path, *upstream.path.rglob("*")):
            os.chown(path, 65534, 65534)
        assert book_at(upstream, cache).revision().id == tip

    def test_a_shallow_clone_says_what_to_do(self, upstream: Any, cache: Path, tmp_path: Path) -> None:
        upstream.commit({"a.md": "1"})
        upstream.commit({"a.md": "2"})
        shallow = tmp_path / "shallow"
        upstream.git("clone", "--quiet", "--depth=1", f"file://{upstream.path}", str(shallow))
        with pytest.raises(BookError, match=r"shallow clone.*git fetch --unshallow"):
            open_book(Place("git", str(shallow)), cache).revision()

    def test_what_is_not_there(self, cache: Path, tmp_path: Path) -> None:
        with pytest.raises(BookError, match="no such path; make the repository first"):
            open_book(Place("git", str(tmp_path / "none")), cache).revision()
        (tmp_path / "plain").mkdir()
        with pytest.raises(BookError, match="no git repository or bundle"):
            open_book(Place("git", str(tmp_path / "plain")), cache).revision()

    @pytest.mark.parametrize("location", ["ext::sh -c touch% pwned", "http://127.0.0.1:9/x", "git://127.0.0.1/x"])
    def test_unsafe_transports_are_refused(self, location: str, cache: Path) -> None:
        with pytest.raises(BookError, match="not allowed"):
            open_book(Place("git", location), cache).revision()

    def test_an_empty_repository(self, upstream: Any, cache: Path) -> None:
        with pytest.raises(BookError, match="no default branch"):
            book_at(upstream, cache).revision()

    def test_hooks_and_configuration_of_the_environment_are_not_used(
        self, upstream: Any, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        tip = upstream.commit({"a.md": "1"})
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
        monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.https://127.0.0.1:9/.insteadOf")
        monkeypatch.setenv("GIT_CONFIG_VALUE_0", "/")
        assert book_at(upstream, cache).revision().id == tip


class TestSnapshot:
    def test_is_sorted_and_filtered(self, upstream: Any, cache: Path) -> None:
        upstream.commit({
            "b/2.md": "2",
            "b/1.md": "1",
            "b/x/3.md": "3",
            "b/skip.md": "",
            "b/code.py": "",
            "index.md": "i",
        })
        book = book_at(upstream, cache)
        found = book.snapshot(book.revision(), ["index.md", "b/*.md"], ["b/skip.md"])
        assert [(item.path, item.text) for item in found.documents] == [
            ("b/1.md", "1"),
            ("b/2.md", "2"),
            ("index.md", "i"),
        ]
        assert found.faults == ()

    def test_bytes_are_kept(self, upstream: Any, cache: Path) -> None:
        text = "\ufeffa\r\nb\u2028c\rd e\u0301 "
        upstream.commit({"a.md": text.encode(), "empty.md": b"", "名.md": "中"})
        book = book_at(upstream, cache)
        found = {item.path: item.text for item in book.snapshot(book.revision()).documents}
        assert found == {"a.md": text, "empty.md": "", "名.md": "中"}

    def test_the_root(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"book/a.md": "a", "other/b.md": "b"})
        book = book_at(upstream, cache, "book")
        revision = book.revision()
        assert [item.path for item in book.snapshot(revision).documents] == ["a.md"]
        assert book.read(revision, "a.md") == b"a"
        with pytest.raises(BookError, match="no folder nowhere"):
            book_at(upstream, cache, "nowhere").snapshot(revision)

    def test_what_is_no_text_is_set_aside(self, upstream: Any, cache: Path) -> None:
        (upstream.path / "link.md").symlink_to("/etc/passwd")
        upstream.commit({
            "latin.md": b"one\ntwo \xe9\n",
            "nul.md": b"a\n\nb\0",
            "good.md": "good",
            "back\\slash.md": "x",
        })
        book = book_at(upstream, cache)
        found = book.snapshot(book.revision())
        assert [item.path for item in found.documents] == ["good.md"]
        assert found.faults == (
            Fault("back\\slash.md", 0, "", "a backslash or control character in the path", "a plain path"),
            Fault("latin.md", 2, "", "byte 0xe9, which is not UTF-8", "a document in UTF-8"),
            Fault("link.md", 0, "", "a symbolic link", "a file"),
            Fault("nul.md", 3, "", "a NUL character", "a document of text"),
        )

    def test_a_path_that_is_not_utf8_is_set_aside(self, upstream: Any, cache: Path) -> None:
        Path(os.fsdecode(bytes(upstream.path) + b"/caf\xe9.md")).write_bytes(b"x")
        upstream.commit({"good.md": "good"})
        book = book_at(upstream, cache)
        found = book.snapshot(book.revision())
        assert [item.path for item in found.documents] == ["good.md"]
        assert [fault.found for fault in found.faults] == ["a path that is not UTF-8"]

    def test_a_tree_that_climbs_out_is_set_aside(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"good.md": "good"})
        blob = upstream.git("rev-parse", "HEAD:good.md")
        entry = f"100644 blob {blob}\t..\n"
        tree = subprocess.run(
            ["git", "mktree"], cwd=upstream.path, input=entry.encode(), capture_output=True, check=True
        ).stdout.decode()
        upstream.git("update-ref", "refs/heads/trunk", upstream.git("commit-tree", tree.strip(), "-m", "bad"))
        book = book_at(upstream, cache)
        found = book.snapshot(book.revision(), ["**"])
        assert found.documents == ()
        assert [fault.found for fault in found.faults] == ["a path that leaves the book"]

    def test_needs_no_connection_once_read(self, upstream: Any, cache: Path) -> None:
        upstream.commit({"a.md": "a"})
        book = book_at(upstream, cache)
        revision = book.revision()
        shutil.rmtree(upstream.path)
        assert book.snapshot(revision).documents[0].text == "a"
        assert book.revision(revision=revision.id) == revision

    def test_another_machine_fetches_what_it_lacks(self, upstream: Any, cache: Path, tmp_path: Path) -> None:
        upstream.commit({"a.md": "a"})
        revision = book_at(upstream, cache).revision()
        assert book_at(upstream, tmp_path / "other").snapshot(revision).documents[0].text == "a"


def test_changed_and_read(upstream: Any, cache: Path) -> None:
    upstream.commit({"a.md": "a", "b.md": "b", "img/x.png": b"\x89PNG\0"})
    upstream.commit({"a.md": "A", "b.md": None, "c.md": "c"})
    book = book_at(upstream, cache)
    first, second = book.revision(as_of=january(2)), book.revision()
    assert book.changed(first, second) == ("a.md", "b.md", "c.md")
    assert book.changed(second, second) == ()
    assert book.read(first, "img/x.png") == b"\x89PNG\0"
    for path in ("none.md", "img", "../a.md", "*.md"):
        with pytest.raises(BookError):
            book.read(first, path)


def test_a_lost_object_is_named(upstream: Any, cache: Path) -> None:
    upstream.commit({"a.md": "a"})
    book = book_at(upstream, cache)
    revision = book.revision()
    (mirror,) = (cache / "mirrors").glob("*.git")
    blob = git(mirror, "rev-parse", f"{revision.id}:a.md").decode().strip()
    packs = [*(mirror / "objects").rglob("*.pack"), *(mirror / "objects").rglob("*.idx")]
    for pack in packs:
        pack.unlink()
    loose = mirror / "objects" / blob[:2] / blob[2:]
    loose.unlink(missing_ok=True)
    with pytest.raises(BookError):
        book.snapshot(revision)


def test_many_at_once_take_turns(upstream: Any, cache: Path) -> None:
    tip = upstream.commit({"a.md": "a"})
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: book_at(upstream, cache).revision().id, range(6)))
    assert found == [tip] * 6
