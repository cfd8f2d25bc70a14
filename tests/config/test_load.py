from __future__ import annotations

import copy
import os
import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from amts_tasks.config import Budget, Config, Follow, Place, Price, ScheduleConfig, StorageConfig, load

ROOT = Path(__file__).parents[2]
Write = Callable[..., Path]


def test_every_field(config: Config, tmp_path: Path) -> None:
    assert config.path == tmp_path / "amts.yaml"
    assert config.languages == tmp_path / "profiles"
    assert sorted(config.profiles) == ["en", "es", "zh"]
    assert list(config.pairs) == ["en-es", "en-zh", "zh-en"], "sorted"
    assert config.schedule == ScheduleConfig("0 2 * * *", 1.5)
    assert config.storage == StorageConfig("books", "amts/", "us-west-2")
    assert config.book.place == Place("git", str(tmp_path / "book.git"), "src")
    assert config.book.follow == Follow("branch", "main", 2.5)
    assert (config.book.documents, config.book.exclude) == (("chapter_*/*.md",), ("chapter_x/*",))
    assert (config.book.name, config.book.title, config.book.language) == ("d2l", "A Book", "en")
    assert config.aws.price == Price(61.0, 16.0, date(2024, 5, 31))
    assert (config.aws.conn_id, config.aws.region, config.aws.account) == ("aws_book", "us-west-2", "123456789012")
    assert (config.aws.act_regions, config.aws.job_timeout_hours, config.aws.poll_seconds) == (("us-west-2",), 6.0, 5)


def test_every_field_of_a_pair(config: Config, tmp_path: Path) -> None:
    pair = config.pairs["en-zh"]
    assert (pair.pair, pair.source, pair.target, pair.reverse) == ("en-zh", "en", "zh", False)
    assert (pair.granularity, pair.minimum_change, pair.budget) == ("sentence", 20, Budget(3.0, 4.5))
    assert (pair.schedule, pair.grace_hours) == ("0 3 * * 1-5", 2.0)
    assert (pair.parallel_data, pair.terminology) == (False, False)
    assert pair.held_out == ("chapter_a/one.md",)
    translation = pair.translation
    assert translation.place == Place("folder", str(tmp_path / "zh"))
    assert (translation.layout, translation.origin, translation.as_of) == ("origin", "human", "date")
    assert (translation.origin_suffix, translation.origins) == ("_source", (("chapter_a/*", "machine"),))
    spanish = config.pairs["en-es"].translation
    assert (spanish.layout, spanish.source_revision, spanish.follow) == ("revision", "v1", Follow("tags", "v*"))
    assert spanish.place.location == "https://example.org/es"


def test_what_a_pair_takes_from_the_whole(config: Config) -> None:
    spanish, reverse = config.pairs["en-es"], config.pairs["zh-en"]
    assert (spanish.documents, spanish.exclude) == (("chapter_b/*.md",), ("chapter_b/x.md",))
    assert (spanish.schedule, spanish.grace_hours) == ("0 2 * * *", 1.5)
    assert (spanish.budget, spanish.parallel_data, spanish.terminology) == (Budget(10.0, 10.0), True, True)
    assert (reverse.documents, reverse.exclude) == (("chapter_*/*.md",), ("chapter_x/*",))
    assert (reverse.reverse, reverse.source, reverse.target) == (True, "zh", "en")
    assert reverse.schedule is None, "evaluation costs: a reverse pair runs when it is asked for"
    assert reverse.translation is config.pairs["en-zh"].translation


def test_a_pair_may_have_no_schedule(write: Write) -> None:
    assert load(write(('schedule: "0 3 * * 1-5"', "schedule: null"))).pairs["en-zh"].schedule is None


def test_defaults_are_finite(write: Write) -> None:
    pair = load(write(("    budget: {run: 3, evaluation: 4.5}\n", ""))).pairs["en-zh"]
    assert pair.budget == Budget(10.0, 10.0)


def test_nothing_paid(write: Write) -> None:
    assert load(write(("run: 3, evaluation: 4.5", "run: 0, evaluation: 0"))).pairs["en-zh"].budget == Budget(0.0, 0.0)


def test_variables(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BUCKET", "mine")
    monkeypatch.delenv("NOT_SET", raising=False)
    path = write(
        ("bucket: books", "bucket: $BUCKET"),
        ("title: A Book", 'title: "$$5 ${BUCKET}s ${NOT_SET:-default}"'),
        ("location: zh", 'location: "${NOT_SET:-../data}/zh"'),
    )
    config = load(path)
    assert config.storage.bucket == "mine"
    assert config.book.title == "$5 mines default"
    assert config.translations["zh"].place.location == str(tmp_path.parent / "data" / "zh")


def test_where_it_is_found(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write()
    monkeypatch.setenv("AMTS_CONFIG", str(path))
    assert load().path == path
    monkeypatch.delenv("AMTS_CONFIG")
    (tmp_path / "config").mkdir()
    path.rename(tmp_path / "config" / "amts.yaml")
    (tmp_path / "profiles").rename(tmp_path / "config" / "profiles")
    monkeypatch.chdir(tmp_path)
    assert load().path == tmp_path / "config" / "amts.yaml"


def test_crosses_processes(config: Config) -> None:
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301
    assert copy.deepcopy(config) == config


@pytest.mark.parametrize("name", ["config/amts.yaml", "config/d2l.yaml", "tests/d2l/amts.yaml"])
def test_those_that_come_with_amts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTS_BUCKET", "books")
    monkeypatch.setenv("AMTS_ROLE_ARN", "arn:aws:iam::123456789012:role/amts")
    config = load(ROOT / name)
    assert {"en-zh"} < set(config.pairs)
    assert all(pair.held_out for pair in config.pairs.values())
    assert all(0 <= pair.budget.run < 1000 for pair in config.pairs.values())


def test_the_data_is_beside_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMTS_D2L_DATA", raising=False)
    beside = Path(os.path.normpath(ROOT / "../shared/data/d2l"))
    assert load(ROOT / "tests/d2l/amts.yaml").book.place.location == str(beside / "replay.bundle")
    monkeypatch.setenv("AMTS_D2L_DATA", "/data")
    assert load(ROOT / "tests/d2l/amts.yaml").book.place.location == "/data/replay.bundle"
