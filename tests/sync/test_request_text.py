"""The changed sentences, in a commit's message and in a request's text; and that no book can break either."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from amts_tasks.align import align_blocks
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.merged.changes import Change, Former, changed_sentences
from amts_tasks.sync.told.body import BEGIN, END, MOST, body
from amts_tasks.sync.told.description import put_into
from amts_tasks.sync.told.harmless import markdown
from amts_tasks.sync.told.message import About, Languages, Told, message
from amts_tasks.text import parse

ENGLISH, SPANISH = default_profile("en"), default_profile("es")
ABOUT = About("en-es", {"source": "b" * 40}, "loopback us-east-1", Languages.of(ENGLISH, SPANISH))
TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from([
    "a | b",
    "`x` | `",
    "\\|",
    "<script>alert(1)</script>",
    "<!-- amts: end -->",
    "@someone fixes #12, GH-3 and !4",
    "www.example.org https://example.org me@example.org",
    "$x$ and $$y$$",
    "a\n\n| b | c |\n",
    "*a* __b__ ~~c~~ [d](e) ![f](g)",
    "&amp; &#64;you",
    "{+ added +} [- removed -]",
    "```\ncode\n```",
])
READER = MarkdownIt("gfm-like")
# No forge takes every word with a dot in it for an address.
READER.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # type: ignore[union-attr]


def changes(old: str, new: str, target: str, answer: str = "NUEVO") -> tuple[Change, ...]:
    """The changes of one document of one paragraph or more."""
    base, source, ours = (parse(text, "a.md") for text in (old, new, target))
    beads = align_blocks(base, ours, ENGLISH, SPANISH)
    versioned = Versioned({"a.md": base}, {"a.md": source}, {"a.md": ours}, {"a.md": beads})
    plan = plan_book("en-es", {}, versioned, SPANISH, source_profile=ENGLISH)
    delivered = deliver(plan, {text.id: f"{answer} {text.source}" for text in plan.wanted})
    (document,) = plan.documents
    merged = merge_document(document, delivered["a.md"])
    return changed_sentences(document, merged, Former(base, beads), ENGLISH, SPANISH)


def told(*some: Change, **more: object) -> Told:
    given_: dict[str, object] = {"rows": (("a.md", *[1] * 9, 0),), "renamed": (), "look": (), "words": 3, **more}
    return Told(ABOUT, "a", changes=some, **given_)  # type: ignore[arg-type]


def change(*texts: str) -> Change:
    return Change("a.md", 3, "sent", *texts)


def test_a_patched_paragraph_shows_the_sentence_that_changed() -> None:
    (one,) = changes(
        "# Tea\n\nBoil three cups of water. Pour it over the leaves. Wait.\n",
        "# Tea\n\nBoil three cups of water. Pour it over the green leaves. Wait.\n",
        "# Té\n\nHierve tres tazas de agua. Viértela sobre las hojas. Espera.\n",
    )
    assert one == Change(
        "a.md",
        3,
        "patched",
        "Pour it over the leaves.",
        "Pour it over the green leaves.",
        "Viértela sobre las hojas.",
        "NUEVO Pour it over the green leaves.",
    )


def test_a_new_paragraph_has_nothing_old_and_a_deleted_one_nothing_new() -> None:
    first = "# Tea\n\nBoil three cups of water.\n"
    (new,) = changes(first, first + "\nWait four minutes.\n", "# Té\n\nHierve tres tazas de agua.\n")
    assert (new.old_source, new.old_target, new.line) == ("", "", 5)
    assert (new.new_source, new.new_target) == ("Wait four minutes.", "NUEVO Wait four minutes.")
    (gone,) = changes(
        first + "\nWait four minutes.\n", first, "# Té\n\nHierve tres tazas de agua.\n\nEspera cuatro minutos.\n"
    )
    assert gone == Change("a.md", 0, "deleted", "Wait four minutes.", "", "Espera cuatro minutos.", "")


def test_a_short_text_is_marked_by_word() -> None:
    one = change("Wait four minutes.", "Wait five minutes.", "Espera cuatro minutos.", "Espera cinco minutos.")
    assert (
        "a.md:3, sent\n"
        "  en old  Wait [-four-] minutes.\n"
        "  en new  Wait {+five+} minutes.\n"
        "  es old  Espera [-cuatro-] minutos.\n"
        "  es new  Espera {+cinco+} minutos.\n"
    ) in message(told(one))
    assert (
        "| 3 sent | Wait <del>four</del> minutes. | Wait <ins>five</ins> minutes. "
        "| Espera <del>cuatro</del> minutos. | Espera <ins>cinco</ins> minutos. |\n"
    ) in body(told(one))


@given(st.tuples(*[st.text(st.sampled_from("ab ,.(\n\t模块"), max_size=40)] * 4))
def test_without_the_marks_both_sides_of_a_message_can_be_read_back(texts: tuple[str, ...]) -> None:
    shown = message(told(change(*texts)))
    assert not re.search(r"\[--\]|\{\+\+\}", shown)
    lines = dict(re.findall(r"^  (.. (?:old|new))  (.*)$", shown, re.MULTILINE))
    for name, text in zip(("en old", "en new", "es old", "es new"), texts, strict=True):
        read = re.sub(r"\[-|-\]|\{\+|\+\}", "", lines.get(name, ""))
        assert re.sub(r"\s+", " ", read).strip() == re.sub(r"\s+", " ", text).strip()


def test_a_word_that_goes_takes_its_space_along_and_leaves_the_other() -> None:
    one = change("in a module, we\ninvoke the class (and", "in a module,\ninvoke the class(and", "", "")
    text = message(told(one))
    assert "  en old  in a module, [-we -]invoke the class[- -](and\n" in text
    assert "  en new  in a module, invoke the class(and\n" in text


def test_a_sentence_that_only_broke_elsewhere_is_not_told() -> None:
    old = "# Tea\n\nBoil three cups\nof water. Wait.\n"
    (one,) = changes(old, "# Tea\n\nBoil three\ncups of water. Wait long.\n", "# Té\n\nHierve tres tazas. Espera.\n")
    assert (one.old_source, one.new_source) == ("Wait.", "Wait long.")


def test_long_stretches_without_a_difference_are_cut_in_a_message() -> None:
    same = "the very same words " * 30
    one = change(f"old {same}", f"new {same}", "", "")
    line = next(line for line in message(told(one)).splitlines() if "en new" in line)
    assert line.startswith("  en new  {+new+} ")
    assert len(line) < 200
    assert "…" in line


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=3), TEXT)
def test_nothing_of_a_book_breaks_the_table(rows: list[tuple[str, str, str, str]], path: str) -> None:
    some = told(*(change(*row) for row in rows), look=(rows[0][0],), renamed=((path, path),))
    text = body(some, build=rows[0][1])
    tokens = READER.parse(text)
    tables = [i for i, token in enumerate(tokens) if token.type == "table_open"]
    assert len(tables) == 2
    cells = [token for token in tokens[tables[1] :] if token.type in {"td_open", "th_open"}]
    assert len(cells) == 5 * (1 + len(rows))
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "html_inline", "code_inline", "text_special", "softbreak"}, kinds
    tags = {child.content for token in tokens for child in token.children or () if child.type == "html_inline"}
    assert tags <= {"<del>", "</del>", "<ins>", "</ins>"}
    assert text.count(BEGIN) == text.count(END) == 1
    # No name is called and no issue pointed at, whatever escapes a forge has undone when it looks for them.
    shown = "\n".join(child.content for token in tokens for child in token.children or () if child.type == "text")
    assert not re.search(r"[@#!$~%&:]\w|://|\bwww\.|[Gg][Hh]-\d", shown)


@given(TEXT)
def test_a_cell_shows_what_the_text_is(text: str) -> None:
    shown = READER.renderInline(f"x {markdown(text)} x").replace("\u200b", "")
    visible = re.sub(r"[ \t\r\n]+", " ", text)
    unseen = any(ord(letter) < 32 or letter in "\u061c\u200b\u200e\u200f\ufeff" for letter in visible)
    unseen |= bool(re.search(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\s]", visible.replace(" ", "")))
    if not unseen:
        assert unescape(shown) == f"x {visible.strip()} x"


@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), max_size=3), TEXT)
def test_a_message_ends_in_its_own_trailers_and_calls_nobody(rows: list[tuple[str, str, str, str]], look: str) -> None:
    some = told(*(change(*row) for row in rows), look=("x Reviewed-by: A <a@example.org>", look))
    text = message(some)
    assert text.endswith("\n\nSource-revision: " + "b" * 40 + "\nTranslation-service: loopback us-east-1\n")
    assert "\0" not in text
    assert not re.search(r"[@#]\w", text)


def test_a_request_is_never_longer_than_a_forge_takes() -> None:
    many = tuple(change(f"old {n} " + "ab $ " * 400, f"new {n}", "", f"neu {n}") for n in range(200))
    text = body(told(*many))
    assert 40_000 < len(text) <= MOST
    found = re.search(
        r"\n(\d+) more changed sentences do not fit here; the changed files show all of them, and so does the patch: "
        r"`amts patch en-es a`\n",
        text,
    )
    assert found
    assert int(found[1]) == 200 - text.count("| 3 sent |")
    hostile = told(*many, look=("$" * 5_000,) * 30, rows=tuple((("|" * 300) + str(n), *[0] * 10) for n in range(300)))
    assert len(body(hostile)) <= MOST
    assert len(message(hostile)) < 80_000


def test_what_people_write_around_our_part_stays() -> None:
    first, second = body(told(words=1)), body(told(words=2))
    theirs = f"Please look at the captions.\n\n{first}\n- [x] read\n"
    now = put_into(second, theirs, MOST)
    assert now == f"Please look at the captions.\n\n{second.rstrip()}\n\n- [x] read\n"


def test_without_our_marks_our_part_comes_after_what_people_wrote() -> None:
    ours = body(told(words=2))
    assert put_into(ours, "", MOST) == ours.rstrip()
    now = put_into(ours, "I have read half of it.\n", MOST)
    assert now == f"I have read half of it.\n\n{ours.rstrip()}"
    assert put_into(ours, now, MOST) == now
    # A mark that lost its other one: nothing of what stands there is taken for ours.
    for torn in (f"before\n{BEGIN}\nafter", f"before\n{END}\nafter", f"{END}before\n{BEGIN}after", f"{BEGIN}{now}"):
        again = put_into(ours, torn, MOST)
        assert "before" in again or "half" in again
        assert "after" in again or "half" in again
        assert again.count(BEGIN) == again.count(END) == 1
        assert put_into(ours, again, MOST) == again


def test_our_part_gives_way_to_what_people_wrote() -> None:
    many = tuple(Change(f"{n // 20}.md", 3, "sent", f"old {n}", f"new {n}", "", f"neu {n}") for n in range(300))
    ours = body(told(*many[:200]), earlier=many[200:])
    assert "do not fit" not in ours
    for most in (len(ours), len(ours) - 1, 15_000, 5_000, 2_000):
        now = put_into(ours, f"Read me.\n\n{ours}\nAnd me.\n", most)
        assert len(now) <= most
        assert now.startswith("Read me.\n\n")
        assert now.endswith(f"{END}\n\nAnd me.\n")
        shown = len(re.findall(r"\| 3 sent \|", now))
        found = re.search(
            r"\n(\d+) more changed sentences do not fit here; the changed files show all of them\.\n", now
        )
        assert found
        assert shown + int(found[1]) == 300
        # No heading stands over nothing, and every table is one.
        assert not re.search(r"#### [^\n]*\n\n\|[^\n]*\n\|[-|]*\n(?!\| )", now)
        tokens = READER.parse(now)
        assert sum(token.type == "tr_open" for token in tokens) == shown + 1 + len(re.findall(r"#### ", now)) + 1
        # What was left out before is counted too, and the next run begins from the whole again.
        assert put_into(put_into(ours, "", most), f"Read me.\n\n{ours}\nAnd me.\n", most) == now or most > 5_000
        assert put_into(ours, now, 10 * len(ours)).count("| 3 sent |") == 300
    people = "They wrote a book. " * 4_000
    assert put_into(ours, people, 60_000) == people, "nothing of ours fits, and nothing of theirs goes"
