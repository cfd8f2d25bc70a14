"""How the time to read a text grows with its length: 1 MB to 100 kB of the worst texts, as a ratio.

    python benchmarks/text_growth.py [rows to print [texts to search]]

Read are the texts named here, pages of HTML, and the slowest that hypothesis finds among repetitions of up to four of
their pieces (10 kB each, told by their seconds). Ten is linear, a hundred quadratic; the bench fails where one is 15 or
more. Each is the best of two runs at 100 kB, with the garbage collector off and no segment remembered.
"""

from __future__ import annotations

import gc
import sys
import time

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from amts_tasks.text import Segment, fragment, parse, segments

SMALL, LARGE, MOST = 100_000, 1_000_000, 15.0
SEARCHED, FOUND = 10_000, 5

WORST = {
    "brackets": "[",
    "closed brackets": "[]",
    "link starts": "[a](",
    "images": "![",
    "stars": "*a ",
    "stars and words": "a**b",
    "underscores": "_a",
    "mixed marks": "*a_b~~c",
    "backticks": "`` ` ",
    "growing backticks": "`a``b```c",
    "dollars": "$a ",
    "double dollars": "$$ a ",
    "display math lines": "$$\na\n\n",
    "quotes": "> ",
    "lists": "- ",
    "nested lists": "- a\n  ",
    "list lines": "- a\n",
    "fences": "```a\n",
    "quoted fences": "> ```a\n",
    "comments": "<!-- a ",
    "comment lines": "<!--\n",
    "tags": '<a b="',
    "raw markup": "<script>\n",
    "entities": "&a",
    "roles": ":a:`",
    "colons": ":a",
    "addresses": "http://a",
    "closing parentheses": "http://a" + ")" * 50,
    "tables": "a|b\n-|-\n",
    "table rows": "|`a|$b",
    "braces": "{{a {%",
    "definitions": "[a]: b\n",
    "indented": "    a\n\n",
    "blank lines": "\n",
    "spaces": " ",
    "escapes": "\\",
    "front matter": "---\n",
    "tabs": "\t",
    "prose": "The wave is long. ",
    "slide marks": "[**a",
    "closed slide marks": "a**](b",
    "directives": "```{note}\n",
    "closed directives": "````{note}\n```\n",
    "directives in quotes": "> ```{note}\n",
    "colon fences": ":::{code}\n",
    "nested colon fences": "> :::{code}\n",
    "admonitions": "!!! note\n",
    "notes": "[^a]: b\n",
    "terms": "a\n: b\n",
    "tags that open": "{% raw %}\n",
    "tags over lines": "{% a\n",
    "shortcodes that open": "{{< a\n",
    "tags and shortcodes that open": "{% raw %}\n{{< a\n",
    "attributes": "{: a\n",
    "exports": "export const a = {\n\n",
    "elements of JSX": "<A\n",
    "open elements of JSX": "<A>\n",
    "values in braces": "<A b={",
    "expressions": "{/*\n",
    "raw elements": "<div><pre>\n\n",
    "kept elements": '<p translate="no">\n\n',
    "titles": '<p title="a',
    "code elements": "<code>",
    "tex in lines": "\\(a",
    "tex in brackets": "\\[\n",
    "environments": "\\begin{a}\n",
    "mail": "a@",
    "icons": ":a:b",
    "abbreviations": "*[a]: b\n",
    "references": "[a][",
    "definitions below": "[a]:\n",
    "front matter values": "---\ntitle: a\n",
    "block scalars": "---\ntitle: |\n a\n\n",
    "declarations": "<!A\n",
    "instructions": "<?a\n",
    "deep quotes": ">",
    "star runs": "*",
    "emphasis in links": "[*a](b)_",
}


FRAMED = {
    "spaces in a heading": ("# a", " ", "b"),
    "marks in a heading": ("# a", " #", "b"),
    "points after a formula": ("$$x$$", ".", "a"),
    "spaces after a formula": ("$$x$$", " ", "a"),
    "spaces in markup": ("<a", " ", "\n"),
    "spaces after markup": ("<a>", " ", "x"),
    "lists that might be a rule": ("", "- ", "x"),
    "lists that end in a rule": ("", "* ", "x" + "* " * 20),
    "spaces below a table's head": ("a|b\n-|-", " ", "x"),
}
"""What only a certain start and end make slow."""


PAGES = {
    "HTML, open elements": "<b>",
    "HTML, elements": "<b>a</b>",
    "HTML, elements that end nothing": "</b>",
    "HTML, blocks in blocks": "<div>",
    "HTML, paragraphs": "<p>a",
    "HTML, lists in lists": "<ul><li>",
    "HTML, cells": "<td>",
    "HTML, titles": '<p title="a">',
    "HTML, open titles": '<p title="a',
    "HTML, references": "&a",
    "HTML, comments": "<!-- a ",
    "HTML, code": "<pre>",
    "HTML, languages": '<span lang="fr">',
    "HTML, marks of Markdown": "*a_`$",
}
"""Read as documents of HTML."""


def made(name: str, length: int) -> str:
    """The text of a name, or of a piece that is no name, of about that many characters."""
    start, piece, end = FRAMED.get(name) or ("", WORST.get(name) or PAGES.get(name) or name, "")
    return start + (piece * (length // len(piece) + 1))[:length] + end


def seconds(text: str, runs: int, path: str = "a.md") -> float:
    """Seconds of processor time to parse a text and make its segments, the best of some runs."""
    best = float("inf")
    for _ in range(runs):
        segments._known.cache_clear()
        fragment.fragment.cache_clear()
        gc.collect()
        gc.disable()
        begun = time.process_time()
        for block in parse(text, path).blocks:
            for one in block.texts:
                Segment.of(one.source)
        best = min(best, time.process_time() - begun)
        gc.enable()
    return best


def worst(examples: int) -> list[str]:
    """The repeated pieces that take longest to read, of those that hypothesis tries."""
    spent: dict[str, float] = {}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate, Phase.target),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(st.sampled_from(sorted({*WORST.values(), "\n", "a ", "    "})), min_size=1, max_size=4))
    def tried(pieces: list[str]) -> None:
        piece = "".join(pieces)
        spent[piece] = seconds(made(piece, SEARCHED), 1)
        target(spent[piece])

    tried()
    return sorted(spent, key=lambda piece: -spent[piece])[:FOUND]


def main() -> int:
    """Measure, print the worst, and say whether all are linear."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    found = worst(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    rows = []
    for name in [*WORST, *FRAMED, *PAGES, *found]:
        path = "a.html" if name in PAGES else "a.md"
        small, large = seconds(made(name, SMALL), 2, path), seconds(made(name, LARGE), 1, path)
        # Less than five milliseconds is noise.
        rows.append((large / max(small, 0.005), large, repr(name) if name in found else name))
        print(f"\r{len(rows)} texts", end="", file=sys.stderr, flush=True)
    rows.sort(reverse=True)
    print(file=sys.stderr)
    for ratio, large, name in rows[:most]:
        print(f"{name:<40} {ratio:6.1f} x for 10 x the text, {large:6.2f} s for 1 MB")
    print(f"{len(rows)} texts, worst ratio {rows[0][0]:.1f}, slowest {max(row[1] for row in rows):.2f} s for 1 MB")
    return int(rows[0][0] >= MOST)


if __name__ == "__main__":
    sys.exit(main())
