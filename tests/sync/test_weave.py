"""Documents that hold their source in comments, taken apart and put together again."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amts_tasks.errors import TextError
from amts_tasks.languages import default_profile
from amts_tasks.sync import Versioned, deliver, merge_document, plan_book
from amts_tasks.sync.merged.weave import beads_between, cleared, rewoven, woven
from amts_tasks.text import parse

DATA = Path(os.environ.get("AMTS_D2L_DATA") or Path(__file__).parents[3] / "shared" / "data" / "d2l") / "dev" / "vn"
EN, VI = default_profile("en"), default_profile("vi")
TEXT = """<!-- ===== Phần 1 ===== -->

<!--
# Sampling
-->

# Lấy mẫu
:label:`sec_sampling`

<!--
We draw `n` balls. Nobody looks into the urn.
-->


Ta lấy `n` quả bóng. Không ai nhìn vào bình.
<!--
Two things follow.

* The first one.
-->

Có hai hệ quả.

* Hệ quả đầu tiên.

```python
draw(3)
```

<!--
What nobody has translated yet.
-->
"""


def merged(text: str, changes: tuple[tuple[str, str], ...] = ()) -> str:
    """What becomes of the document when its source changes; what is sent comes back with a mark before it."""
    found = cleared(text, "a.md")
    source = found.source
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    base, target = parse(found.source, "a.md"), parse(found.target, "a.md")
    beads = {"a.md": beads_between(text, "a.md", EN, VI)}
    book = Versioned({"a.md": base}, {"a.md": parse(source, "a.md")}, {"a.md": target}, beads)
    plan = plan_book("en-vi", {}, book, VI, source_profile=EN)
    answers = {wanted.id: f"Mới: {wanted.source}" for wanted in plan.wanted}
    result = merge_document(plan.documents[0], deliver(plan, answers)["a.md"])
    assert result.damaged is None
    return woven(plan.documents[0], result, text)


def changed(old: str, new: str) -> list[str]:
    return [line for line in difflib.ndiff(old.split("\n"), new.split("\n")) if line[0] in "+-"]


def test_both_texts_without_the_comments() -> None:
    found = cleared(TEXT)
    assert found.source.startswith("# Sampling\n\n:label:`sec_sampling`\n\nWe draw")
    assert "Sampling" not in found.target
    assert "Phần 1" in found.target
    assert [len(one.keys) for one in found.comments] == [1, 1, 2, 1]
    assert rewoven(TEXT, found.target, "a.md") == TEXT


def test_nothing_changed_nothing_changes() -> None:
    assert merged(TEXT) == TEXT


def test_a_changed_sentence_changes_its_comment_and_its_translation() -> None:
    after = merged(TEXT, (("Nobody looks", "Nobody ever looks"),))
    (gone, new, lost, made) = changed(TEXT, after)
    assert gone == "- We draw `n` balls. Nobody looks into the urn."
    assert new == "+ We draw `n` balls. Nobody ever looks into the urn."
    assert lost.startswith("- Ta lấy")
    assert "Nobody ever looks" in made


def test_a_comment_that_ends_in_the_source_does_not_end_ours() -> None:
    after = merged(TEXT, (("Two things follow.", "Two things --> follow."),))
    assert "Two things --&gt; follow." in after
    assert "Two things --> follow." in cleared(after, "a.md").source
    assert merged(after) == after


def test_a_document_without_comments_has_no_source() -> None:
    assert cleared("# A\n\nText.\n") == cleared("# A\n\nText.\n", "b.md")
    assert cleared("# A\n\nText.\n").source == ""
    assert cleared("").comments == ()


def test_a_comment_between_two_lines_is_refused_with_its_place() -> None:
    with pytest.raises(TextError, match=r"a\.md:1: found a comment with source text between two lines of text"):
        cleared("Một\n<!--\nOne\n-->\nHai\n", "a.md")


PARTS = st.sampled_from((
    "<!--\nOne `a`.\n-->\n\n",
    "<!--\nTwo.\n\n* Three.\n-->\n",
    "<!-- ===== x ===== -->\n\n",
    "# Một\n\n",
    "Hai ba.\n\n",
    "Hai ba.\n",
    "\n\n",
    "* Bốn.\n",
    "```\ncode\n```\n\n",
    "<!-- One line. -->\n",
))


@settings(max_examples=150, deadline=None)
@example(["Hai ba.\n", "<!--\nTwo.\n\n* Three.\n-->\n", "<!--\nOne `a`.\n-->\n\n", "<!--\nOne `a`.\n-->\n\n"])
@example(["Hai ba.\n", "<!-- One line. -->\n", "<!-- One line. -->\n", "\n\n", "Hai ba.\n"])
@given(st.lists(PARTS, max_size=12))
def test_whatever_is_taken_apart_is_put_together_again(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        found = cleared(text, "a.md")
    except TextError:
        return
    assert rewoven(text, found.target, "a.md") == text
    assert all(one.at <= len(found.target) for one in found.comments)


@pytest.mark.d2l
@pytest.mark.skipif(not DATA.is_dir(), reason="the real book is not here; set AMTS_D2L_DATA")
def test_real_documents_stay_byte_for_byte_and_a_changed_line_changes_one_place() -> None:
    files = sorted(DATA.rglob("*.md"))
    assert len(files) == 28
    for number, file in enumerate(files):
        text = file.read_text(encoding="utf-8")
        assert merged(text) == text, file.name
        if number % 7 == 0:
            source = cleared(text, "a.md").source
            line = next(
                one for one in source.split("\n") if len(one) > 60 and one[0].isalpha() and source.count(one) == 1
            )
            after = merged(text, ((line, f"{line.rstrip()} And so on."),))
            assert f"{line.rstrip()} And so on." in after
            mine, theirs = text.split("\n"), after.split("\n")
            blocks = difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
            touched = [mine[i1:i2] for tag, i1, i2, _, _ in blocks if tag != "equal"]
            assert 1 <= len(touched) <= 4, file.name
            assert not any(one.startswith(("```", "#", "$$")) for lines in touched for one in lines), file.name
