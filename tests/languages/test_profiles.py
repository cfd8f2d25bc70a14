from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import sacrebleu
from botocore.stub import Stubber
from sentencex import segment

from amts_tasks.errors import ConfigError, InputError
from amts_tasks.languages import (
    FORMALITY_CODES,
    SERVICE_CODES,
    TOKENIZERS,
    FilterLimits,
    InCode,
    Profile,
    Spacing,
    Term,
    default_profile,
    load_profile,
    load_profiles,
)

FOLDER = Path(__file__).parents[2] / "config" / "languages"
PROFILES = load_profiles(FOLDER)

WHOLE = """\
code: es
name: Spanish
service_code: es
tokenizer: 13a
sentence_language: es
terminators: ".!?"
abbreviations: [Sr.]
joiner: " "
spacing: {before_reference: " ", after_reference: "", cjk_latin: null}
glossary: {loss function: función de pérdida}
formality: FORMAL
own_links: ["^https://es"]
length_ratio: [0.5, 2.0]
expected_ratio: 1.1
filters: {placeholders: 0.6, copies: 3}
in_code: {comments: true, docstrings: false}
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Profile]:
    """Reads the profile with some of its lines changed."""

    def changed(*changes: tuple[str, str]) -> Profile:
        text = WHOLE
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "es.yaml").write_text(text, "utf-8")
        return load_profile(tmp_path / "es.yaml")

    return changed


def test_every_field(read: Callable[..., Profile]) -> None:
    assert read() == Profile(
        code="es",
        name="Spanish",
        service_code="es",
        tokenizer="13a",
        sentence_language="es",
        terminators=".!?",
        abbreviations=("Sr.",),
        joiner=" ",
        spacing=Spacing(" ", "", None),
        glossary=(Term("loss function", "función de pérdida"),),
        formality="FORMAL",
        in_code=InCode(comments=True),
        own_links=("^https://es",),
        length_ratio=(0.5, 2.0),
        expected_ratio=1.1,
        filters=FilterLimits(placeholders=0.6, copies=3),
    )


CHANGES: dict[str, tuple[str, str]] = {
    "name": ("name: Spanish", "name: Castilian"),
    "service_code": ("service_code: es", "service_code: es-MX"),
    "tokenizer": ("13a", "char"),
    "sentence_language": ("sentence_language: es", "sentence_language: en"),
    "terminators": ('".!?"', '".!?…"'),
    "abbreviations": ("[Sr.]", "[Sr., Sra.]"),
    "joiner": ('joiner: " "', 'joiner: ""'),
    "spacing": ("cjk_latin: null", 'cjk_latin: " "'),
    "glossary": ("función de pérdida", "función de coste"),
    "formality": ("formality: FORMAL", "formality: null"),
    "in_code": ("docstrings: false", "docstrings: true"),
    "own_links": ("^https://es", "^https://es[.]"),
    "length_ratio": ("[0.5, 2.0]", "[0.4, 2.0]"),
    "expected_ratio": ("expected_ratio: 1.1", "expected_ratio: 1.2"),
    "filters": ("copies: 3", "copies: 0"),
}


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Profile) if field.name != "code"])
def test_a_field_changes_itself_alone(field: str, read: Callable[..., Profile]) -> None:
    before, after = read(), read(CHANGES[field])
    assert getattr(before, field) != getattr(after, field)
    assert dataclasses.replace(after, **{field: getattr(before, field)}) == before


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("code: es\nname", "code: fr\nname", 'es.yaml:1: code: found "fr"; expected "es", the name of the file'),
        ("name: Spanish", "nmae: Spanish", 'es.yaml:2: found the unknown key "nmae"; expected "name"'),
        ("service_code: es", "service_code: es-ES", 'es.yaml:3: service_code: found "es-ES"; expected a language code'),
        ("tokenizer: 13a", "tokenizer: words", 'es.yaml:4: tokenizer: found "words"; expected one of: 13a, zh'),
        (
            "sentence_language: es",
            "sentence_language: no",
            "es.yaml:5: sentence_language: found no; expected a code such",
        ),
        ('".!?"', '"abc"', 'es.yaml:6: terminators: found "abc"; expected the marks that end a sentence'),
        ("[Sr.]", "Sr.", 'es.yaml:7: abbreviations: found "Sr."; expected a list of abbreviations'),
        ('joiner: " "', 'joiner: "--"', 'es.yaml:8: joiner: found "--"; expected one space'),
        ("cjk_latin: null", 'cjk_latin: "  "', 'es.yaml:9: spacing.cjk_latin: found "  "; expected one space'),
        (
            "cjk_latin: null",
            "cjk_latn: null",
            'es.yaml:9: spacing: found the unknown key "cjk_latn"; expected "cjk_latin"',
        ),
        (
            "función de pérdida",
            '""',
            'es.yaml:10: glossary.loss function: found "loss function: "; expected English terms',
        ),
        ("función de pérdida", "ñ" * 101, "es.yaml:10: glossary.loss function: found"),
        (
            "formality: FORMAL",
            "formality: POLITE",
            'es.yaml:11: formality: found "POLITE"; expected one of: FORMAL, INFORMAL',
        ),
        ("service_code: es", "service_code: eu", "es.yaml:3: service_code: found"),
        ("copies: 3", "copies: 1.5", "es.yaml:15: filters.copies: found 1.5; expected a whole number of at least 0"),
        ("copies: 3", "copys: 3", 'es.yaml:15: filters: found the unknown key "copys"; expected "copies"'),
        ("0.6", "60", "es.yaml:15: filters.placeholders: found 60; expected a number of at least 0 and at most 1"),
        (
            "service_code: es",
            "service_code: tr",
            "es.yaml:11: formality: found FORMAL; expected null: the service knows no",
        ),
        (
            "^https://es",
            "(",
            'es.yaml:12: own_links[0]: found "(": missing ), unterminated subpattern at position 0; expected',
        ),
        (
            "[0.5, 2.0]",
            "[2.0, 0.5]",
            "es.yaml:13: length_ratio: found [2, 0.5]; expected two numbers above 0, the smaller",
        ),
        (
            "[0.5, 2.0]",
            "[0, 0]",
            "es.yaml:13: length_ratio: found [0, 0]; expected two numbers above 0, the smaller first",
        ),
        ("[0.5, 2.0]", "[0.5]", "es.yaml:13: length_ratio: found a list of 1; expected two numbers above 0"),
        ("[0.5, 2.0]", "[0.5, .nan]", "es.yaml:13: length_ratio: found a list of 2; expected two numbers above 0"),
        (
            "expected_ratio: 1.1",
            "expected_ratio: 0",
            "es.yaml:14: expected_ratio: found 0; expected a number of at least 0.05",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(
    old: str, new: str, expected: str, read: Callable[..., Profile], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        read((old, new))
    assert any(str(fault).replace(f"{tmp_path}/", "").startswith(expected) for fault in caught.value.faults), (
        caught.value
    )


def test_faults_of_all_files_at_once(tmp_path: Path) -> None:
    for code in ("de", "es"):
        (tmp_path / f"{code}.yaml").write_text(WHOLE.replace("13a", "none").replace("code: es\n", f"code: {code}\n", 1))
    with pytest.raises(ConfigError) as caught:
        load_profiles(tmp_path)
    assert [Path(fault.file).name for fault in caught.value.faults] == ["de.yaml", "es.yaml"]


class TestThoseThatComeWithAmts:
    def test_are_eight(self) -> None:
        assert list(PROFILES) == ["en", "es", "ja", "ko", "pt", "tr", "vi", "zh"]

    @pytest.mark.parametrize("code", list(PROFILES))
    def test_sacrebleu_knows_the_tokenizer(self, code: str) -> None:
        sacrebleu.corpus_bleu(["a"], [["a"]], tokenize=PROFILES[code].tokenizer)

    @pytest.mark.parametrize("code", list(PROFILES))
    def test_sentencex_knows_the_language(self, code: str) -> None:
        profile = PROFILES[code]
        text = profile.joiner.join(["一。" if code in {"ja", "zh"} else "One."] * 2)
        assert len(list(segment(profile.sentence_language, text))) == 2

    @pytest.mark.parametrize("code", list(PROFILES))
    def test_botocore_takes_what_they_ask_for(self, code: str) -> None:
        client = boto3.client("translate", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        profile = PROFILES[code]
        request: dict[str, Any] = {
            "Text": "x",
            "SourceLanguageCode": "en",
            "TargetLanguageCode": profile.service_code,
            "Settings": {"Formality": profile.formality} if profile.formality else {},
        }
        answer = {"TranslatedText": "x", "SourceLanguageCode": "en", "TargetLanguageCode": profile.service_code}
        with Stubber(client) as stubber:
            stubber.add_response("translate_text", answer, request)
            client.translate_text(**request)

    @pytest.mark.parametrize("code", ["es", "tr", "zh"])
    def test_a_glossary_of_a_few_dozen_terms(self, code: str) -> None:
        glossary = PROFILES[code].glossary
        assert 30 <= len(glossary) <= 100
        assert len({term.source for term in glossary}) == len(glossary)
        assert all(term.target != term.source for term in glossary)
        if code == "zh":
            assert all(re.search(r"[\u4e00-\u9fff]", term.target) for term in glossary)

    @pytest.mark.parametrize(
        ("link", "own"),
        [
            ("https://discuss.d2l.ai/t/4413", True),
            ("http://zh.d2l.ai/chapter_preface/", True),
            ("https://zh-v2.d2l.ai", True),
            ("https://d2l.ai/chapter_preface", False),
            ("https://example.org/?from=https://zh.d2l.ai", False),
        ],
    )
    def test_links_of_its_own(self, link: str, own: bool) -> None:
        assert any(re.search(pattern, link) for pattern in PROFILES["zh"].own_links) is own

    def test_chinese_is_set_as_its_book_sets_it(self) -> None:
        assert PROFILES["zh"].spacing == Spacing(before_reference=" ", after_reference="", cjk_latin="")
        assert PROFILES["zh"].joiner == ""
        assert all(PROFILES[code].spacing == Spacing() for code in ("en", "es", "tr"))


class TestDefaultProfile:
    @pytest.mark.parametrize("code", sorted(SERVICE_CODES))
    def test_for_every_language_of_the_service(self, code: str) -> None:
        profile = default_profile(code)
        assert profile.service_code == code
        assert profile.tokenizer in TOKENIZERS
        assert 0 < profile.length_ratio[0] < profile.expected_ratio < profile.length_ratio[1]

    def test_guesses(self) -> None:
        assert (default_profile("ja").tokenizer, default_profile("ja").joiner) == ("ja-mecab", "")
        assert (default_profile("ko").tokenizer, default_profile("ko").joiner) == ("ko-mecab", " ")
        assert default_profile("zh-Hant").service_code == "zh"
        assert default_profile("de-AT").service_code == "de"

    @pytest.mark.parametrize("code", ["", "x", "EN", "english", "zh_TW", "zh-tw"])
    def test_what_is_no_code(self, code: str) -> None:
        with pytest.raises(InputError, match=r"expected a code"):
            default_profile(code)


def test_formality_is_a_subset() -> None:
    assert FORMALITY_CODES < SERVICE_CODES
    assert len(SERVICE_CODES) == 75
