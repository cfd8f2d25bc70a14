"""Images that the source changes under the same name: the source's old ones follow, the translators' own stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

Small = Any
URN, INDEX = "amts/en-zh/urn", "amts/en-zh/index"
DRAWS = "urn/draws.md"
OLD = "write down the colour of each ball"
SVG = "img/urn.svg"
FIRST, SECOND, THIRD, OWN = (f"<svg>{name}</svg>\n" for name in ("first", "second", "third", "own"))


def shows(small: Small, *documents: str, own: str = FIRST) -> None:
    """Both books show the image in these documents; the translation has its own bytes of it, or the source's first."""
    ups = {path: "../" * path.count("/") for path in documents}
    book: dict[str, str] = {SVG: FIRST}
    translation: dict[str, str] = {SVG: own}
    for path in documents:
        line = f"\n![]({ups[path]}{SVG})\n"
        book[path] = translation[path.replace(".md", "_origin.md")] = small.book.read(path) + line
        translation[path] = small.zh.read(path) + line
    small.book.commit(book)
    small.zh.days = small.book.days
    small.zh.commit(translation)


def new_image(small: Small, data: str = SECOND) -> None:
    small.book.days = max(small.book.days, small.zh.days)
    small.book.commit({SVG: data})


def branch_files(small: Small, branch: str) -> Mapping[str, str]:
    start = small.repo.git("merge-base", "main", branch) if branch in small.branches() else branch
    return {path: small.repo.read(path, branch) for path in small.repo.changed(start, branch)}


def test_an_old_image_of_the_source_comes_along_with_the_chapter(small: Small) -> None:
    shows(small, DRAWS)
    new_image(small)
    small.revise()
    small.run()
    files = branch_files(small, URN)
    assert set(files) == {DRAWS, "urn/draws_origin.md", SVG}
    assert files[SVG] == SECOND
    message = small.repo.git("log", "-1", "--format=%B", URN)
    assert f"Images that the source changed:\n\n- {SVG}\n" in message
    small.forget()
    assert small.run() is None, "nothing twice"


def test_an_image_alone_is_a_branch_to_merge_and_costs_nothing(small: Small) -> None:
    shows(small, "urn/errors.md", DRAWS)
    small.run()
    new_image(small)
    small.forget()
    results = small.run()
    assert list(results["publish"]["branches"]) == [URN]
    assert branch_files(small, URN) == {SVG: SECOND}
    assert small.paid() == []
    message = small.repo.git("log", "-1", "--format=%B", URN)
    assert "Blocks by where" not in message
    assert "Translation-service: " in message
    (body,) = [small.storage.get(key).decode() for key in small.storage.list("") if key.endswith("publish/urn.md")]
    assert "Images that the source changed:" in body
    assert "| Document |" not in body
    assert small.run() is None
    # A newer one goes on from the branch; merged, it is there.
    new_image(small, THIRD)
    small.run()
    assert branch_files(small, URN) == {SVG: THIRD}
    small.merge(URN)
    small.zh.days = small.book.days
    assert small.zh.read(SVG) == THIRD
    small.revise("index.md", "small book", "short book")
    assert list(small.run()["publish"]["branches"]) == [INDEX]


def test_the_translators_own_image_stays_and_is_named_where_the_sources_is_newer(small: Small) -> None:
    shows(small, DRAWS, own=OWN)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert SVG not in small.shown["publish"], "the source's did not change"
    new_image(small)
    small.revise()
    small.run()
    assert SVG not in branch_files(small, URN)
    assert f"{SVG}: the translation's own image stays; the source's changed on 2026-01-" in small.shown["publish"]
    assert f"- {SVG}: the translation's own image stays" in small.repo.git("log", "-1", "--format=%B", URN)
    # Theirs is made anew: nothing is left to say.
    small.zh.days = small.book.days
    small.zh.commit({SVG: OWN + OWN})
    small.revise("index.md", "short book", "brief book")
    small.run()
    assert SVG not in small.shown["publish"]


@pytest.mark.parametrize("back", ["the translation", "its branch", "the source"])
def test_who_goes_back_to_an_older_image(small: Small, back: str) -> None:
    shows(small, DRAWS)
    new_image(small)
    small.run()
    small.zh.days = small.book.days
    if back == "its branch":
        repo = small.repo
        repo.days = small.book.days
        repo.commit({SVG: FIRST}, branch=URN)
        small.revise()
        small.run()
        assert small.repo.read(SVG, URN) == FIRST
    small.merge(URN)
    if back == "its branch":
        small.revise("urn/errors.md", "usually lies", "often lies")
        small.run()
        assert small.repo.read(SVG, URN) == FIRST, "nor after the merge"
        return
    assert small.zh.read(SVG) == SECOND
    if back == "the translation":
        small.zh.commit({SVG: FIRST})
        small.revise()
        small.run()
        assert SVG not in branch_files(small, URN), "a human took it back"
    else:
        new_image(small, FIRST)
        small.run()
        assert branch_files(small, URN) == {SVG: FIRST}


def test_a_chapter_of_this_run_is_preferred_and_a_bound_on_branches_holds(small: Small) -> None:
    budget = "    budget: {run: 5, evaluation: 5}\n"
    small.edit((f"{budget}  zh-en:", f"{budget}    review: {{branches: 1}}\n  zh-en:"))
    shows(small, "index.md", DRAWS)
    new_image(small)
    small.revise()
    small.run()
    assert branch_files(small, URN)[SVG] == SECOND
    assert INDEX not in small.branches(), "once is enough"
    # The branch that holds a version of it gets the next one too, and no other does.
    small.book.commit({SVG: THIRD})
    small.run()
    assert branch_files(small, URN)[SVG] == THIRD
    assert list(small.branches()) == [URN]


def test_where_no_more_branches_may_be_open_the_image_waits(small: Small) -> None:
    budget = "    budget: {run: 5, evaluation: 5}\n"
    small.edit((f"{budget}  zh-en:", f"{budget}    review: {{branches: 1}}\n  zh-en:"))
    shows(small, DRAWS)
    small.revise("index.md", "small book", "short book")
    small.run()
    new_image(small)
    small.run()
    assert list(small.branches()) == [INDEX]
    assert f"{SVG}: the source's newer version waits: 1 branch is open" in small.shown["publish"]
    small.merge(INDEX)
    small.run()
    assert branch_files(small, URN) == {SVG: SECOND}


def test_a_reserved_document_brings_nothing(small: Small) -> None:
    shows(small, DRAWS)
    new_image(small)
    rows = "urn/draws.md: {who: a reader, until: 2026-12-31}\n"
    (small.path.parent / "reserved.yaml").write_text(rows, encoding="utf-8")
    small.run()
    assert small.branches() == {}
    (small.path.parent / "reserved.yaml").unlink()
    small.run()
    assert branch_files(small, URN) == {SVG: SECOND}
