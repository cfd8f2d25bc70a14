"""Commands on files, without a configured book: roundtrip, align, score."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amts_tasks.cli import book
from amts_tasks.cli.output import Output
from amts_tasks.errors import InputError

if TYPE_CHECKING:
    from amts_tasks.languages import Profile


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Adds this module's commands."""
    trip = commands.add_parser(
        "roundtrip", parents=[shared], help="documents through exchange and back, and what it did to them"
    )
    trip.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    trip.add_argument("--engine", choices=("identity", "swapcase", "hostile"), default="identity")
    trip.add_argument("--output", type=Path, metavar="DIR", help="write the documents that came back here")
    trip.set_defaults(command=_roundtrip)

    align = commands.add_parser(
        "align", parents=[shared], help="pairs of two files or folders, or the align step of a pair (amts align en-zh)"
    )
    align.add_argument("paths", nargs="+", metavar="SOURCE TARGET | PAIR")
    align.add_argument("--pair", metavar="P", help="languages of the two files, such as en-zh")
    align.add_argument("--granularity", choices=("sentence", "paragraph"), default="paragraph")
    align.add_argument("-o", "--output", type=Path, metavar="FILE.csv")
    align.add_argument("--sentences", action="store_true", help="the files have one sentence a line; print beads")
    align.add_argument("--gold", type=Path, metavar="FILE", help="score the beads against these")
    align.add_argument("--blocks", nargs=2, type=Path, metavar=("SRC.sblk", "TGT.tblk"), help="entry of each sentence")
    align.set_defaults(command=_align)

    score = commands.add_parser(
        "score",
        parents=[shared],
        help="BLEU, chrF2++ and TER of a file, or the score step of a pair (amts score en-zh)",
    )
    score.add_argument("paths", nargs="+", metavar="HYP REF | PAIR")
    score.add_argument("--lang", metavar="L", help="language of the texts, such as zh")
    score.add_argument("--baseline", type=Path, metavar="HYP2", help="compare with this, by paired bootstrap")
    score.set_defaults(command=_score)


def _roundtrip(options: argparse.Namespace, output: Output) -> int:
    from amts_tasks import roundtrip

    result = roundtrip.run(options.paths, engine=options.engine, output=options.output)
    output.give(result.value, result.text)
    return 0 if result.whole else 1


def _align(options: argparse.Namespace, output: Output) -> int:
    if len(options.paths) == 1:
        return _step(options, output, "align")
    source, target = _two(options.paths, "align SOURCE TARGET --pair P")
    if options.pair is None:
        raise InputError("align: --pair is missing; say which languages the files are in, such as --pair en-zh")
    from amts_tasks.align import files

    profiles = _profiles(options, options.pair)
    if options.sentences:
        lines, scores = files.sentences(source, target, profiles, options.gold, options.blocks)
        output.give({"beads": lines, "scores": scores}, "\n".join(lines))
        if scores and not output.json:
            output.say("  ".join(f"{name} {value:.4f}" for name, value in scores.items()))
        return 0
    table = files.pairs(source, target, profiles, options.granularity)
    if options.output is not None:
        options.output.write_text(table.csv, encoding="utf-8", newline="")
        output.give(table.value, f"{options.output}: {table.summary}")
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


def _step(options: argparse.Namespace, output: Output, name: str) -> int:
    """The step of that name for the one pair given."""
    words = argparse.ArgumentParser(prog=f"amts {name}")
    book.add_run_options(words)
    chosen = words.parse_args(options.paths)
    chosen.config, chosen.endpoint, chosen.step = options.config, options.endpoint, name
    return book.run_step(chosen, output)


def _two(paths: list[str], usage: str) -> tuple[Path, Path]:
    if len(paths) != 2:
        raise InputError(f"found {len(paths)} files; expected two: amts {usage}")
    for path in paths:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file or folder")
    return Path(paths[0]), Path(paths[1])


def _profile(options: argparse.Namespace, code: str) -> Profile:
    from amts_tasks.config import profiles_beside
    from amts_tasks.languages import default_profile

    known = profiles_beside(options.config)
    return known[code] if code in known else default_profile(code)


def _profiles(options: argparse.Namespace, pair: str) -> tuple[Profile, Profile]:
    from amts_tasks.languages import split_pair

    source, target = split_pair(pair)
    return _profile(options, source), _profile(options, target)
