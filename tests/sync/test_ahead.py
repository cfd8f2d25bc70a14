"""A translation that ran ahead of its source, and sentences that Markdown would take for a list."""

from __future__ import annotations

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.document.agree import AHEAD
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")


def run(old: str, new: str, target: str) -> tuple[BookPlan, Merged]:
    base, source, theirs = (parse(text, "doc.md") for text in (old, new, target))
    beads = {"doc.md": align_blocks(base, theirs, ENGLISH, SPANISH)}
    book = Versioned({"doc.md": base}, {"doc.md": source}, {"doc.md": theirs}, beads)
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    delivered = deliver(plan, {one.id: f"MT {one.source}" for one in plan.wanted})
    return plan, merge_document(plan.documents[0], delivered["doc.md"])


def test_tabs_that_the_translation_had_first_are_the_sources_tabs_now() -> None:
    def tab(name: str, text: str) -> str:
        return f":begin_tab:`{name}`\n{text}\n:end_tab:\n\n"

    first, second = "The library has many functions. We look them up.", "It has good pages. We look them up."
    primero, segundo = "La biblioteca tiene muchas funciones. Las buscamos.", "Tiene buenas páginas. Las buscamos."
    end = "## Summary\n\nThe pages help us every day.\n"
    fin = "## Resumen\n\nLas páginas nos ayudan todos los días.\n"
    target = f"# Páginas\n\n{tab('mxnet', primero)}{tab('pytorch', segundo)}{fin}"
    new = f"# Pages\n\n{tab('mxnet', first)}{tab('pytorch', second)}{end}"
    plan, merged = run(f"# Pages\n\n{first}\n\n{end}", new, target)
    assert merged.damaged is None
    assert merged.text == target
    assert plan.wanted == ()
    assert AHEAD in [one.reason for one in plan.review]


def test_a_sentence_that_begins_with_a_number_is_no_list_when_it_comes_first() -> None:
    old = "The kettle stands on the stove. At step 3 we fill it with water. Then we wait for a while."
    new = "At step 3 we fill it with water. Then we wait for a while. The garden is green today."
    target = "La tetera está en la cocina. 3. paso: la llenamos de agua. Luego esperamos un rato."
    _, merged = run(f"{old}\n", f"{new}\n", f"{target}\n")
    assert (merged.damaged, merged.left) == (None, ())
    assert merged.text == "3\\. paso: la llenamos de agua. Luego esperamos un rato. MT The garden is green today.\n"


def test_a_translation_with_capitals_for_small_letters_is_patched_too() -> None:
    old = "The kettle stands on the stove. We fill it with water. Then we wait for a while."
    plan, merged = run(f"{old}\n", f"{old.replace('water', 'milk')}\n", f"{old.swapcase()}\n")
    assert [one.source for one in plan.wanted] == ["We fill it with milk."]
    assert merged.text == "tHE KETTLE STANDS ON THE STOVE. MT We fill it with milk. tHEN WE WAIT FOR A WHILE.\n"
