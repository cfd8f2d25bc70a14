"""Scores against sacrebleu's command line, and the guards it lacks."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from amts_tasks.errors import InputError
from amts_tasks.languages import Profile, default_profile
from amts_tasks.score.metrics import corpus, mean, measure, score

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = ("zh", "es", "ja", "ko")


def sentences(language: str) -> list[str]:
    """Prose lines of the example book; languages it lacks take the Chinese."""
    folder = EXAMPLES / ("es" if language == "es" else "zh")
    lines = [line.strip() for path in sorted(folder.rglob("*.md")) for line in path.read_text("utf-8").split("\n")]
    return [line for line in lines if len(line) > 30 and not line.startswith(("$", "|", "`", ":"))][:24]


def damaged(lines: list[str], seed: int, rate: float) -> list[str]:
    draw = random.Random(seed)
    return ["".join(c for c in line if draw.random() > rate) for line in lines]


def sacrebleu(folder: Path, language: str, *systems: list[str], references: list[str]) -> str:
    """What the command line prints: JSON for one system, a table for two (its JSON of two fails in 2.6.0)."""
    paths = []
    for number, lines in enumerate([references, *systems]):
        paths.append(folder / f"{number}.txt")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    profile = default_profile(language)
    command = [str(Path(sys.executable).with_name("sacrebleu")), str(paths[0]), "-i", *map(str, paths[1:])]
    command += ["-m", "bleu", "chrf", "ter", "--chrf-word-order", "2", "--tokenize", profile.tokenizer, "-w", "10"]
    command += ["-f", "text", "--paired-bs"] if len(systems) > 1 else ["-f", "json", "--confidence"]
    if language != "es":
        command += ["--ter-asian-support", "--ter-normalized"]
    env = {key: value for key, value in os.environ.items() if key != "SACREBLEU_SEED"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    return done.stdout


@pytest.mark.parametrize("language", CASES)
def test_equals_sacrebleus_command_line(language: str, tmp_path: Path) -> None:
    references = sentences(language)
    hypotheses = damaged(references, 1, 0.3)
    scores = corpus(hypotheses, references, default_profile(language))
    witness = json.loads(sacrebleu(tmp_path, language, hypotheses, references=references))
    assert [s.metric for s in scores] == [w["name"] for w in witness] == ["BLEU", "chrF2++", "TER"]
    for ours, theirs in zip(scores, witness, strict=True):
        factor = 100 if ours.metric == "BLEU" else 1
        assert ours.value * factor == pytest.approx(theirs["score"], abs=1e-4)
        assert (ours.high - ours.low) / 2 * factor == pytest.approx(theirs["confidence_var"], abs=1e-4)
        assert (ours.high + ours.low) / 2 * factor == pytest.approx(theirs["confidence_mean"], abs=1e-4)
        assert ours.signature == theirs["signature"].replace("bs:1000|seed:12345|", "")
        assert ours.segments == len(references)
        assert ours.p is None


def test_p_value_equals_sacrebleus_paired_bootstrap(tmp_path: Path) -> None:
    references = sentences("es")
    system, baseline = damaged(references, 1, 0.10), damaged(references, 2, 0.11)
    scores = corpus(system, references, default_profile("es"), baseline)
    witness = re.findall(r"p = ([0-9.]+)", sacrebleu(tmp_path, "es", baseline, system, references=references))
    # The command line gives four digits.
    assert [f"{ours.p:.4f}" for ours in scores] == [f"{float(p):.4f}" for p in witness]
    assert any(0.01 < (ours.p or 0) < 1 for ours in scores)


def test_more_or_fewer_hypotheses_than_references_are_refused() -> None:
    with pytest.raises(InputError, match="3 hypotheses and 2 references"):
        corpus(["a", "b", "c"], ["a", "b"], default_profile("es"))
    with pytest.raises(InputError, match="1 hypothesis and 2 references"):
        corpus(["a", "b"], ["a", "b"], default_profile("es"), baseline=["a"])
    with pytest.raises(InputError, match="no segments"):
        corpus([], [], default_profile("es"))


def test_a_text_compared_with_itself_differs_by_chance_only() -> None:
    references = sentences("es")
    same = damaged(references, 1, 0.2)
    assert [s.p for s in corpus(same, references, default_profile("es"), same)] == [1.0, 1.0, 1.0]


def test_a_perfect_and_an_empty_text() -> None:
    references = sentences("zh")
    perfect = corpus(references, references, default_profile("zh"))
    assert [s.value for s in perfect] == pytest.approx([1.0, 100.0, 0.0])
    empty = corpus([""] * len(references), references, default_profile("zh"))
    assert [s.value for s in empty] == pytest.approx([0.0, 0.0, 100.0])


def test_the_profiles_tokenizer_is_used() -> None:
    spanish = default_profile("es")
    chinese = Profile("es", "", "es", "char", "es", ".")
    references = sentences("es")
    hypotheses = damaged(references, 1, 0.2)
    a, b = (corpus(hypotheses, references, profile)[0] for profile in (spanish, chinese))
    assert "tok:13a" in a.signature
    assert "tok:char" in b.signature
    assert a.value != b.value


def test_a_seed_in_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    references = sentences("es")
    hypotheses = damaged(references, 1, 0.2)
    before = corpus(hypotheses, references, default_profile("es"))
    monkeypatch.setenv("SACREBLEU_SEED", "none")
    assert corpus(hypotheses, references, default_profile("es")) == before


def test_mean_weighs_articles_and_not_segments() -> None:
    profile, references = default_profile("es"), sentences("es")
    long, short = measure(references[:20], references[:20], profile), measure(["x"] * 2, references[20:22], profile)
    average = mean([long[1], short[1]])
    assert average.value == pytest.approx((score(long[1]).value + score(short[1]).value) / 2)
    assert average.segments == 22
    assert average.low <= average.value <= average.high


def test_no_mean_of_scores_that_were_made_differently() -> None:
    references = sentences("es")
    one, other = (measure(references, references, default_profile(code))[0] for code in ("es", "zh"))
    with pytest.raises(InputError, match="different signatures"):
        mean([one, other])
    with pytest.raises(InputError, match="other segments"):
        score(one, measure(references[:5], references[:5], default_profile("es"))[0])


def test_as_json() -> None:
    value = corpus(["a b c d e"], ["a b c d e"], default_profile("es"))[0].as_dict()
    assert set(value) == {"metric", "value", "signature", "segments", "low", "high", "p"}
    json.dumps(value)
