"""A configuration with every field in it, and a way to change one line of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amts_tasks.config import Config, load

WHOLE = """\
languages: profiles
book:
  name: d2l
  title: A Book
  language: en
  place: {kind: git, location: book.git, root: src}
  follow: {kind: branch, name: main, settle_days: 2.5}
  documents: ["chapter_*/*.md"]
  exclude: [chapter_x/*]
translations:
  zh:
    place: {kind: folder, location: zh}
    layout: origin
    origin: human
    origin_suffix: _source
    origins: {chapter_a/*: machine}
    as_of: date
  es:
    place: {kind: git, location: "https://example.org/es"}
    follow: {kind: tags, name: "v*"}
    layout: revision
    source_revision: v1
    origin: post-edited
pairs:
  en-zh:
    held_out: [chapter_a/one.md]
    granularity: sentence
    minimum_change: 20
    budget: {run: 3, evaluation: 4.5}
    schedule: "0 3 * * 1-5"
    grace_hours: 2
    parallel_data: false
    terminology: false
  zh-en: {}
  en-es:
    documents: [chapter_b/*.md]
    exclude: [chapter_b/x.md]
aws:
  conn_id: aws_book
  region: us-west-2
  role_arn: arn:aws:iam::123456789012:role/amts
  account: "123456789012"
  act_regions: [us-west-2]
  price: {act_per_million: 61, standard_per_million: 16, read_on: 2024-05-31}
  job_timeout_hours: 6
  poll_seconds: 5
storage:
  bucket: books
  prefix: amts/
  region: us-west-2
schedule:
  cron: "0 2 * * *"
  grace_hours: 1.5
"""

PROFILE = """\
code: {code}
name: Language
service_code: {code}
tokenizer: 13a
sentence_language: en
terminators: ".!?"
length_ratio: [0.3, 3.0]
expected_ratio: 1.0
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes the whole configuration, each of ``changes`` applied to it, with its profiles; gives its path."""

    def written(*changes: tuple[str, str]) -> Path:
        text = WHOLE
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "profiles").mkdir(exist_ok=True)
        for code in ("en", "zh", "es"):
            (tmp_path / "profiles" / f"{code}.yaml").write_text(PROFILE.format(code=code), "utf-8")
        path = tmp_path / "amts.yaml"
        path.write_text(text, "utf-8")
        return path

    return written


@pytest.fixture
def config(write: Callable[..., Path]) -> Config:
    return load(write())
