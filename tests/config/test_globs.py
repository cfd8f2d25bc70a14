from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.config.cron import cron_fault
from amts_tasks.config.globs import compiled, matches

YES = [
    ("index.md", "index.md"),
    ("*.md", "index.md"),
    ("chapter_*/*.md", "chapter_one/a.md"),
    ("**/*.md", "a.md"),
    ("**/*.md", "one/two/a.md"),
    ("one/**", "one/two/a.md"),
    ("one/**/a.md", "one/a.md"),
    ("one/**/a.md", "one/two/three/a.md"),
    ("a?.md", "a1.md"),
    ("[ab].md", "b.md"),
    ("[!ab].md", "c.md"),
    ("[^ab].md", "c.md"),
    ("第*/*.md", "第一章/甲.md"),
    ("a+(b).md", "a+(b).md"),
]
NO = [
    ("*.md", "one/a.md"),
    ("chapter_*/*.md", "chapter_one/two/a.md"),
    ("a?.md", "a/.md"),
    ("[!ab].md", "a.md"),
    ("a[!b]c.md", "a/c.md"),
    ("one/*", "one"),
    ("index.md", "index.mdx"),
    ("index.md", "xindex.md"),
    ("a.md", "axmd"),
]


@pytest.mark.parametrize(("pattern", "path"), YES)
def test_matches(pattern: str, path: str) -> None:
    assert matches(path, [pattern])
    assert not matches(path, [pattern], [pattern])


@pytest.mark.parametrize(("pattern", "path"), NO)
def test_does_not_match(pattern: str, path: str) -> None:
    assert not matches(path, [pattern])


@given(st.text(alphabet="ab*?[]!^/.-\\", max_size=12), st.text(alphabet="ab/.-", max_size=12))
def test_every_pattern_is_one(pattern: str, path: str) -> None:
    compiled(pattern)
    matches(path, [pattern])


@pytest.mark.parametrize(
    "expression",
    [
        "* * * * *",
        "0 2 * * *",
        "*/15 0-6,20 1,15 jan-mar mon-fri",
        "30 4 1 */2 0",
        "0 0 * * 7",
        "@daily",
        "5/10 * * * *",
    ],
)
def test_cron(expression: str) -> None:
    assert cron_fault(expression) is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("0 0 2 * * *", "five fields"),
        ("@reboot", "five fields"),
        ("60 * * * *", "minute of 0 to 59"),
        ("* 24 * * *", "hour of 0 to 23"),
        ("* * 0 * *", "day of month of 1 to 31"),
        ("* * * 13 *", "month of 1 to 12"),
        ("* * * * 8", "day of week of 0 to 7"),
        ("* * * * moon", "day of week of 0 to 7"),
        ("*/0 * * * *", "minute of 0 to 59"),
        ("5-1 * * * *", "minute of 0 to 59"),
        ("1, * * * *", "minute of 0 to 59"),
        ("-1 * * * *", "minute of 0 to 59"),
        ("٣ * * * *", "minute of 0 to 59"),
    ],
)
def test_what_is_no_cron(expression: str, expected: str) -> None:
    assert (cron_fault(expression) or "").startswith(expected)
