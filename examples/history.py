"""Make the example's git repositories: the book and its Chinese and Spanish translations.

    python examples/history.py DIR

makes the bare repositories ``DIR/book.git`` (English, four revisions, tag v1 at the first), ``DIR/book-zh.git`` (beside
each ``foo.md`` the English it was made from, ``foo_origin.md``) and ``DIR/book-es.git`` (the same paths, made from v1).
Dates and authors are fixed, so that the commit ids are the same wherever and however often it is run. A repository that
is there already is left as it is if it holds this history; branches published into it survive. Needs only git.
"""

from __future__ import annotations

import os
import subprocess  # git, with argument lists and without a shell
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
AUTHOR = "AMTS Examples <examples@amts.invalid>"


@dataclass(frozen=True)
class Commit:
    """One commit of a main branch: what changes against the one before it."""

    when: str
    """ISO 8601 with offset; author and committer date."""
    message: str
    files: Mapping[str, bytes]
    """Content by path, posix, relative to the root."""
    removed: tuple[str, ...] = ()
    tag: str | None = None


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their posix path in it, sorted."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def book() -> list[Commit]:
    """The English book: r1 whole, then only the files that a revision changes."""
    en = HERE / "en"
    return [
        Commit("2025-01-13T09:00:00+00:00", "Write three chapters on estimation\n", tree(en / "r1"), tag="v1"),
        Commit("2025-02-03T15:30:00+00:00", "Say more about groups, residuals and first values\n", tree(en / "r2")),
        Commit(
            "2025-02-24T11:10:00+00:00",
            "Name the section on averages after its subject\n\n"
            "The note on nearly equal columns moves to the section on regularization.\n"
            "The sketch can add an item several times.\n",
            tree(en / "r3"),
            removed=("chapter_streams/windows.md",),
        ),
        Commit(
            "2025-03-24T08:45:00+00:00",
            "Find frequent items with a sketch\n\nTwo functions and an argument get clearer names.\n",
            tree(en / "r4"),
        ),
    ]


def translation(language: str, name: str, dates: Sequence[str], *, origins: bool) -> list[Commit]:
    """A translation of r1, one commit a chapter; with ``origins`` the English stands beside each document."""
    english, translated = tree(HERE / "en" / "r1"), tree(HERE / language)
    files = {path: data for path, data in english.items() if not path.endswith(".md")}
    files |= translated
    if origins:
        files |= {path.removesuffix(".md") + "_origin.md": english[path] for path in translated}
    chapters = ("chapter_sampling", "chapter_regression", "chapter_streams")
    commits = []
    for when, chapter in zip(dates, chapters, strict=True):
        first = chapter == chapters[0]
        chosen = {p: d for p, d in files.items() if p.startswith(chapter + "/") or (first and "chapter_" not in p)}
        commits.append(Commit(when, f"Translate {chapter} into {name}\n", chosen))
    return commits


def repositories() -> dict[str, list[Commit]]:
    """Every repository's commits by its folder name."""
    zh = ("2025-01-20T13:00:00+00:00", "2025-01-22T13:00:00+00:00", "2025-01-24T13:00:00+00:00")
    es = ("2025-01-21T17:20:00+00:00", "2025-01-23T17:20:00+00:00", "2025-01-27T17:20:00+00:00")
    return {
        "book.git": book(),
        "book-zh.git": translation("zh", "Chinese", zh, origins=True),
        "book-es.git": translation("es", "Spanish", es, origins=False),
    }


def stream(commits: Sequence[Commit]) -> bytes:
    """The commits as git fast-import reads them: each on top of the one before, all on main."""
    parts: list[bytes] = [b"feature done\n"]

    def data(content: bytes) -> bytes:
        return b"data %d\n%s\n" % (len(content), content)

    for commit in commits:
        seconds = int(datetime.fromisoformat(commit.when).astimezone(UTC).timestamp())
        person = f"{AUTHOR} {seconds} +0000\n"
        parts += [f"commit refs/heads/main\nauthor {person}committer {person}".encode(), data(commit.message.encode())]
        parts += [f"D {path}\n".encode() for path in commit.removed]
        for path, content in sorted(commit.files.items()):
            parts += [f"M 100644 inline {path}\n".encode(), data(content)]
        if commit.tag:
            parts.append(f"reset refs/tags/{commit.tag}\nfrom refs/heads/main\n\n".encode())
    return b"".join([*parts, b"done\n"])


def git(repository: Path, *arguments: str, stdin: bytes | None = None) -> str:
    """What git prints, without its last newline; the user's own git settings have no say."""
    own = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY")
    environment = {key: value for key, value in os.environ.items() if key not in own}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    environment |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
    command = ["git", f"--git-dir={repository}", *arguments]
    done = subprocess.run(command, input=stdin, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode().rstrip("\n")


def holds(repository: Path, commit: str) -> bool:
    """Whether the repository's main is the commit or was built on it."""
    tip = git(repository, "for-each-ref", "--format=%(objectname)", "refs/heads/main")
    return bool(tip) and commit in git(repository, "rev-list", tip).split("\n")


def make(folder: Path) -> dict[str, str]:
    """Make what is missing in the folder; the last commit of each repository's history by its name.

    Raises SystemExit, and changes nothing, where another repository stands in the place of one of these.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, str] = {}
    # Built aside and renamed: an interrupted run leaves no half repository behind.
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as temporary:
        for name, commits in repositories().items():
            fresh, place = Path(temporary) / name, folder / name
            git(fresh, "init", "--quiet", "--bare", "--initial-branch=main", "--object-format=sha1", "--template=")
            git(fresh, "fast-import", "--quiet", "--date-format=raw", stdin=stream(commits))
            made[name] = git(fresh, "rev-parse", "refs/heads/main")
            if not place.exists():
                fresh.rename(place)
            elif not holds(place, made[name]):
                raise SystemExit(f"{place}: is there already and does not hold {made[name]}; remove it first")
    return made


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python examples/history.py DIR")
    for repository_name, commit_id in make(Path(sys.argv[1])).items():
        print(repository_name, commit_id)
