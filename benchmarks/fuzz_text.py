"""Fuzz the reading of Markdown for some minutes: grammar of all dialects, and mutations of files found on this machine.

    python benchmarks/fuzz_text.py [minutes] [seed] [folder of Markdown …]

Every text has to come back byte for byte, its segments and tags have to be sound and its second parse the same, and
none may take long: more than two seconds of processor time for 20,000 characters is a hang. What fails is printed with
the seed that makes it again; the exit code is 1.
"""

from __future__ import annotations

import random
import sys
import time
from itertools import count
from pathlib import Path

from amts_tasks.roundtrip.engines import swapcase
from amts_tasks.text import Segment, Tag, parse, render, same_structure
from amts_tasks.translate.exchange import inner_html

sys.path.insert(0, str(Path(__file__).parent))

from text_growth import WORST

PIECES = (
    *WORST.values(),
    *(
        "\n",
        "\n\n",
        " ",
        "a",
        "Some words here. ",
        "中文。",
        "\t",
        "    ",
        "\r\n",
        "**b**",
        "*i*",
        "`c`",
        "$m$",
        "$$\nm\n$$",
    ),
    *("[**s**]", "(**s**)", "~~x~~", ":label:`l`\n", ":numref:`n`", ":begin_tab:`t`\n", ":end_tab:\n", "![a](b)\n"),
    *("[t](u)", "[t][r]", "[r]: /u 't'\n", "# h\n", "h\n===\n", "- ", "1. ", "> ", "|a|b|\n|-|-|\n|`c|d`|e|\n"),
    *(
        "```{note} T\n:class: c\n\nb\n```\n",
        ":::{tab-item} T\nb\n:::\n",
        ":::tip[T]\n",
        ":::\n",
        '!!! note "T"\n    b\n',
    ),
    *(
        "[^n]: a\n\n    b\n",
        "a\n:   b\n",
        "> [!NOTE]\n> b\n",
        "- [x] ",
        "{% raw %}",
        "{% endraw %}\n",
        "{{< f a='b' >}}\n",
    ),
    *(
        "{: .x}\n",
        "import a from 'b'\n",
        "<Tabs a={{b: 1}}>\n",
        "</Tabs>\n",
        "{/* c */}\n",
        "<div>\n",
        "</div>\n",
        "<pre>\n",
    ),
    *(
        "</pre>\n",
        '<p title="t">x</p>\n',
        "<code>c</code>",
        "<!-- ",
        " -->\n",
        "\\[a=b\\]\n",
        "\\begin{a}\nb\n\\end{a}\n",
    ),
    *(
        "---\ntitle: t\n---\n",
        "+++\ntitle = 't'\n+++\n",
        "(t)=\n",
        "% c\n",
        "&lt;",
        "\\*",
        "a@b.co",
        "https://a.b/c_(d)",
    ),
    *("\x00", "\u2028", "\ufeff", "\x0b", "e\u0301", "😀", "\u200b", "\x85"),
)
LONGEST, SECONDS, EVERY = 20_000, 2.0, 2000


def made(chance: random.Random, files: list[str]) -> str:
    """A text of pieces, or a part of a file with pieces put in, characters lost, lines moved or doubled."""
    if not files or chance.random() < 0.4:
        return "".join(chance.choice(PIECES) * chance.choice((1, 1, 1, 2, 5)) for _ in range(chance.randint(1, 60)))[
            :LONGEST
        ]
    text = chance.choice(files)
    begin = chance.randrange(max(1, len(text) - 2000))
    lines = text[begin : begin + chance.randint(100, 4000)].splitlines(keepends=True)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(lines) + 1)
        what = chance.randrange(5)
        if what == 0:
            lines.insert(at, chance.choice(PIECES))
        elif what == 1 and lines:
            del lines[at % len(lines)]
        elif what == 2 and lines:
            lines.insert(at, chance.choice(lines))
        elif lines:
            line = lines[at % len(lines)]
            column = chance.randrange(len(line) + 1)
            gained = chance.choice(PIECES) if what == 3 else ""
            lines[at % len(lines)] = line[:column] + gained + line[column + (what == 4) :]
    return "".join(lines)[:LONGEST]


def fault(text: str) -> str | None:
    """What is wrong with the reading of a text; None for nothing."""
    begun = time.process_time()
    document = parse(text)
    if "".join(block.text for block in document.blocks) != text:
        return "the blocks are not the text"
    same: dict[tuple[int, int], str] = {}
    for block in document.blocks:
        for one in block.texts:
            same[block.index, one.index] = one.source
            segment = Segment.of(one.source)
            if segment.source != one.source:
                return f"the tokens of {one.source!r} are not it"
            opened: list[int] = []
            for tag in segment.tags:
                if isinstance(tag, Tag) and tag.open:
                    opened.append(tag.id)
                elif not opened or opened.pop() != tag.id:
                    return f"the tags of {one.source!r} are crossed"
            swapcase(f"<body>{inner_html(segment)}")
    if render(document, same) != text:
        return "rendering what was parsed changed it"
    difference = same_structure(document, parse(text))
    if difference:
        return f"parsed twice it differs: {difference}"
    spent = time.process_time() - begun
    return f"{spent:.1f} s for {len(text)} characters" if spent > SECONDS else None


def main() -> int:
    """Fuzz until the time is over; print what failed."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    folders = [Path(name) for name in sys.argv[3:]] or [Path(__file__).parents[1]]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.md")) if path.stat().st_size < 400_000]
    files = [path.read_text("utf-8", errors="replace") for path in paths[:3000]]
    files = [text for text in files if text]
    end = time.monotonic() + 60 * minutes
    failed = 0
    for number in count():
        if time.monotonic() > end or failed >= 20:
            print(f"{number} texts in {minutes:g} minutes from seed {seed}, {len(files)} files: {failed} failed")
            return int(failed > 0)
        text = made(random.Random(f"{seed}.{number}"), files)
        try:
            found = fault(text)
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        if found:
            failed += 1
            print(f"seed {seed}.{number}: {found[:300]}\n  {text[:1500]!r}", flush=True)
        elif number % EVERY == 0:
            print(f"{number} texts", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
