"""Notebooks merged: what a human wrote in a cell stays, and every cell that stays is the same bytes."""

from __future__ import annotations

import json
from typing import Any

import nbformat

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import BookPlan, Merged, Versioned, deliver, merge_document, plan_book
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
PATH = "chapter/doc.ipynb"


def cell(source: str, name: str = "", kind: str = "markdown") -> dict[str, Any]:
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, **({"id": name} if name else {}), "metadata": {}, **code, "source": source}


def notebook(*cells: dict[str, Any], minor: int = 5, indent: int = 1) -> str:
    made = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(made, indent=indent, ensure_ascii=False) + "\n"


def merge(base: str, source: str, target: str) -> tuple[BookPlan, Merged]:
    old, new, ours = (parse(text, PATH) for text in (base, source, target))
    book = Versioned({PATH: old}, {PATH: new}, {PATH: ours}, {PATH: align_blocks(old, ours, ENGLISH, SPANISH)})
    plan = plan_book("en-es", {}, book, SPANISH, source_profile=ENGLISH)
    delivered = deliver(plan, {one.id: f"MT {one.source}" for one in plan.wanted})
    merged = merge_document(plan.documents[0], delivered[PATH])
    assert (merged.damaged, merged.left) == (None, ())
    nbformat.validate(nbformat.reads(merged.text, as_version=4))
    return plan, merged


def sources(text: str) -> list[str]:
    return [one["source"] for one in json.loads(text)["cells"]]


def test_a_translator_s_own_placeholders_do_not_keep_a_changed_cell_behind() -> None:
    base = "Give it the prefix `time traveller `.\nThe network is not trained yet. So it says nonsense."
    new = base.replace("So it says", "So for now it says")
    theirs = "Dale el prefijo `viajero del tiempo`.\nLa red aún no está entrenada. Por eso dice tonterías."
    plan, merged = merge(notebook(cell(base, "a")), notebook(cell(new, "a")), notebook(cell(theirs, "a")))
    assert [one.source for one in plan.wanted] == ["So for now it says nonsense."]
    assert sources(merged.text) == [theirs.replace("Por eso dice tonterías.", "MT So for now it says nonsense.")]
