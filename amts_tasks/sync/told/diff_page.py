"""A page to review by eye: what a source text was and is, beside what its translation was and is.

Differences are marked by word, in scripts without spaces by character. One file, nothing loaded from anywhere, all text
escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from amts_tasks.sync.told.word_diff import Span, word_diff

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --gone: #d2343433; --new: #2a9d4a3d; }
body { font: 15px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 84rem; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.35rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .4rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th { font-weight: 600; text-align: left; } th, td { padding: .3rem .6rem; vertical-align: top; width: 50%; }
td { border-top: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap; }
tr.about td { border-top: 2px solid #888; color: #777; font-size: .85em; padding-top: .7rem; white-space: normal; }
tr.about code { font-size: .95em; }
del { background: var(--gone); text-decoration-thickness: 1px; } ins { background: var(--new); text-decoration: none; }
.none { color: #888; font-style: italic; }
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One text."""

    id: str
    document: str
    reason: str
    source: str
    target: str
    old_source: str = ""
    old_target: str = ""


def page(title: str, about: str, languages: tuple[str, str], names: tuple[str, str], rows: Iterable[Row]) -> str:
    """The page, in the order of the rows; a heading for each document. `languages` are codes, `names` their names."""
    parts: list[str] = []
    document = None
    count = 0
    for row in rows:
        count += 1
        if row.document != document:
            parts.append("</table>" if document is not None else "")
            document = row.document
            heads = "".join(f"<th>{html.escape(name)}</th>" for name in names)
            parts.append(f"<h2>{html.escape(document)}</h2>\n<table>\n<tr>{heads}</tr>")
        parts.append(_row(row, languages))
    parts.append("</table>" if document is not None else '<p class="none">Nothing awaits review.</p>')
    body = "\n".join(part for part in parts if part)
    lead = f"{html.escape(about)} {count} text{'' if count == 1 else 's'}; removed words are <del>struck</del>, "
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{html.escape(title)}</h1>\n"
        f"<p>{lead}new ones <ins>marked</ins>.</p>\n{body}\n</body>\n</html>\n"
    )


def marked(old: str, new: str) -> tuple[str, str]:
    """Both texts as HTML, what only the old has in `del`, what only the new has in `ins`."""
    before, after = word_diff(old, new)
    return _marked(before, "del"), _marked(after, "ins")


def _marked(spans: Iterable[Span], tag: str) -> str:
    return "".join(f"<{tag}>{html.escape(text)}</{tag}>" if changed else html.escape(text) for text, changed in spans)


def _row(row: Row, languages: tuple[str, str]) -> str:
    lines = [
        f'<tr class="about"><td colspan="2"><code>{html.escape(row.id)}</code> · {html.escape(row.reason)}</td></tr>'
    ]
    if row.old_source:
        sides = (marked(row.old_source, row.source), marked(row.old_target, row.target))
        lines += [_cells([old for old, _ in sides], languages), _cells([new for _, new in sides], languages)]
    else:
        source = html.escape(row.source) or '<span class="none">its source is not known</span>'
        lines.append(_cells([source, html.escape(row.target)], languages))
    return "\n".join(lines)


def _cells(texts: Iterable[str], languages: tuple[str, str]) -> str:
    cells = (
        f'<td lang="{html.escape(code)}" dir="auto">{text}</td>' for code, text in zip(languages, texts, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"
