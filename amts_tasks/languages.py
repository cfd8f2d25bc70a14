"""What AMTS knows of a language: its profile, a YAML file a translator can read and change.

A profile says how the service, the scorer and the sentence splitter call the language, how its text is set, and which
terms and links are the translation's own. ``load_profiles`` reads a folder of them; ``default_profile`` guesses one
where there is none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.errors import ConfigError, Fault, InputError
from amts_tasks.settings import Section, Sheet, nearest, quoted

CODE = r"[a-z]{2,3}(?:-(?:[A-Z]{2}|[A-Z][a-z]{3}))?"
"""A language as pairs write it: ``zh``, ``zh-TW``, ``zh-Hant``. The case tells where the next language of a pair
begins."""

_CODES = """
af sq am ar hy az bn bs bg ca zh zh-TW hr cs da fa-AF nl en et fa tl fi fr fr-CA ka de el gu ht ha he hi hu is id ga it
ja kn kk ko lv lt mk ms ml mt mr mn no ps pl pt pt-PT pa ro ru sr si sk sl so es es-MX sw sv ta te th tr uk ur uz vi cy
"""
SERVICE_CODES = frozenset(_CODES.split())
"""Languages of Amazon Translate: developer guide, "Supported languages and language codes" (75, as of December
2022)."""

FORMALITY_CODES = frozenset({"nl", "fr", "fr-CA", "de", "hi", "it", "ja", "ko", "pt-PT", "es", "es-MX"})
"""Targets for which the service knows formality: developer guide, "Setting formality"; it ignores it for all others."""

TOKENIZERS = ("13a", "zh", "ja-mecab", "ko-mecab", "char", "intl")
"""sacrebleu's tokenizers a profile may name."""

TERM_BYTES = 200
"""Longest term of a custom terminology, in UTF-8 bytes: developer guide, "Custom terminology" limits (as of December
2022)."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """How text is spaced around what is not prose; None leaves that place as it is."""

    before_reference: str | None = None
    """What stands between text and a following ``:numref:``, ``:eqref:``, ``:cite:`` …: one space, or nothing ("")."""
    after_reference: str | None = None
    """What stands between such a reference and the text after it."""
    cjk_latin: str | None = None
    """What stands between a Chinese, Japanese or Korean character and a Latin letter, digit, code or formula."""


@dataclass(frozen=True, slots=True)
class InCode:
    """What of the Python code in fences and notebooks is translated; all else of it never is."""

    comments: bool = False
    """Whether comments are; marks for tools, and code that was taken out, are left as they are."""
    docstrings: bool = False
    """Whether docstrings are; examples, names and headings of sections in them are left as they are."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a glossary, English to the profile's language; exact and case-sensitive, as the service matches
    it."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """From when on a pair is refused: kept out of memory that is learnt from, of parallel data and of references."""

    placeholders: float = 0.5
    """Least agreement of the protected spans (code, math, references, links) of both sides, 0 to 1 (Dice)."""
    sameness: float = 0.8
    """Share of the source's words, 0 to 1, above which a target that repeats them counts as untranslated."""
    letters: int = 20
    """A text of fewer letters is never refused as untranslated or as another language: it may be a name."""
    numbers: float = 0.34
    """Least share, 0 to 1, of the numbers of the side with fewer that the other side has too."""
    numbered: int = 3
    """From so many numbers on either side they are compared; one or two may be written as words, or as millions here
    and as 亿 there."""
    language: float = 0.2
    """Least probability that a side is in its own language and not in the other's."""
    score: float = 0.5
    """Least confidence: the probability that the two belong together."""
    copies: int = 1
    """How many equal pairs are accepted; 0 for no limit."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything AMTS knows of one language."""

    code: str
    """The language as pairs write it, BCP 47: ``zh``, ``zh-TW``. The file is named for it."""
    name: str
    """The language in English, for reports: ``Chinese``."""
    service_code: str
    """What Amazon Translate calls the language."""
    tokenizer: str
    """The tokenizer sacrebleu is given for text in this language: 13a, zh, ja-mecab, ko-mecab, char or intl."""
    sentence_language: str
    """The language code the sentence splitter (sentencex) is given."""
    terminators: str
    """The characters that end a sentence."""
    abbreviations: tuple[str, ...] = ()
    """Words after whose full stop a sentence goes on, written with the stop: ``e.g.``."""
    joiner: str = " "
    """What joins two sentences of a paragraph: one space, or nothing ("")."""
    spacing: Spacing = Spacing()
    """How text is spaced around references, and between CJK and Latin characters."""
    glossary: tuple[Term, ...] = ()
    """English terms and their translations: imported as the pair's custom terminology, passed to every job. List only
    terms that are translated the same way everywhere; the service replaces them without a look at the context."""
    formality: str | None = None
    """FORMAL or INFORMAL where the service knows it for this target language, else null."""
    in_code: InCode = InCode()
    """Whether comments and docstrings are translated, in cells that follow the source."""
    own_links: tuple[str, ...] = ()
    """Regular expressions; a link target in which one is found is the translation's own (a discussion thread, its own
    site) and never replaced by the source's."""
    length_ratio: tuple[float, float] = (0.3, 3.0)
    """Least and most characters of translation for each English character that are accepted from the service."""
    expected_ratio: float = 1.0
    """Mean number of characters of translation for each English character; alignment by length rests on it."""
    filters: FilterLimits = FilterLimits()
    """What a pair with this target language must reach to be accepted, beside ``length_ratio``."""


def split_pair(pair: str) -> tuple[str, str]:
    """The source and target languages of a pair: ``en-zh-TW`` gives ``("en", "zh-TW")``; raises InputError."""
    match = re.fullmatch(f"({CODE})-({CODE})", pair)
    if match is None:
        raise InputError(f'pair: found {quoted(pair)}; expected SOURCE-TARGET such as "en-zh" or "en-zh-TW"')
    source, target = match.groups()
    if source == target:
        raise InputError(f'pair: found {quoted(pair)}; expected two different languages such as "en-zh"')
    return source, target


def load_profiles(folder: Path) -> Mapping[str, Profile]:
    """The profiles of a folder by language, in order of code; raises ConfigError with the faults of all its files at
    once."""
    profiles, faults = read_profiles(folder)
    if faults:
        raise ConfigError(faults)
    return {code: profile for code, profile in profiles.items() if profile is not None}


def read_profiles(folder: Path) -> tuple[dict[str, Profile | None], tuple[Fault, ...]]:
    """The profiles of a folder by language, None for each whose file has faults, and the faults of all of them."""
    faults: list[Fault] = []
    profiles: dict[str, Profile | None] = {}
    files = sorted(folder.glob("*.yaml"))
    if not files:
        found = "no *.yaml in it" if folder.is_dir() else "no such folder"
        faults.append(Fault(str(folder), 0, "", found, "a folder of language profiles, CODE.yaml each"))
    for path in files:
        try:
            profiles[path.stem] = load_profile(path)
        except ConfigError as error:
            profiles[path.stem] = None
            faults.extend(error.faults)
    return profiles, tuple(faults)


def load_profile(path: Path) -> Profile:
    """The profile in one file, which is named for its language; raises ConfigError with all its faults."""
    sheet = Sheet(path, os.environ)
    profile = _read(Section.top(sheet, Profile), path.stem)
    sheet.raise_faults()
    return profile


def default_profile(code: str) -> Profile:
    """A guess for a language without a profile, good enough to align, score and round-trip; raises InputError on no
    code."""
    if not re.fullmatch(CODE, code):
        raise InputError(f'language: found {quoted(code)}; expected a code such as "en" or "zh-TW"')
    base = code.partition("-")[0]
    unspaced = base in {"zh", "ja", "th", "lo", "km", "my"}
    tokenizers = {
        "zh": "zh",
        "ja": "ja-mecab",
        "ko": "ko-mecab",
        "th": "char",
        "lo": "char",
        "km": "char",
        "my": "char",
    }
    # Characters other than white space for one of English, measured on translated textbooks.
    ratio = {"zh": 0.39, "ja": 0.52, "ko": 0.43, "vi": 0.94, "en": 1.0}.get(base, 1.05)
    return Profile(
        code=code,
        name=code,
        service_code=code if code in SERVICE_CODES else base,
        tokenizer=tokenizers.get(base, "13a"),
        sentence_language=base,
        terminators="。！？!?" if base in {"zh", "ja"} else ".!?…",
        joiner="" if unspaced else " ",
        length_ratio=(round(ratio / 4, 2), round(ratio * 4, 2)),
        expected_ratio=ratio,
    )


_SHARES = ("placeholders", "sameness", "numbers", "language", "score")
_COUNTS = ("letters", "numbered", "copies")


def _read(top: Section, stem: str) -> Profile:
    code = top.text("code", pattern=CODE, expected='a language code such as "zh" or "zh-TW"')
    if code and code != stem:
        top.fault("code", quoted(code), f'"{stem}", the name of the file')
    service_code = top.text("service_code", expected="a language code of Amazon Translate")
    if service_code and service_code not in SERVICE_CODES:
        near = nearest(service_code, sorted(SERVICE_CODES)) or "zh or fr-CA"
        top.fault("service_code", quoted(service_code), f"a language code of Amazon Translate such as {near}")
    spacing = top.section("spacing", Spacing)
    filters = top.section("filters", FilterLimits)
    in_code = top.section("in_code", InCode)
    ratio = top.numbers("length_ratio", 2, expected="two numbers above 0, least and most, such as [0.5, 2.0]")
    if ratio and not 0 < ratio[0] < ratio[1]:
        top.fault("length_ratio", f"[{ratio[0]:g}, {ratio[1]:g}]", "two numbers above 0, the smaller first")
    profile = Profile(
        code=code,
        name=top.text("name", pattern=r"\S.{0,59}", expected="the language's English name"),
        service_code=service_code,
        tokenizer=top.choice("tokenizer", TOKENIZERS),
        sentence_language=top.text("sentence_language", pattern=r"[a-z]{2,3}", expected="a code such as zh"),
        terminators=top.text(
            "terminators", pattern=r"[^\s\w]+", expected="the marks that end a sentence", expand=False
        ),
        abbreviations=top.texts("abbreviations", expected="a list of abbreviations such as e.g."),
        joiner=top.text("joiner", pattern=" ?", expected='one space (" ") or nothing ("")', expand=False),
        spacing=Spacing(
            before_reference=_space(spacing, "before_reference"),
            after_reference=_space(spacing, "after_reference"),
            cjk_latin=_space(spacing, "cjk_latin"),
        ),
        glossary=_glossary(top),
        formality=top.choice("formality", ("FORMAL", "INFORMAL")),
        in_code=InCode(comments=in_code.flag("comments"), docstrings=in_code.flag("docstrings")),
        own_links=top.texts("own_links", expected="a list of regular expressions", expand=False, check=_no_regex),
        length_ratio=(ratio[0], ratio[1]) if ratio else (0.0, 0.0),
        expected_ratio=top.number("expected_ratio", least=0.05, most=20.0),
        filters=FilterLimits(
            **{name: filters.number(name, most=1.0) for name in _SHARES},
            **{name: filters.number(name, whole=True) for name in _COUNTS},
        ),
    )
    filters.done()
    if profile.formality and service_code in SERVICE_CODES and service_code not in FORMALITY_CODES:
        expected = f"null: the service knows no formality for {service_code}"
        top.fault("formality", profile.formality, expected)
    spacing.done()
    in_code.done()
    top.done()
    return profile


def _space(section: Section, key: str) -> str | None:
    text: str | None = section.text(key, pattern=" ?", expected='one space (" "), nothing ("") or null', expand=False)
    return text


def _glossary(top: Section) -> tuple[Term, ...]:
    section = top.section("glossary", Term)
    terms: list[Term] = []
    expected = f"English terms and their translations, each of 1 to {TERM_BYTES} bytes"
    for source in section:
        target = section.text(source, expected=expected, expand=False)
        if any(not text.strip() or len(text.encode()) > TERM_BYTES for text in (source, target)):
            section.fault(source, quoted(f"{source}: {target}"), expected)
        terms.append(Term(source, target))
    return tuple(terms)


def _no_regex(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"{quoted(pattern)}: {error}"
    return None
