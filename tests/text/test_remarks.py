"""Comments and docstrings as texts: tests/golden/code, and that Python sees the same code whatever comes back."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks import roundtrip
from amts_tasks.languages import default_profile
from amts_tasks.roundtrip.engines import hostile, swapcase
from amts_tasks.text import Kind, ParsedDocument, Segment, parse, render, same_structure, spoken
from amts_tasks.text.listings import unfit
from amts_tasks.text.remarks import KINDS, plain, remarks
from amts_tasks.text.replacement import replaced
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html

GOLDEN = Path(__file__).parent.parent / "golden" / "code" / "remarks.md"
CASE = re.compile(r"^(?P<title>[^\n]+)\n\.\n(?P<source>.*?)^\.\n(?P<outline>.*?)^\.\n", re.DOTALL | re.MULTILINE)
TEXT = GOLDEN.read_text("utf-8")
CASES = [
    pytest.param(match["source"], match["outline"], id=f"{TEXT[: match.start()].count(chr(10)) + 1}")
    for match in CASE.finditer(TEXT)
]
ENGLISH = default_profile("en")


def outline(document: ParsedDocument) -> str:
    lines = []
    for block in document.blocks:
        if block.kind is not Kind.blank:
            words = [block.kind.value, *([str(block.level)] if block.level else [])]
            lines.append(" ".join([*words, *([f"tab={block.tab}"] if block.tab else [])]))
            lines += ["  " + inner_html(Segment.of(text.source)) for text in block.texts]
    return "".join(line + "\n" for line in lines)


def translated(document: ParsedDocument, engine: object = swapcase) -> str:
    replacements = {}
    for block in document.blocks:
        for text in block.texts:
            segment = Segment.of(text.source)
            sent = f'<body><p id="{block.index}.{text.index}">{inner_html(segment)}</p>'
            back = engine(sent).partition(">")[2].partition(">")[2].rpartition("<")[0]  # type: ignore[operator]
            restored = restore(segment, back, ENGLISH, ENGLISH)
            if restored.text is not None:
                replacements[block.index, text.index] = restored.text
        new = {text: one for (at, text), one in replacements.items() if at == block.index}
        if block.kind is Kind.code and block.texts:
            for index in unfit(block, new):
                del replacements[block.index, index]
    return render(document, replacements)


def code_of(text: str) -> list[list[tuple[int, str]]]:
    """The tokens of each fence of Python, without comments and with what stands first in a body blanked."""
    found = []
    for body in re.findall(r"^ *```\{?\.?python[^\n]*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        tokens, fresh = [], True
        try:
            for token in tokenize.generate_tokens(io.StringIO(body).readline):
                if token.type in {tokenize.COMMENT, tokenize.NL}:
                    continue
                tokens.append((token.type, "" if fresh and token.type == tokenize.STRING else token.string))
                fresh = token.type == tokenize.INDENT or not tokens
        except (tokenize.TokenError, SyntaxError):
            tokens = [(0, body)]
        found.append(tokens)
    return found


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_outline(source: str, expected: str) -> None:
    assert outline(spoken(parse(source), KINDS)) == expected


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_without_the_option_code_has_no_texts(source: str, expected: str) -> None:
    document = parse(source)
    assert spoken(document, ()) is document
    assert not any(block.texts for block in document.blocks if block.kind is Kind.code)


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_comes_back_with_other_letters_and_the_same_code(source: str, expected: str) -> None:
    document = spoken(parse(source), KINDS)
    assert render(document, {(b.index, t.index): t.source for b in document.blocks for t in b.texts}) == source
    made = translated(document)
    assert code_of(made) == code_of(source)
    assert same_structure(document, spoken(parse(made), KINDS)) is None
    assert (made != source) == any(block.texts for block in document.blocks)


CELL = '''```{.python .input}
def draw(urn, n=1):
    """Draw $n$ balls from `urn`, one after the other.

    No ball is drawn twice."""
    # All balls are as likely, and none of them is looked at before it is drawn
    # from the urn
    return [urn.pop() for _ in range(n)]  # a list
```
'''
PIECES = (*"\"'\\#`$*\n\t:;,.()[]{} ", '"""', "'''", "#@save", "noqa", "type: ignore", "球", "bola", "x = 1")
WORDS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.lists(WORDS, min_size=4, max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_back_the_code_is_the_same(new: list[str]) -> None:
    document = spoken(parse(CELL), KINDS)
    (block,) = document.blocks
    assert len(block.texts) == 4
    made = render(document, {(0, index): text for index, text in enumerate(new)})
    assert code_of(made) == code_of(CELL)
    before, after = (ast.parse(text.split("\n", 1)[1].rsplit("```", 1)[0]) for text in (CELL, made))
    for tree in (before, after):
        first = tree.body[0].body[0].value  # type: ignore[attr-defined]
        assert isinstance(first.value, str)
        first.value = ""
    assert ast.dump(before) == ast.dump(after)
    # What was taken is in it, what was not is named.
    left_out = unfit(block, dict(enumerate(new)))
    now = spoken(parse(made), KINDS).blocks[0].texts
    for index, text in enumerate(new):
        wanted = block.texts[index].source if index in left_out else text
        assert "".join(plain(now[index].source).split()) == "".join(plain(wanted).split())


@given(st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_nothing_hostile_gets_into_code(seed: int) -> None:
    document = spoken(parse(CELL), KINDS)
    made = translated(document, lambda sent: hostile(sent, seed))
    assert code_of(made) == code_of(CELL)
    assert same_structure(document, spoken(parse(made), KINDS)) is None


def test_long_comments_are_broken_into_lines_as_the_old_ones_were() -> None:
    code = "if full:\n    # Draw a ball and\n    # put it back\n    draw()\n"
    new = "从瓮里抽出一个球，记下它的颜色，再把它放回去，然后摇一摇瓮，使得下一次抽取与这一次无关，如此重复许多次。"
    made, left_out = replaced(code, KINDS, {0: new})
    assert not left_out
    assert made.split("\n")[1:-2] == [
        "    # 从瓮里抽出一个球，记下它的颜色，再把它放回去，然后摇一摇瓮，使得下一次抽",
        "    # 取与这一次无关，如此重复许多次。",
    ]
    (text,) = remarks(made, KINDS)
    assert text.source.replace("\n", "") == new


@pytest.mark.parametrize(
    ("new", "taken"),
    [
        ("Extrae bolas.", True),
        ('Extrae "bolas" de una.', True),
        ('Extrae """ bolas', False),
        ('Extrae "bolas"', False),
        ("Extrae \\\\bolas", False),
        ("Extrae bolas,\nuna tras otra", True),
    ],
)
def test_what_would_end_or_change_a_docstring_is_refused(new: str, taken: bool) -> None:
    code = 'def draw():\n    """Draw balls."""\n    return 1\n'
    made, left_out = replaced(code, KINDS, {0: new})
    assert (not left_out) is taken
    assert (made != code) is taken
    assert ast.parse(made)


def test_only_what_the_profile_asks_for() -> None:
    for kinds, expected in ((["code_comment"], [2, 1]), (["docstring"], [2]), ([], [])):
        chosen = frozenset(map(Kind, kinds))
        texts = [len(text.spans) for text in spoken(parse(CELL), chosen).blocks[0].texts]
        assert texts == ([1, 1] if kinds == ["docstring"] else expected)


def notebook(*, language: str | None) -> str:
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": 1,
            "source": ["# Draw a ball\n", "draw()"],
        }
    ]
    metadata = {"language_info": {"name": language}} if language else {}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n"


def test_cells_of_a_notebook_in_python() -> None:
    text = notebook(language="python")
    document = spoken(parse(text, "a.ipynb"), KINDS)
    made = translated(document)
    assert made == text.replace("# Draw a ball", "# dRAW A BALL")
    assert same_structure(document, spoken(parse(made, "a.ipynb"), KINDS)) is None


@pytest.mark.parametrize("language", ["julia", "R", None])
def test_cells_of_other_languages_are_left_alone(language: str | None) -> None:
    document = parse(notebook(language=language), "a.ipynb")
    assert spoken(document, KINDS) is document


def test_the_round_trip_counts_comments_when_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CELL, "utf-8")
    off = roundtrip.run([tmp_path], engine="swapcase")
    on = roundtrip.run([tmp_path], engine="swapcase", code=KINDS)
    assert (off.rows[0].texts, off.rows[0].letters) == (0, 0)
    assert (on.rows[0].texts, on.damaged, on.identical, on.coverage) == (4, 0, 1, 1.0)
    assert on.rows[0].letters > 100
