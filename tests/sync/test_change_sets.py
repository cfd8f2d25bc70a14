"""Change sets: what a chapter's commit holds and says."""

from __future__ import annotations

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.merged.changes import Change, Former, arrivals, changed_sentences
from amts_tasks.sync.publish import ChangeSet, Tree, change_sets, origin_path
from amts_tasks.sync.queue import chapter_of
from amts_tasks.sync.told.body import body
from amts_tasks.sync.told.message import About, Languages, Told, message
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
TEA = "# Tea\n\nBoil three cups of water.\n\nPour it over the leaves.\n"
TE = "# Té\n\nHierve tres tazas de agua.\n\nViértela sobre las hojas.\n"


def sets_of(sources: dict[str, str], answered: bool = True, suffix: str | None = "_origin") -> tuple[ChangeSet, ...]:
    base, target = parse(TEA, "hot/tea.md"), parse(TE, "hot/tea.md")
    versioned = Versioned(
        {"hot/tea.md": base},
        {path: parse(text, path) for path, text in sources.items()},
        {"hot/tea.md": target},
        {"hot/tea.md": align_blocks(base, target, ENGLISH, SPANISH)},
    )
    plan = plan_book("en-es", {"source": "b" * 40, "target": "c" * 40}, versioned, SPANISH)
    delivered = deliver(plan, {text.id: f"MT {text.source}" for text in plan.wanted} if answered else {})
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    beads = versioned.alignments["hot/tea.md"]
    changes = {
        one.path: changed_sentences(
            one, merged[one.path], Former(base, beads) if one.old_path else Former(), ENGLISH, SPANISH
        )
        for one in plan.documents
    }
    return change_sets(
        plan,
        merged,
        Tree(versioned.bases, suffix),
        service="loopback us-east-1 (engine: echo)",
        changes=changes,
        languages=Languages.of(ENGLISH, SPANISH),
    )


def test_chapters_and_origin_files_by_path() -> None:
    assert [chapter_of(path) for path in ("a/b/c.md", "a/c.md", "index.md")] == ["a", "a", "index"]
    assert origin_path("a/foo.md", "_origin") == "a/foo_origin.md"
    assert origin_path("foo.ipynb", "_origin") == "foo_origin.ipynb"


def test_nothing_changed_gives_no_change_set() -> None:
    assert sets_of({"hot/tea.md": TEA}) == ()


def test_a_change_brings_its_origin_file_and_a_message_that_says_what_happened() -> None:
    source = TEA + "\nWait four minutes.\n"
    (change,) = sets_of({"hot/tea.md": source})
    assert change.chapter == "hot"
    assert change.files == {
        "hot/tea.md": (TE + "\nMT Wait four minutes.\n").encode(),
        "hot/tea_origin.md": source.encode(),
    }
    assert change.message == (
        "Update hot (en-es) to bbbbbbbbbbbb\n\n"
        "Blocks by where their text comes from:\n\n"
        "document    kept  moved  swapped  patched  memory  bought  sent  code  stale  left\n"
        "hot/tea.md     3      0        0        0       0       0     1     0      0     0\n\n"
        "Changed sentences (1; 3 words to read), [-removed-] {+added+}:\n\n"
        "hot/tea.md:7, sent\n"
        "  en new  Wait four minutes.\n"
        "  es new  MT Wait four minutes.\n\n"
        f"Source-revision: {'b' * 40}\nTarget-revision: {'c' * 40}\n"
        "Translation-service: loopback us-east-1 (engine: echo)\n"
    )


def test_a_source_that_only_reflowed_brings_the_origin_file_alone() -> None:
    source = TEA.replace("three cups", "three\ncups")
    (change,) = sets_of({"hot/tea.md": source})
    assert change.files == {"hot/tea_origin.md": source.encode()}
    assert sets_of({"hot/tea.md": source}, suffix=None) == ()


def test_a_rename_deletes_the_old_files_in_the_same_change_set() -> None:
    (change,) = sets_of({"cold/tea.md": TEA})
    assert change.chapter == "cold"
    assert change.files == {
        "cold/tea.md": TE.encode(),
        "cold/tea_origin.md": TEA.encode(),
        "hot/tea.md": None,
        "hot/tea_origin.md": None,
    }
    assert "Renamed: hot/tea.md -> cold/tea.md\n" in change.message


def test_what_was_refused_is_listed_and_a_new_document_without_any_answer_is_not_written() -> None:
    (change,) = sets_of({"hot/tea.md": TEA + "\nWait four minutes.\n", "new/page.md": "Hello there.\n"}, answered=False)
    assert change.chapter == "hot"
    assert (
        "- hot/tea.md: no acceptable translation came back; the source's text stands there: Wait four minutes.\n"
        in change.message
    )


def moving(sources: dict[str, str], bases: dict[str, str], targets: dict[str, str]) -> dict[str, tuple[Change, ...]]:
    base, source, target = ({p: parse(t, p) for p, t in one.items()} for one in (bases, sources, targets))
    beads = {path: align_blocks(base[path], target[path], ENGLISH, SPANISH) for path in base}
    plan = plan_book("en-es", {}, Versioned(base, source, target, beads), SPANISH)
    delivered = deliver(plan, {text.id: f"MT {text.source}" for text in plan.wanted})
    merged = {one.path: merge_document(one, delivered[one.path]) for one in plan.documents}
    arrived = arrivals(merged.values())
    return {
        one.path: changed_sentences(
            one, merged[one.path], Former(base.get(one.path), beads.get(one.path, ())), ENGLISH, SPANISH, arrived
        )
        for one in plan.documents
    }


COLD = "# Ice\n\nPut it in a glass.\n"
HELADO = "# Hielo\n\nPonlo en un vaso.\n"
MOVED = "Pour it over the leaves.\n"


def test_text_that_came_along_elsewhere_is_told_as_moved_and_where_to() -> None:
    bases, targets = {"hot/tea.md": TEA, "cold/ice.md": COLD}, {"hot/tea.md": TE, "cold/ice.md": HELADO}
    sources = {"hot/tea.md": TEA.replace("\n" + MOVED, ""), "cold/ice.md": COLD + "\n" + MOVED}
    found = moving(sources, bases, targets)
    (one,) = found["hot/tea.md"]
    assert (one.provenance, one.to) == ("moved", "cold/ice.md, line 5")
    assert (one.old_target, one.new_target) == ("Viértela sobre las hojas.", "")
    assert found["cold/ice.md"] == ()
    about = About("en-es", {}, "service", Languages.of(ENGLISH, SPANISH))
    told = Told(about, "hot", (), (), (), found["hot/tea.md"], 0)
    assert "\nhot/tea.md, moved to cold/ice.md, line 5\n" in message(told)
    assert "\n| moved to cold/ice.md, line 5 | Pour it over the leaves. |  | Viértela" in body(told)


def test_text_that_moved_within_its_document_and_text_that_is_gone() -> None:
    source = "# Tea\n\nPour it over the leaves.\n\nBoil three cups of water.\n\nA new one.\n"
    found = moving({"hot/tea.md": source}, {"hot/tea.md": TEA}, {"hot/tea.md": TE})["hot/tea.md"]
    assert [(one.provenance, one.to) for one in found if not one.new_target] == [("moved", "hot/tea.md, line 3")]
    (gone,) = moving({"hot/tea.md": TEA.replace("\n" + MOVED, "")}, {"hot/tea.md": TEA}, {"hot/tea.md": TE})[
        "hot/tea.md"
    ]
    assert (gone.provenance, gone.to) == ("deleted", "")
