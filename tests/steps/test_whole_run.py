"""One run from the revisions to the branches, and what it leaves."""

from __future__ import annotations

import json
from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo
from amts_tasks.sync.manifest import State

Small = Any
DRAWS = "urn/draws.md"
SENT = "We draw balls from an urn, one after the other, and note the colour of each ball in a table."
MADE = pseudo(SENT, "zh").replace(", ", "，").replace(".", "。")
"""What the service makes of the changed paragraph."""


def test_a_branch_for_each_chapter_that_changed(small: Small) -> None:
    small.revise()
    small.revise("index.md", "small book", "short book")
    results = small.run()
    assert list(small.branches()) == ["amts/en-zh/index", "amts/en-zh/urn"]
    assert results["publish"]["branches"] == small.branches()
    assert results["plan"]["units"] == 2
    for branch, files in (
        ("amts/en-zh/index", ["index.md", "index_origin.md"]),
        ("amts/en-zh/urn", [DRAWS, "urn/draws_origin.md"]),
    ):
        assert small.repo.changed("main", branch) == files
        assert small.repo.git("rev-parse", f"{branch}^") == small.zh.git("rev-parse", "main")
    assert "main" in small.repo.git("symbolic-ref", "HEAD")
    assert small.repo.git("rev-parse", "main") == small.zh.git("rev-parse", "main"), "the default branch is never moved"


def test_only_the_changed_block_changes_and_its_source_beside_it(small: Small) -> None:
    small.revise()
    small.run()
    old, new = small.zh.read(DRAWS), small.repo.read(DRAWS, "amts/en-zh/urn")
    assert new == old.replace("我们从瓮中一个接一个地抽球，并记下每个球的颜色。", MADE)
    assert small.repo.read("urn/draws_origin.md", "amts/en-zh/urn") == small.book.read(DRAWS)


def test_the_manifest_says_whose_text_is_whose(small: Small) -> None:
    revision = small.revise()
    small.run()
    records = small.manifest().documents[DRAWS]
    made = [record for record in records if record.state is State.machine]
    assert [(record.provenance, record.by, record.revision) for record in made] == [("sent", "amts", revision)]
    assert made[0].service
    assert {record.state for record in records if record not in made} == {State.human}


def test_the_text_it_replaced_is_known_too(small: Small) -> None:
    """Until the merge both texts stand in a book, and the old one was not edited by anybody."""
    from amts_tasks.sync.identity import digest

    small.revise()
    small.run()
    old = digest("我们从瓮中一个接一个地抽球，并记下每个球的颜色。\n")
    assert [record.state for record in small.manifest().documents[DRAWS] if record.target == old] == [State.human]


def test_reports_and_artefacts_are_under_the_runs_prefix(small: Small) -> None:
    small.revise()
    results = small.run()
    source, target = small.book.git("rev-parse", "main")[:12], small.zh.git("rev-parse", "main")[:12]
    prefix = f"{small.name}/en-zh/{source}-{target}/"
    kept = [key.removeprefix(prefix) for key in small.storage.list(prefix)]
    assert {"resolve", "extract", "align", "plan", "upload", "download", "publish"} == {
        key.split("/")[0] for key in kept
    }
    report = small.storage.get(f"{prefix}publish/publish.txt").decode()
    assert "amts/en-zh/urn" in report
    assert str(small.repo.path) in report
    assert results["publish"]["report"].endswith("publish/publish.txt")
    assert small.shown["publish"] == report.rstrip("\n")


def test_what_was_bought_is_kept_with_the_data_it_was_bought_under(small: Small) -> None:
    small.revise()
    small.run()
    (key,) = small.storage.list(f"{small.name}/en-zh/bought/")
    (row,) = small.storage.get_rows(key)
    record = small.storage.get_json(f"{small.name}/en-zh/parallel-data/imported.json")
    assert row == {"source": SENT, "target": MADE, "parallel_data": record["digest"]}


def test_the_job_is_asked_for_with_everything(small: Small) -> None:
    small.revise()
    small.run()
    (job,) = small.calls("StartTextTranslationJob")
    name = f"amts-{small.name}-en-zh"
    asked = job["parameters"]
    assert (asked["SourceLanguageCode"], asked["TargetLanguageCodes"]) == ("en", ["zh"])
    assert (asked["TerminologyNames"], asked["ParallelDataNames"]) == ([name], [name])
    assert asked["InputDataConfig"]["ContentType"] == "text/html"
    assert asked["JobName"].startswith(name + "-")


def test_held_out_documents_are_scored_and_never_learnt_from(small: Small) -> None:
    results = small.run(evaluate=True)
    assert results["score"]["articles"] == 1
    assert results["score"]["share"] == 1.0
    learnt = small.learnt()
    assert "标准误差" in learnt
    assert "中位数" not in learnt
    assert "median" not in learnt
    scores = json.loads(small.storage.get(f"{small.name}/en-zh/scores.json"))[0]
    assert [row["document"] for row in scores["rows"]] == ["rank/orders.md", "average"]
    assert scores["rows"][0]["segments"] == 4
    assert scores["rows"][0]["difference"] is None, "an emulator's two columns are never compared"
    assert "Emulated by AMTS" in scores["rows"][0]["with_parallel_data"]["service"][0]["message"]


def test_both_columns_are_given_the_terminology(small: Small) -> None:
    """They differ by the parallel data alone."""
    small.run(evaluate=True)
    asked = [call["parameters"] for call in small.calls("TranslateText")]
    assert len(asked) == 4
    assert {tuple(one["TerminologyNames"]) for one in asked} == {(f"amts-{small.name}-en-zh",)}


def test_a_new_document_is_translated_whole_and_a_deleted_one_is_left_alone(small: Small) -> None:
    small.book.commit({"urn/new.md": "# New\n\nA wholly new text about urns.\n", "urn/errors.md": None})
    small.run()
    assert small.repo.read("urn/new.md", "amts/en-zh/urn") == (
        f"# {pseudo('New', 'zh')}\n\n{pseudo('A wholly new text about urns', 'zh')}。\n"
    )
    assert "urn/errors.md" in small.repo.files("amts/en-zh/urn")
    reason = "the source has no such document any more; delete it when you are sure"
    assert f"  urn/errors.md: {reason}\n" in small.shown["plan"] + "\n"
    # What is on the open branch would come back with it.
    small.run(force=True)
    assert f"  urn/errors.md: {reason}; amts/en-zh/urn is still open\n" in small.shown["plan"] + "\n"
    assert f"  urn/errors.md: {reason}; amts/en-zh/urn is still open\n" in small.shown["publish"] + "\n"


def test_a_renamed_document_takes_its_translation_along(small: Small) -> None:
    text = small.book.read("urn/errors.md")
    small.book.commit({"urn/errors.md": None, "rank/deviation.md": text})
    results = small.run()
    assert results["plan"]["units"] == 0
    assert not small.paid()
    files = small.repo.changed("main", "amts/en-zh/rank")
    assert files == ["rank/deviation.md", "rank/deviation_origin.md", "urn/errors.md", "urn/errors_origin.md"]
    assert small.repo.read("rank/deviation.md", "amts/en-zh/rank") == small.zh.read("urn/errors.md")


def test_a_source_that_is_a_folder_and_a_translation_that_is_one(small: Small) -> None:
    for repo, name in ((small.book, "book"), (small.zh, "zh")):
        folder = small.folder / name
        for path in repo.files():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(repo.read(path), encoding="utf-8")
    small.edit(
        (
            "{kind: git, location: ../book.git}\n  follow: {kind: branch, name: main}",
            "{kind: folder, location: ../book}",
        ),
        ("{kind: git, location: ../zh.git}\n    follow: {kind: branch, name: main}", "{kind: folder, location: ../zh}"),
    )
    path = small.folder / "book" / DRAWS
    path.write_text(path.read_text("utf-8").replace("write down", "list"), encoding="utf-8")
    small.run()
    assert list(small.branches()) == ["amts/en-zh/urn"]
    assert small.repo.changed("main", "amts/en-zh/urn") == [DRAWS, "urn/draws_origin.md"]
    assert small.run() is None
