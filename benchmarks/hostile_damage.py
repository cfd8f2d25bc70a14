"""What harm gets into documents when the translator does its worst, judged by another parser than ours.

    python benchmarks/hostile_damage.py [--engine NAME]... [FILE or FOLDER]...

Each file goes through ``amts roundtrip`` with engines that damage what they return (``roundtrip/engines.py``).
The result is compared with its source by markdown-it-py and a few plain patterns, which know nothing of our blocks and
segments: the sequence of block tokens, and as multisets code, formulas, roles, markup, link and image targets, and the
emphasised spans. Without paths: the Markdown of ``$AMTS_D2L_DATA``'s development half, of the example book and of the
packages installed beside this interpreter.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from markdown_it import MarkdownIt

from amts_tasks import roundtrip
from amts_tasks.roundtrip import ENGINES

ROOT = Path(__file__).parents[1]
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SPANS = re.compile(
    r"""
    (?P<escape>\\[!-/:-@\[-`{-~])
  | (?P<role>:[a-z_]+:(?P<ticks>`+)[^`\n]+(?P=ticks))
  | (?P<code>(?<!`)(?P<tick>`+)(?!`)(?:(?!\n\s*\n)[\s\S])+?(?<!`)(?P=tick)(?!`))
  | (?P<display>\$\$(?:(?!\$\$|\n\s*\n)[\s\S])+\$\$)
  | (?P<math>\$(?![\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))+?(?<!\s)\$(?!\d))
    """,
    re.VERBOSE,
)
EMPHASIS = frozenset(("strong_open", "em_open", "s_open"))
MARKUP = re.compile(r"<!--[\s\S]*?-->|<[^<>]*>")
TRANSLATED = re.compile(r"""\s(?:alt|title|aria-label|placeholder)=(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
DIRECTIVE = re.compile(r"\s*\{[a-z]")
"""MyST's directives are fences whose text is translated, unless they are {.python .input} and the like."""
BLOCKS = re.compile(
    r"^[ ]{0,3}:(?:begin_tab|end_tab):.*$|^[ ]{0,3}:(?:label|width|eqlabel|bibliography):.*$", re.MULTILINE
)


def judged(text: str) -> tuple[tuple[str, ...], Counter[tuple[str, str]]]:
    """The block tokens in order, and the multiset of everything a translation may not change."""
    counted: Counter[tuple[str, str]] = Counter(("directive", match[0].strip()) for match in BLOCKS.finditer(text))

    def hidden(match: re.Match[str]) -> str:
        sort = match.lastgroup or ""
        sort = {"ticks": "role", "tick": "code"}.get(sort, sort)
        if sort in {"escape", "code"}:
            return match[0]
        counted[sort, "".join(match[0].split())] += 1
        return "\n".join("x" * len(line) for line in match[0].split("\n")) if "\n" in match[0] else "x"

    structure: list[str] = []
    plain = SPANS.sub(hidden, text)
    counted["marks", ""] = sum(map(re.sub(r"\\.|`[^`]*`", "", plain).count, "*_~"))
    for token in READER.parse(plain):
        if token.type == "inline":
            for child in token.children or ():
                if child.type in {"code_inline", "html_inline"}:
                    counted[child.type, " ".join(child.content.split())] += 1
                elif child.type in {"link_open", "image"}:
                    counted[child.type, str(child.attrs.get("href") or child.attrs.get("src"))] += 1
                elif child.type in EMPHASIS:
                    counted[child.type, ""] += 1
        else:
            # A directive's title may be translated, its name may not.
            info = token.info.split("}")[0] if DIRECTIVE.match(token.info) else token.info
            structure.append(f"{token.type} {token.tag} {info}")
            if token.type == "html_block":
                # Its text may be translated; its tags with what they link to, and its comments, may not.
                for tag in MARKUP.findall(token.content):
                    counted["html_block", TRANSLATED.sub("", " ".join(tag.split()))] += 1
            elif token.type == "code_block" or (token.type == "fence" and not DIRECTIVE.match(token.info)):
                counted[token.type, token.content] += 1
    return tuple(structure), counted


def differences(before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was lost or gained. Emphasis that the source's marks did not give, and now do, is no harm."""
    gained = after - before
    if before["marks", ""] == after["marks", ""]:
        gained = Counter({one: count for one, count in gained.items() if one[0] not in EMPHASIS})
    return [one for one in (before - after) + gained if one[0] != "marks"]


def files(given: list[Path]) -> list[Path]:
    """The Markdown files at and below the paths, or of this machine."""
    if not given:
        data = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l")
        given = [data / "dev", data / "recorded_mt_zh", ROOT / "examples", ROOT / "tests" / "golden", Path(sys.prefix)]
        given += [Path("/usr/share/doc"), Path("/usr/lib/python3"), Path("/usr/local/lib")]
    found = {path for one in given if one.is_dir() for path in one.rglob("*.md") if path.is_file()}
    found |= {one for one in given if one.is_file()}
    return sorted(found)


def main() -> int:
    """Print a table a engine; 1 where a file was damaged."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", action="append", choices=[name for name in ENGINES if name != "identity"])
    options.add_argument("paths", nargs="*", type=Path)
    given = options.parse_args()
    paths = files(given.paths)
    bad = 0
    for engine in given.engine or ("hostile", "hostile-zh", "mild", "mild-zh"):
        texts = refused = count = 0
        kinds: Counter[str] = Counter()
        damaged: list[str] = []
        with tempfile.TemporaryDirectory() as folder:
            for path in paths:
                result = roundtrip.run([path], engine=engine, output=folder)
                if not result.files:
                    continue
                count += 1
                texts += sum(row.texts for row in result.rows)
                refused += result.refused
                kinds.update(result.refusals)
                made = (Path(folder) / path.name).read_bytes().decode()
                before, after = judged(path.read_bytes().decode()), judged(made)
                different = [f"{sort} {text[:60]!r}" for sort, text in differences(before[1], after[1])]
                if before[0] != after[0]:
                    different.append("block structure")
                if different or result.damaged:
                    damaged.append(f"{path}: {'; '.join(different[:4]) or result.rows[0].damaged[:3]}")
        share = refused / texts if texts else 0.0
        print(f"{engine}: {count} files, {texts} texts, {len(damaged)} files damaged, {refused} refused ({share:.1%})")
        for kind, number in kinds.most_common():
            print(f"  {kind:24}{number:6}  {number / texts:.2%}")
        for line in damaged:
            print(f"  DAMAGED {line}")
        bad += len(damaged)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
