"""Notebooks: the Markdown of their cells, and a layout that stays, with nbformat as the witness of the result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.errors import Fault, TextError
from amts_tasks.text import Form, Kind, ParsedDocument, Segment, parse, render, same_structure
from amts_tasks.text.notebook import with_ids

CELLS: list[dict[str, Any]] = [
    {"cell_type": "markdown", "id": "a1", "metadata": {"tags": ["x"]}, "source": ["# Títle\n", "\n", "Some *text*."]},
    {
        "cell_type": "code",
        "id": "a2",
        "metadata": {},
        "execution_count": 3,
        "outputs": [],
        "source": ["#@tab jax\n", "x"],
    },
    {"cell_type": "markdown", "id": "a3", "metadata": {}, "source": "One string with `code` and $x$,\nin two lines"},
    {"cell_type": "raw", "id": "a4", "metadata": {}, "source": "raw words"},
    {"cell_type": "raw", "id": "a5", "metadata": {"raw_mimetype": "text/markdown"}, "source": "written words"},
    {
        "cell_type": "markdown",
        "id": "a6",
        "metadata": {},
        "attachments": {"a.png": {"image/png": "AAAA"}},
        "source": ["[**Load it.**]\n", "- item </b> 100%\n", "- ![A picture](attachment:a.png)"],
    },
    {"cell_type": "markdown", "id": "a7", "metadata": {}, "source": []},
]
NOTEBOOK = {"cells": CELLS, "metadata": {"big": 12345678901234567890}, "nbformat": 4, "nbformat_minor": 5}
TEXTS = ["Títle", "Some *text*.", "One string with `code` and $x$,\nin two lines", "written words"]

LAYOUTS = {
    "jupyter": json.dumps(NOTEBOOK, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
    "four spaces, escaped": json.dumps(NOTEBOOK, indent=4),
    "tabs": json.dumps(NOTEBOOK, indent="\t"),
    "one line": json.dumps(NOTEBOOK),
    "compact": json.dumps(NOTEBOOK, separators=(",", ":"), ensure_ascii=False),
    "Windows": json.dumps(NOTEBOOK, indent=2).replace("\n", "\r\n"),
    "escaped for HTML": json.dumps(NOTEBOOK, indent=2).replace("</", "\\u003c/"),
    "escaped strokes": json.dumps(NOTEBOOK, indent=2).replace("/", "\\/"),
    "a mark before": "\ufeff" + json.dumps(NOTEBOOK, indent=1),
}


def swapped(document: ParsedDocument) -> str:
    return render(
        document,
        {
            (block.index, text.index): "".join(
                token.swapcase() if isinstance(token, str) else token.text for token in Segment.of(text.source).tokens
            )
            for block in document.blocks
            for text in block.texts
        },
    )


def sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text.removeprefix("\ufeff"))["cells"]]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_stays(layout: str) -> None:
    text = LAYOUTS[layout]
    document = parse(text, "a.ipynb")
    assert document.form is Form.notebook
    assert "".join(block.text for block in document.blocks) == text
    found = [one.source for block in document.blocks for one in block.texts]
    assert found[:4] == TEXTS
    assert render(document, {(b.index, t.index): t.source for b in document.blocks for t in b.texts}) == text
    result = swapped(document)
    after = sources(result)
    assert after[0] == "# tÍTLE\n\nsOME *TEXT*."
    assert after[1] == "#@tab jax\nx"
    assert after[2] == "oNE STRING WITH `code` AND $x$,\nIN TWO LINES"
    assert after[3:5] == ["raw words", "WRITTEN WORDS"]
    assert same_structure(document, parse(result, "a.ipynb")) is None
    nbformat.validate(json.loads(result.removeprefix("\ufeff")))
    # Nothing but letters, and the digits of escaped ones, is written otherwise.
    strip = str.maketrans("", "", "0123456789abcdefABCDEF")
    assert result.upper().translate(strip) == text.upper().translate(strip)


def test_a_cell_gets_more_lines_and_fewer() -> None:
    text = LAYOUTS["jupyter"]
    document = parse(text, "a.ipynb")
    (block,) = [block for block in document.blocks if block.texts and block.texts[0].source == "Títle"]
    result = render(document, {(block.index, 1): "Now\nthree\nlines «é»."})
    assert '    "# Títle\\n",\n    "\\n",\n    "Now\\n",\n    "three\\n",\n    "lines «é»."\n   ]' in result
    assert sources(result)[0] == "# Títle\n\nNow\nthree\nlines «é»."
    assert sources(result)[1:] == sources(text)[1:]


def test_blocks_are_cells_and_what_they_say_is_their_source() -> None:
    document = parse(LAYOUTS["jupyter"], "a.ipynb")
    cells = [block for block in document.blocks if block.kind not in {Kind.blank, Kind.front_matter}]
    assert [cell.essence.split("\n")[0] for cell in cells[:4]] == [
        "# Títle", "#@tab jax", "One string with `code` and $x$,", "raw words",
    ]  # fmt: skip
    assert cells[1].tab == "jax"
    assert "AAAA" in cells[5].essence
    assert [cell.line for cell in cells][:2] == [3, 17]
    frames = [block for block in document.blocks if block.kind is Kind.front_matter]
    assert frames[0].essence == frames[1].essence


def test_old_notebooks_keep_their_worksheets() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": "A heading"},
        {
            "cell_type": "code",
            "input": "x = 1",
            "metadata": {},
            "outputs": [],
            "collapsed": False,
            "language": "python",
        },
        {"cell_type": "markdown", "metadata": {}, "source": ["Words\n", "and more"]},
    ]
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells}, {"cells": []}],
    }
    text = json.dumps(old, indent=1)
    document = parse(text, "a.ipynb")
    assert [one.source for block in document.blocks for one in block.texts] == ["A heading", "Words\nand more"]
    assert "".join(block.text for block in document.blocks) == text
    nbformat.validate(json.loads(swapped(document)))


def test_names_that_stand_twice_and_the_last_one_counts() -> None:
    text = '{"cells": [1], "nbformat": 4, "cells": [{"cell_type": "markdown", "source": "a", "source": "words"}]}'
    document = parse(text, "a.ipynb")
    assert [one.source for block in document.blocks for one in block.texts] == ["words"]
    assert swapped(document) == text.replace("words", "WORDS")


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("", 1, "no JSON"),
        ('{\n "cells": [\n', 3, "no JSON"),
        ("[]", 1, "JSON that is no notebook"),
        ('{"nbformat": "4"}', 1, "JSON that is no notebook"),
        ('{"nbformat": 2, "worksheets": []}', 1, "2"),
        ('{"nbformat": 4}', 1, "nothing"),
        ('{"nbformat": 4,\n "cells": {}}', 2, "{}"),
        ('{"nbformat": 4,\n "cells": [\n 7]}', 3, "7"),
        ('{"nbformat": 4, "cells": [\n{"source": "x"}]}', 2, '{"source": "x"}'),
        ('{"nbformat": 4, "cells": [{"cell_type":\n null}]}', 2, "null"),
        ('{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": ["a",\n 5]}]}', 2, "5"),
        ('{"nbformat": 4, "cells": "\0"}', 1, "no JSON"),
        ("[" * 100_000, 0, "JSON nested too deep"),
    ],
)
def test_what_is_no_notebook_is_told_with_its_line(text: str, line: int, found: str) -> None:
    with pytest.raises(TextError) as raised:
        parse(text, "a/b.ipynb")
    (fault,) = raised.value.args
    assert isinstance(fault, Fault)
    assert (fault.file, fault.line) == ("a/b.ipynb", line)
    assert fault.found.startswith(found)
    assert str(raised.value).startswith("a/b.ipynb")


def test_characters_that_cannot_be_sent_leave_their_cell_alone() -> None:
    text = '{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "a \\ud800 b"}, '
    text += '{"cell_type": "markdown", "source": "c \\u0000"}, {"cell_type": "markdown", "source": "d"}]}'
    assert [one.source for block in parse(text, "a.ipynb").blocks for one in block.texts] == ["d"]


def test_ids_are_made_where_they_are_missing_or_stand_twice() -> None:
    cells = ['{"cell_type": "markdown", "id": "x", "source": "a"}'] * 2 + ['{"cell_type": "code", "source": "b"}', "]}"]
    made = with_ids(cells, wanted=True)
    assert made[0] == cells[0]
    assert made[3] == cells[3]
    ids = [json.loads(cell)["id"] for cell in made[:3]]
    assert len(set(ids)) == 3
    assert made == with_ids(cells, wanted=True)
    assert with_ids(cells[2:], wanted=False) == cells[2:]


@given(st.lists(st.tuples(st.booleans(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=5), st.booleans())
def test_any_cells_come_back(cells: list[tuple[bool, str]], escaped: bool) -> None:
    made = [
        {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True) if many else source}
        for many, source in cells
    ]
    whole = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    text = json.dumps(whole, indent=1, ensure_ascii=escaped)
    document = parse(text, "a.ipynb")
    assert "".join(block.text for block in document.blocks) == text
    assert render(document, {(b.index, t.index): t.source for b in document.blocks for t in b.texts}) == text
    result = swapped(document)
    nbformat.validate(json.loads(result))
    assert len(json.loads(result)["cells"]) == len(cells)


def test_the_suffixes_are_those_of_the_configuration() -> None:
    from amts_tasks.config import DOCUMENTS
    from amts_tasks.text.document import SUFFIXES

    assert {Path(pattern).suffix for pattern in DOCUMENTS} == set(SUFFIXES)
