"""What README and docs/ tell, against what the code does and prints."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from amts_tasks.score.summary import as_summary
from amts_tasks.steps import STEPS
from amts_tasks.sync.item import Provenance
from amts_tasks.sync.told.message import COLUMNS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "amts_tasks"
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text("utf-8")
TRANSLATING = (ROOT / "docs" / "translating.md").read_text("utf-8")
QUESTIONS = (ROOT / "docs" / "questions.md").read_text("utf-8")

SCORES = [{"metric": name, "value": 0.0, "signature": "s"} for name in ("BLEU", "chrF2++", "TER")]
ROW = {
    "document": "a/b.md",
    "segments": 1,
    "share": 1.0,
    "origin": ["human"],
    "with_parallel_data": {"as_is": SCORES, "service": []},
    "without_parallel_data": {"reason": "none"},
}


def sources(*folders: str) -> str:
    return "\n".join(path.read_text("utf-8") for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py")))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_demos_table_is_the_one_that_is_printed() -> None:
    printed = as_summary([{"pair": "en-zh", "rows": [ROW], "reverse": False, "notes": []}]).splitlines()
    shown = README.splitlines()
    (header,) = [number for number, line in enumerate(shown) if line.startswith("| pair ")]
    assert shown[header - 2] == printed[0]
    assert cells(shown[header]) == cells(next(line for line in printed if line.startswith("| pair ")))
    assert len(shown[header + 2]) == len(shown[header])


@pytest.mark.parametrize(
    "words",
    [
        "the example book is in ",
        "starting the emulator and Airflow; logs are in ",
        "ready after ",
        " s for the runs; ",
        " ran at once; ",
        " waited deferred, without a worker; ",
        "with parallel data / without",
        "Made with an emulator of the service: these numbers do not stand beside published ones.",
        " to review:",
        "to read one: git -C ",
        "everything stopped in ",
        "the records are in ",
    ],
)
def test_the_demos_lines_are_those_that_are_printed(words: str) -> None:
    assert words in README
    assert words in sources("local", "score")


def test_the_versions_shown_are_those_installed() -> None:
    assert f"version:{version('sacrebleu')} " in README
    assert f"Airflow {version('apache-airflow-core')} at " in README


def test_the_pipeline_is_drawn_as_it_runs() -> None:
    drawn = next(line for line in ARCHITECTURE.splitlines() if line.startswith("resolve →"))
    assert drawn.split(" → ") == [*STEPS, "release"]
    assert re.findall(r"^\| `(\w+)` \| ", ARCHITECTURE.partition("| Step |")[2], re.MULTILINE)[: len(STEPS)] == [*STEPS]


def test_every_artefact_is_told() -> None:
    made = set(re.findall(r'run\.key\(resolved, "\w+", f?"([^"{}]+)"\)', sources("steps")))
    made |= set(re.findall(r'\{run\.home\}([\w.-]+\.\w+)"', sources("steps")))
    assert len(made) > 20
    assert {name for name in made if f"`{name}`" not in ARCHITECTURE} == set()


def test_every_provenance_is_told() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", ARCHITECTURE.partition("| Provenance |")[2], re.MULTILINE))
    assert rows == {str(kind) for kind in Provenance}


def test_errors_at_two_in_the_morning_are_those_of_the_code() -> None:
    code = sources("")
    rows = re.findall(r"^\| `([^`]+)`", DEPLOYMENT.partition("| In the log |")[2], re.MULTILINE)
    assert len(rows) > 20
    assert [words for words in rows if words not in code] == []


def test_why_a_paragraph_was_not_updated_is_told_in_the_codes_words() -> None:
    code = sources("")
    table = QUESTIONS.partition("| Shown |")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(shown) > 12
    assert [words for words in shown if words not in code] == []
    # Another cause to wait for would want a row too.
    causes = re.findall(r'return "(\w+)", ', code.partition("def _obstacle")[2].partition("def ")[0])
    assert causes == ["reserved", "branches", "words", "budget"]


def test_the_callers_policy_is_what_is_called() -> None:
    _, _, caller = [
        json.loads(body) for body in re.findall(r"^```json\n(.*?)^```", DEPLOYMENT, re.DOTALL | re.MULTILINE)
    ]
    allowed = {
        action
        for statement in caller["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    called = set(
        re.findall(r"client\.([a-z]+(?:_[a-z]+)+)\b", (PACKAGE / "translate" / "caller.py").read_text("utf-8"))
    )
    # Not asked for by the pipeline: it deletes nothing.
    called -= {"delete_parallel_data"}
    expected = {"translate:" + "".join(word.title() for word in name.split("_")) for name in called}
    assert {action for action in allowed if action.startswith("translate:")} == expected
    assert {action for action in allowed if action.startswith("s3:")} == {
        "s3:ListBucket",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
    }


def test_the_words_of_a_commit_are_told_to_translators() -> None:
    header = next(line for line in TRANSLATING.splitlines() if line.strip().startswith("document "))
    words = header.split()[1:]
    assert words == [*map(str, COLUMNS), "left"]
    assert [word for word in words if f"| {word} |" not in TRANSLATING] == []
