"""Commands on files: roundtrip, align, score."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amts_tasks import cli

EXAMPLES = Path(__file__).parents[2] / "examples"
EN = "# Urns\n\nWe draw balls from an urn. Nobody looks.\n\nThe mean of $n$ draws.\n"
ZH = "# 瓮\n\n我们从瓮中抽球。没有人看。\n\n$n$次抽取的均值。\n"
Amts = Callable[..., tuple[int, str, str]]


@pytest.fixture
def plain(capsys: pytest.CaptureFixture[str]) -> Iterator[Amts]:
    """A command without a configured book."""

    def called(*words: object) -> tuple[int, str, str]:
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return called


def files(folder: Path, texts: dict[str, str | bytes]) -> Path:
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


@pytest.mark.parametrize("engine", ["identity", "swapcase"])
def test_roundtrip_of_the_example(plain: Amts, tmp_path: Path, engine: str) -> None:
    folder = EXAMPLES / "en" / "r1"
    status, out, _ = plain("roundtrip", folder, "--engine", engine, "--output", tmp_path / "out", "--json")
    assert status == 0
    figures = json.loads(out)
    assert {"files", "identical", "damaged", "refused", "coverage", "mb_per_s", "kinds"} <= figures.keys()
    documents = sorted(path.relative_to(folder) for path in folder.rglob("*.md"))
    assert figures["files"] == len(documents)
    assert figures["damaged"] == 0
    assert figures["coverage"] > 0.97
    for path in documents:
        same = (tmp_path / "out" / path).read_bytes() == (folder / path).read_bytes()
        assert same == (engine == "identity")


def test_align_two_files(plain: Amts, tmp_path: Path) -> None:
    folder = files(tmp_path, {"en.md": EN, "zh.md": ZH})
    status, out, err = plain("align", folder / "en.md", folder / "zh.md", "--pair", "en-zh")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ([
        "document",
        "source_start",
        "source_end",
        "target_start",
        "target_end",
        "kind",
        "score",
        "method",
        "source",
        "target",
    ])
    assert next(row["source"] for row in rows) == "Urns"
    for row in rows:
        assert EN[int(row["source_start"]) : int(row["source_end"])] == row["source"]
        assert ZH[int(row["target_start"]) : int(row["target_end"])] == row["target"]
    assert "3 pairs of 1 document," in err


def test_align_sentences_of_documents_into_a_file(plain: Amts, tmp_path: Path) -> None:
    folder = files(tmp_path, {"en/a/b.md": EN, "zh/a/b.md": ZH, "en/only.md": EN})
    words = ("--pair", "en-zh", "--granularity", "sentence", "-o", tmp_path / "pairs.csv", "--json")
    status, out, _ = plain("align", folder / "en", folder / "zh", *words)
    assert (status, json.loads(out)) == (0, {"file": str(tmp_path / "pairs.csv"), "pairs": 4})
    rows = list(csv.DictReader(io.StringIO((tmp_path / "pairs.csv").read_text("utf-8"))))
    assert {row["document"] for row in rows} == {"a/b.md"}
    assert ("Nobody looks.", "没有人看。") in {(row["source"], row["target"]) for row in rows}


def test_align_origin_files_beside_their_translations(plain: Amts, tmp_path: Path) -> None:
    folder = files(tmp_path, {"a.md": ZH, "a_origin.md": EN})
    status, out, _ = plain("align", folder, folder, "--pair", "en-zh", "--json")
    assert status == 0
    assert [row["target"] for row in json.loads(out)] == ["瓮", "我们从瓮中抽球。没有人看。", "$n$次抽取的均值。"]


def test_align_sentence_files_with_gold(plain: Amts, tmp_path: Path) -> None:
    folder = files(
        tmp_path,
        {
            "en.txt": "We draw 10 balls from the urn.\nNobody looks into it.\nThe mean is 5.\n",
            "zh.txt": "我们从瓮中抽出10个球。\n没有人往里看。\n均值是5。\n",
            "gold.txt": "[0]:[0]\n[1]:[1]\n[2]:[2]\n",
        },
    )
    words = (
        "align",
        "--sentences",
        folder / "en.txt",
        folder / "zh.txt",
        "--pair",
        "en-zh",
        "--gold",
        folder / "gold.txt",
    )
    status, out, err = plain(*words)
    assert status == 0
    lines = out.splitlines()
    assert [line.rsplit(":", 1)[0] for line in lines] == ["[0]:[0]", "[1]:[1]", "[2]:[2]"]
    assert all(float(line.rsplit(":", 1)[1]) == float(line.rsplit(":", 1)[1]) for line in lines)
    assert "1.0000" in err, "the figures are not among the beads"
    _, out, _ = plain(*words, "--json")
    assert json.loads(out)["beads"] == lines
    assert json.loads(out)["scores"]


def test_align_a_language_without_a_profile(plain: Amts, tmp_path: Path) -> None:
    folder = files(tmp_path, {"en.md": EN, "fr.md": EN})
    status, out, _ = plain("align", folder / "en.md", folder / "fr.md", "--pair", "en-fr", "--json")
    assert status == 0
    assert len(json.loads(out)) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["align", "en.md", "zh.md"], "--pair is missing"),
        (["align", "en.md", "zh.md", "--pair", "enzh"], 'expected SOURCE-TARGET such as "en-zh"'),
        (["align", "en.md", "none.md", "--pair", "en-zh"], "none.md: no such file or folder"),
        (["align", "en.md", "bad.md", "--pair", "en-zh"], "bad.md:1: not UTF-8 at byte 3; save it as UTF-8"),
        (["align", "en.md", "marked.md", "--pair", "en-zh"], "marked.md:3: not UTF-8 at byte 13; save it as UTF-8"),
        (["align", "en.md", "folder", "--pair", "en-zh"], "found a file and a folder"),
        (["align", "folder", "folder", "--pair", "en-zh"], "no document is in both"),
        (["align", "en.md"], "found one file or folder; expected two, or a pair such as en-zh"),
        (["align", "en.md", "zh.md", "en.md", "--pair", "en-zh"], "found 3 files; expected two"),
        (["score", "en.txt", "zh.txt"], "--lang is missing"),
        (["score", "en.txt", "short.txt", "--lang", "zh"], "2"),
        (["roundtrip", "none.md"], "none.md"),
    ],
)
def test_what_goes_wrong_with_files(
    plain: Amts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    files(
        tmp_path,
        {
            "en.md": EN,
            "zh.md": ZH,
            "bad.md": b"caf\xe9\n",
            "marked.md": b"\xef\xbb\xbf# One\n\ncaf\xe9\n",
            "folder/x.txt": "",
            "en.txt": "a\nb\n",
            "zh.txt": "a\nb\n",
            "short.txt": "a\n",
        },
    )
    monkeypatch.chdir(tmp_path)
    status, out, err = plain(*words)
    assert (status, out) == (2, "")
    assert said in err


def test_score_of_a_file(plain: Amts, tmp_path: Path) -> None:
    folder = files(tmp_path, {"hyp.txt": "我们抽球。\n没有人看。\n", "ref.txt": "我们从瓮中抽球。\n没有人看。\n"})
    status, out, _ = plain("score", folder / "hyp.txt", folder / "ref.txt", "--lang", "zh", "--json")
    assert status == 0
    scores: list[dict[str, Any]] = json.loads(out)
    assert [one["metric"] for one in scores] == ["BLEU", "chrF2++", "TER"]
    for one in scores:
        assert {"metric", "value", "signature", "segments", "low", "high"} <= one.keys()
        assert one["segments"] == 2
        assert one["low"] <= one["value"] <= one["high"] or one["low"] <= one["high"]


def test_score_of_two_files(plain: Amts, tmp_path: Path) -> None:
    texts = {
        "hyp.txt": "我们抽球。\n没有人看。\n",
        "ref.txt": "我们从瓮中抽球。\n没有人看。\n",
        "old.txt": "我们。\n没看。\n",
    }
    folder = files(tmp_path, dict(texts))
    words = ("--lang", "zh", "--baseline", folder / "old.txt")
    status, out, _ = plain("score", folder / "hyp.txt", folder / "ref.txt", *words, "--json")
    assert status == 0
    assert any(one.get("p") is not None for one in json.loads(out))
    status, out, _ = plain("score", folder / "hyp.txt", folder / "ref.txt", *words)
    assert status == 0
    assert "tok:zh" in out


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    """A broken pipe is no traceback."""
    text = "".join(f"Paragraph {number}: {'a long text, ' * 200}.\n\n" for number in range(60))
    folder = files(tmp_path, {"en.md": text})
    command = [sys.executable, "-m", "amts_tasks.cli", "align", folder / "en.md", folder / "en.md", "--pair", "en-fr"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait() == 1
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
