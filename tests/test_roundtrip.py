"""`amts roundtrip` on files of our own, and on the real book."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from amts_tasks import roundtrip
from amts_tasks.errors import InputError
from amts_tasks.roundtrip.masks import protected

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
GOLDEN = ROOT / "tests" / "golden" / "text"
CASE = re.compile(r"^[^\n]+\n\.\n(?P<source>.*?)^\.\n.*?^\.\n", re.DOTALL | re.MULTILINE)
TEXT = "# One\n\nTwo *three* $x$.\n\n```\ncode\n```\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    (folder / "part").mkdir(parents=True)
    (folder / "index.md").write_text(TEXT)
    (folder / "part" / "a.md").write_text("Four\n")
    (folder / "part" / "b.ipynb").write_text("{}")
    (folder / "part" / "c.html").write_text("<p>x</p>")
    (folder / "part" / "d.md").write_bytes(b"caf\xe9\n")
    return folder


def test_identity(book: Path, tmp_path: Path) -> None:
    result = roundtrip.run([book], engine="identity", output=tmp_path / "out")
    assert (result.files, result.identical, result.damaged, result.refused) == (3, 3, 0, 0)
    assert result.coverage == 1.0
    assert result.mb_per_s > 0
    assert result.kinds == {"blank": 2, "code": 1, "heading": 1, "paragraph": 3}
    assert [row.path for row in result.rows] == ["index.md", "part/a.md", "part/c.html"]
    assert (tmp_path / "out" / "index.md").read_text() == TEXT
    assert (tmp_path / "out" / "part" / "a.md").read_text() == "Four\n"
    assert result.skipped == (
        "part/b.ipynb:1: found JSON that is no notebook; expected a notebook: an object with a number nbformat and a "
        "list cells",
        "part/d.md:1: not UTF-8 at byte 3; save it as UTF-8",
    )


def test_swapcase_changes_every_letter_it_is_shown_and_nothing_else(book: Path, tmp_path: Path) -> None:
    result = roundtrip.run([book / "index.md"], engine="swapcase", output=tmp_path / "out")
    assert (result.files, result.identical, result.damaged, result.refused) == (1, 1, 0, 0)
    assert (tmp_path / "out" / "index.md").read_text() == "# oNE\n\ntWO *THREE* $x$.\n\n```\ncode\n```\n"


def test_nothing_is_written_without_output(book: Path) -> None:
    before = sorted(book.rglob("*"))
    roundtrip.run([book])
    assert sorted(book.rglob("*")) == before


def test_bad_input(book: Path) -> None:
    with pytest.raises(InputError, match="expected one of: identity, swapcase, hostile"):
        roundtrip.run([book], engine="google")
    with pytest.raises(InputError, match="found no such file"):
        roundtrip.run([book / "none"])


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own nastiest cases, each a document."""
    folder = tmp_path_factory.mktemp("cases")
    for path in sorted(GOLDEN.glob("*.md")):
        for match in CASE.finditer(path.read_text("utf-8")):
            (folder / f"{path.stem}-{match.start():06}.md").write_text(match["source"], "utf-8", newline="")
    return folder


@pytest.mark.parametrize("engine", ["identity", "swapcase", "hostile"])
def test_the_golden_cases(cases: Path, engine: str) -> None:
    result = roundtrip.run([cases], engine=engine)
    assert result.files > 100
    assert result.damaged == 0, [(row.path, row.damaged) for row in result.rows if row.damaged]
    if engine != "hostile":
        assert (result.refused, result.identical) == (0, result.files)
        assert result.coverage > 0.95


def test_hostile_harms_are_the_same_each_time_and_are_refused(cases: Path) -> None:
    first, second = (roundtrip.run([cases], engine="hostile") for _ in range(2))
    assert first.rows == second.rows
    assert first.refused > 10


@pytest.mark.parametrize(
    "change",
    [
        ("$x$", "$y$"),
        ("code", "codes"),
        ("# One", "## One"),
        ("[a](b)", "[a](c)"),
        (":numref:`n`", ":numref:`m`"),
        ("$$\nz\n$$", "$$\nz z\n$$$$a$$"),
        ("https://e.org/p", "https://e.org/q"),
        ("&lt;", "<"),
    ],
)
def test_damage_is_seen(change: tuple[str, str]) -> None:
    text = TEXT + "[a](b) :numref:`n` https://e.org/p &lt;\n\n$$\nz\n$$\n"
    assert protected(text) != protected(text.replace(*change))


def test_amounts_of_money_are_no_formula() -> None:
    assert not protected("It costs $5 or US$6, and $7 more.")
    assert protected("It is $5$ or $x$6.")


@pytest.mark.d2l
@pytest.mark.parametrize("engine", ["identity", "swapcase", "hostile"])
def test_the_real_book(engine: str, tmp_path: Path) -> None:
    if not (DATA / "replay.bundle").is_file():
        pytest.skip(f"no d2l data at {DATA}; set AMTS_D2L_DATA")
    subprocess.run(["git", "clone", "-q", str(DATA / "replay.bundle"), str(tmp_path / "book")], check=True)
    result = roundtrip.run([DATA / "dev" / "zh", DATA / "dev" / "vn", tmp_path / "book"], engine=engine)
    assert result.files > 350
    assert result.damaged == 0, [(row.path, row.damaged) for row in result.rows if row.damaged][:5]
    assert result.coverage >= 0.999
    if engine != "hostile":
        assert result.identical == result.files
        assert result.refused == 0
