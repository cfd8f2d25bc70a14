"""A page to review by eye: what a source text was and is, beside what its translation was and is.

Differences are marked by word, in scripts without spaces by character. One file, nothing loaded from anywhere, all text
escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from shlex import quote

from amts_tasks import names
from amts_tasks.counts import counted
from amts_tasks.sync.queue import chapter_of
from amts_tasks.sync.told.page_style import STYLE
from amts_tasks.sync.told.word_diff import Span, word_diff


@dataclass(frozen=True, slots=True)
class Row:
    """One text, or one cell of code."""

    id: str
    document: str
    reason: str
    source: str
    target: str
    old_source: str = ""
    old_target: str = ""
    based: bool = True
    """False where nobody knows what its document was made from; else what has no source is the translation's own."""
    code: bool = False
    """Code of the translation: shown as it stands, by itself."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself."""

    book: str
    pair: str
    revision: str
    """Of the source."""
    languages: tuple[str, str]
    """Codes of source and target."""
    names: tuple[str, str]
    """The same two, for a person."""


def page(about: Page, rows: Iterable[Row]) -> str:
    """The page, in the order of the rows: a list of the documents, then each with its texts."""
    documents = [(path, list(some)) for path, some in groupby(rows, key=lambda row: row.document)]
    count = sum(len(some) for _, some in documents)
    title = f"{about.book} {about.pair}: {counted(count, 'text')} to review"
    if documents:
        body = [_how(about), _contents(documents)]
        number = 0
        for place, (path, some) in enumerate(documents, start=1):
            body.append(_document(about, path, some, place, number))
            number += len(some)
    else:
        body = ['<p class="none">Nothing awaits review.</p>']
    shown = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f'<p class="soft">{escape(about.names[0])} into {escape(about.names[1])}, source revision '
        f"{escape(about.revision[:12])}.</p>\n{shown}\n</main>\n</body>\n</html>\n"
    )


def marked(old: str, new: str) -> tuple[str, str]:
    """Both texts as HTML, what only the old has in `del`, what only the new has in `ins`."""
    before, after = word_diff(old, new)
    return _marked(before, "del"), _marked(after, "ins")


def _marked(spans: Iterable[Span], tag: str) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" if changed else escape(text) for text, changed in spans)


def _how(about: Page) -> str:
    source, target = map(escape, about.names)
    pair = escape(about.pair)
    return f"""<section class="how" aria-labelledby="how">
<h2 id="how">What to do with this page</h2>
<p>These texts stand in the translation, or wait on a branch to get there, and nobody is known to have read them as
they are. Compare <b>{source}</b> with <b>{target}</b>. Where something was replaced, both are shown as they were
(<i>before</i>) and as they are (<i>now</i>): <del>what went</del> and <ins>what came</ins> are marked.</p>
<p>This page only shows; you answer in one of three ways:</p>
<ul>
<li><b>All of a document is right:</b> <code>amts approve {pair} DOCUMENT</code>, with the path that stands above its
texts.</li>
<li><b>Something is to be corrected:</b> edit the document's file in the translation's repository, on the branch named
with it while that is open, else on the main branch, and commit. What you change is yours from then on.</li>
<li><b>In a translation tool:</b> <code>amts export {pair} --format po</code> (or <code>xliff12</code>) gives the same
texts as a file; <code>amts import {pair} FILE</code> takes back what you approved and corrected.</li>
</ul>
</section>"""


def _contents(documents: Sequence[tuple[str, list[Row]]]) -> str:
    items = "\n".join(
        f'<li><a href="#d{place}">{escape(path)}</a> <span class="soft">{counted(len(some), "text")}</span></li>'
        for place, (path, some) in enumerate(documents, start=1)
    )
    title = f'<h2 id="contents">{counted(len(documents), "document")}</h2>'
    return f'<nav aria-labelledby="contents">\n{title}\n<ol>\n{items}\n</ol>\n</nav>'


def _document(about: Page, path: str, rows: Sequence[Row], place: int, number: int) -> str:
    branch = names.branch(about.pair, chapter_of(path))
    texts = "\n".join(_text(about, row, number + one) for one, row in enumerate(rows, start=1))
    return (
        f'<section aria-labelledby="d{place}">\n<h2 id="d{place}">{escape(path)}</h2>\n'
        f'<p class="soft">branch <code>{escape(branch)}</code> · all right: '
        f"<code>amts approve {escape(about.pair)} {escape(quote(path))}</code> · "
        f'<a href="#contents">to the list of documents</a></p>\n{texts}\n</section>'
    )


def _text(about: Page, row: Row, number: int) -> str:
    head = f'<h3 id="t{number}">{number} <span class="soft">{escape(row.reason)}</span></h3>'
    if row.code:
        cells = [_cell(about, 1, "", f"<pre><code>{escape(row.target)}</code></pre>", wide=True)]
    elif row.old_source or row.old_target:
        source, target = marked(row.old_source, row.source), marked(row.old_target, row.target)
        if not row.source:
            source = source[0], '<i class="none">taken out of the source</i>'
        if row.old_target == row.target:
            target = target[0], f'{target[1]} <i class="none">(as before)</i>'
        cells = [
            _cell(about, side, when, text)
            for when, old in (("before", 0), ("now", 1))
            for side, text in enumerate((source[old], target[old]))
        ]
    else:
        missing = "only the translation has this" if row.based else "its source is not known"
        texts = (escape(row.source) or f'<i class="none">{missing}</i>', escape(row.target))
        cells = [_cell(about, side, "", text) for side, text in enumerate(texts)]
    return (
        f'<article aria-labelledby="t{number}">\n{head}\n<div class="cells">\n{"".join(cells)}</div>\n'
        f'<p class="id soft">{escape(row.id)}</p>\n</article>'
    )


def _cell(about: Page, side: int, when: str, text: str, *, wide: bool = False) -> str:
    label = f"{escape(about.names[side])}{f', {when}' if when else ''}"
    kind = " ".join(["cell", *([when] if when else []), *(["wide"] if wide else [])])
    tag = "div" if wide else "p"
    return (
        f'<div class="{kind}"><span class="label">{label}</span>'
        f'<{tag} lang="{escape(about.languages[side])}" dir="auto">{text}</{tag}></div>\n'
    )
