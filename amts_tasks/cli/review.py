"""``amts export``, ``amts import``, ``amts approve``: the review of a pair, with CAT tools or by an explicit word."""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amts_tasks.cli.book import add_emulator_option, opened
from amts_tasks.cli.output import Output
from amts_tasks.counts import counted
from amts_tasks.errors import InputError

if TYPE_CHECKING:
    from amts_tasks.steps import Run
    from amts_tasks.steps.reviewed.verdict import Outcome

FORMATS = {
    "xliff": ".xlf", "xliff12": ".xlf", "po": ".po", "tmx": ".tmx", "html": ".html", "csv": ".csv", "tsv": ".tsv",
}  # fmt: skip
_SUFFIXES = {".xlf": "xliff", ".xliff": "xliff", ".po": "po", ".tmx": "tmx", ".csv": "csv", ".tsv": "tsv"}


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    export = commands.add_parser(
        "export", parents=[shared], help="what awaits review, as a file for a CAT tool or the eye"
    )
    export.add_argument("pair", metavar="PAIR", help="such as en-zh")
    export.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="xliff",
        help="XLIFF 2.0 or 1.2, PO (machine text is fuzzy), TMX 1.4b, or a page with old and new side by side; "
        "csv and tsv with --memory only",
    )
    export.add_argument("--memory", action="store_true", help="all human and approved pairs instead, of every run")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file; - for standard output")
    export.set_defaults(command=_export)
    take = commands.add_parser("import", parents=[shared], help="take in what comes back from a CAT tool")
    take.add_argument("pair", metavar="PAIR", help="such as en-zh")
    take.add_argument("file", type=Path, metavar="FILE", help="XLIFF, PO or TMX; told by its suffix")
    take.add_argument(
        "--memory", action="store_true", help="the file's pairs are human text to learn from, of whatever book"
    )
    take.add_argument("--by", metavar="NAME", help="the reviewer, 'Name <mail>' (default: git's user)")
    take.add_argument("--approve", action="store_true", help="approve what came back unchanged, whatever the file says")
    take.add_argument(
        "--unfinished",
        action="store_true",
        help="take changes although the file calls them unfinished (PO fuzzy, XLIFF 1.2 needs-translation)",
    )
    take.set_defaults(command=_import)
    approve = commands.add_parser("approve", parents=[shared], help="say of machine text that it is good")
    approve.add_argument("pair", metavar="PAIR", help="such as en-zh")
    approve.add_argument("documents", nargs="*", metavar="DOCUMENT", help="paths or globs of translated documents")
    approve.add_argument(
        "--from-trailer",
        action="store_true",
        help="what came with commits of the translation that have a Reviewed-by: trailer",
    )
    approve.add_argument("--by", metavar="NAME", help="who says so, 'Name <mail>' (default: git's user)")
    approve.set_defaults(command=_approve)
    for command in (export, take, approve):
        add_emulator_option(command)


@contextmanager
def opened_as_is(options: argparse.Namespace, output: Output) -> Iterator[Run]:
    """The run of a command without the options of a run."""
    defaults: dict[str, Any] = {
        "as_of": None, "revision": None, "documents": [], "granularity": None, "customised": None, "evaluate": False,
        "force": False, "budget": None, "dry_run": True,
    }  # fmt: skip
    with opened(argparse.Namespace(**{**vars(options), **defaults}), output) as run:
        yield run


def _export(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.reviewed import desk

    if options.memory:
        return _export_memory(options, output)
    if options.format in {"csv", "tsv"}:
        raise InputError(f"--format {options.format}: what awaits review is written as xliff, xliff12, po, tmx or html")
    with opened_as_is(options, output) as run:
        if options.format == "html":
            data, count = _page(run)
        else:
            data, count = desk.exported(run, options.format)
    path = options.output or Path(f"{run.config.book.name}-{run.pair}{FORMATS[options.format]}")
    if str(path) == "-":
        if output.json:
            raise InputError("-o - and --json would mix on standard output; leave one of them out")
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return 0
    path.write_bytes(data)
    value = {"file": str(path), "texts": count, "format": options.format}
    output.give(value, f"{path}: {counted(count, 'text awaits', 'texts await')} review")
    return 0


def _export_memory(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.kept import memory

    if options.format == "html":
        raise InputError("--memory: a memory is written as tmx, xliff, xliff12, csv or tsv")
    with opened_as_is(options, output) as run:
        path = options.output or Path(f"{run.config.book.name}-{run.pair}-memory{FORMATS[options.format]}")
        # Beside it first: a file that is there is whole.
        with tempfile.TemporaryFile(dir=path.parent) as file:
            count = memory.exported(run, file, options.format)
            file.seek(0)
            with path.open("wb") as out:
                shutil.copyfileobj(file, out)
    output.give({"file": str(path), "pairs": count, "format": options.format}, f"{path}: {counted(count, 'pair')}")
    return 0


def _import_memory(options: argparse.Namespace, output: Output, form: Any) -> int:
    from amts_tasks.steps.kept import memory

    if not options.file.is_file():
        raise InputError(f"{options.file}: no such file; expected a memory as XLIFF, TMX, CSV or TSV")
    with options.file.open("rb") as file, opened_as_is(options, output) as run:
        read, new = memory.imported(run, file, str(options.file), form)
    output.give(
        {"read": read, "new": new}, f"{options.file}: {counted(read, 'pair')}, {new:,} new in the memory of {run.pair}"
    )
    return 0


def _page(run: Run) -> tuple[bytes, int]:
    from amts_tasks.steps.reviewed import desk
    from amts_tasks.sync.told.diff_page import Page, Row, page

    with desk.desk(run) as found:
        head = found.head
        rows = [
            (one.document, one.block, Row(
                one.id, one.document, one.reason, one.source, one.target, one.old_source, one.old_target, one.based
            ))
            for one in found.waiting
        ]  # fmt: skip
        rows += [
            (one.document, one.block, Row(one.id, one.document, one.reason, "", one.text, code=True))
            for one in found.code
        ]
    places = {path: number for number, path in enumerate(found.documents)}
    rows.sort(key=lambda row: (places[row[0]], row[1]))
    revision = dict(head.about)["revision"]
    names = (run.source.name, run.target.name)
    about = Page(run.config.book.name, run.pair, revision, (head.source, head.target), names)
    return page(about, [row for _, _, row in rows]).encode(), len(rows)


def _import(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.reviewed import review

    form = _SUFFIXES.get(options.file.suffix.lower())
    if form is None:
        raise InputError(f"{options.file}: found the suffix {options.file.suffix!r}; expected {', '.join(_SUFFIXES)}")
    if options.memory:
        return _import_memory(options, output, form)
    if form in {"csv", "tsv"}:
        raise InputError(f"{options.file}: a review comes back as XLIFF, PO or TMX; a table is for --memory")
    data = io.BytesIO(_read(options.file))
    with opened_as_is(options, output) as run:
        by = _person(options.by)
        outcome = review.imported(
            run, data, str(options.file), form, by, approve=options.approve, unfinished=options.unfinished  # type: ignore[arg-type]
        )  # fmt: skip
    _told(outcome, output)
    # Somebody worked on the file, and nothing of it is in the book.
    return 1 if outcome.left and not (outcome.human or outcome.approved) else 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; expected the file that came back from the CAT tool") from None


def _approve(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.steps.reviewed import review

    if bool(options.documents) == options.from_trailer:
        raise InputError("amts approve PAIR DOCUMENT…, or --from-trailer: say what was read, by one of both")
    documents = tuple(options.documents)
    with opened_as_is(options, output) as run:
        if options.from_trailer:
            outcome = review.approved_by_trailer(run)
        else:
            outcome = review.approved(run, documents, _person(options.by))
    _told(outcome, output)
    return 0


def _told(outcome: Outcome, output: Output) -> None:
    output.give(outcome.value, outcome.text)


def _person(given: str | None) -> str:
    """`Name <mail>`; InputError where nobody is named."""
    if given is None:
        asked = [
            subprocess.run(["git", "config", key], capture_output=True, text=True, check=False).stdout.strip()
            for key in ("user.name", "user.email")
        ]
        given = f"{asked[0]} <{asked[1]}>" if all(asked) else ""
    if not re.fullmatch(r"[^<>\n]+ <[^<>\n]*>", given):
        raise InputError(
            f"--by: found {given!r}; expected 'Name <mail>', so that the commit and the manifest can say who"
        )
    return given
