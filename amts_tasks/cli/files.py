"""Commands on files, without a configured book: roundtrip, align, merge, score."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amts_tasks.cli import book
from amts_tasks.cli.output import Output
from amts_tasks.counts import counted
from amts_tasks.errors import InputError

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

_ENGINES = ("identity", "swapcase", "hostile", "mild", "hostile-zh", "mild-zh")


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    trip = commands.add_parser(
        "roundtrip", parents=[shared], help="documents through exchange and back, and what it did to them"
    )
    trip.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    trip.add_argument("--engine", choices=_ENGINES, default="identity")
    trip.add_argument("--comments", action="store_true", help="translate the comments of Python code too")
    trip.add_argument("--docstrings", action="store_true", help="translate the docstrings of Python code too")
    trip.add_argument("--output", type=Path, metavar="DIR", help="write the documents that came back here")
    trip.set_defaults(command=_roundtrip)

    align = commands.add_parser(
        "align", parents=[shared], help="pairs of two files or folders, or the align step of a pair (amts align en-zh)"
    )
    align.add_argument("paths", nargs="+", metavar="SOURCE TARGET | PAIR")
    align.add_argument("--pair", metavar="P", help="languages of the two files, such as en-zh")
    align.add_argument("--granularity", choices=("sentence", "paragraph"), default="paragraph")
    align.add_argument("-o", "--output", type=Path, metavar="FILE.csv")
    align.add_argument("--html", type=Path, metavar="FILE.html", help="write a page to check the pairs by eye")
    align.add_argument("--rejected", type=Path, metavar="FILE.csv", help="write the doubtful pairs and why they are")
    align.add_argument("--sentences", action="store_true", help="the files have one sentence a line; print beads")
    align.add_argument("--gold", type=Path, metavar="FILE", help="score the beads against these")
    align.add_argument("--blocks", nargs=2, type=Path, metavar=("SRC.sblk", "TGT.tblk"), help="entry of each sentence")
    book.add_emulator_option(align)
    align.set_defaults(command=_align)

    score = commands.add_parser(
        "score",
        parents=[shared],
        help="BLEU, chrF2++ and TER of a file, or the score step of a pair (amts score en-zh)",
    )
    score.add_argument("paths", nargs="+", metavar="HYP REF | PAIR")
    score.add_argument("--lang", metavar="L", help="language of the texts, such as zh")
    score.add_argument("--baseline", type=Path, metavar="HYP2", help="compare with this, by paired bootstrap")
    book.add_emulator_option(score)
    score.set_defaults(command=_score)

    merge = commands.add_parser(
        "merge", parents=[shared], help="a translation brought up to its source's new version, in files or folders"
    )
    merge.add_argument("--old-source", type=Path, required=True, metavar="A", help="what the translation was made from")
    merge.add_argument("--new-source", type=Path, required=True, metavar="B", help="the source as it is now")
    merge.add_argument("--target", type=Path, required=True, metavar="C", help="the translation as it is")
    merge.add_argument("--pair", required=True, metavar="P", help="languages, such as en-zh")
    merge.add_argument(
        "--translate",
        choices=("none", "service"),
        default="none",
        help="none: what would be sent stays in the source language and is listed; service: TranslateText",
    )
    merge.add_argument("-o", "--output", type=Path, required=True, metavar="D", help="the files and provenance.json")
    book.add_emulator_option(merge)
    merge.set_defaults(command=_merge)


def _roundtrip(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks import roundtrip
    from amts_tasks.text import Kind

    asked = ((options.comments, Kind.code_comment), (options.docstrings, Kind.docstring))
    code = frozenset(kind for wanted, kind in asked if wanted)
    result = roundtrip.run(options.paths, engine=options.engine, output=options.output, code=code)
    value = asdict(result)
    for row in value.pop("rows"):
        if row["damaged"] or (options.engine == "identity" and not row["identical"]):
            output.say(f"{row['path']}: " + ("; ".join(row["damaged"]) or "not identical"))
    for line in result.skipped:
        output.say(f"skipped {line}")
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(result.kinds.items()))
    output.give(
        value,
        f"{counted(result.files, 'file')}: {result.identical} identical, {result.damaged} damaged, "
        f"{counted(result.refused, 'text')} refused"
        f"\ncoverage {result.coverage:.2%}, {result.mb_per_s:.2f} MB/s\n{kinds}",
    )
    whole = result.damaged == 0 and (options.engine != "identity" or result.identical == result.files)
    return 0 if whole else 1


def _align(options: argparse.Namespace, output: Output) -> int:
    if len(options.paths) == 1:
        return _step(options, output, "align")
    source, target = _two(options.paths, "align SOURCE TARGET --pair P")
    if options.pair is None:
        raise InputError("align: --pair is missing; say which languages the files are in, such as --pair en-zh")
    from amts_tasks.cli import pairs

    profiles = _profiles(options, options.pair)
    if options.sentences:
        lines, scores, doubts = pairs.sentences(source, target, profiles, options.gold, options.blocks)
        for doubt in doubts:
            output.say(f"warning: {doubt}")
        output.give({"beads": lines, "scores": scores}, "\n".join(lines))
        if not output.json:
            for name, figures in scores.items():
                output.say(name + "".join(f"  {figure} {value:.4f}" for figure, value in figures.items()))
        return 0
    table, alignments = pairs.aligned(source, target, profiles, options.granularity, output.say)
    output.say(table.summary)
    written = []
    if options.html is not None:
        from amts_tasks.align.view import page

        written.append((options.html, page(f"{source.name} → {target.name}", alignments, table.reviewed, *profiles)))
    if options.rejected is not None:
        written.append((options.rejected, table.rejected))
    if options.output is not None:
        written.append((options.output, table.csv))
    for file, text in written:
        try:
            file.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}; give a file in a folder that exists") from None
    if written:
        value = {"html": options.html, "rejected": options.rejected, "file": options.output}
        value = {name: str(file) for name, file in value.items() if file is not None}
        told = "\n".join(f"wrote {file}" for file in value.values())
        output.give({**value, "pairs": len(table.reviewed)}, told)
    else:
        output.give(table.value, table.csv.rstrip("\n"))
    return 0


def _score(options: argparse.Namespace, output: Output) -> int:
    if len(options.paths) == 1:
        return _step(options, output, "score")
    hypothesis, reference = _two(options.paths, "score HYP REF --lang L")
    if options.lang is None:
        raise InputError("score: --lang is missing; say which language the texts are in, such as --lang zh")
    from amts_tasks.score import files

    profile = _profile(options, options.lang)
    result = files.compare(hypothesis, reference, options.baseline, profile)
    output.give(result.value, result.text)
    return 0


def _merge(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks.cli import merge

    profiles = _profiles(options, options.pair)
    sides = merge.Sides(options.old_source, options.new_source, options.target, options.output)
    kinds = {path.is_file() for path in (sides.old, sides.new, sides.target) if path.exists()}
    if len(kinds) > 1:
        raise InputError("merge: found files and folders; give three files or three folders")
    if options.translate == "none":
        result = merge.run(sides, options.pair, profiles, merge.untranslated)
    else:
        with book.translator(options, output) as client:
            result = merge.run(sides, options.pair, profiles, merge.service(client, profiles, output.say))
    output.give(result.value, result.text)
    return 1 if result.damaged else 0


def _step(options: argparse.Namespace, output: Output, name: str) -> int:
    """The step of that name for the one pair given."""
    if Path(options.paths[0]).exists():
        raise InputError(f"{options.paths[0]}: found one file or folder; expected two, or a pair such as en-zh")
    words = argparse.ArgumentParser(prog=f"amts {name}")
    book.add_run_options(words)
    chosen = words.parse_args(["--", *options.paths])
    chosen.config, chosen.endpoint, chosen.step = options.config, options.endpoint, name
    chosen.emulator = options.emulator
    return book.run_step(chosen, output)


def _two(paths: list[str], usage: str) -> tuple[Path, Path]:
    if len(paths) != 2:
        raise InputError(f"found {counted(len(paths), 'file')}; expected two: amts {usage}")
    for path in paths:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
    return Path(paths[0]), Path(paths[1])


def _profile(options: argparse.Namespace, code: str) -> Profile:
    """The profile beside the configuration; a language without one gets the default."""
    from amts_tasks.languages import default_profile, load_profiles

    beside = (options.config or Path(os.environ.get("AMTS_CONFIG") or "config/amts.yaml")).parent / "languages"
    folder = beside if beside.is_dir() else Path(__file__).parents[2] / "config" / "languages"
    known = load_profiles(folder) if folder.is_dir() else {}
    return known[code] if code in known else default_profile(code)


def _profiles(options: argparse.Namespace, pair: str) -> tuple[Profile, Profile]:
    from amts_tasks.languages import split_pair

    source, target = split_pair(pair)
    return _profile(options, source), _profile(options, target)
