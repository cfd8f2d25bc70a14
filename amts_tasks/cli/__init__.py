"""``amts``: the steps of the pipeline without Airflow, and the commands on files.

    amts [--config FILE] [--endpoint URL] [--json] COMMAND …

Exit status: 0 done, 1 failed, 2 bad input or usage. With ``--json`` only JSON goes to standard output; progress and
errors go to standard error.

Steps by hand: ``resolve`` fixes the revisions and the options for the steps after it, up to ``publish``. ``plan`` alone
looks up the newest revisions itself, and makes the steps that it needs.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from amts_tasks import __version__
from amts_tasks.cli import book, doctor, files, manifest, parallel_data, report, review, servers
from amts_tasks.cli.output import Output
from amts_tasks.errors import AmtsError, InputError


def parser() -> argparse.ArgumentParser:
    """The whole command line; docs/cli.md is made from it."""
    shared = argparse.ArgumentParser(add_help=False)
    # The general options stand before or after the command; SUPPRESS keeps the later place from undoing the earlier.
    for where, default in (
        (
            top := argparse.ArgumentParser(
                prog="amts", description="Keeps the translations of a living book in step with its source."
            ),
            None,
        ),
        (shared, argparse.SUPPRESS),
    ):
        where.add_argument(
            "--config",
            type=Path,
            default=default,
            metavar="FILE",
            help="the project's configuration (default: $AMTS_CONFIG, else config/amts.yaml)",
        )
        where.add_argument(
            "--endpoint",
            default=default,
            metavar="URL",
            help="where Amazon Translate and S3 answer (default: AWS, or $AWS_ENDPOINT_URL)",
        )
        where.add_argument(
            "--json",
            action="store_true",
            default=False if default is None else default,
            help="print JSON, and only JSON, on standard output",
        )
    top.add_argument("--version", action="version", version=f"amts {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    book.add_commands(commands, shared)
    parallel_data.add_command(commands, shared, book.STEPS["parallel-data"])
    report.add_commands(commands, shared)
    review.add_commands(commands, shared)
    manifest.add_command(commands, shared)
    files.add_commands(commands, shared)
    servers.add_commands(commands, shared)
    doctor.add_commands(commands, shared)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = parser().parse_args(arguments)
    output = Output(json=options.json)
    try:
        return int(options.command(options, output) or 0)
    except InputError as error:
        output.fail(error)
        return 2
    except AmtsError as error:
        output.fail(error)
        if type(error.__cause__).__name__ == "NoCredentialsError":
            output.fail("no AWS credentials were found; what ran with --emulator is asked for with --emulator too")
        return 1
    except BrokenPipeError:
        # Whoever read has gone. What is still buffered is thrown away, else Python complains about it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        output.fail(f"{error.filename}: {error.strerror}" if error.filename else error)
        return 1
    except KeyboardInterrupt:
        output.fail("stopped by hand; run it again to go on, nothing is started twice")
        return 1
    except Exception as error:
        if not type(error).__module__.startswith("botocore."):
            raise
        output.fail(f"AWS: {error}; check the endpoint, the credentials and the configuration")
        return 1
