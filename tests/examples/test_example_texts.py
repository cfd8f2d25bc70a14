"""The example's texts: code that runs, labels that resolve, translations that keep what must be kept.

Read here with plain patterns and not with the package's parser, so that the two cannot share a mistake.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCUMENTS = sorted(p.relative_to(EXAMPLES / "en" / "r1").as_posix() for p in (EXAMPLES / "en" / "r1").rglob("*.md"))
ZH_ONLY_TAB = "pytorch"
NOTE = "> 译者注："

CELL = re.compile(r"^```\{\.python \.input\}\n(?:#@tab (\w+)\n)?(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```.*?^```$\n?", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(
    r":\w+:`[^`]*`|`[^`]+`|\$\$.*?\$\$|(?<!\\)\$[^$]+?(?<!\\)\$|\\\$|&\w+;|(?<=\]\()[^)]+(?=\))", re.DOTALL
)
BEGINNING = re.compile(r"#+ |\d+\. |\* |\| |:begin_tab:|:end_tab:|> |!\[|\$\$|```|:(?!\w+:)")


def revision(number: int) -> dict[str, str]:
    """The English book's documents at r1 … r4."""
    documents: dict[str, str] = {}
    for step in range(1, number + 1):
        folder = EXAMPLES / "en" / f"r{step}"
        documents |= {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*.md")}
        if step == 3:
            del documents["chapter_streams/windows.md"]
    return documents


def translation(language: str) -> dict[str, str]:
    folder = EXAMPLES / language
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*.md")}


BOOKS = {f"en-r{n}": revision(n) for n in range(1, 5)} | {"zh": translation("zh"), "es": translation("es")}
CASES = [(book, path) for book, documents in BOOKS.items() for path in sorted(documents)]


def without_target_only(text: str) -> str:
    """A Chinese document less what the English book does not have: a framework tab and a translator's note."""
    text = CELL.sub(lambda m: "" if m[1] == ZH_ONLY_TAB else m[0], text)
    text = re.sub(rf":begin_tab:`{ZH_ONLY_TAB}`\n.*?:end_tab:\n", "", text, flags=re.DOTALL)
    return "\n".join(line for line in text.split("\n") if not line.startswith(NOTE))


def code(text: str) -> list[tuple[str | None, str]]:
    """The Python cells as (tab, syntax tree), less comments and docstrings, which translators translate."""
    trees = []
    for tab, body in CELL.findall(text):
        tree = ast.parse(body)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                node.body = node.body[1:]
        trees.append((tab, ast.dump(tree)))
    return trees


@pytest.mark.parametrize(("book", "path"), CASES)
def test_python_cells_parse_and_fit_the_page(book: str, path: str) -> None:
    for _, body in CELL.findall(BOOKS[book][path]):
        ast.parse(body)
        assert max(map(len, body.split("\n"))) <= 90


@pytest.mark.parametrize("tab", ["stdlib", "numpy"])
@pytest.mark.parametrize(("book", "path"), [c for c in CASES if c[0] in ("en-r1", "en-r4")])
def test_cells_of_a_tab_run_from_top_to_bottom(book: str, path: str, tab: str) -> None:
    names: dict[str, object] = {}
    for cell_tab, body in CELL.findall(BOOKS[book][path]):
        if cell_tab in (tab, "all"):
            exec(compile(body, path, "exec"), names)  # noqa: S102 - our own text, on purpose


@pytest.mark.parametrize("book", BOOKS)
def test_labels_are_defined_once_and_references_resolve(book: str) -> None:
    whole = "\n".join(BOOKS[book].values())
    labels = Counter(re.findall(r":(?:label|eqlabel):`([^`]+)`", whole))
    assert max(labels.values()) == 1
    assert set(re.findall(r":(?:numref|eqref|ref):`([^`]+)`", whole)) <= set(labels)


@pytest.mark.parametrize("book", BOOKS)
def test_images_citations_and_toc_entries_resolve(book: str) -> None:
    root = EXAMPLES / "en" / "r1"
    keys = set(re.findall(r"^@\w+\{([^,]+),", (root / "estimation.bib").read_text(encoding="utf-8"), re.MULTILINE))
    for path, text in BOOKS[book].items():
        folder = Path(path).parent
        for image in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert (root / folder / image).resolve().is_file()
        assert {key for found in re.findall(r":cite:`([^`]+)`", text) for key in found.split(",")} <= keys
        for toc in re.findall(r"^```toc\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            for entry in toc.split():
                if not entry.startswith(":maxdepth") and not entry.isdigit():
                    assert (folder / f"{entry}.md").as_posix() in BOOKS[book]


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("language", ["zh", "es"])
def test_translation_keeps_code_and_placeholders(language: str, path: str) -> None:
    english, translated = BOOKS["en-r1"][path], without_target_only(BOOKS[language][path])
    assert code(translated) == code(english)
    found, expected = (
        Counter(p for p in PLACEHOLDER.findall(FENCE.sub("", text)) if not p.startswith("https://discuss."))
        for text in (translated, english)
    )
    # White space inside math means nothing, and lines break elsewhere in Spanish.
    assert Counter(" ".join(p.split()) for p in found.elements()) == Counter(
        " ".join(p.split()) for p in expected.elements()
    )


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("language", ["zh", "es"])
def test_translation_keeps_the_blocks(language: str, path: str) -> None:
    def shape(text: str) -> list[str]:
        blocks = (block.lstrip("\n") for block in FENCE.sub("```\n\n", text).split("\n\n") if block.strip())
        return [found[0] if (found := BEGINNING.match(block)) else "" for block in blocks]

    translated = re.sub(r"\n{3,}", "\n\n", without_target_only(BOOKS[language][path]))
    assert shape(translated) == shape(BOOKS["en-r1"][path])


def test_chinese_has_target_only_blocks() -> None:
    whole = "\n".join(BOOKS["zh"].values())
    assert whole.count(f"#@tab {ZH_ONLY_TAB}") == 2
    assert whole.count(f":begin_tab:`{ZH_ONLY_TAB}`") == 1
    assert whole.count(NOTE) == 1


def test_chinese_spacing_of_references() -> None:
    for path, text in BOOKS["zh"].items():
        prose = FENCE.sub("", text)
        assert not re.search(r"[^ \n]:(?:numref|eqref|cite):", prose), path
        assert not re.search(r"[\u4e00-\u9fff] [A-Za-z$]|[A-Za-z$] [\u4e00-\u9fff]", prose), path


def test_a_moved_paragraph_is_the_same_text() -> None:
    before, after = BOOKS["en-r2"], BOOKS["en-r3"]
    paragraph = next(
        b for b in before["chapter_regression/least-squares.md"].split("\n\n") if b.startswith("When two columns")
    )
    assert paragraph in after["chapter_regression/regularization.md"].split("\n\n")
    assert paragraph not in after["chapter_regression/least-squares.md"]
