"""The page for the eye."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.sync.told.diff_page import Page, Row, marked, page

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


ABOUT = Page("urns", "en-zh", "a" * 40, ("en", "zh"), ("English", "Chinese"))
OLD = Row("a.md#1", "a.md", "unread", "It fell fast.", "损失上升。", "It falls fast.", "损失下降。")


def test_nothing_in_a_text_is_markup() -> None:
    row = Row("<i>", "<b>.md", "<u>", "<script>a</script>", "<img>", "<s>", "<q>")
    about = Page("<title>", "<p>", "<a>", ("en", 'z"h'), ("<e>", "<z>"))
    for one in (row, replace(row, code=True), replace(row, old_source="", old_target="", source="")):
        shown = page(about, [one]).partition('<section aria-labelledby="d1">')[2]
        assert not re.search(r"<(script|img|u|b|s|q|e|z|title)[>. ]", shown)
        assert 'lang="z&quot;h"' in shown
    assert "<title>&lt;title&gt;" in page(about, [row])


def test_nothing_to_review() -> None:
    shown = page(ABOUT, [])
    assert "Nothing awaits review." in shown
    assert "0 texts to review" in shown


def cells(shown: str) -> list[tuple[str, str]]:
    found = re.findall(r'<span class="label">(.*?)</span><p [^>]*>(.*?)</p>', shown, re.DOTALL)
    return [(label, re.sub("<[^>]+>", "", text)) for label, text in found]


def test_each_text_says_what_it_was_before_and_is_now() -> None:
    assert cells(page(ABOUT, [OLD])) == [
        ("English, before", "It falls fast."),
        ("Chinese, before", "损失下降。"),
        ("English, now", "It fell fast."),
        ("Chinese, now", "损失上升。"),
    ]
    assert cells(page(ABOUT, [replace(OLD, old_source="", old_target="")])) == [
        ("English", "It fell fast."),
        ("Chinese", "损失上升。"),
    ]


def test_what_has_no_source_says_why() -> None:
    alone = Row("a.md#1", "a.md", "stays", "", "一个注。")
    assert cells(page(ABOUT, [alone]))[0] == ("English", "only the translation has this")
    assert cells(page(ABOUT, [replace(alone, based=False)]))[0] == ("English", "its source is not known")
    gone = page(ABOUT, [replace(alone, old_source="A note.", old_target="一个注。")])
    assert ("English, now", "taken out of the source") in cells(gone)
    assert ("Chinese, now", "一个注。 (as before)") in cells(gone)


def test_code_stands_as_it_is_and_lines_of_prose_do_not() -> None:
    shown = page(ABOUT, [Row("a.md#1", "a.md", "stays", "", "```python\nx = 1\n  y = 2\n```", code=True)])
    assert "<pre><code>```python\nx = 1\n  y = 2\n```</code></pre>" in shown
    assert "pre-wrap" not in re.sub(r"pre \{[^}]*\}", "", shown), "a source's line breaks are white space"


class Outline(HTMLParser):
    """Ids, addresses, headings and what labels what; every element that is opened is closed."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.feed(shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        assert not {"src", "onclick", "onload", "action"} & set(facts)
        self.ids += [facts["id"]] if "id" in facts else []
        self.links += [facts["href"]] if "href" in facts else []
        self.labels += [facts["aria-labelledby"]] if "aria-labelledby" in facts else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_can_be_walked_by_keyboard_and_read_aloud_without_a_network() -> None:
    rows = [replace(OLD, document=path, id=f"{path}#1") for path in ("a.md", "a.md", "b/the c.md")]
    shown = page(ABOUT, rows)
    found = Outline(shown)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert {f"#{name}" for name in found.ids} >= set(found.links) >= {"#d1", "#d2", "#contents"}
    assert set(found.labels) <= set(found.ids)
    assert found.headings == [1, 2, 2, 2, 3, 3, 2, 3], "no level is left out"
    assert not re.search(r"(?:src|href)=.(?!#)|url\(|@import|<script", shown)
    assert "default-src 'none'" in shown
    assert "prefers-color-scheme: dark" in shown


def test_it_says_what_to_do_and_where() -> None:
    shown = page(ABOUT, [OLD, replace(OLD, document="b/the c.md")])
    text = html.unescape(re.sub("<[^>]+>", "", shown))
    assert "amts approve en-zh a.md" in text
    assert "amts approve en-zh 'b/the c.md'" in text
    assert "branch amts/en-zh/b " in text
    assert "amts import en-zh FILE" in text
    assert "2 documents" in text
    assert "1 text" in text
