"""Synchronisation: base, new source and translation → plan → merged documents → change sets.

What did not change in the source keeps the translator's text byte for byte, wherever in the book it went; the rest is
sent whole. Everything here takes and returns values; nothing is opened.
"""

from amts_tasks.sync.book import BookPlan, Versioned, Wanted, deliver, plan_book
from amts_tasks.sync.document.plan import DocumentPlan
from amts_tasks.sync.item import Item, Provenance
from amts_tasks.sync.look import Review
from amts_tasks.sync.manifest import Manifest, Record, Standing, State
from amts_tasks.sync.merged.merge import Left, Merged, merge_document

__all__ = [
    "BookPlan",
    "DocumentPlan",
    "Item",
    "Left",
    "Manifest",
    "Merged",
    "Provenance",
    "Record",
    "Review",
    "Standing",
    "State",
    "Versioned",
    "Wanted",
    "deliver",
    "merge_document",
    "plan_book",
]
