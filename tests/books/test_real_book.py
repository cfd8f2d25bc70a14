"""The real book and its translations, when their data is at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from amts_tasks.books import open_book
from amts_tasks.config import Config, load

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.d2l


@pytest.fixture
def config() -> Config:
    found = load(ROOT / "tests/d2l/amts.yaml")
    if not Path(found.book.place.location).exists():
        pytest.skip(f"no {found.book.place.location}; set $AMTS_D2L_DATA")
    return found


def test_the_newest_english(config: Config, tmp_path: Path) -> None:
    book = open_book(config.book.place, tmp_path)
    newest = book.revision(follow=config.book.follow)
    assert newest == book.revision(revision="night-30-after")
    assert newest.committed_at == datetime(2023, 12, 11, 3, 3, 37, tzinfo=UTC)
    snapshot = book.snapshot(newest, config.book.documents, config.book.exclude)
    assert (len(snapshot.documents), snapshot.faults) == (69, ())
    earlier = book.revision(as_of=datetime(2022, 1, 22, tzinfo=UTC))
    assert earlier == book.revision(revision="night-02-after")


@pytest.mark.parametrize(("pair", "count"), [("en-zh", 144), ("en-tr", 166)])
def test_the_translations_hold_the_articles_held_out(pair: str, count: int, config: Config, tmp_path: Path) -> None:
    found = config.pairs[pair]
    book = open_book(found.translation.place, tmp_path)
    snapshot = book.snapshot(book.revision(), found.documents, found.exclude)
    paths = {document.path for document in snapshot.documents}
    assert len(paths) == count
    assert set(found.held_out) <= paths
    assert {path.replace(".md", "_origin.md") for path in found.held_out} <= paths
