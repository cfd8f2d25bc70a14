"""New sentences between kept ones: what was right alone is right there."""

from __future__ import annotations

from pathlib import Path

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile, load_profiles
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

PROFILES = Path(__file__).parents[2] / "config" / "languages"
PATH = "chapter/doc.md"


def test_emphasis_before_a_kept_sentence_without_a_space_stays_emphasis() -> None:
    english, chinese = default_profile("en"), load_profiles(PROFILES)["zh"]
    old = parse("Warm the pot first. *Wait two minutes.* Then serve the tea with a slice of lemon.\n", PATH)
    new = parse("Warm the pot first. *Wait four minutes.* Then serve the tea with a slice of lemon.\n", PATH)
    ours = parse("首先把茶壶温一温。*等两分钟*。然后配一片柠檬上茶。\n", PATH)
    book = Versioned({PATH: old}, {PATH: new}, {PATH: ours}, {PATH: align_blocks(old, ours, english, chinese)})
    plan = plan_book("en-zh", {}, book, chinese, source_profile=english)
    (wanted,) = plan.wanted
    assert wanted.source == "*Wait four minutes.*"
    merged = merge_document(plan.documents[0], deliver(plan, {wanted.id: "*等四分钟。*"})[PATH])
    assert merged.text == "首先把茶壶温一温。*等四分钟*。然后配一片柠檬上茶。\n"
