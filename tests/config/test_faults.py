from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.config import load
from amts_tasks.config.page import refreshed
from amts_tasks.errors import ConfigError

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]


def told(path: Path) -> list[str]:
    """The faults as they are printed, without the folder."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [str(fault).replace(f"{path.parent}/", "") for fault in caught.value.faults]


CASES = {
    "an unknown key": (
        ("title: A Book", "tilte: A Book"),
        'amts.yaml:4: book: found the unknown key "tilte"; expected "title"',
    ),
    "an unknown section": (
        ("schedule:\n  cron", "bananas:\n  cron"),
        'amts.yaml:51: found the unknown key "bananas"; expected one of: languages, book, translations, aws, storage, '
        "schedule, pairs",
    ),
    "a key twice": (
        ("  title: A Book", "  name: A Book"),
        "amts.yaml:4: book.name: found the key twice (first on line 3); expected each key once",
    ),
    "a missing field": (
        ("  language: en\n", ""),
        'amts.yaml:2: book.language: found nothing; expected a language code such as "en"',
    ),
    "a name": (
        ("name: d2l", "name: D2L_Book"),
        'amts.yaml:3: book.name: found "D2L_Book"; expected lower-case letters, digits and single hyphens, at most 40',
    ),
    "a name that is long": (
        ("name: d2l", f"name: {'x' * 41}"),
        f'amts.yaml:3: book.name: found "{"x" * 41}"; expected lower-case letters, digits and single hyphens, '
        f"at most 40",
    ),
    "pushing a folder": (
        ("    as_of: date\n", "    as_of: date\n    push: {remote: /zh.git}\n"),
        "amts.yaml:18: translations.zh.push.remote: found a remote, and place.kind is folder; expected a translation "
        "in git: a folder has no branches",
    ),
    "a password in a remote": (
        ("    source_revision: v1\n", "    source_revision: v1\n    push: {remote: 'https://a:b@example.org/x'}\n"),
        "amts.yaml:23: translations.es.push.remote: found an address with a password in it, or of another kind; "
        "expected a path, or an https, ssh or file address without a password in it",
    ),
    "a forge without a project": (
        ("    source_revision: v1\n", "    source_revision: v1\n    push: {remote: /x, forge: github}\n"),
        "amts.yaml:23: translations.es.push.project: found nothing; expected a value (forge is github)",
    ),
    "a remote that is no copy of the project": (
        (
            "    source_revision: v1\n",
            "    source_revision: v1\n"
            "    push: {remote: 'git@example.org:me/book-es.git', forge: github, project: o/book-es}\n",
        ),
        'amts.yaml:23: translations.es.push.project: found "o/book-es"; expected me/book-es, which remote names; or, '
        "where that is a fork, fork: me/book-es",
    ),
    "a fork that is not pushed to": (
        (
            "    source_revision: v1\n",
            "    source_revision: v1\n    push: {remote: 'https://example.org/git/me/book-es', forge: gitlab, "
            "project: o/book-es, fork: you/book-es}\n",
        ),
        'amts.yaml:23: translations.es.push.fork: found "you/book-es"; expected the repository that remote names, '
        "git/me/book-es",
    ),
    "a forge that is spoken to in the clear": (
        ("    source_revision: v1\n", "    source_revision: v1\n    push: {base_url: 'http://git.example.org'}\n"),
        'amts.yaml:23: translations.es.push.base_url: found "http://git.example.org"; expected an https address; http '
        "for this machine only",
    ),
    "a token in the file": (
        ("    source_revision: v1\n", "    source_revision: v1\n    push: {token: github_pat_1-2}\n"),
        "amts.yaml:23: translations.es.push.token: found something else; expected the name of a variable, in capitals; "
        "never the token itself",
    ),
    "a choice": (
        ("origin: post-edited", "origin: postedited"),
        'amts.yaml:23: translations.es.origin: found "postedited"; expected one of: human, post-edited, machine',
    ),
    "a pair": (
        ("  zh-en: {}", "  zh_en: {}"),
        'amts.yaml:34: pairs.zh_en: found "zh_en"; expected SOURCE-TARGET such as "en-zh" or "en-zh-TW"',
    ),
    "a pair of one language": (
        ("  zh-en: {}", "  zh-zh: {}"),
        'amts.yaml:34: pairs.zh-zh: found "zh-zh"; expected two different languages such as "en-zh"',
    ),
    "a pair without the book": (
        ("  zh-en: {}", "  zh-es: {}"),
        'amts.yaml:34: pairs.zh-es: found "zh-es"; expected a pair with the book\'s language "en" on one side',
    ),
    "the book's own translation": (
        ("  es:\n", "  en:\n"),
        'amts.yaml:18: translations.en: found "en"; expected a language other than the book\'s own',
    ),
    "a budget below nothing": (
        ("run: 3", "run: -3"),
        "amts.yaml:29: pairs.en-zh.budget.run: found -3; expected a number of at least 0",
    ),
    "a budget without end": (
        ("run: 3", "run: .inf"),
        "amts.yaml:29: pairs.en-zh.budget.run: found .inf; expected a number of at least 0",
    ),
    "a budget in words": (
        ("run: 3", 'run: "3"'),
        'amts.yaml:29: pairs.en-zh.budget.run: found "3"; expected a number of at least 0',
    ),
    "half a pair": (
        ("minimum_change: 20", "minimum_change: 2.5"),
        "amts.yaml:28: pairs.en-zh.minimum_change: found 2.5; expected a whole number of at least 0",
    ),
    "a document that is no document": (
        ("held_out: [chapter_a/one.md]", "held_out:\n      - chapter_a/one.md\n      - chapter_x/a.md"),
        'amts.yaml:28: pairs.en-zh.held_out[1]: found "chapter_x/a.md"; expected paths of documents, matched by '
        "chapter_*/*.md and not excluded",
    ),
    "a pattern that climbs": (
        ('["chapter_*/*.md"]', '["../*.md", "chapter_*/*.md"]'),
        'amts.yaml:8: book.documents[0]: found "../*.md"; expected patterns such as chapter_*/*.md, below '
        "the book's root",
    ),
    "a root that climbs": (
        ("root: src", "root: ../src"),
        'amts.yaml:6: book.place.root: found "../src"; expected a folder within the book, with '
        "forward slashes and without "
        ". or ..",
    ),
    "a folder for the manifest that climbs": (
        ("origin_suffix: _source", "origin_suffix: _source\n    manifest: ../.amts"),
        'amts.yaml:16: translations.zh.manifest: found "../.amts"; expected a folder within the book, with '
        "forward slashes and without "
        ". or ..",
    ),
    "a cron of four fields": (
        ('"0 2 * * *"', '"0 2 * *"'),
        'amts.yaml:52: schedule.cron: found "0 2 * *"; expected five fields such as "0 2 * * *" (minute hour day month '
        "weekday), or one of: @hourly, @daily, @weekly, @monthly, @yearly",
    ),
    "a cron at 25 o'clock": (
        ('"0 3 * * 1-5"', '"0 25 * * 1-5"'),
        'amts.yaml:30: pairs.en-zh.schedule: found "0 25 * * 1-5"; expected hour of 0 to 23 as in *, */2, 0-23 or 0,23 '
        "(found 25)",
    ),
    "a bucket": (
        ("bucket: books", "bucket: My_Books"),
        'amts.yaml:48: storage.bucket: found "My_Books"; expected a bucket\'s name: 3 to 63 of a-z, 0-9, dot '
        "and hyphen",
    ),
    "a prefix without its slash": (
        ("prefix: amts/", "prefix: amts"),
        'amts.yaml:49: storage.prefix: found "amts"; expected empty, or folders that end in a slash such as amts/',
    ),
    "a bucket elsewhere": (
        ("prefix: amts/\n  region: us-west-2", "prefix: amts/\n  region: eu-west-1"),
        'amts.yaml:50: storage.region: found "eu-west-1"; expected the service\'s region, "us-west-2": it '
        "reads no other bucket",
    ),
    "a role": (
        ("arn:aws:iam::123456789012:role/amts", "arn:aws:iam::123:role/amts"),
        'amts.yaml:41: aws.role_arn: found "arn:aws:iam::123:role/amts"; expected a role such as '
        "arn:aws:iam::123456789012:role/amts",
    ),
    "an account as a number": (
        ('"123456789012"', "123456789012"),
        "amts.yaml:42: aws.account: found 123456789012; expected twelve digits (in quotes)",
    ),
    "a role of another account": (
        ("iam::123456789012:role", "iam::210987654321:role"),
        'amts.yaml:41: aws.role_arn: found "arn:aws:iam::210987654321:role/amts"; '
        "expected a role of the account 123456789012",
    ),
    "a region without parallel data": (
        ("act_regions: [us-west-2]", "act_regions: [us-east-1]"),
        'amts.yaml:40: aws.region: found "us-west-2"; expected one of act_regions (us-east-1), or '
        "parallel_data: false for "
        "en-es, zh-en",
    ),
    "a day": (
        ("read_on: 2024-05-31", "read_on: 31.5.2024"),
        'amts.yaml:44: aws.price.read_on: found "31.5.2024"; expected a date such as 2024-05-31',
    ),
    "yes as text": (
        ("parallel_data: false", 'parallel_data: "no"'),
        'amts.yaml:32: pairs.en-zh.parallel_data: found "no"; expected true or false',
    ),
    "a layout without its revision": (
        ("    source_revision: v1\n", ""),
        "amts.yaml:18: translations.es.source_revision: found nothing; expected a tag, branch or "
        "commit of the book (layout is "
        '"revision")',
    ),
    "a revision its layout does not know": (
        ("layout: origin", "layout: origin\n    source_revision: v1"),
        'amts.yaml:14: translations.zh.source_revision: found "v1"; expected nothing (layout is "origin"), '
        "or layout: revision",
    ),
    "tags without a pattern": (
        ('kind: tags, name: "v*"', "kind: tags"),
        'amts.yaml:20: translations.es.follow.name: found nothing; expected a pattern of tag names such as "v*"',
    ),
    "an address that is not safe": (
        ("https://example.org/es", "http://example.org/es"),
        'amts.yaml:19: translations.es.place.location: found "http://example.org/es"; expected a '
        "path, or an https, ssh or "
        "file address",
    ),
    "an address for a folder": (
        ("{kind: folder, location: zh}", '{kind: folder, location: "https://example.org"}'),
        'amts.yaml:12: translations.zh.place.location: found "https://example.org"; expected a path',
    ),
    "a list where a mapping stands": (
        ("storage:\n  bucket: books\n  prefix: amts/\n  region: us-west-2", "storage: [books]"),
        "amts.yaml:47: storage: found a list of 1; expected a mapping (key: value)",
    ),
    "a missing section": (
        ("aws:\n", "asw:\n"),
        "amts.yaml:1: aws: found nothing; expected a mapping (key: value)",
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_a_fault_says_where_what_and_what_would_be_right(case: str, write: Write) -> None:
    change, expected = CASES[case]
    assert expected in told(write(change))


@pytest.mark.parametrize("case", [name for name in CASES if name not in {"a list where a mapping stands"}])
def test_one_fault_is_told_once(case: str, write: Write) -> None:
    faults = told(write(CASES[case][0]))
    assert len(faults) == len(set(faults))
    allowed = {
        "an unknown section": 2,
        "a key twice": 1,
        "the book's own translation": 3,
        "a missing section": 2,
        "a name": 1,
    }
    assert len(faults) <= allowed.get(case, 2)


def test_all_faults_at_once_in_the_order_of_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOT_SET", raising=False)
    path = write(
        ("title: A Book", "tilte: A Book"),
        ("  zh-en: {}", "  fr-en: {}"),
        ("run: 3", "run: lots"),
        ("bucket: books", "bucket: $NOT_SET"),
    )
    profile = path.parent / "profiles" / "zh.yaml"
    profile.write_text(
        profile.read_text("utf-8").replace("13a", "zn").replace("service_code: zh", "service_code: zh-CN")
    )
    assert told(path) == [
        'amts.yaml:4: book: found the unknown key "tilte"; expected "title"',
        'amts.yaml:29: pairs.en-zh.budget.run: found "lots"; expected a number of at least 0',
        'amts.yaml:34: pairs.fr-en: found "fr-en"; expected a translation under translations.fr (there are: es, zh)',
        'amts.yaml:34: pairs.fr-en: found "fr"; expected a language with a profile (there are: en, es, zh)',
        "amts.yaml:48: storage.bucket: found $NOT_SET, which is not set; expected the variable set, or a default as in "
        "${NOT_SET:-VALUE}",
        'profiles/zh.yaml:3: service_code: found "zh-CN"; expected a language code of Amazon Translate such as "zh-TW"',
        'profiles/zh.yaml:4: tokenizer: found "zn"; expected one of: 13a, zh, ja-mecab, ko-mecab, char, intl',
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "amts.yaml: found an empty file; expected a mapping of settings"),
        (b"# nothing\n", "amts.yaml: found an empty file; expected a mapping of settings"),
        (b"- a\n- b\n", "amts.yaml:1: found a list of 2; expected a mapping (key: value)"),
        (
            b"book:\n\tname: x\n",
            "amts.yaml:2: found found character '\\t' that cannot start any token (column 1); expected",
        ),
        (b"book: [\n", "amts.yaml:2: found "),
        (b"book:\n  name: caf\xe9\n", "amts.yaml:2: found byte 0xe9; expected text in UTF-8"),
        (b"a: \x07\n", "amts.yaml: found character U+0007; expected YAML without control characters"),
        (b"a: b\n---\nc: d\n", "amts.yaml:2: found "),
        (b"a: *b\n", "amts.yaml:1: found "),
        (b"[" * 100_000, "amts.yaml"),
    ],
)
def test_what_is_no_yaml(raw: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / "amts.yaml").write_bytes(raw)
    (fault,) = told(tmp_path / "amts.yaml")
    assert fault.startswith(expected)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert told(tmp_path / "none.yaml") == ["none.yaml: found No such file or directory; expected a readable YAML file"]
    (tmp_path / "dir.yaml").mkdir()
    assert told(tmp_path / "dir.yaml") == ["dir.yaml: found Is a directory; expected a readable YAML file"]


def test_no_profiles(write: Write) -> None:
    faults = told(write(("languages: profiles", "languages: nowhere")))
    assert "nowhere: found no such folder; expected a folder of language profiles, CODE.yaml each" in faults


def test_a_password_is_not_shown(write: Write) -> None:
    faults = told(write(("https://example.org/es", "https://me:secret@example.org/es")))
    assert any("an address with a password in it" in fault for fault in faults)
    assert not any("secret" in fault for fault in faults)


LINES = st.sampled_from([
    "book:",
    "  name: d2l",
    "pairs:",
    "  en-zh: {}",
    "  en-zh:",
    "aws: []",
    "storage:",
    "  place: 3",
    "a: &a [*a]",
    "x: *a",
])


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_nothing_raises_anything_else(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "amts.yaml"
        path.write_text("\n".join(lines), "utf-8")
        with pytest.raises(ConfigError) as caught:
            load(path)
        assert caught.value.faults


def test_the_page_is_fresh() -> None:
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    assert refreshed(page) == page, "run: python -m amts_tasks.config.page docs/configuration.md"
    tables = re.findall(r"<!-- table: (\w+) -->", page)
    assert {"Config", "BookConfig", "PairConfig", "TranslationConfig", "AwsConfig", "StorageConfig", "Profile"} < set(
        tables
    )


def test_the_faults_of_the_page_are_told_so(write: Write) -> None:
    path = write(("location: book.git", "locaton: book.git"), ("  zh-en: {}", "  en-fr: {}"))
    profile = path.parent / "profiles" / "zh.yaml"
    profile.write_text(profile.read_text("utf-8").replace("13a", "zn"))
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    shown = re.findall(r"^config/[^:\n]+:\d+: (.*)$", page, re.MULTILINE)
    assert len(shown) == 3
    faults = " ".join(told(path))
    assert all(line in faults for line in shown), faults
