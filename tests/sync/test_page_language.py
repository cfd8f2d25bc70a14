"""The language that a translated HTML page says it is in."""

from __future__ import annotations

import pytest

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

PATH = "a.html"
EN, ES = default_profile("en"), default_profile("es")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Tea</title></head>
<body>
<p>Boil the water.</p>
<p>Wait for four minutes.</p>
</body>
</html>
"""


def merged(source: str, base: str | None = None, target: str | None = None, *, answered: bool = True) -> str:
    """The page with every text in capital letters for its translation."""
    old, ours = (parse(text, PATH) if text is not None else None for text in (base, target))
    book = Versioned(
        {PATH: old} if old else {},
        {PATH: parse(source, PATH)},
        {PATH: ours} if ours else {},
        {PATH: align_blocks(old, ours, EN, ES)} if old and ours else {},
    )
    plan = plan_book("en-es", {}, book, ES, source_profile=EN)
    answers = {text.id: text.source.upper() if answered else text.source for text in plan.wanted}
    result = merge_document(plan.documents[0], deliver(plan, answers)[PATH])
    assert result.damaged is None
    return result.text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('<html lang="en">', '<html lang="es">'),
        ("<HTML class=x lang=en-GB>", "<HTML class=x lang=es>"),
        ('<html xmlns="x" xml:lang="en" lang="en">', '<html xmlns="x" xml:lang="es" lang="es">'),
        ('<html lang="de">', '<html lang="de">'),
        ("<html>", "<html>"),
    ],
)
def test_a_new_page_says_its_own_language(said: str, expected: str) -> None:
    source = PAGE.replace('<html lang="en">', said)
    made = merged(source)
    assert made == merged(source.replace(said, "<html>")).replace("<html>", expected)
    assert "BOIL THE WATER" in made or said == '<html lang="de">'


def test_a_page_with_parts_in_a_language_stays_as_it_is_read() -> None:
    made = merged(PAGE.replace("<p>Wait", '<p lang="fr">Attendez.</p>\n<p>Wait'))
    assert '<html lang="en">' in made
    assert '<p lang="fr">Attendez.</p>' in made


def test_a_page_of_which_nothing_was_translated_is_in_the_books_language() -> None:
    assert merged(PAGE, answered=False) == PAGE


@pytest.mark.parametrize("own", ['lang="es"', 'lang="en"', 'lang="es-MX" xml:lang="en"'])
def test_what_people_have_stays(own: str) -> None:
    target = PAGE.upper().replace('<HTML LANG="EN">', f"<html {own}>")
    made = merged(PAGE.replace("Boil the water", "Boil two litres of water"), PAGE, target)
    assert f"<html {own}>" in made
    assert "BOIL TWO LITRES" in made


def test_the_sources_new_tag_keeps_the_translations_language() -> None:
    target = PAGE.upper().replace('LANG="EN"', 'lang="es-MX"')
    made = merged(PAGE.replace('<html lang="en">', '<html lang="en" class="tea">'), PAGE, target)
    assert '<html lang="es-MX" class="tea">' in made
