"""The page for the eye."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.sync.told.diff_page import Row, marked, page

texts = st.text("ab 损失<>&\"'。\n", max_size=20)


def plain(shown: str) -> str:
    return html.unescape(re.sub(r"</?(ins|del)>", "", shown))


@given(texts, texts)
def test_both_sides_say_what_they_said(old: str, new: str) -> None:
    left, right = marked(old, new)
    assert (plain(left), plain(right)) == (old, new)
    assert "<ins>" not in left
    assert "<del>" not in right
    kept = [re.sub(f"<{tag}>.*?</{tag}>", "", side, flags=re.DOTALL) for side, tag in ((left, "del"), (right, "ins"))]
    alike = [re.sub(r"\s+", " ", side) for side in kept]
    assert alike[0] == alike[1], "what is not marked is the same"


def test_words_in_one_script_characters_in_another() -> None:
    assert marked("It falls fast.", "It fell fast.") == ("It <del>falls</del> fast.", "It <ins>fell</ins> fast.")
    assert marked("损失下降。", "损失上升。") == ("损失<del>下降</del>。", "损失<ins>上升</ins>。")


def test_nothing_in_a_text_is_markup() -> None:
    row = Row("<i>", "<b>.md", "<u>", "<script>a</script>", "<img>", "<s>", "<q>")
    shown = page("<title>", "<p>", ("en", 'z"h'), ("<e>", "<z>"), [row])
    assert not re.search(r"<(script|img|i|u|b|s|q|e|z)[>. ]", shown)
    assert 'lang="z&quot;h"' in shown


def test_nothing_to_review() -> None:
    assert "Nothing awaits review." in page("t", "a", ("en", "zh"), ("English", "Chinese"), [])
