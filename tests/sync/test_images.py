"""Whose an image is: the source's of some day, or the translators'."""

from __future__ import annotations

import pytest

from amts_tasks.sync.whole.images import Standing, shown_by, standing


@pytest.mark.parametrize(
    ("ours", "source", "before", "expected"),
    [
        ("c", "abc", "", Standing.same),
        ("a", "abc", "", Standing.old),
        ("b", "abc", "a", Standing.old),
        ("x", "abc", "", Standing.own),
        # The source went back to its first one, and so does the translation.
        ("b", "aba", "", Standing.old),
        # The translation had the newest, and somebody took it back.
        ("a", "abc", "c", Standing.own),
        ("x", "", "", Standing.own),
    ],
)
def test_the_standing_of_an_image(ours: str, source: str, before: str, expected: Standing) -> None:
    assert standing(ours, source, before) is expected


def test_the_documents_that_show_an_image() -> None:
    documents = [
        ("a/one.md", "![One.](../img/a%20b.svg)\n"),
        ("a/two.md", "The file a b.svg is not shown, `![x](../img/a b.svg)` is code.\n"),
        ("three.md", '<img src="img/c.png"/> and ![again](img/a%20b.svg).\n'),
        ("b/four.md", "![of this folder](img/c.png)\n"),
    ]
    found = shown_by(["img/c.png", "img/a b.svg", "img/none.svg"], documents)
    assert found == {"img/a b.svg": ("a/one.md", "three.md"), "img/c.png": ("three.md",)}
