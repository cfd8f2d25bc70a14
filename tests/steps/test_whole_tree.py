"""What a published tree needs beside its texts comes along, and what would point nowhere is not published."""

from __future__ import annotations

from typing import Any

Small = Any
BRANCH = "amts/en-zh/urn"
DRAWS = "urn/draws.md"
BIB = "@book{Urn.1713,\n  title = {On Urns}\n}\n\n@book{Ball.1812,\n  title = {On Balls}\n}\n"
OLD = "write down the colour of each ball"


def test_images_and_bibliography_entries_come_along(small: Small) -> None:
    small.zh.commit({"book.bib": "@book{Urn.1713,\n  title = {瓮}\n}\n", "img/own.svg": "<svg>zh</svg>"})
    small.book.commit({"book.bib": BIB, "img/new.svg": "<svg>new</svg>", "img/own.svg": "<svg>en</svg>"})
    small.revise(DRAWS, OLD, f"{OLD} :cite:`Urn.1713,Ball.1812`")
    text = small.book.read(DRAWS)
    small.book.commit({DRAWS: text + "\n![A full urn.](../img/new.svg)\n\n![An empty urn.](../img/own.svg)\n"})
    small.run()
    assert small.repo.read("img/new.svg", BRANCH).strip() == "<svg>new</svg>"
    assert small.repo.read("img/own.svg", BRANCH).strip() == "<svg>zh</svg>"
    assert small.repo.read("book.bib", BRANCH) == (
        "@book{Urn.1713,\n  title = {瓮}\n}\n\n@book{Ball.1812,\n  title = {On Balls}\n}\n"
    )
    # A second change goes on from the branch, and brings nothing twice.
    small.revise(DRAWS, "independent of the draws", "quite independent of the draws")
    small.run()
    assert small.repo.changed(f"{BRANCH}^", BRANCH) == [DRAWS, "urn/draws_origin.md"]


def test_a_reference_to_a_new_document_comes_with_it(small: Small) -> None:
    small.book.commit({"urn/more.md": "# More\n:label:`sec_more`\n\nMore about urns and balls in them.\n"})
    small.revise(DRAWS, OLD, f"{OLD}, as :numref:`sec_more` says,")
    small.run()
    assert ":numref:`sec_more`" in small.repo.read(DRAWS, BRANCH)
    assert ":label:`sec_more`" in small.repo.read("urn/more.md", BRANCH)


def test_a_label_that_goes_and_is_still_wanted_stays(small: Small) -> None:
    """The translation's own note refers to a label that the source dropped: the document that drops it is withheld."""
    index = small.zh.read("index.md")
    small.zh.commit({"index.md": index + "\n译者注：另见 :numref:`sec_draws`。\n"})
    small.book.commit({
        DRAWS: small.book.read(DRAWS).replace(":label:`sec_draws`\n", "").replace(OLD, "note the colour")
    })
    results = small.run()
    assert results["publish"]["branches"] == {}
    told = small.shown["publish"]
    assert "urn/draws.md: index.md:5: :numref:`sec_draws` points at nothing" in told
    assert "1 document is withheld" in told
    # The text was paid for once: when the note is gone, it is published without a call.
    small.zh.commit({"index.md": index})
    small.forget()
    assert list(small.run()["publish"]["branches"]) == [BRANCH]
    assert small.paid() == []
