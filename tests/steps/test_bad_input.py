"""What is wrong outside: a clear error, or a document set aside; nothing half-written, and the lease free again."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config as ClientConfig

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.errors import (
    AmtsError,
    BookError,
    ConfigError,
    ImportFailed,
    InputError,
    JobFailed,
    LeaseHeld,
    ServiceError,
    StorageError,
)
from amts_tasks.steps import step

Small = Any
DRAWS = "urn/draws.md"
NOT_UTF8 = "# Draws\n\nCaf\u00e9 of the urn.\n".encode("latin-1")


def fails(small: Small, kind: type[AmtsError], *words: str, **options: Any) -> str:
    """The message of a run that fails and leaves nothing: no call, no branch, no lease."""
    with pytest.raises(kind) as caught:
        small.run(**options)
    for word in words:
        assert word in str(caught.value), (word, str(caught.value))
    assert not small.paid()
    assert not small.branches()
    assert not small.lease()
    return str(caught.value)


def test_a_broken_configuration(small: Small) -> None:
    small.edit(("layout: revision", "layout: revsion"), ("poll_seconds: 1", "poll_seconds: 0"))
    message = fails(small, ConfigError, f"{small.path}:", "revsion", "poll_seconds")
    assert all(line.startswith(f"{small.path}:") for line in message.splitlines())


def test_a_pair_that_is_not_configured(small: Small) -> None:
    with pytest.raises(InputError, match="no pair 'en-fr'; it has: en-es, en-zh, zh-en"):
        small.run("en-fr")
    assert not list(small.storage.list(""))


@pytest.mark.parametrize("missing", ["the document", "its source"])
def test_a_held_out_document_that_is_not_there(small: Small, missing: str) -> None:
    path = "rank/orders.md" if missing == "the document" else "rank/orders_origin.md"
    small.zh.commit({path: None})
    fails(small, BookError, "amts.yaml", "pairs.en-zh.held_out: rank/orders.md", "take it off", evaluate=True)
    assert small.run() is not None, "without evaluation nobody needs it"
    assert any("held out: rank/orders.md is not in the translation" in line for line in small.said)


def test_a_held_out_document_that_cannot_be_read(small: Small) -> None:
    small.zh.commit({"rank/orders.md": NOT_UTF8})
    fails(small, BookError, "held_out: rank/orders.md", "rank/orders.md:3", "UTF-8", evaluate=True)


def test_a_held_out_document_that_nobody_has_read(small: Small) -> None:
    """All of its translation is ours: told before anything is paid, not after."""
    small.zh.commit({"rank/orders.md": None, "rank/orders_origin.md": None})
    small.run()
    small.merge("amts/en-zh/rank")
    small.forget()
    with pytest.raises(BookError, match=r"held_out: rank/orders.md: all of the translation is machine text"):
        small.run(evaluate=True)
    assert not small.paid()
    assert not small.lease()


def test_an_empty_document(small: Small) -> None:
    small.book.commit({"urn/empty.md": ""})
    small.revise()
    small.run()
    assert any("urn/empty.md: empty" in line for line in small.said)
    assert small.repo.read("urn/empty.md", "amts/en-zh/urn") == "\n"
    assert pseudo("note the colour", "zh") in small.repo.read(DRAWS, "amts/en-zh/urn")


def test_a_source_that_is_not_utf8_is_set_aside(small: Small) -> None:
    small.book.commit({DRAWS: NOT_UTF8})
    small.revise("index.md", "small book", "short book")
    small.run()
    (line,) = [line for line in small.said if "set aside:" in line]
    assert f"{DRAWS}:3" in line
    assert "UTF-8" in line
    assert list(small.branches()) == ["amts/en-zh/index"]


@pytest.mark.parametrize("path", [DRAWS, "urn/draws_origin.md"])
def test_a_translation_that_is_not_utf8_is_set_aside(small: Small, path: str) -> None:
    """Left alone on both sides: it is not taken for a document that has no translation yet."""
    small.zh.commit({path: NOT_UTF8})
    small.revise()
    small.revise("index.md", "small book", "short book")
    small.run()
    assert any(f"set aside: {path}:3" in line for line in small.said)
    assert list(small.branches()) == ["amts/en-zh/index"]


def test_a_target_with_no_source_and_a_source_with_no_target(small: Small) -> None:
    small.zh.commit({"urn/extra.md": "# 附录\n\n只有中文。\n", "index.md": None, "index_origin.md": None})
    small.run()
    assert "urn/extra.md: only the translation has this document: it stays" in small.shown["plan"]
    whole = pseudo(small.book.read("index.md"), "zh").replace(".", "。")
    assert small.repo.read("index.md", "amts/en-zh/index") == whole, "translated whole"
    assert list(small.branches()) == ["amts/en-zh/index"]


def test_a_translation_without_its_origin_file_is_kept(small: Small) -> None:
    small.zh.commit({"urn/draws_origin.md": None})
    small.revise()
    results = small.run()
    assert results["plan"]["units"] == 0
    assert "the source it was made from is unknown" in small.shown["plan"]
    assert not small.branches()


def test_no_document_matches(small: Small) -> None:
    fails(small, BookError, "pairs.en-zh", "chapter_*/*.md", documents=("chapter_*/*.md",))


def test_a_revision_that_is_not_there(small: Small) -> None:
    fails(small, BookError, "no commit, tag or branch 'v9'", revision="v9")


def test_a_book_that_is_not_there(small: Small) -> None:
    small.edit(("../book.git", "../nobook.git"))
    fails(small, BookError, "nobook.git", "no such path")


def test_a_lease_that_another_run_holds(small: Small) -> None:
    step("resolve")(small.given(owner="the other run"))
    with pytest.raises(LeaseHeld, match="held by the other run since"):
        small.run()
    assert small.lease(), "it stays the other's"


def elsewhere(small: Small, url: str) -> None:
    options: dict[str, Any] = {"endpoint_url": url, "region_name": "us-east-1"}
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    once = ClientConfig(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=1)
    small.translate = boto3.client("translate", config=once, **options, **keys)


def test_a_service_that_is_down(small: Small) -> None:
    """S3 is there and Amazon Translate is not: everything that is free was done, nothing was paid."""
    small.revise()
    elsewhere(small, "http://127.0.0.1:9")
    fails(small, ServiceError, "http://127.0.0.1:9", "cannot be reached", "--endpoint")


def test_storage_that_is_down(small: Small) -> None:
    once = ClientConfig(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=1)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    small.s3 = boto3.client("s3", endpoint_url="http://127.0.0.1:9", region_name="us-east-1", config=once, **keys)
    with pytest.raises(StorageError, match=r"S3 at http://127.0.0.1:9 cannot be reached"):
        small.run()


def test_a_bucket_that_is_not_there(small: Small) -> None:
    small.edit((f"bucket: {small.name}", f"bucket: {small.name}-none"))
    with pytest.raises(StorageError, match=r"NoSuchBucket.*make the bucket, or set storage.bucket"):
        small.run()


def test_a_job_that_failed(small: Small) -> None:
    small.revise()
    small.order("StartTextTranslationJob", "job_failed", message="The role may not read.")
    with pytest.raises(JobFailed, match=r"ended FAILED.*The role may not read"):
        small.run()
    assert not small.branches()
    assert not small.lease()


def test_an_import_that_failed(small: Small) -> None:
    small.revise()
    small.order("CreateParallelData", "import_failed", message="Not one row.")
    with pytest.raises(ImportFailed, match="Not one row"):
        small.run()
    assert "StartTextTranslationJob" not in small.paid()
    assert not small.lease()


def damaged(small: Small, change: Any, **options: Any) -> Any:
    """The results of a run whose job's output was changed before it was read."""
    run = small.given(**options)
    results = small.until("translate", run)
    job = small.translate.describe_text_translation_job(JobId=results["translate"]["job_id"])
    folder = small.storage.key(job["TextTranslationJobProperties"]["OutputDataConfig"]["S3Uri"])
    for key in list(small.storage.list(folder)):
        if key.endswith(".html"):
            small.storage.put(key, change(small.storage.get(key)))
    from amts_tasks.steps import whole

    for name in ("download", "score", "publish"):
        results[name] = whole.STEPS[name](run, results)
    small.settle(run)
    return results


MATH = ("close to the true share", "near the true share")
"""A change in the paragraph that has formulas and a reference."""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b'<span translate="no">$n$</span>', b"", "placeholder lost"),
        (pseudo("The mean", "zh").encode(), b"DNT_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "internal name"),
        (b"$n$", b"$m$", "placeholder altered"),
        (pseudo("near the true share", "zh").encode(), "很".encode() * 900, "characters for each"),
    ],
    ids=["lost", "leak", "altered", "long"],
)
def test_a_damaged_answer_is_not_published(small: Small, old: bytes, new: bytes, reason: str) -> None:
    small.revise(DRAWS, *MATH)
    small.revise("index.md", "small book", "short book")
    small.order("TranslateText", "dnt_leak")
    results = damaged(small, lambda data: data.replace(old, new))
    assert results["download"]["refused"] == 1
    assert "alone: internal name leaked" in small.shown["publish"]
    text = small.repo.read(DRAWS, "amts/en-zh/urn")
    assert text == small.zh.read(DRAWS), "the old translation stays"
    assert reason in small.shown["publish"]
    assert reason in small.repo.git("log", "-1", "--format=%B", "amts/en-zh/urn")
    assert pseudo("short book", "zh") in small.repo.read("index.md", "amts/en-zh/index")
    left = [record.left for record in small.manifest().documents[DRAWS] if record.left]
    assert len(left) == 1, "and the manifest knows that it is behind"


def test_output_that_is_not_utf8(small: Small) -> None:
    small.revise(DRAWS, *MATH)
    small.revise("index.md", "small book", "short book")
    run = small.given()
    from amts_tasks.errors import OutputIncomplete

    with pytest.raises(OutputIncomplete, match="is not UTF-8"):
        damaged(small, lambda data: data.replace(pseudo("The mean", "zh").encode(), b"\xff\xfe"))
    small.settle(run)


def test_output_whose_details_are_gone(small: Small) -> None:
    from amts_tasks.errors import OutputIncomplete
    from amts_tasks.steps import whole

    small.revise()
    run = small.given()
    results = small.until("translate", run)
    job = small.translate.describe_text_translation_job(JobId=results["translate"]["job_id"])
    folder = small.storage.key(job["TextTranslationJobProperties"]["OutputDataConfig"]["S3Uri"])
    (details,) = [key for key in small.storage.list(folder) if "details" in key]
    small.storage.put(details, b"{")
    with pytest.raises(OutputIncomplete, match="its details are not as they should be"):
        whole.STEPS["download"](run, results)
    small.settle(run)


def test_an_artefact_that_is_gone(small: Small) -> None:
    run = small.given()
    results = small.until("resolve", run)
    from amts_tasks.steps import whole

    with pytest.raises(StorageError, match=r"extract/source.jsonl.gz: no such artefact; run the step that writes it"):
        whole.STEPS["align"](run, results)
    small.settle(run)


def test_a_manifest_of_a_newer_version(small: Small) -> None:
    small.storage.put(
        f"{small.name}/en-zh/manifest.json", b'{"format": "amts-manifest", "version": 99, "pair": "en-zh"}'
    )
    fails(small, InputError, "found version 99", "Update AMTS")


def test_a_refused_text_is_not_paid_again_until_something_changes(small: Small) -> None:
    small.revise(DRAWS, *MATH)
    lost = b'<span translate="no">$n$</span>'
    small.order("TranslateText", "lost_tag")
    results = damaged(small, lambda data: data.replace(lost, b""), parallel_data=False)
    assert results["download"]["refused"] == 1
    small.revise("index.md", "small book", "short book")
    small.run(parallel_data=False)
    assert any("1 text is not sent: its answer was refused" in line for line in small.said)
    assert "placeholder lost" in small.shown["publish"], "it stays on the review list"
    assert pseudo("short book", "zh") in small.repo.read("index.md", "amts/en-zh/index")
    small.revise("index.md", "short book", "thin book")
    small.run()
    assert not any("not sent" in line for line in small.said), "other parallel data may give another answer"
    assert any("with 2 texts" in line for line in small.said)


def test_a_refused_text_is_asked_for_again_by_force(small: Small) -> None:
    small.revise(DRAWS, *MATH)
    lost = b'<span translate="no">$n$</span>'
    small.order("TranslateText", "lost_tag")
    assert damaged(small, lambda data: data.replace(lost, b""), parallel_data=False)["download"]["refused"] == 1
    small.run(parallel_data=False, force=True)
    assert not any("not sent" in line for line in small.said)
    assert pseudo("near the true share", "zh") in small.repo.read(DRAWS, "amts/en-zh/urn")
