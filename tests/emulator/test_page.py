"""docs/emulator.md, held to the code."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import botocore
import pytest

from amts_tasks.doctor import CASES, imports, jobs, requests
from amts_tasks.emulator import Switches, page
from amts_tasks.emulator.documents import CONTENT_TYPES, OFFICE_TYPES
from amts_tasks.emulator.faults import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "emulator.md"
TEXT = PAGE.read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """The first cell of each row below a heading."""
    part = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", part, re.MULTILINE)


def test_the_table_of_switches_is_fresh():
    assert page.page(TEXT) == TEXT, "make it anew: python -m amts_tasks.emulator.page docs/emulator.md"
    assert rows("Switches") == [field.name for field in fields(Switches)]


def test_every_fault_is_told():
    assert rows("Faults") == list(KINDS)


def test_the_version_of_botocore_that_was_read():
    (read,) = re.findall(r"as botocore \*\*([\d.]+)\*\* has it", TEXT)
    assert read == botocore.__version__, "read the model's changes, then say so on the page"


def test_what_is_not_translated_is_told():
    for kind in OFFICE_TYPES:
        assert kind not in CONTENT_TYPES
    assert "Office documents (docx, pptx,\n  xlsx) are refused" in TEXT


def test_the_switches_a_probe_finds():
    told = TEXT.partition("for these switches:")[2].partition(".\n")[0]
    source = "".join(Path(str(part.__file__)).read_text(encoding="utf-8") for part in (imports, jobs, requests))
    assert CASES
    assert set(re.findall(r"`(\w+)`", told)) == {
        field.name for field in fields(Switches) if f'"{field.name}"' in source
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "expected NAME=VALUE"),
        (["colour=red"], "one of the names: act_regions"),
        (["busy_code=Nope"], "expected one of: LimitExceededException"),
        (["region_guard=maybe"], "expected true or false"),
        (["running_jobs=many"], "expected a number"),
    ],
)
def test_bad_switches_are_told(words, said):
    with pytest.raises(ValueError, match=said):
        Switches.parse(words)


def test_switches_as_words():
    found = Switches.parse(["act_regions=us-east-1, eu-west-1", "strict_tokens=yes", "delete_seconds=2.5"])
    assert (found.act_regions, found.strict_tokens, found.delete_seconds) == (("us-east-1", "eu-west-1"), True, 2.5)
