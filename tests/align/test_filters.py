from __future__ import annotations

from dataclasses import replace

import pytest

from amts_tasks.align import Pair, reject, sift
from amts_tasks.align.filters import accept, measure, reasons
from amts_tasks.languages import FilterLimits, default_profile

EN, ZH = default_profile("en"), default_profile("zh")
GOOD = Pair(
    "a.md", 0, 40, 0, 20, "paragraph", 0.95, "anchor",
    "The gradient of `loss` with respect to $w$ is zero.", "`loss`关于$w$的梯度为零。",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"target": "`loss`$w$"}, "empty"),
        ({"target": " "}, "empty"),
        ({"target": "`loss`关于$w$的梯度为零。" * 9}, "length ratio"),
        ({"target": "`lost`关于$v$的梯度为零。"}, "placeholders differ"),
        ({"target": GOOD.source}, "untranslated"),
        ({"score": 0.2}, "unsure pairing"),
        ({"source": "Adam", "target": "Adam"}, None),
    ],
)
def test_reasons(changes: dict[str, object], reason: str | None) -> None:
    assert reject(replace(GOOD, **changes), EN, ZH) == reason  # type: ignore[arg-type]


def test_a_threshold_moves_without_measuring_again() -> None:
    measures = measure(replace(GOOD, target="`loss`关于$v$的梯度为零。"), EN, ZH)
    assert measures.placeholders == 0.5
    assert accept(measures, EN, ZH, FilterLimits()) is None
    assert accept(measures, EN, ZH, FilterLimits(placeholders=0.9)) == "placeholders differ"


def test_a_link_target_of_the_translation_itself_is_no_difference() -> None:
    pair = replace(GOOD, source="[Discussions](https://a.org/t/1)", target="[讨论](https://a.org/t/2)")
    assert reject(pair, EN, ZH) is None


def test_the_limits_turn_with_the_direction() -> None:
    assert reject(replace(GOOD, source=GOOD.target, target=GOOD.source), ZH, EN) is None


def test_every_refused_pair_is_listed_with_its_reason() -> None:
    bad = replace(GOOD, score=0.1)
    kept, refused = sift([GOOD, bad, replace(GOOD, document="b.md")], EN, ZH)
    assert kept == (GOOD,)
    assert [reason for _, reason in refused] == ["unsure pairing", "duplicate"]
    assert reasons(refused) == {"duplicate": 1, "unsure pairing": 1}
