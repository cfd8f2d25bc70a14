"""Every field of a profile does something: with another value, something that the pipeline makes is another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amts_tasks.align import align_sentences, pairs, reject, sift
from amts_tasks.align.beads import Bead
from amts_tasks.align.pairs import Pair
from amts_tasks.languages import FilterLimits, InCode, Profile, Spacing, Term, load_profiles
from amts_tasks.memory import build
from amts_tasks.score import corpus
from amts_tasks.sync.identity import Identity
from amts_tasks.text import Segment, kinds_of, parse, split, spoken
from amts_tasks.translate import exchange, requests
from amts_tasks.translate.check import restore

PROFILES = load_profiles(Path(__file__).parents[2] / "config" / "languages")
EN, ZH = PROFILES["en"], PROFILES["zh"]
Make = Callable[[Profile], Any]


def segmented(text: str) -> Make:
    return lambda profile: [text[a:b] for a, b in split(text, profile)]


def repaired(source: str, answer: str) -> Make:
    return lambda profile: restore(Segment.of(source), answer, EN, profile)


def in_parallel_data(profile: Profile) -> bytes:
    pair = Pair("a.md", 0, 9, 0, 4, "paragraph", 1.0, "label", "The urn.", "这个瓮。")
    return build([pair], EN, profile).csv


def exchanged(profile: Profile) -> str:
    (document,) = exchange.documents([exchange.Unit("a.md#0.0", Segment.of("A text."))], profile.service_code)
    return document.html


def job(profile: Profile) -> dict[str, Any]:
    """As ``upload`` asks for it."""
    return requests.start_text_translation_job(
        "job-0", "s3://b/in/", "s3://b/out/", "role", "en", profile.service_code, formality=profile.formality
    )


def terminology(profile: Profile) -> bytes:
    return requests.terminology_csv(
        "en", profile.service_code, ((term.source, term.target) for term in profile.glossary)
    )


def scored(hypothesis: str, reference: str) -> Make:
    return lambda profile: [(one.value, one.signature) for one in corpus([hypothesis], [reference], profile)]


def joined(profile: Profile) -> str:
    """The target of two paragraphs that translate one."""
    source, target = parse("The urn is full. Nobody sees it.\n", "a.md"), parse("瓮是满的。\n\n没有人看见。\n", "a.md")
    bead = Bead((0,), tuple(block.index for block in target.blocks if block.texts), 0.0, "label", 1.0)
    (pair,) = pairs(source, target, (bead,), "paragraph", EN, profile)
    return pair.target


def aligned(profile: Profile) -> Any:
    """Sentences without anything in common but their length."""
    source = ["a" * 30, "b" * 90, "c" * 31, "d" * 64]
    target = ["甲" * 30, "乙" * 45, "丙" * 44, "丁" * 95]
    return [(bead.source, bead.target, round(bead.score, 4)) for bead in align_sentences(source, target, EN, profile)]


def titled(profile: Profile) -> str:
    """The first line of the report that ``publish`` leaves."""
    from amts_tasks.config import load
    from amts_tasks.steps import Params, Run
    from amts_tasks.steps.published.report import Outcome, report

    config = load(Path(__file__).parents[2] / "config" / "amts.yaml")
    config = dataclasses.replace(config, profiles={**config.profiles, "zh": profile})
    run: Any = Run(config, "en-zh", None, Params(), "test", None, None)  # type: ignore[arg-type]
    return report(run, {"source": "a", "target": "b", "dry_run": True}, Outcome("a dry run")).splitlines()[0]


def spoken_code(profile: Profile) -> list[str]:
    """What a translator is shown of a cell."""
    cell = '```python\ndef draw(urn):\n    """Draw a ball."""\n    return urn[0]  # the first one\n```\n'
    document = spoken(parse(cell), kinds_of(profile))
    return [text.source for block in document.blocks for text in block.texts]


def kept_apart(profile: Profile) -> str:
    """Whether two revisions of a block with another thread's address are one."""
    (block,) = parse("[Discussions](https://discuss.d2l.ai/t/1)\n").blocks
    return Identity(profile.own_links).key(block)


REFERENCE = "See :numref:`a` here."
SPAN = '<span translate="no">:numref:`a`</span>'
ACCEPTED = Pair("a.md", 0, 60, 0, 60, "paragraph", 1.0, "order", "word " * 12, "字" * 60)


def sifted(*sides: tuple[str, str]) -> Make:
    """Which of these pairs are refused, and why."""
    given = [Pair("a.md", 0, 9, 0, 4, "paragraph", 0.7, "label", *pair) for pair in sides]
    return lambda profile: [reason for _, reason in sift(given, EN, profile)[1]]


SHORT = ("the ten urns", "the ten urns")
DRAWN = ("Ten balls are drawn from the urn, then 7, 8 and 9.", "先从瓮中取出十个球，然后取出7、5、4个球。")
FILTERS: list[tuple[str, Any, tuple[tuple[str, str], ...]]] = [
    ("placeholders", 0.6, (("The mean of `x` and `y` is known.", "`x`和`z`的均值已知。"),)),
    ("sameness", 1.0, (("Sampling with replacement, Chapman Hall", "Sampling with replacement, Chapman Hall 版"),)),
    ("letters", 5, (SHORT,)),
    ("numbers", 0.3, (DRAWN,)),
    ("numbered", 4, (DRAWN,)),
    (
        "language",
        0.0,
        (("从瓮中取出十个球，然后再取出七个球。这就是有放回抽样。", "先取出十个球，再放回去，最后数一数有多少。"),),
    ),
    ("score", 0.8, (("The urn is full.", "瓮是满的。"),)),
    ("copies", 0, (("The urn is full.", "瓮是满的。"),) * 2),
]

CHANGES: dict[str, list[tuple[Make, Any]]] = {
    "code": [(scored("我们抽球", "我们抽出球"), "es")],
    "name": [(titled, "Mandarin")],
    "service_code": [(exchanged, "zh-TW"), (in_parallel_data, "zh-TW"), (job, "zh-TW")],
    "tokenizer": [(scored("我们抽球", "我们抽出球"), "13a")],
    "sentence_language": [(segmented("Siehe bzw. Zum Beispiel. Ende."), "de")],
    "terminators": [(segmented("瓮是满的；没有人看见。"), "。；")],
    "abbreviations": [(segmented("It is xyz. Ten of them."), ("xyz.",))],
    "joiner": [(joined, " ")],
    "spacing": [
        (repaired(REFERENCE, f"见 {SPAN} 这里。"), dataclasses.replace(ZH.spacing, before_reference="")),
        (repaired(REFERENCE, f"见 {SPAN} 这里。"), dataclasses.replace(ZH.spacing, after_reference=" ")),
        (repaired("The batch of X.", "批 X 的"), dataclasses.replace(ZH.spacing, cjk_latin=None)),
    ],
    "glossary": [(terminology, (Term("urn", "瓮"),))],
    "formality": [(job, "FORMAL")],
    "in_code": [
        (spoken_code, dataclasses.replace(ZH.in_code, comments=True)),
        (spoken_code, dataclasses.replace(ZH.in_code, docstrings=True)),
    ],
    "own_links": [(kept_apart, ())],
    "length_ratio": [
        (repaired("word " * 20, "字" * 60), (0.1, 0.5)),
        (lambda profile: reject(ACCEPTED, EN, profile), (0.1, 0.5)),
    ],
    "expected_ratio": [(aligned, 1.0)],
    "filters": [(sifted(*sides), FilterLimits(**{name: limit})) for name, limit, sides in FILTERS],
}


def test_every_limit_is_here() -> None:
    assert [name for name, _, _ in FILTERS] == [field.name for field in dataclasses.fields(FilterLimits)]


def test_every_field_is_here() -> None:
    assert set(CHANGES) == {field.name for field in dataclasses.fields(Profile)}
    assert len(CHANGES["spacing"]) == len(dataclasses.fields(Spacing))
    assert len(CHANGES["in_code"]) == len(dataclasses.fields(InCode))


@pytest.mark.parametrize(
    ("field", "make", "value"),
    [
        pytest.param(field, make, value, id=f"{field}-{number}")
        for field, changes in CHANGES.items()
        for number, (make, value) in enumerate(changes)
    ],
)
def test_another_value_makes_another_output(field: str, make: Make, value: Any) -> None:
    # What only languages with full stops have is shown on English.
    profile = EN if field in {"sentence_language", "abbreviations"} else ZH
    assert make(dataclasses.replace(profile, **{field: value})) != make(profile)
