"""``amts doctor``: what is missing, and how this account's service behaves."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from amts_tasks.cli.output import Output
from amts_tasks.errors import InputError


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    doctor = commands.add_parser(
        "doctor", parents=[shared], help="check configuration, credentials, bucket, role and service; changes nothing"
    )
    doctor.add_argument(
        "--probe",
        action="store_true",
        help="also run the contract: short texts and jobs, which cost money; asks first, clears away after",
    )
    doctor.add_argument("--yes", action="store_true", help="do not ask before the probe")
    doctor.add_argument("--record", type=Path, metavar="FILE", help="keep the probe's answers as JSON")
    doctor.set_defaults(command=_doctor)


def _doctor(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks import config as configuration
    from amts_tasks import doctor
    from amts_tasks.cli.clients import opener

    config = configuration.load(options.config)
    open_client = opener(config.aws.region, options.endpoint)
    findings = doctor.examine(config, open_client)
    if not options.probe:
        output.give({"findings": [one.as_dict() for one in findings]}, doctor.table(findings))
        return int(doctor.failed(findings))
    print(doctor.table(findings), file=sys.stderr, flush=True)
    if doctor.failed(findings):
        raise InputError("the probe is not begun: what is marked FAULT above comes first")
    price = config.aws.price
    cost = doctor.estimate(price.standard_per_million, price.act_per_million)
    if cost > doctor.MOST_USD:
        raise InputError(f"the probe may cost {cost:.2f} USD at these prices; it is not begun above {doctor.MOST_USD}")
    desk = doctor.Desk(
        s3=open_client("s3"),
        translate=open_client("translate"),
        bucket=config.storage.bucket,
        prefix=doctor.prefix(),
        role=config.aws.role_arn,
        sleep=time.sleep,
        say=output.say,
        pause=config.aws.poll_seconds,
    )
    _ask(options, desk.bucket, desk.prefix, cost)
    result = doctor.probe(desk)
    if options.record is not None:
        text = json.dumps(result.record, ensure_ascii=False, indent=1, sort_keys=True)
        options.record.write_text(text + "\n", encoding="utf-8")
    lines = [doctor.table(result.findings), "", "An emulator that behaves so:", "amts emulator --state DIR \\"]
    lines.append(" \\\n".join(f"  {word}" for word in doctor.words(result.record["switches"])))
    lines += [f"left behind: {what}" for what in result.left]
    output.give(result.record, "\n".join(lines))
    return int(doctor.failed(result.findings) or bool(result.left))


def _ask(options: argparse.Namespace, bucket: str, prefix: str, cost: float) -> None:
    """Raises InputError unless a person, or ``--yes``, agrees."""
    if options.yes:
        return
    what = (
        f"The probe writes below s3://{bucket}/{prefix} and makes parallel data, a terminology and some jobs.\n"
        f"All but the jobs' entries in the service's list is deleted after. It may cost {cost:.2f} USD, and take hours."
    )
    if not sys.stdin.isatty():
        raise InputError(f"{what}\nNobody is here to be asked; say --yes to agree")
    print(f"{what}\nGo on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise InputError("not agreed; nothing was done")
