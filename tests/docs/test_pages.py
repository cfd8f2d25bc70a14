"""Links, commands and words of README and docs/, against the repository."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from amts_tasks import __version__
from amts_tasks.cli import parser

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [README, ROOT / "CHANGELOG.md", ROOT / "examples" / "README.md", *DOCS]

_FENCE = re.compile(r"^(`{3,})(\w*)[^\n]*\n(.*?)^\1\s*$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def fences(text: str, language: str) -> list[str]:
    """The contents of the fenced blocks in a language."""
    return [body for _, name, body in _FENCE.findall(text) if name == language]


def spans(text: str) -> list[str]:
    """The code spans outside fenced blocks."""
    return _SPAN.findall(_FENCE.sub("", text))


def commands(text: str, program: str) -> Iterator[tuple[list[str], bool]]:
    """The words after a program's name, and whether the line is one to be typed as it is (in a shell's block)."""
    lines = [(line, True) for kind in ("sh", "console") for body in fences(text, kind) for line in body.splitlines()]
    lines += [(span, False) for span in spans(text)]
    for line, typed in lines:
        words = re.sub(r"^\$ ", "", line)
        if re.match(rf"(\S*/)?{program}(\s|$)", words):
            # What stands in brackets may be left out.
            yield shlex.split(re.sub(r"\[[^]]*\]", "", words), comments=True)[1:], typed


def anchors(text: str) -> set[str]:
    """The fragments that a page's headings give."""
    titles = re.findall(r"^#+ +(.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


EVERY = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def subcommands() -> set[str]:
    (action,) = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return set(action.choices)


@EVERY
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        if fragment:
            assert fragment in anchors(file.read_text("utf-8")), target


def test_readme_leads_to_every_page() -> None:
    text = README.read_text("utf-8")
    assert [page.name for page in DOCS if f"(docs/{page.name})" not in text] == []


def test_readme_is_one_screen() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= 90


@EVERY
def test_commands_are_those_of_the_parser(page: Path) -> None:
    for words, typed in commands(page.read_text("utf-8"), "amts"):
        if not words or words[0].startswith("-") or "…" in words:
            continue
        assert words[0] in subcommands(), words
        if typed or len(words) > 2:
            try:
                parser().parse_args(words)
            except SystemExit as error:
                pytest.fail(f"amts {' '.join(words)}: exit status {error.code}")


@EVERY
def test_words_of_make_are_those_of_the_makefile(page: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for words, _ in commands(page.read_text("utf-8"), "make"):
        assert words[0] in known, words


@EVERY
def test_files_that_are_named_exist(page: Path) -> None:
    """Named from the repository's root; modules from the package's too."""
    package = ROOT / "amts_tasks"
    tops = {path.name for path in ROOT.iterdir()} - {".amts", ".venv", ".uv"}
    for name in spans(page.read_text("utf-8")):
        if not re.fullmatch(r"[\w.-]+(/[\w-][\w.-]*)*(/|\.[a-z]+)", name):
            continue
        if name.partition("/")[0] in tops or (name.endswith(".py") and "/" in name):
            assert (ROOT / name).exists() or (package / name).exists(), name


def test_every_command_is_told() -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert {name for name in subcommands() if not re.search(rf"^## amts {name}( |$)", text, re.MULTILINE)} == set()


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[([^]]+)\]", text, re.MULTILINE)[0] == __version__


@EVERY
def test_nothing_of_the_writers_machine(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"/(work|root|tmp|home)/", text)
    assert max(map(len, text.splitlines())) < 400
