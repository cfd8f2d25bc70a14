"""The one-page table of all pairs."""

from __future__ import annotations

from typing import Any

from amts_tasks.score.summary import as_summary


def scores(*values: float) -> list[dict[str, Any]]:
    return [
        {"metric": metric, "value": value, "signature": f"sig-{metric}", "low": 0, "high": 0, "p": None, "segments": 4}
        for metric, value in zip(("BLEU", "chrF2++", "TER"), values, strict=True)
    ]


def row(document: str, without: dict[str, Any]) -> dict[str, Any]:
    service = [{"endpoint": "loopback", "message": "done, engine: x."}]
    return {
        "document": document,
        "segments": 4,
        "share": 0.991,
        "origin": ["human"],
        "with_parallel_data": {"as_is": scores(0.5, 60.25, 40.5), "service": service},
        "without_parallel_data": without,
    }


def report(pair: str, *rows: dict[str, Any], reverse: bool = False) -> dict[str, Any]:
    return {"pair": pair, "reverse": reverse, "rows": list(rows), "notes": ["Made with an emulator."]}


def test_an_average_of_one_is_not_repeated_and_a_missing_column_says_why() -> None:
    text = as_summary([
        report("en-es", *(row(name, {"reason": "no baseline engine"}) for name in ("a/b.md", "average"))),
        report("en-zh", *(row(name, {"as_is": scores(0.25, 30, 70)}) for name in ("a/b.md", "a/c.md", "average"))),
    ])
    lines = text.split("\n")
    assert [line.split("|")[1:3] for line in lines if line.startswith("| en-")] == [
        [" en-es ", " b        "],
        [" en-zh ", " b        "],
        [" en-zh ", " c        "],
        [" en-zh ", " average  "],
    ]
    assert "0.500 / 0.250" in text
    assert "60.2 / 30.0" in text
    assert "0.500 / -" in text
    assert "99.1%" in text
    assert "BLEU: sig-BLEU (en-es, en-zh)" in lines
    assert "* en-es without parallel data: no baseline engine" in lines
    assert lines.count("* Made with an emulator.") == 1


def test_no_report_no_table() -> None:
    assert as_summary([]) == ""


def test_the_reverse_direction_is_marked() -> None:
    text = as_summary([report("zh-en", row("a.md", {"reason": "none"}), reverse=True)])
    assert "* zh-en: reverse direction, the source is itself a translation." in text
