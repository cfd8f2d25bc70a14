"""How the time to read a text grows with its length: 1 MB to 100 kB of the worst texts, as a ratio.

    python benchmarks/text_growth.py [least ratio to print]

Ten is linear, a hundred quadratic; the bench fails where one is 15 or more. Each is the best of two runs, with the
garbage collector off and no segment remembered.
"""

from __future__ import annotations

import gc
import sys
import time

from amts_tasks.text import Segment, parse, segments

SMALL, LARGE, MOST = 100_000, 1_000_000, 15.0

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


def made(name: str, length: int) -> str:
    """The text of a name, of about that many characters."""
    start, piece, end = FRAMED.get(name) or ("", WORST[name], "")
    return start + (piece * (length // len(piece) + 1))[:length] + end


def seconds(text: str, runs: int) -> float:
    """Seconds of processor time to parse a text and make its segments, the best of some runs."""
    best = float("inf")
    for _ in range(runs):
        segments._known.cache_clear()
        gc.collect()
        gc.disable()
        begun = time.process_time()
        for block in parse(text).blocks:
            for one in block.texts:
                Segment.of(one.source)
        best = min(best, time.process_time() - begun)
        gc.enable()
    return best


def main() -> int:
    """Measure, print the worst, and say whether all are linear."""
    least = float(sys.argv[1]) if len(sys.argv) > 1 else 11.0
    rows = []
    for name in [*WORST, *FRAMED]:
        small, large = seconds(made(name, SMALL), 2), seconds(made(name, LARGE), 1)
        # Less than five milliseconds is noise.
        rows.append((large / max(small, 0.005), large, name))
    rows.sort(reverse=True)
    for ratio, large, name in rows:
        if ratio >= least or (ratio, large, name) in rows[:5]:
            print(f"{name:<32} {ratio:6.1f} x for 10 x the text, {large:6.2f} s for 1 MB")
    print(f"{len(rows)} texts, worst ratio {rows[0][0]:.1f}, slowest {max(row[1] for row in rows):.2f} s for 1 MB")
    return int(rows[0][0] >= MOST)


if __name__ == "__main__":
    sys.exit(main())
