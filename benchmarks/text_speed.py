"""How fast documents are cut up and rebuilt, as a ratio to markdown-it-py's full parse of the same files.

Both run in this process, one after the other, round by round; the best of five rounds of each counts. The files are the
real book's, where ``$AMTS_D2L_DATA`` has it, else the example's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from amts_tasks.languages import default_profile
from amts_tasks.text import Segment, parse, render, same_structure, segments
from amts_tasks.translate.check import restore
from amts_tasks.translate.exchange import inner_html

ROOT = Path(__file__).parents[1]
ROUNDS = 5


def files() -> list[str]:
    """The texts to be measured."""
    real = Path(os.environ.get("AMTS_D2L_DATA") or ROOT.parent / "shared" / "data" / "d2l") / "dev"
    paths = sorted(real.rglob("*_origin.md")) or sorted((ROOT / "examples" / "en").rglob("*.md"))
    return [path.read_text(encoding="utf-8") for path in paths]


def rebuild(text: str) -> None:
    """Parse, segments, render."""
    document = parse(text)
    texts = {
        (block.index, one.index): Segment.of(one.source).source for block in document.blocks for one in block.texts
    }
    assert render(document, texts) == text


def whole_way(text: str) -> None:
    """The same with exchange, check and a second parse, the answer being what was sent."""
    profile = default_profile("en")
    document = parse(text)
    back: dict[tuple[int, int], str] = {}
    for block in document.blocks:
        for one in block.texts:
            segment = Segment.of(one.source)
            restored = restore(segment, inner_html(segment), profile, profile)
            back[block.index, one.index] = restored.text or one.source
    assert same_structure(document, parse(render(document, back))) is None


def best(task: Callable[[str], object], texts: list[str]) -> float:
    """Seconds of processor time for all texts."""
    segments._known.cache_clear()  # segments are remembered; each round begins without them
    started = time.process_time()
    for text in texts:
        task(text)
    return time.process_time() - started


def main() -> None:
    """Measure and print."""
    texts = files()
    size = sum(len(text.encode()) for text in texts) / 1e6
    rival = MarkdownIt("commonmark").enable("table")
    tasks: dict[str, Callable[[str], object]] = {
        "markdown-it-py, full parse": rival.parse,
        "parse, segments, render": rebuild,
        "with exchange, check, second parse": whole_way,
    }
    seconds = dict.fromkeys(tasks, float("inf"))
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            seconds[name] = min(seconds[name], best(task, texts))
    base = seconds["markdown-it-py, full parse"]
    print(f"{len(texts)} files, {size:.2f} MB")
    for name, taken in seconds.items():
        print(f"{name:<36} {size / taken:6.2f} MB/s  {base / taken:5.2f} x markdown-it-py")


if __name__ == "__main__":
    main()
