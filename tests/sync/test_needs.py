"""What documents need beside themselves, and what is withheld because it is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.sync.whole.bibliography import entries, merged
from amts_tasks.sync.whole.needs import Things, needs
from amts_tasks.sync.whole.whole import Rewritten, withheld
from amts_tasks.text import parse

BIB = """% our sources
@book{Alder.1990,
  title = {The {Green} Leaf, \\} and all},
  year = 1990
}

@comment{nothing, here}

@article{Birch.1995, title="Bark", year={1995}}
"""

DOCUMENT = """# Trees
:label:`sec_trees`

![An alder and $x$ [in spring].](../img/alder.svg)
:width:`300px`

See :cite:`Alder.1990,Birch.1995` and :citet:`Cedar.2001`, <img src="img/b%20c.png" alt="b">.

![Away](https://example.org/a.png) ![Out](../../no.png)

```toc
:maxdepth: 2

pines
chapter_oaks/index
```

```python
# ![code](code.png) :cite:`No.1`
```
"""


def test_what_a_document_needs() -> None:
    found = [(need.role, need.name, need.line) for need in needs(parse(DOCUMENT, "part/trees.md"))]
    assert found == [
        ("image", "img/alder.svg", 4),
        ("image", "part/img/b c.png", 7),
        ("cite", "Alder.1990", 7),
        ("cite", "Birch.1995", 7),
        ("citet", "Cedar.2001", 7),
        ("toc", "part/pines", 14),
        ("toc", "part/chapter_oaks/index", 15),
    ]


def test_entries_of_a_bibliography() -> None:
    found = entries(BIB)
    assert list(found) == ["Alder.1990", "Birch.1995"]
    assert found["Alder.1990"].startswith("@book{")
    assert found["Alder.1990"].endswith("year = 1990\n}")
    assert found["Birch.1995"] == '@article{Birch.1995, title="Bark", year={1995}}'


def test_a_bibliography_gains_what_is_cited_in_its_place_and_loses_nothing() -> None:
    theirs = "@misc{A, x={1}}\n\n@misc{B, x={2}}\n\n@misc{C, x={3}}\n"
    assert merged("% own\n@misc{A, x={ours}}\n\n@misc{Z, x={9}}\n", theirs, {"B"}) == (
        "% own\n@misc{A, x={ours}}\n\n@misc{B, x={2}}\n\n@misc{Z, x={9}}\n"
    )
    assert merged("", theirs, {"C", "B"}) == "@misc{B, x={2}}\n\n@misc{C, x={3}}\n"
    assert merged("@misc{A, x={1}}", theirs, {"A"}) == "@misc{A, x={1}}"


KEYS = st.lists(st.sampled_from([f"Key{n}" for n in range(8)]), unique=True)


@given(KEYS, KEYS, st.sets(st.sampled_from([f"Key{n}" for n in range(8)])))
def test_every_entry_stays_and_the_wanted_come(ours: list[str], theirs: list[str], wanted: set[str]) -> None:
    have = "\n".join(f"@misc{{{key}, own = {{yes}}}}\n" for key in ours)
    there = "\n".join(f"@misc{{{key}, own = {{no}}}}\n" for key in theirs)
    result = entries(merged(have, there, wanted))
    assert {key: text for key, text in result.items() if key in ours} == entries(have)
    assert result.keys() == {*ours, *(wanted & set(theirs))}


def book(**texts: str) -> dict[str, object]:
    return {f"{name}.md": parse(text, f"{name}.md") for name, text in texts.items()}


LABELLED = "# Alder\n:label:`sec_alder`\n\nText.\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": "See :numref:`sec_no`.\n"}, {"a": "Now see :numref:`sec_no`.\n"}, {}),
        (
            {"a": "Text.\n"},
            {"a": "See :numref:`sec_no`.\n"},
            {"a.md": "a.md:1: :numref:`sec_no` points at nothing"},
        ),
        ({"a": "Text.\n"}, {"a": "See :numref:`sec_alder`.\n", "b": LABELLED}, {}),
        (
            {"a": "See :numref:`sec_alder`.\n", "b": LABELLED},
            {"b": "# Alder\n\nText.\n"},
            {"b.md": "a.md:1: :numref:`sec_alder` points at nothing"},
        ),
        # b is withheld for its own fault, and what leans on it falls with it.
        (
            {"a": "Text.\n"},
            {"a": "See :numref:`sec_alder`.\n", "b": LABELLED + "\n![x](x.png)\n"},
            {
                "a.md": "a.md:1: :numref:`sec_alder` points at nothing",
                "b.md": "b.md:6: the image x.png is not there",
            },
        ),
        ({}, {"a": "![x](y.png)\n"}, {}),
        ({}, {"a": "See :cite:`Nobody`.\n"}, {"a.md": "a.md:1: :cite:`Nobody` is in no bibliography"}),
        ({}, {"index": "```toc\na\n```\n"}, {"index.md": "index.md:2: the toc entry a leads to no document"}),
        ({"a": "Text.\n"}, {"index": "```toc\na\n```\n"}, {}),
    ],
)
def test_withheld(before: dict[str, str], after: dict[str, str], expected: dict[str, str]) -> None:
    things = Things(frozenset({"y.png"}), {"book.bib": "@misc{Somebody, x={1}}\n"})
    rewritten = {path: Rewritten(document, None) for path, document in book(**after).items()}  # type: ignore[arg-type]
    assert withheld(book(**before), rewritten, things, things) == expected  # type: ignore[arg-type]


def test_what_the_source_leaves_open_itself_is_excused() -> None:
    rewritten = {"a.md": Rewritten(parse("See :numref:`sec_no`.\n", "a.md"), None)}
    assert withheld({}, rewritten, Things(), Things(), {("a.md", "sec_no")}) == {}


def test_a_renamed_document_keeps_what_it_always_lacked() -> None:
    old = book(a="See :numref:`sec_no`.\n")
    rewritten = {"b.md": Rewritten(parse("See :numref:`sec_no`.\n", "b.md"), "a.md")}
    assert withheld(old, rewritten, Things(), Things()) == {}  # type: ignore[arg-type]
