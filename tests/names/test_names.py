"""Names keep to the patterns and lengths of the service's own model, whatever they are made of."""

from __future__ import annotations

import subprocess
from typing import Any

import botocore.session
import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from amts_tasks import names
from amts_tasks.errors import InputError
from amts_tasks.languages import SERVICE_CODES, split_pair

MODEL = botocore.session.get_session().get_service_model("translate")
BOOKS = st.from_regex(r"[a-z0-9](?:-?[a-z0-9]){0,39}", fullmatch=True)
CODES = st.sampled_from(sorted(SERVICE_CODES))
PAIRS = st.tuples(CODES, CODES).filter(lambda two: two[0] != two[1]).map("-".join)
REVISIONS = st.one_of(st.from_regex(r"[0-9a-f]{40}|[0-9a-f]{64}", fullmatch=True), st.text())


def keeps(shape: str, name: str) -> bool:
    metadata: dict[str, Any] = MODEL.shape_for(shape).metadata
    pattern = regex.compile(metadata["pattern"])
    return bool(pattern.fullmatch(name)) and metadata["min"] <= len(name) <= metadata["max"]


@given(BOOKS | st.text(max_size=400), PAIRS)
@example("d2l", "en-zh")
@example("x" * 300, "en-zh")
@example("_a__b.c_", "en-zh")
def test_resources(book: str, pair: str) -> None:
    assert keeps("ResourceName", names.parallel_data_name(book, pair))
    assert keeps("ResourceName", names.terminology_name(book, pair))


@given(BOOKS | st.text(max_size=400), PAIRS, REVISIONS, st.text(), st.integers(0, 10**6))
def test_jobs_and_tokens(book: str, pair: str, revision: str, digest: str, attempt: int) -> None:
    name = names.job_name(book, pair, revision, digest, attempt)
    assert keeps("JobName", name)
    assert keeps("ClientTokenString", names.client_token(book, pair, revision, digest, attempt))
    assert name != names.job_name(book, pair, revision, digest, attempt + 1)


@given(st.text(max_size=500), st.text(max_size=500))
def test_different_books_have_different_names(one: str, other: str) -> None:
    same = names.parallel_data_name(one, "en-zh") == names.parallel_data_name(other, "en-zh")
    assert same == (one == other)


def test_as_they_read() -> None:
    commit = "23d7a5aecceee57d1292c56e90cce307f183bb0a"
    digest = "0123456789abcdef" * 4
    assert names.dag_id("en-zh-TW") == "amts_en_zh-TW"
    assert names.parallel_data_name("d2l", "en-zh-TW") == "amts-d2l-en-zh-TW"
    assert names.terminology_name("d2l", "en-zh") == "amts-d2l-en-zh"
    assert (
        names.job_name("d2l", "en-zh", commit, digest, 2)
        == "amts-d2l-en-zh-23d7a5aeccee-0123456789abcdef0123456789abcdef-2"
    )
    assert names.run_prefix("d2l", "en-zh", commit, digest) == "d2l/en-zh/23d7a5aeccee-0123456789ab"
    assert (
        names.step_key("d2l/en-zh/1-2", "plan", "chapter_one/a.md.json") == "d2l/en-zh/1-2/plan/chapter_one/a.md.json"
    )
    assert names.lease_key("d2l", "en-zh") == "d2l/en-zh/lease.json"
    assert names.branch("en-zh", "chapter_preface") == "amts/en-zh/chapter_preface"


@given(st.text(min_size=1, max_size=2000))
@example("文" * 900 + ".md")
@example("a/../b")
def test_keys_are_within_the_limit_or_refused(name: str) -> None:
    if any(part in {"", ".", ".."} for part in name.split("/")):
        with pytest.raises(InputError, match=r"expected a relative path"):
            names.step_key("d2l/en-zh/1-2", "plan", name)
        return
    key = names.step_key("d2l/en-zh/1-2", "plan", name)
    assert len(key.encode("utf-8", "replace")) <= names.KEY_BYTES
    assert key.startswith("d2l/en-zh/1-2/plan/")


def test_long_keys_keep_their_extension_and_stay_apart() -> None:
    one, other = (names.step_key("p", "plan", "x" * 2000 + end) for end in ("1.json", "2.json"))
    assert one.endswith(".json")
    assert one != other


CHAPTERS = [
    "chapter_preface",
    "第一章",
    "a b~^:?*[\\",
    "..",
    "a..b",
    "x.lock",
    "x.lock/y",
    "@{-1}",
    "-rf",
    "/a//b/",
    ".hidden",
    "x" * 500,
    "文" * 300,
    "a.",
    "\x7f\n",
]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_git_takes_every_branch(chapter: str) -> None:
    branch = names.branch("en-zh", chapter)
    assert branch.startswith("amts/en-zh/")
    subprocess.run(["git", "check-ref-format", "--branch", branch], check=True, capture_output=True)


def test_branches_stay_apart() -> None:
    assert len({names.branch("en-zh", chapter) for chapter in CHAPTERS}) == len(CHAPTERS)


def test_digests_do_not_depend_on_order_and_tell_types_apart() -> None:
    assert names.digest({"a": 1, "b": [2]}) == names.digest({"b": (2,), "a": 1})
    assert names.digest("1") != names.digest(1)
    assert names.client_token("a", "bc") != names.client_token("ab", "c")
    with pytest.raises(ValueError, match=r"JSON"):
        names.digest(float("nan"))


@pytest.mark.parametrize("pair", ["en-zh", "en-zh-TW", "zh-TW-en", "fr-fr-CA", "zh-Hant-en"])
def test_pairs(pair: str) -> None:
    assert "-".join(split_pair(pair)) == pair
    assert names.dag_id(pair).startswith("amts_")


@pytest.mark.parametrize(
    "pair", ["", "en", "en-", "en_zh", "EN-ZH", "en-en", "en-zh-tw", "en-zh-", "english-zh", "en-zh\n"]
)
def test_what_is_no_pair(pair: str) -> None:
    with pytest.raises(InputError, match=r"expected"):
        names.dag_id(pair)
