"""Sentence splitters on our own cases, half of them held out, and on cases of others as witnesses we did not write.

    python benchmarks/sentence_splitting.py [FOLDER [WITNESSES]] [--wrong]

Every splitter sees the text as ours does, with words in place of formulas, code and tags. A case counts when every
sentence ends where it should. FOLDER holds other splitters (``pip install --target FOLDER syntok nupunkt segtok
pysbd``); those that are not installed are left out. WITNESSES holds the unpacked source packages of sentencex and
segtok, whose tests are read from there. Speed is told as a ratio to sentencex alone in this process.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import sentencex

from amts_tasks.languages import Profile, load_profiles
from amts_tasks.text import split
from amts_tasks.text.sentences import masked

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "golden" / "sentences"
Splitter = Callable[[str, Profile], list[str]]


def cases(language: str) -> list[list[str]]:
    """The cases of a language, each as its sentences."""
    lines = (CASES / f"{language}.md").read_text("utf-8").split("\n")[2:]
    return [line.split("‖") for line in lines if line]


def splitters() -> dict[str, Splitter]:
    """The splitters that are installed, by name."""
    found: dict[str, Splitter] = {
        "ours": lambda text, profile: [text[a:b] for a, b in split(text, profile)],
        "sentencex": lambda text, profile: list(sentencex.segment(profile.sentence_language, text)),
        "terminators": lambda text, profile: re.split(rf"(?<=[{re.escape(profile.terminators)}])\s+", text),
    }
    pysbd = _module("pysbd")
    if pysbd:
        languages = importlib.import_module("pysbd.languages").LANGUAGE_CODES

        def by_pysbd(text: str, profile: Profile) -> list[str]:
            code = profile.sentence_language if profile.sentence_language in languages else "en"
            return list(pysbd.Segmenter(language=code, clean=False).segment(text))

        found["pysbd"] = by_pysbd
    syntok = _module("syntok.segmenter")
    if syntok:
        found["syntok"] = lambda text, profile: [
            "".join(token.spacing + token.value for token in sentence)
            for paragraph in syntok.process(text)
            for sentence in paragraph
        ]
    nupunkt = _module("nupunkt")
    if nupunkt:
        found["nupunkt"] = lambda text, profile: list(nupunkt.sent_tokenize(text))
    segtok = _module("segtok.segmenter")
    if segtok:
        found["segtok"] = lambda text, profile: list(segtok.split_multi(text))
    return found


def _module(name: str):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError:
        return None


def right(splitter: Splitter, parts: list[str], profile: Profile, *, mask: bool) -> bool:
    """Whether all sentences end where they should, white space aside."""
    text = "".join(parts)
    shown = masked(text) if mask else text
    wanted, at = [], 0
    for part in parts:
        wanted.append("".join(shown[at : at + len(part)].split()))
        at += len(part)
    try:
        found = ["".join(one.split()) for one in splitter(shown, profile)]
    except Exception:
        return False
    return [one for one in found if one] == wanted


def witnesses(folder: Path) -> dict[str, tuple[str, list[list[str]]]]:
    """Cases of others below a folder, by name, with their language: the source packages of sentencex and segtok,
    unpacked. sentencex's are on its own home ground; they hold pysbd's rules for English too."""
    found: dict[str, tuple[str, list[list[str]]]] = {}
    for path in sorted(folder.glob("sentencex-*/tests/*.txt")):
        text = "\n".join(line for line in path.read_text("utf-8").split("\n") if not line.startswith("#"))
        made = [case.strip().split("\n---\n") for case in text.split("\n===")]
        # A text whose sentences are not written as they stand in it says nothing of where they end.
        whole = [_parts(case[0], case[1].split("\n")) for case in made if len(case) == 2]
        found[f"sentencex {path.stem}"] = path.stem, [parts for parts in whole if parts]
    for path in sorted(folder.glob("segtok-*/segtok/segmenter_test.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "OSPL":
                value = node.value.value if isinstance(node.value, ast.Constant) else ""
                lines = [line.strip() for line in str(value).split("\n") if line.strip()]
                pairs = itertools.pairwise(lines)
                found["segtok en"] = "en", [[f"{one} ", other] for one, other in pairs]
    return found


def _parts(text: str, sentences: list[str]) -> list[str]:
    parts, at = [], 0
    for one in sentences:
        begin = text.find(one.strip(), at)
        if begin < 0 or not one.strip():
            return []
        if parts:
            parts[-1] += text[at:begin]
        at = begin + len(one.strip())
        parts.append(one.strip())
    return parts


def main() -> None:
    """Print the tables."""
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    sys.path += folders[:1]
    profiles = load_profiles(ROOT / "config" / "languages")
    made = splitters()
    languages = sorted(path.stem for path in CASES.glob("*.md"))
    print(f"{'':12}" + "".join(f"{language:>10}" for language in languages) + f"{'all':>10}{'held out':>10}")
    counts = {language: len(cases(language)) for language in languages}
    print(
        f"{'cases':12}" + "".join(f"{counts[language]:>10}" for language in languages) + f"{sum(counts.values()):>10}"
    )
    for name, splitter in made.items():
        row, held, whole = [], 0, 0
        for language in languages:
            got = [right(splitter, parts, profiles[language], mask=name != "ours") for parts in cases(language)]
            row.append(sum(got))
            held += sum(got[1::2])
            whole += len(got[1::2])
        print(f"{name:12}" + "".join(f"{number:>10}" for number in row) + f"{sum(row):>10}{held:>6}/{whole}")
    for title, (language, others) in witnesses(Path(folders[1])).items() if len(folders) > 1 else ():
        if language in profiles:
            row = [
                f"{name} {sum(right(splitter, parts, profiles[language], mask=name != 'ours') for parts in others)}"
                for name, splitter in made.items()
            ]
            print(f"{title} ({len(others)} cases): {', '.join(row)}")
    text = " ".join("".join(parts) for parts in cases("en")) * 20
    speeds = {}
    for name, splitter in made.items():
        begun = time.process_time()
        splitter(text, profiles["en"])
        speeds[name] = time.process_time() - begun
    print("time for the same text, sentencex = 1: ", end="")
    print(", ".join(f"{name} {seconds / speeds['sentencex']:.1f}" for name, seconds in speeds.items()))
    if "--wrong" in sys.argv:
        for language in languages:
            for number, parts in enumerate(cases(language)):
                if not right(made["ours"], parts, profiles[language], mask=False):
                    print(
                        language,
                        "held" if number % 2 else "dev",
                        ["".join(parts)[a:b] for a, b in split("".join(parts), profiles[language])],
                    )


if __name__ == "__main__":
    main()
