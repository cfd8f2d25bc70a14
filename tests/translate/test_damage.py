"""The closed list of kinds: each has its rule, and the page shows them as they are."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.translate.damage import RULES, Damage, Finding, table

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_every_kind_has_a_rule_and_does_something() -> None:
    assert set(RULES) == set(Damage)
    for kind, rule in RULES.items():
        assert rule.repaired or rule.refused, kind
        assert bool(rule.refused) == bool(rule.advice), kind


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text("utf-8").endswith(table()), "python -m amts_tasks.translate.damage; put it at the page's end"


def test_a_finding_reads_as_a_sentence() -> None:
    assert str(Finding(Damage.lost, "'$x$'")) == "placeholder lost: '$x$'"
    assert str(Finding(Damage.emptied)) == "emptied"
