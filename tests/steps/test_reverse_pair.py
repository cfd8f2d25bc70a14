"""The pair back into the book's own language: it is evaluated, and publishes nothing."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator.engines.pseudo import pseudo

Small = Any


def test_it_is_scored_and_commits_nothing(small: Small) -> None:
    small.revise()
    results = small.run("zh-en", evaluate=True)
    assert results["score"]["articles"] == 1
    assert results["publish"]["branches"] == {}
    assert "evaluation only" in results["publish"]["not_published"]
    assert not small.branches()
    assert results["plan"]["sent"] == 0
    scores = small.storage.get_json(f"{small.name}/zh-en/scores.json")[0]
    assert scores["reverse"] is True
    assert any("Reverse direction" in note for note in scores["notes"])
    assert small.run("zh-en", evaluate=True) is None


def test_its_terminology_goes_the_other_way(small: Small) -> None:
    small.run("zh-en", evaluate=True)
    found = small.translate.get_terminology(Name=f"amts-{small.name}-zh-en", TerminologyDataFormat="CSV")
    import urllib3

    file = urllib3.request("GET", found["TerminologyDataLocation"]["Location"]).data.decode()
    assert file.splitlines()[0] == "zh,en"
    assert "标准误,standard error" in file.splitlines()
    (job,) = small.calls("StartTextTranslationJob")
    assert (job["parameters"]["SourceLanguageCode"], job["parameters"]["TargetLanguageCodes"]) == ("zh", ["en"])


def test_what_it_learns_is_chinese_to_english(small: Small) -> None:
    small.run("zh-en", evaluate=True)
    lines = small.learnt("zh-en").splitlines()
    assert lines[0] == "zh,en"
    assert any(line.startswith("抽球,Drawing Balls") for line in lines)
    assert not any("中位数" in line for line in lines), "held out"


def test_machine_text_of_the_translation_is_no_source_to_learn_from(small: Small) -> None:
    """What en-zh wrote and somebody merged untouched is not learnt from backwards."""
    small.revise()
    small.run("en-zh")
    small.merge("amts/en-zh/urn")
    small.run("zh-en", evaluate=True)
    assert pseudo("note the colour", "zh") not in small.learnt("zh-en")
