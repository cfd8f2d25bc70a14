"""A history that was written anew since the last run: of the book, and of the translation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import BookError

Small = Any
DRAWS = "urn/draws.md"
URN = "amts/en-zh/urn"


def refused(small: Small, *words: str, **options: Any) -> str:
    """What a run is refused with; it leaves everything as it was."""
    before = small.branches(), small.manifest(), small.storage.get(f"{small.name}/en-zh/state.json")
    small.forget()
    with pytest.raises(BookError) as caught:
        small.run(**options)
    for word in words:
        assert word in str(caught.value), (word, str(caught.value))
    assert not small.paid()
    assert not small.lease()
    assert before == (small.branches(), small.manifest(), small.storage.get(f"{small.name}/en-zh/state.json"))
    return str(caught.value)


def force_pushed(small: Small, *, more: bool) -> tuple[str, str]:
    """Two commits that were published, of which the second is dropped; and with more, another one in its place."""
    first = small.revise("index.md", "small book", "short book")
    dropped = small.revise()
    small.run()
    small.book.git("update-ref", "refs/heads/main", first)
    if more:
        small.revise("urn/errors.md", "Four times", "Nine times")
    return first, dropped


@pytest.mark.parametrize("more", [True, False])
def test_the_books_history_was_rewritten(small: Small, more: bool) -> None:
    _, dropped = force_pushed(small, more=more)
    told = refused(small, dropped[:12], "branch main", "history was rewritten", "--force", "Force in Airflow's form")
    assert "Nothing was sent or published" in told
    refused(small, "history was rewritten")
    small.run(dry_run=True)
    assert f"the revision {dropped[:12]} of the last run is no longer in branch main" in small.shown["publish"]
    refused(small, "history was rewritten")
    assert pseudo("in a table", "zh") in small.repo.read(DRAWS, URN)
    small.run(force=True)
    assert pseudo("in a table", "zh") not in small.repo.read(DRAWS, URN), "as it is now"
    assert small.run() is None, "the new history is the present from then on"
    small.revise("index.md", "short book", "brief book")
    assert "amts/en-zh/index" in small.run()["publish"]["branches"]


def test_dates_of_the_past_only_report_on_a_rewritten_history_too(small: Small) -> None:
    force_pushed(small, more=True)
    before = small.branches()
    results = small.run(now=datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert "a later source is published already" in results["publish"]["not_published"]
    assert small.branches() == before
    refused(small, "history was rewritten")


def test_a_revision_that_somebody_chose_is_not_what_is_followed(small: Small) -> None:
    small.run()
    text = small.book.read(DRAWS)
    small.book.git("update-ref", "refs/heads/topic", "main")
    topic = small.book.commit({DRAWS: text + "\nOne more sentence.\n"}, branch="topic")
    assert small.run(revision=topic)["publish"]["branches"]
    small.revise("index.md", "small book", "short book")
    assert "amts/en-zh/index" in small.run()["publish"]["branches"]


def test_releases_need_not_descend_from_one_another(small: Small) -> None:
    small.edit(("  follow: {kind: branch, name: main}\n  documents", "  follow: {kind: tags, name: 'v*'}\n  documents"))
    small.book.git("update-ref", "refs/heads/next", "main")
    small.book.commit({"index.md": small.book.read("index.md").replace("small", "short")}, branch="next", tag="v2")
    assert list(small.run()["publish"]["branches"]) == ["amts/en-zh/index"]
    text = small.book.read(DRAWS).replace("write down the colour", "note the colour")
    fixed = small.book.commit({DRAWS: text, "index.md": small.book.read("index.md", "next")}, tag="v3")
    assert list(small.run()["publish"]["branches"]) == [URN]
    small.book.git("update-ref", "refs/heads/main", "v1")
    small.book.git("tag", "-d", "v3")
    small.book.commit({"urn/errors.md": small.book.read("urn/errors.md").replace("Four", "Nine")}, tag="v4")
    refused(small, fixed[:12], "any branch or tag (followed are tags like v*)", "history was rewritten")


@pytest.mark.parametrize("as_of", ["now", "date"])
def test_the_translations_history_was_amended_under_an_open_branch(small: Small, as_of: str) -> None:
    small.edit(("    layout: origin\n", f"    layout: origin\n    as_of: {as_of}\n"))
    first = small.zh.git("rev-parse", "main")
    text = small.zh.read(DRAWS)
    small.zh.commit({DRAWS: text.replace("每个球的颜色", "各个球的颜色")})
    small.revise()
    small.run()
    small.revise("urn/errors.md", "Four times", "Nine times")
    # The past is the past, however young the branch: nothing was rewritten.
    if as_of == "date":
        assert small.run(now=datetime(2026, 1, 5, 12, tzinfo=UTC))
    small.zh.git("update-ref", "refs/heads/main", first)
    small.zh.commit({DRAWS: text.replace("每个球的颜色", "一个个球的颜色")})
    told = refused(
        small, str(small.zh.path), "history was rewritten", URN, "branch main", str(small.repo.path), "Delete"
    )
    assert "conflict" not in told
    small.repo.git("update-ref", "-d", f"refs/heads/{URN}")
    assert list(small.run()["publish"]["branches"]) == [URN], "as it says, and it goes on"
    assert "一个个球" in small.zh.read(DRAWS)
    assert small.run() is None


def test_a_rewritten_translation_without_open_branches_is_the_translation(small: Small) -> None:
    first = small.zh.git("rev-parse", "main")
    small.revise()
    small.run()
    small.merge(URN)
    small.run()
    small.repo.git("update-ref", "-d", f"refs/heads/{URN}")
    text, origin = small.zh.read(DRAWS), small.zh.read("urn/draws_origin.md")
    small.zh.git("update-ref", "refs/heads/main", first)
    small.zh.commit({DRAWS: text, "urn/draws_origin.md": origin})
    small.forget()
    small.run()
    assert "StartTextTranslationJob" not in small.paid(), "the same text, and nothing is bought again"
