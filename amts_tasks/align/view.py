"""A page on which a person checks pairs by eye: one HTML file that needs no network.

Two columns, a row a bead, coloured by confidence; what was refused says why. Everything from the texts is escaped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from amts_tasks.align.beads import Bead
from amts_tasks.align.documents import Alignment
from amts_tasks.align.review import Reviewed, coverage, reasons
from amts_tasks.counts import counted
from amts_tasks.text import Block, ParsedDocument

if TYPE_CHECKING:
    from amts_tasks.languages import Profile

BANDS = ((0.95, "sure", "0.95 and up"), (0.7, "fair", "0.7 to 0.95"), (0.0, "weak", "below 0.7"))
"""Least confidence, name and words of each colour."""

_STYLE = """
:root { color-scheme: light; --line: #d5d9de; --ink: #1b1f24; --soft: #5b6570 }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: #fff; font: 15px/1.55 system-ui, "Segoe UI", "Noto Sans",
  "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans", "Malgun Gothic", sans-serif }
header { position: sticky; top: 0; z-index: 1; padding: 10px 18px; background: #fff;
  border-bottom: 1px solid var(--line) }
h1 { font-size: 18px; margin: 0 0 4px }
h2 { font-size: 15px; margin: 26px 0 6px; padding: 0 18px }
p { margin: 2px 0; color: var(--soft) }
button { font: inherit; font-size: 13px; padding: 2px 10px; margin: 4px 4px 0 0; border: 1px solid var(--line);
  border-radius: 12px; background: #f4f6f8; cursor: pointer }
button[aria-pressed=true] { background: #1f5fbf; border-color: #1f5fbf; color: #fff }
.row { display: grid; grid-template-columns: 1fr 1fr 11em; border-top: 1px solid var(--line); border-left: 6px solid;
  margin: 0 18px }
.row > div { padding: 5px 10px; min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap }
.row > div + div { border-left: 1px solid var(--line) }
.note { font-size: 12px; color: var(--soft); white-space: normal !important }
.note b { color: #a32020; display: block }
.sure { border-left-color: #2e8b57 } .fair { border-left-color: #d9a514 } .weak { border-left-color: #c8452f }
.none { border-left-color: #9aa3ad; background: #f7f7f8 } .rejected { background: #fdf1ef }
.empty { color: #9aa3ad }
.code { font: 12.5px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; color: #444 }
.hidden { display: none }
@media (max-width: 800px) { .row { grid-template-columns: 1fr } .row > div + div { border-left: 0 } }
"""
_SCRIPT = """
for (const button of document.querySelectorAll("button")) button.addEventListener("click", () => {
  for (const other of document.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button);
  const wanted = button.dataset.show;
  for (const row of document.querySelectorAll(".row"))
    row.classList.toggle("hidden", wanted !== "all" && !row.dataset.is.split(" ").includes(wanted));
  for (const part of document.querySelectorAll("section"))
    part.classList.toggle("hidden", !part.querySelector(".row:not(.hidden)"));
});
"""


def page(
    title: str,
    alignments: Sequence[Alignment],
    reviewed: Sequence[Reviewed],
    source_profile: Profile,
    target_profile: Profile,
) -> str:
    """The page, as HTML; every block that is not blank stands in one row, and the sentence pairs within it in rows of
    their own."""
    by_place: defaultdict[tuple[str, str], list[Reviewed]] = defaultdict(list)
    for one in reviewed:
        by_place[one.pair.document, one.target_document].append(one)
    sections = []
    counts: defaultdict[str, int] = defaultdict(int)
    languages = source_profile.code, target_profile.code
    for alignment in alignments:
        mine = by_place[alignment.source.path, alignment.target.path]
        rows = list(_rows(alignment, mine, languages, counts))
        name = alignment.source.path
        if alignment.found == "elsewhere":
            name += f" → {alignment.target.path}"
        sections.append(f"<section><h2>{escape(name)}</h2>\n{''.join(rows)}</section>\n")
    covered = coverage(alignments, reviewed)
    refused = ", ".join(f"{count} {escape(reason)}" for reason, count in reasons(reviewed).items()) or "none"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">\n"
        f"<style>{_STYLE}</style></head><body>\n<header><h1>{escape(title)}</h1>\n"
        f"<p>{counted(len(reviewed), 'pair')}; accepted pairs cover {covered['accepted']} of {covered['prose']} "
        "blocks of prose. "
        f"Refused: {refused}.</p>\n{_buttons(counts)}</header>\n{''.join(sections)}<script>{_SCRIPT}</script>"
        "</body></html>\n"
    )


def _buttons(counts: dict[str, int]) -> str:
    words = {"all": "all", **{name: f"confidence {word}" for _, name, word in BANDS}}
    words |= {"rejected": "refused", "none": "without a partner", "moved": "moved", "merged": "several as one"}
    return "".join(
        f'<button data-show="{name}" aria-pressed="{str(name == "all").lower()}">{word} ({counts[name]})</button>'
        for name, word in words.items()
        if counts[name]
    )


def _rows(
    alignment: Alignment, reviewed: Sequence[Reviewed], languages: tuple[str, str], counts: dict[str, int]
) -> Iterator[str]:
    left = sorted(reviewed, key=lambda one: (one.pair.source_start, one.pair.source_end))
    for bead in alignment.beads:
        blocks = _blocks(alignment.source, bead.source), _blocks(alignment.target, bead.target)
        start, end = (blocks[0][0].start, blocks[0][-1].end) if blocks[0] else (0, -1)
        mine = [one for one in left if start <= one.pair.source_start < end]
        if not mine or not bead.target:
            yield _row(
                [_shown(side) for side in blocks], bead, bead.quality, None, languages, counts,
                code=not any(block.texts for side in blocks for block in side),
            )  # fmt: skip
        for one in mine if bead.target else ():
            yield _row([one.pair.source, one.pair.target], bead, one.pair.score, one, languages, counts)


def _row(
    texts: Sequence[str],
    bead: Bead,
    confidence: float,
    one: Reviewed | None,
    languages: tuple[str, str],
    counts: dict[str, int],
    *,
    code: bool = False,
) -> str:
    alone = not bead.source or not bead.target
    band = "none" if alone else next(name for least, name, _ in BANDS if confidence >= least)
    is_ = [band]
    method = one.pair.method if one else bead.method
    if one is not None and one.reason is not None:
        is_.append("rejected")
    if method.startswith(("moved", "elsewhere")):
        is_.append("moved")
    if not alone and bead.kind != "1-1":
        is_.append("merged")
    for name in ("all", *is_):
        counts[name] += 1
    note = escape(method) + ("" if alone else f"<br>{bead.kind}, confidence {confidence:.2f}")
    if one is not None and one.reason is not None:
        note = f"<b>refused: {escape(one.reason)} ({one.value:g})</b>{note}"
    cells = "".join(
        f'<div lang="{escape(language, quote=True)}"{" class=code" if code else ""}>{escape(text)}</div>'
        if text
        else '<div class="empty">—</div>'
        for text, language in zip(texts, languages, strict=True)
    )
    shades = " ".join(name for name in is_ if name in {"sure", "fair", "weak", "none", "rejected"})
    return f'<div class="row {shades}" data-is="{" ".join(is_)}">{cells}<div class="note">{note}</div></div>\n'


def _blocks(document: ParsedDocument, indices: Sequence[int]) -> list[Block]:
    return [document.blocks[index] for index in indices]


def _shown(blocks: Sequence[Block]) -> str:
    return "".join(block.text for block in blocks).strip("\n")
