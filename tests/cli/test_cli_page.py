from __future__ import annotations

from pathlib import Path

from amts_tasks.cli.page import page


def test_the_page_is_fresh() -> None:
    found = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert found == page(), "run: python -m amts_tasks.cli.page docs/cli.md"
