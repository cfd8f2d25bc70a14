"""Tabs of cells, altered cells, and references that point nowhere."""

from __future__ import annotations

import pytest

from amts_tasks.sync.document.code import altered, coupled, is_cell, tabs
from amts_tasks.sync.whole.references import Dangling, broken, dangling
from amts_tasks.text import parse


def cell(*lines: str) -> str:
    return "\n".join(("```{.python .input}", *lines, "```\n"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#@tab pytorch", ("pytorch",)),
        ("%%tab mxnet, pytorch", ("mxnet", "pytorch")),
        ("# @tab all", ("all",)),
        ("x", ("",)),
    ],
)
def test_tabs_of_a_cell(line: str, expected: tuple[str, ...]) -> None:
    (block,) = parse(cell(line)).blocks
    assert is_cell(block)
    assert tabs(block) == expected


def test_a_listing_is_no_cell() -> None:
    assert not is_cell(parse("```bash\nls\n```\n").blocks[0])


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (("%matplotlib inline", "def f(x):", '    """Suma uno."""', "    return x + 1  # uno"), False),
        (("%matplotlib inline", "def f(x):", '    """Adds one."""', "", "    return x + 1"), False),
        (("%matplotlib inline", "def g(x):", '    """Adds one."""', "    return x + 1"), True),
        (("%matplotlib inline", "def f(x):", "    return (x"), True),
    ],
)
def test_comments_and_docstrings_alter_no_code(theirs: tuple[str, ...], expected: bool) -> None:
    ours = cell("%matplotlib inline", "def f(x):", '    """Adds one."""', "    return x + 1  # one")
    assert altered(ours, cell(*theirs)) is expected


def test_tabs_are_tied_by_shared_cells_only_where_code_was_altered() -> None:
    everything, numpy, torch, both = ("all",), ("numpy",), ("torch",), ("numpy", "torch")
    free = coupled([everything, numpy, torch], [])
    assert len(set(free.values())) == 3
    tied = coupled([everything, numpy, torch], [numpy])
    assert tied[everything] == tied[numpy] != tied[torch]
    assert len(set(coupled([both, numpy, torch], []).values())) == 1


def test_dangling_references_of_a_book() -> None:
    book = {
        "a.md": "# A\n:label:`sec_a`\n\nSee :numref:`sec_b`\nand :eqref:`eq_no`.\n\n```\n:ref:`sec_code`\n```\n",
        "b.md": "# B\n:label:`sec_b`\n\nBack to :ref:`sec_a`.\n",
    }
    assert dangling(book) == [Dangling("a.md", 5, "eqref", "eq_no")]
    assert broken(book, book) == []
    after = {**book, "b.md": book["b.md"].replace("label:`sec_b`", "label:`sec_c`")}
    assert broken(book, after) == [Dangling("a.md", 4, "numref", "sec_b")]
