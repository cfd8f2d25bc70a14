"""What the memory keeps from run to run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from amts_tasks.errors import StorageError
from amts_tasks.memory import Unit
from amts_tasks.steps.kept.memory import append, lookup, opened, parts

Small = Any
DRAWS = "urn/draws.md"
OLD = "我们从瓮中一个接一个地抽球，并记下每个球的颜色。"


def test_human_text_that_a_merged_branch_replaced_stays_and_is_learnt_from(small: Small) -> None:
    small.revise()
    small.run()
    small.merge("amts/en-zh/urn")
    assert OLD not in small.zh.read(DRAWS)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert OLD in small.learnt()
    with lookup(small.given()) as look:
        (match,) = look.best("We draw balls from an urn, one after the other, and write down the colour of each ball.")
        assert (match.target, match.unit.standing, match.unit.state) == (OLD, False, "human")
        # What the service made stands there now: found for this service, and marked.
        found = look.best(
            "We draw balls from an urn, one after the other, and note the colour of each ball in a table."
        )
        assert [one.unit.state for one in found] == ["machine"]
        assert found[0].unit.service == small.given().service.key


def test_a_run_made_again_and_one_of_the_past_add_nothing_that_stands(small: Small) -> None:
    first = small.book.git("rev-parse", "main")
    small.revise()
    small.run()
    kept = parts(small.given())
    small.run(force=True)
    small.run(revision=first, force=False)
    with opened(small.given()) as index:
        standing = [unit.source for unit in index.standing()]
    assert parts(small.given())[: len(kept)] == kept
    assert any("note the colour" in source for source in standing)


def test_the_index_is_made_again_from_the_parts(small: Small) -> None:
    small.revise()
    small.run()
    run = small.given()
    with opened(run) as index:
        before = list(index)
        path = index.path
    path.write_bytes(b"broken")
    with opened(run) as index:
        assert list(index) == before
    key = f"{run.home}memory/parts.json"
    listed = json.loads(small.storage.get(key))
    small.storage.put(key, json.dumps(listed | {"version": 9}).encode())
    with pytest.raises(StorageError, match="version 9; this AMTS knows"):
        parts(run)
    small.storage.put(key, b"{")
    with pytest.raises(StorageError, match="not the list of the memory's parts"):
        parts(run)
    small.storage.put(key, json.dumps(listed | {"parts": listed["parts"][1:]}).encode())
    with opened(run) as index:
        assert len(index) == 0
    assert "made from other parts" in " ".join(small.said)


def test_two_writers_lose_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    from amts_tasks.storage import Storage

    run = small.given()
    put = Storage.put_unchanged
    raced: list[str] = []

    def raced_put(self: Storage, key: str, data: bytes, tag: str | None) -> bool:
        if not raced:
            raced.append(key)
            append(run, [Unit("Second.", "二。", "human")], "r")
        return put(self, key, data, tag)

    monkeypatch.setattr(Storage, "put_unchanged", raced_put)
    append(run, [Unit("First.", "一。", "human")], "r")
    with opened(run) as index:
        assert {unit.target for unit in index} == {"一。", "二。"}


def test_machine_text_that_went_is_never_learnt_from(small: Small) -> None:
    small.revise()
    small.run()
    small.merge("amts/en-zh/urn")
    small.revise(DRAWS, "in a table", "in a long table")
    small.run()
    small.merge("amts/en-zh/urn")
    small.revise("index.md", "small book", "short book")
    small.run()
    with opened(small.given()) as index:
        gone = [unit for unit in index if not unit.standing and unit.state == "machine"]
    assert gone
    assert all(unit.target not in small.learnt() for unit in gone)


def test_a_held_out_document_that_the_translation_renamed_is_known_by_its_content(small: Small) -> None:
    small.revise()
    small.run()
    assert "median" not in small.learnt()
    moved: dict[str, Any] = {"rank/orders.md": None, "rank/orders_origin.md": None}
    moved |= {f"rank/new{end}.md": small.zh.read(f"rank/orders{end}.md") for end in ("", "_origin")}
    small.zh.commit(moved)
    small.revise("index.md", "small book", "short book")
    small.run()
    assert "median" not in small.learnt()
    assert any("rank/new.md holds the text of rank/orders.md" in line for line in small.said)


def test_services_of_this_machine_share_one_index(small: Small) -> None:
    """An emulator has another address at each start: nobody would ever remove the indexes of the earlier ones."""
    small.run()
    with opened(small.given()) as index:
        known, path = len(index), index.path
    url = small.emulator.url.replace("127.0.0.1", "localhost")
    assert url != small.emulator.url
    s3 = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(s3={"addressing_style": "path"}),
    )
    with opened(replace(small.given(), s3=s3)) as index:
        assert (len(index), index.path) == (known, path)
    s3.close()
    assert list(path.parent.glob("*.sqlite")) == [path]
