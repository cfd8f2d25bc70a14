"""Notebooks and HTML pages of a book are kept in step as its Markdown is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

Small = Any


def notebook(*cells: tuple[str, str], minor: int = 4) -> str:
    """A notebook as Jupyter writes it."""
    made = []
    for number, (kind, source) in enumerate(cells):
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
        if minor >= 5:
            cell["id"] = f"cell-{number}"
        if kind == "code":
            cell |= {"execution_count": 1, "outputs": []}
        made.append(cell)
    whole = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


EN_NOTEBOOK = notebook(
    ("markdown", "# Urns by Computer\n\nThis notebook draws many balls from an urn and counts the red ones."),
    ("code", "draws = sample(urn, 1000)  # many draws"),
    (
        "markdown",
        "The share of red balls nears the truth.\n\n- Every draw takes one ball.\n- The ball goes back.",
    ),
    ("code", "print(draws.mean())"),
)
ZH_NOTEBOOK = notebook(
    ("markdown", "# 用计算机抽球\n\n这个笔记本从瓮中抽出许多球，并数出红球。"),
    ("code", "draws = sample(urn, 1000)  # 多次抽取"),
    ("markdown", "红球的比例接近真实值。\n\n- 每次抽取一个球。\n- 球放回瓮中。"),
    ("code", "print(draws.mean())"),
)
EN_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>A Page on Urns</title></head>
<body>
<h1>A Page on Urns</h1>
<p>This page shows a picture of the urn. <img src="urn.png" alt="An urn with nine balls"></p>
<ul>
  <li>Red balls <b>win</b> a prize.
  <li>White balls win nothing.
</ul>
<pre>sample(urn)</pre>
</body>
</html>
"""
ZH_PAGE = """<!DOCTYPE html>
<html lang="zh">
<head><title>关于瓮的一页</title></head>
<body>
<h1>关于瓮的一页</h1>
<p>本页展示瓮的图片。 <img src="urn.png" alt="装有九个球的瓮"></p>
<ul>
  <li>红球 <b>赢得</b> 奖品。
  <li>白球什么也赢不到。
</ul>
<pre>sample(urn)</pre>
</body>
</html>
"""
NOTEBOOK, PAGE = "urn/play.ipynb", "urn/page.html"


@pytest.fixture
def forms(small: Small) -> Small:
    small.edit(('documents: ["**/*.md"]', 'documents: ["**/*.md", "**/*.ipynb", "**/*.html"]'))
    small.book.commit({NOTEBOOK: EN_NOTEBOOK, PAGE: EN_PAGE})
    small.zh.commit({
        NOTEBOOK: ZH_NOTEBOOK,
        "urn/play_origin.ipynb": EN_NOTEBOOK,
        PAGE: ZH_PAGE,
        "urn/page_origin.html": EN_PAGE,
    })
    return small


def sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


def test_an_unchanged_book_sends_nothing_and_learns_from_all_forms(forms: Small) -> None:
    forms.run()
    assert forms.branches() == {}
    assert "StartTextTranslationJob" not in forms.paid()
    memory = forms.storage.get(next(key for key in forms.storage.list("") if key.endswith("memory.jsonl"))).decode()
    for text in ("红球的比例接近真实值", "每次抽取一个球", "装有九个球的瓮", "白球什么也赢不到"):
        assert text in memory


def test_a_changed_text_of_a_cell_is_sent_alone_and_the_code_stays_the_translations(forms: Small) -> None:
    forms.book.commit({NOTEBOOK: EN_NOTEBOOK.replace("Every draw takes one ball", "Every draw takes one single ball")})
    assert forms.run()["plan"]["units"] == 1
    made = forms.repo.read(NOTEBOOK, "amts/en-zh/urn")
    before, after = sources(ZH_NOTEBOOK), sources(made)
    assert after[:2] == before[:2]
    assert after[3] == before[3]
    assert after[2].startswith("红球的比例接近真实值。\n\n- ")
    assert after[2].endswith("\n- 球放回瓮中。")
    assert after[2] != before[2]
    assert forms.repo.changed("main", "amts/en-zh/urn") == [NOTEBOOK, "urn/play_origin.ipynb"]
    assert forms.run() is None


def test_once_a_cell_of_code_changed_all_code_is_the_sources(forms: Small) -> None:
    forms.book.commit({NOTEBOOK: EN_NOTEBOOK.replace("print(draws.mean())", "print(draws.sum())")})
    forms.run()
    after = sources(forms.repo.read(NOTEBOOK, "amts/en-zh/urn"))
    assert after[1] == "draws = sample(urn, 1000)  # many draws"
    assert after[3] == "print(draws.sum())"
    assert after[0] == sources(ZH_NOTEBOOK)[0]


def test_outputs_ids_and_metadata_of_a_cell_are_no_change(forms: Small) -> None:
    newer = json.loads(EN_NOTEBOOK)
    newer["cells"][1]["execution_count"] = 7
    newer["cells"][1]["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["1000\n"]}]
    forms.book.commit({NOTEBOOK: json.dumps(newer, indent=1, ensure_ascii=False, sort_keys=True) + "\n"})
    forms.run()
    assert "StartTextTranslationJob" not in forms.paid()
    assert NOTEBOOK not in [path for branch in forms.branches() for path in forms.repo.changed("main", branch)]


@pytest.mark.parametrize("position", [0, 1, 4])
def test_a_new_cell_finds_its_place_and_the_notebook_stays_one(forms: Small, position: int) -> None:
    newer = json.loads(EN_NOTEBOOK)
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["A new remark on urns that nobody has translated."]}
    newer["cells"].insert(position, cell)
    del newer["cells"][3 if position < 3 else 2]
    forms.book.commit({NOTEBOOK: json.dumps(newer, indent=1, ensure_ascii=False, sort_keys=True) + "\n"})
    forms.run()
    after = sources(forms.repo.read(NOTEBOOK, "amts/en-zh/urn"))
    assert len(after) == 4
    known = sources(ZH_NOTEBOOK) + sources(EN_NOTEBOOK)
    assert [text in known for text in after].index(False) == min(position, 3)


def test_a_changed_item_of_a_page_is_sent_alone(forms: Small) -> None:
    forms.book.commit({PAGE: EN_PAGE.replace("White balls win nothing", "White balls win nothing at all")})
    assert forms.run()["plan"]["units"] == 1
    made = forms.repo.read(PAGE, "amts/en-zh/urn")
    before, after = ZH_PAGE.split("白球什么也赢不到。")
    assert made.startswith(before)
    assert made.endswith(after)
    assert made != ZH_PAGE


def test_a_new_element_and_a_new_picture_text(forms: Small) -> None:
    newer = EN_PAGE.replace("<pre>", "<div>\n<p>One more <em>word</em> on urns.</p>\n</div>\n<pre>")
    newer = newer.replace("nine balls", "ten balls")
    forms.book.commit({PAGE: newer})
    forms.run()
    made = forms.repo.read(PAGE, "amts/en-zh/urn")
    assert re.search('本页展示瓮的图片。 <img src="urn.png" alt="[^"<]+"></p>', made)
    assert "装有九个球的瓮" not in made
    assert re.search(r"</ul>\n<div>\n<p>[^<]+<em>[^<]+</em>[^<]+</p>\n</div>\n<pre>", made)
    assert '<html lang="zh">' in made


def test_new_documents_are_translated_whole(small: Small) -> None:
    small.edit(('documents: ["**/*.md"]', 'documents: ["**/*.md", "**/*.ipynb", "**/*.html"]'))
    small.book.commit({NOTEBOOK: EN_NOTEBOOK, PAGE: EN_PAGE})
    # Two cells of Markdown with five texts, and a page with six.
    assert small.run()["plan"]["units"] == 10
    assert json.loads(small.repo.read(NOTEBOOK, "amts/en-zh/urn"))["nbformat"] == 4
    made = small.repo.read(PAGE, "amts/en-zh/urn")
    assert made.startswith('<!DOCTYPE html>\n<html lang="zh">\n<head><title>')
    small.merge("amts/en-zh/urn")
    again = small.run()
    assert (again["plan"]["units"], again["publish"]["branches"]) == (0, {})


def test_a_notebook_that_is_none_is_set_aside_and_the_rest_goes_on(forms: Small) -> None:
    forms.book.commit({NOTEBOOK: EN_NOTEBOOK[:200]})
    forms.revise()
    assert forms.run()["plan"]["units"] == 1
    assert any(f"{NOTEBOOK}:" in line and "found no JSON" in line for line in forms.said)
    assert forms.repo.changed("main", "amts/en-zh/urn") == ["urn/draws.md", "urn/draws_origin.md"]


def test_both_forms_can_be_evaluated(forms: Small) -> None:
    forms.edit(("  en-zh:\n    held_out: [rank/orders.md]", f"  en-zh:\n    held_out: [{NOTEBOOK}, {PAGE}]"))
    forms.run(evaluate=True)
    scores = forms.storage.get(next(key for key in forms.storage.list("") if key.endswith("scores.json"))).decode()
    assert f'"{NOTEBOOK}"' in scores
    assert f'"{PAGE}"' in scores
