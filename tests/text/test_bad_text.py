"""Text that is broken, hostile or enormous: an answer in bounded time, or a clear error with the line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amts_tasks import roundtrip
from amts_tasks.text import Kind, Segment, parse, render, same_structure

UNCLOSED = {
    "fence": "```python\nwave = 1\n",
    "tilde fence": "~~~\nwave\n",
    "directive": "```{note} Title\nText.\n",
    "formula": "$$\na = b\n",
    "formula in a line": "Let $a = b, and so on.\n",
    "environment": "\\begin{align}\na\n",
    "tab": ":begin_tab:`jax`\nText.\n",
    "colons": ":::{mermaid}\ngraph\n",
    "comment": "<!-- aside\n",
    "element": "<div><pre>\nkept\n\nalso\n",
    "tag": '<p title="a\n',
    "liquid": "{% raw %}\n{{ a }}\n",
    "front matter": "---\ntitle: Waves\n",
    "element of JSX": "<Tabs values={[\n",
    "export": "export const a = {\n\nText.\n",
}


@pytest.mark.parametrize("name", UNCLOSED)
def test_what_never_ends_is_read_and_comes_back(name: str) -> None:
    for text in (UNCLOSED[name], UNCLOSED[name] + "\n# Next\n\nMore.\n", "- " + UNCLOSED[name], UNCLOSED[name] * 50):
        document = parse(text)
        assert "".join(block.text for block in document.blocks) == text
        texts = {(block.index, one.index): one.source for block in document.blocks for one in block.texts}
        assert render(document, texts) == text
        assert same_structure(document, parse(text)) is None


@pytest.mark.parametrize(
    "piece", ["[", "*", ">", "> ", "`", "$", "![", "<", "{", ":", "_", "~", "(", "|", "&", "\\", "#"]
)
def test_a_million_of_one_mark(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    (*_, last) = parse(text).blocks
    assert last.end == len(text)
    for one in last.texts:
        assert Segment.of(one.source).source == one.source


@pytest.mark.parametrize("piece", ["> ", "- ", "1. ", "* > ", "[^n]: ", ": "])
def test_nested_a_thousand_deep_in_one_line(piece: str) -> None:
    text = piece * 1000 + "wave\n\nText.\n"
    document = parse(text)
    assert document.blocks[-1].texts[-1].source == "Text."
    assert "".join(block.text for block in document.blocks) == text


@pytest.mark.parametrize(
    "opening", ["```{note}\n", ":::{note}\n", "<div>\n", "<Wave>\n", "!!! note\n", "\\[\n", "{% raw %}\n"]
)
def test_opened_a_thousand_times(opening: str) -> None:
    text = opening * 1000 + "wave\n"
    assert "".join(block.text for block in parse(text).blocks) == text


def test_a_tag_over_lines_is_found_behind_one_that_never_ends() -> None:
    text = "{% raw %}\n{% wave\n{% tide\n\n{% swell\nheight=2 %}\n\nText.\n"
    found = [block for block in parse(text).blocks if block.kind is Kind.directive]
    assert found[-1].text == "{% swell\nheight=2 %}\n"


def test_unended_tags_over_lines_are_looked_for_once() -> None:
    # Line by line it would take minutes.
    text = "{% raw %}\n{{< a\n" * 50_000
    assert "".join(block.text for block in parse(text).blocks) == text


def test_directives_in_directives() -> None:
    text = "".join("`" * (60 - depth) + "{note}\n" for depth in range(50)) + "Deep.\n"
    text += "".join("`" * (11 + depth) + "\n" for depth in range(50)) + "Out.\n"
    kinds = [block.kind for block in parse(text).blocks]
    assert kinds == [Kind.directive] * 50 + [Kind.paragraph] + [Kind.directive] * 50 + [Kind.paragraph]


@pytest.mark.parametrize("character", ["\x00", "\ufeff", "\x1a", "\x7f", "\u200b", "\x85", "\ud800"])
def test_strange_characters_are_kept(character: str) -> None:
    text = f"# Wave{character}\n\n{character}Two {character}`c{character}`.\n"
    document = parse(text)
    assert "".join(block.text for block in document.blocks) == text
    assert Segment.of(f"a{character}b").source == f"a{character}b"


def test_a_byte_order_mark_stands_before_the_first_block() -> None:
    text = "\ufeff# Wave\n\n| a |\n|---|\n| b |\n"
    document, plain = parse(text), parse(text[1:])
    assert "".join(block.text for block in document.blocks) == text
    assert [(block.kind, block.line, block.text) for block in document.blocks[1:]] == [
        (block.kind, block.line, block.text) for block in plain.blocks
    ]
    new = {(block.index, one.index): "x" for block in document.blocks for one in block.texts}
    assert render(document, new) == "\ufeff# x\n\n| x |\n|---|\n| x |\n"


def test_bytes_that_are_not_utf8_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"# Wave\n\ncaf\xe9\n")
    (tmp_path / "b.md").write_bytes(b"\n\xed\xa0\x80\n")  # a lone surrogate
    result = roundtrip.run([tmp_path])
    assert result.files == 0
    assert result.skipped == (
        "a.md:3: not UTF-8 at byte 11; save it as UTF-8",
        "b.md:2: not UTF-8 at byte 1; save it as UTF-8",
    )


PROGRAM = """
import hashlib, pathlib, sys
from amts_tasks import roundtrip
from amts_tasks.roundtrip.engines import swapcase
from amts_tasks.text import Segment, parse
from amts_tasks.translate.exchange import inner_html
seen = hashlib.sha256()
for engine in ("swapcase", "hostile"):  # parse, exchange, check and rendering
    result = roundtrip.run([sys.argv[1]], engine=engine, output=sys.argv[2])
    seen.update(repr((result.rows, result.refusals)).encode())
    for path in sorted(pathlib.Path(sys.argv[2]).rglob("*.*")):
        seen.update(path.read_bytes())
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.md")):
    for block in parse(path.read_text("utf-8")).blocks:
        seen.update(repr(block).encode())
        for text in block.texts:
            seen.update(swapcase("<body>" + inner_html(Segment.of(text.source))).encode())
print(seen.hexdigest())
"""


def test_the_same_bytes_for_any_hash_seed(tmp_path: Path) -> None:
    golden = Path(__file__).parent.parent / "golden" / "text"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(golden), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1", "2", "random")
    ]
    assert len({process.communicate()[0] for process in running}) == 1
    assert all(process.returncode == 0 for process in running)
