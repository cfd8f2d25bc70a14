"""The contract: what the documentation says of the service, and what it leaves open, each as a case to be run.

A case is given a Desk and asserts what is documented; what it returns is what the documentation leaves open: the
values of the emulator's switches, and remarks. The same cases hold the emulator (tests/contract) and a real account
(``amts doctor --probe``). Cases are in order: a later one may use what an earlier one made. Characters are what a case
may be billed for, with the higher price where it uses parallel data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amts_tasks.doctor import imports, jobs, requests
from amts_tasks.doctor.case import Answer, Case

CASES: tuple[Case, ...] = (
    Case("languages", "the languages, page by page", requests.languages),
    Case("text", "TranslateText, its limit and a pair it does not have", requests.text, 16),
    Case("document", "TranslateDocument with HTML", requests.document, 60),
    Case("errors", "codes and statuses of errors", requests.errors),
    Case("terminology", "a terminology's life, its terms and its tags", requests.terminology, 16),
    Case("import", "an import, its counts, and a second one meanwhile", imports.import_),
    Case("forbidden", "an update, and a field that begins with =", imports.forbidden),
    Case("folder", "parallel data named by a folder", imports.folder),
    Case("refusals", "jobs that are refused", jobs.refusals, customised=200),
    Case("job", "a job with two targets, nesting and protected text", jobs.job, customised=600),
    Case("prefix", "an input without its slash, and a token used twice", jobs.prefix, 100),
    Case("auto", "a detected source together with parallel data", jobs.auto, customised=300),
    Case("stop", "a job that is stopped", jobs.stop, 200),
    Case("rates", "too many requests", requests.rates),
    Case("delete", "how long deleted parallel data are seen", imports.delete),
)


def switches_of(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """All the switches that were learnt."""
    return {name: value for answer in answers.values() for name, value in answer.switches.items()}
