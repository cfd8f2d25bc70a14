"""What of the book has to settle, or waits for a tag, is shown by the plan, the report, and a night without work."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

Small = Any
NOW = datetime.fromisoformat("2026-03-01T02:00:00+00:00")
FOLLOW = "book.git}\n  follow: {kind: branch, name: main}"


def settle(small: Small, follow: str) -> None:
    small.edit((FOLLOW, f"book.git}}\n  follow: {{{follow}}}"))
    small.book.days = 50  # 20 February and later
    small.revise("index.md", "small book", "short book")
    small.book.days = 57
    small.revise()
    small.book.commit({"urn/draws.md": small.book.read("urn/draws.md").replace("urn, 10", "urn, 30"), "a.png": "x"})


def test_the_plan_and_the_report_show_what_has_to_settle(small: Small) -> None:
    settle(small, "kind: branch, name: main, settle_days: 4")
    results = small.run(force=True)
    assert list(results["publish"]["branches"]) == ["amts/en-zh/index"], "that of February 21 has settled"
    found = small.storage.get_json(next(key for key in small.storage.list("") if key.endswith("plan.json")))["settling"]
    assert [row["until"][:10] for row in found["revisions"]] == ["2026-03-04", "2026-03-05"]
    assert [row["revision"] for row in found["revisions"]] == small.book.git(
        "rev-list", "--reverse", "-2", "main"
    ).split()
    times = {"from": "2026-03-04T00:00:00+00:00", "until": "2026-03-05T00:00:00+00:00"}
    assert found["documents"] == [{"document": "urn/draws.md", "revisions": 2, **times}]
    said = "2 newer revisions of the book wait for 4 days, from 2026-03-04 00:00 to 2026-03-05 00:00: 1 document,"
    for shown in (small.shown["plan"], small.shown["publish"]):
        assert said in shown
        assert "urn/draws.md          2  2026-03-04 00:00  2026-03-05 00:00" in shown
    assert small.run() is None
    assert any(said in line for line in small.said), "a night without work tells it too"
    later = small.run(now=NOW + timedelta(days=5))
    assert list(later["publish"]["branches"]) == ["amts/en-zh/urn"]
    assert "newer revisions" not in small.shown["plan"]


def test_what_waits_for_the_next_tag(small: Small) -> None:
    settle(small, 'kind: tags, name: "v*"')
    small.run(force=True, dry_run=True)
    said = "3 newer revisions of the book wait for a tag like v*, until the next tag: 2 documents"
    assert said in small.shown["plan"]
    assert "urn/draws.md          2  the next tag  the next tag" in small.shown["plan"]


def test_only_the_documents_of_the_run_are_named_and_nothing_of_a_named_revision(small: Small) -> None:
    settle(small, "kind: branch, name: main, settle_days: 4")
    small.run(force=True, dry_run=True, documents=("index.md",))
    assert "to 2026-03-05 00:00: 0 documents" in small.shown["plan"]
    small.run(force=True, dry_run=True, revision="main")
    assert "newer revisions" not in small.shown["plan"]
