"""Which version of its source a translation was made from, told by what needs no translation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amts_tasks.sync.identity import Identity
from amts_tasks.sync.lineage.inference import SURE, infer
from amts_tasks.text import ParsedDocument, parse

FIRST = """# Urns
:label:`sec_urns`

We draw $n$ balls from an urn.

```{.python .input}
# ten draws
draws = sample(urn, 10)
```

The mean of the draws is close to the share.
"""
VERSIONS = {
    "first": FIRST,
    "code": FIRST.replace("urn, 10", "urn, 20"),
    "words": FIRST.replace("urn, 10", "urn, 20").replace("is close to", "comes near"),
    "formula": FIRST.replace("urn, 10", "urn, 20").replace("is close to", "comes near").replace("$n$", "$k$"),
}
NAMES = list(VERSIONS)
SPANISH = """# Urnas
:label:`sec_urns`

Sacamos $n$ bolas de una urna.

```{.python .input}
# diez bolas
draws = sample(urn, 10)
```

La media se parece a la proporción.
"""


def parsed(text: str) -> ParsedDocument:
    return parse(text, "urns.md")


DOCUMENTS = [parsed(text) for text in VERSIONS.values()]
NOBODY = Identity()


def test_code_and_formulas_tell() -> None:
    found = infer(DOCUMENTS, parsed(SPANISH), NOBODY)
    assert (NAMES[found.chosen], found.plausible, found.doubtful) == ("first", (0,), ())
    assert found.confidence > SURE
    assert found.fit == 1
    found = infer(DOCUMENTS, parsed(SPANISH.replace("urn, 10", "urn, 20").replace("$n$", "$k$")), NOBODY)
    assert NAMES[found.chosen] == "formula"
    assert found.confidence > SURE


def test_words_alone_tell_nothing_and_the_newest_is_taken() -> None:
    found = infer(DOCUMENTS, parsed(SPANISH.replace("urn, 10", "urn, 20")), NOBODY)
    assert NAMES[found.chosen] == "words"
    assert (found.confidence, found.plausible) == (0.5, (1, 2))
    assert found.runner_up is not None
    assert NAMES[found.runner_up] == "code"
    (index,) = found.doubtful
    assert "comes near" in DOCUMENTS[found.chosen].blocks[index].text


def test_what_was_found_before_stays_unless_something_speaks_against_it() -> None:
    same = parsed(SPANISH.replace("urn, 10", "urn, 20"))
    assert infer(DOCUMENTS, same, NOBODY, before=1).chosen == 1
    assert infer(DOCUMENTS, same, NOBODY, before=3).chosen == 2


def test_a_document_that_shares_nothing_is_not_taken_for_a_translation() -> None:
    found = infer(DOCUMENTS, parsed("Una nota sin fórmulas.\n\n* Una.\n* Dos.\n"), NOBODY)
    assert not found.known


def test_one_version_is_the_one() -> None:
    found = infer(DOCUMENTS[:1], parsed(SPANISH), NOBODY)
    assert (found.chosen, found.confidence, found.runner_up) == (0, 1.0, None)
    with pytest.raises(ValueError, match="found no version"):
        infer([], parsed(SPANISH), NOBODY)


def test_links_of_the_translations_own_are_no_evidence() -> None:
    old = "Text.\n\n[Discussions](https://discuss.example/1)\n"
    versions = [parsed(old), parsed(old.replace("/1", "/2"))]
    target = parsed("Texto.\n\n[Debate](https://discuss.example/1)\n")
    assert infer(versions, target, NOBODY).plausible == (0,)
    assert infer(versions, target, Identity((r"discuss\.example",))).plausible == (0, 1)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=2, max_size=6),
    st.integers(0, 5),
    st.integers(0, 3),
)
def test_never_older_than_the_true_one_where_the_marks_are_copied(
    history: list[tuple[str, int]], number: int, notes: int
) -> None:
    """Whatever the history is: a faithful translation's own version is plausible, and nothing older is taken."""
    versions = [parsed(f"# T\n\nWords {word} here.\n\n```python\nx = {value}\n```\n") for word, value in history]
    truth = number % len(versions)
    target = parsed(versions[truth].text.replace("Words", "Palabras") + "\nUna nota.\n" * notes)
    found = infer(versions, target, NOBODY)
    assert truth in found.plausible
    assert found.chosen >= truth
    assert (found.confidence >= SURE) == (len(found.plausible) == 1)
