"""``amts doctor --probe``: the contract on a real account, at a known price, leaving nothing behind."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from amts_tasks.counts import counted
from amts_tasks.doctor.case import Answer, Case, NotAsDocumentedError
from amts_tasks.doctor.contract import CASES, switches_of
from amts_tasks.doctor.desk import Desk, ProbeError
from amts_tasks.doctor.finding import Finding

MOST_USD = 1.0
"""A probe that may cost more is not begun."""


@dataclass(slots=True)
class Probe:
    """What a probe found."""

    findings: list[Finding] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    """What could not be cleared away."""

    @property
    def record(self) -> dict[str, Any]:
        """For JSON: findings, answers by case, the switches learnt, and what was left."""
        return {
            "findings": [asdict(finding) for finding in self.findings],
            "answers": {name: asdict(answer) for name, answer in self.answers.items()},
            "switches": switches_of(self.answers),
            "left": self.left,
        }


def prefix() -> str:
    """A folder of S3 no other probe has, ending in a slash."""
    return f"amts-probe-{secrets.token_hex(4)}/"


def estimate(standard: float, customised: float, cases: Iterable[Case] = CASES) -> float:
    """The most a probe may cost, in USD; prices are of a million characters. Every text is counted as sent twice."""
    return sum(2 * (case.characters * standard + case.customised * customised) / 1e6 for case in cases)


def probe(desk: Desk, cases: Iterable[Case] = CASES) -> Probe:
    """Runs the cases in order and clears away; one that fails does not keep the others from being run."""
    result = Probe()
    try:
        for case in cases:
            desk.say(f"{case.name}: {case.asks}")
            result.findings.append(_run(case, desk, result))
    finally:
        result.left = cleanly(desk)
    return result


def _run(case: Case, desk: Desk, result: Probe) -> Finding:
    try:
        answer = case.run(desk)
    except (NotAsDocumentedError, ProbeError) as error:
        return Finding(case.name, "bad", f"{case.asks}: not as documented: {error}")
    except ClientError as error:
        told = f"{error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}"
        denied = "AccessDenied" in told
        advice = "the probe needs it, the pipeline may not" if denied else ""
        return Finding(case.name, "unsure" if denied else "bad", told, advice)
    except KeyError as error:
        return Finding(case.name, "unsure", f"not asked: an earlier case did not make {error}")
    if answer is None:
        return Finding(case.name, "good", f"{case.asks}: as documented")
    result.answers[case.name] = answer
    told = ", ".join(f"{name}={_shown(value)}" for name, value in answer.switches.items())
    told = told or "; ".join(f"{what}: {said}" for what, said in answer.remarks.items())
    return Finding(case.name, "good", told)


def cleanly(desk: Desk) -> list[str]:
    """Deletes what the probe made; gives what is left. Jobs stay in the account's list: nobody can delete them."""
    left = []
    for kind, name in dict.fromkeys(desk.made):
        try:
            if kind == "parallel data":
                desk.imported(name)
                desk.translate.delete_parallel_data(Name=name)
            elif kind == "terminology":
                desk.translate.delete_terminology(Name=name)
            elif desk.job(name)["JobStatus"] in {"SUBMITTED", "IN_PROGRESS"}:
                desk.translate.stop_text_translation_job(JobId=name)
                desk.ended(name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                left.append(f"{kind} {name}: {error.response['Error']['Code']}")
    while found := desk.s3.list_objects_v2(Bucket=desk.bucket, Prefix=desk.prefix).get("Contents"):
        gone = desk.s3.delete_objects(
            Bucket=desk.bucket, Delete={"Objects": [{"Key": item["Key"]} for item in found], "Quiet": True}
        )
        if gone.get("Errors"):
            left.append(f"{counted(len(gone['Errors']), 'object')} below s3://{desk.bucket}/{desk.prefix}")
            break
    return left


def words(switches: dict[str, Any]) -> list[str]:
    """``--switch NAME=VALUE`` for an emulator that behaves like this service."""
    return [f"--switch {name}={_shown(value)}" for name, value in sorted(switches.items())]


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
