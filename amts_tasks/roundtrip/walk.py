"""`amts roundtrip`: documents to the exchange form, through an engine and back, with a count of what it did to them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from amts_tasks.errors import InputError, TextError, not_utf8
from amts_tasks.languages import default_profile
from amts_tasks.roundtrip import speech
from amts_tasks.roundtrip.commonmark import difference
from amts_tasks.roundtrip.engines import ENGINES, LANGUAGES
from amts_tasks.roundtrip.masks import prose
from amts_tasks.roundtrip.witness import WORD, bare, covered, protected, words
from amts_tasks.text import Form, Kind, ParsedDocument, Segment, Text, parse, render, spoken
from amts_tasks.text.document import SUFFIXES
from amts_tasks.text.listings import unfit
from amts_tasks.text.remarks import KINDS
from amts_tasks.text.structure import first_difference
from amts_tasks.translate.check import restore
from amts_tasks.translate.damage import Damage, Finding
from amts_tasks.translate.exchange import Unit, documents, read

_RETRIES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """What the engine did to one file."""

    path: str
    """As given, or below the folder that was given."""
    identical: bool
    """Nothing but case and white space changed; under ``identity``: not a byte."""
    damaged: tuple[str, ...]
    """Protected spans that are not in the result as often as in the source; empty where it is whole."""
    texts: int
    """How many texts the engine was shown."""
    refused: tuple[str, ...]
    """``line: kind: detail`` of each text that kept its source."""
    letters: int
    """Letters of prose, by a definition that asks no parser."""
    shown: int
    """Those of them that the engine was shown."""


@dataclass(frozen=True, slots=True)
class Roundtrip:
    """The figures of a round trip; what ``--json`` prints, and a row for each file."""

    engine: str
    files: int
    identical: int
    damaged: int
    refused: int
    """Texts that kept their source because what came back was not safe."""
    coverage: float
    """Share of the letters of prose that the engine was shown; 1 where there are none."""
    mb_per_s: float
    """Megabytes a second through parse, exchange, engine, check, render and the second parse."""
    refusals: dict[str, int]
    """Refused texts by the kind of damage, the first of each: ``translate/damage.py``."""
    kinds: dict[str, int]
    """Blocks by kind."""
    rows: tuple[Row, ...]
    skipped: tuple[str, ...]
    """``path: reason`` of the files that were not read."""


def run(
    paths: Sequence[Path | str],
    *,
    engine: str = "identity",
    output: Path | str | None = None,
    code: Collection[Kind] = (),
) -> Roundtrip:
    """The round trip of all Markdown, notebooks and HTML at or below the paths; ``output`` gets the results at the same
    paths. ``code`` says what of Python code is translated too: ``code_comment``, ``docstring``.

    Raises InputError where a path is missing or the engine unknown. Files that are not UTF-8, and notebooks that are
    none, are named in ``skipped``.
    """
    if engine not in ENGINES:
        raise InputError(f'engine: found "{engine}"; expected one of: {", ".join(ENGINES)}')
    rows: list[Row] = []
    skipped: list[str] = []
    kinds: Counter[str] = Counter()
    size = 0
    seconds = 0.0
    for path, name in _files(paths):
        if path.suffix.lower() not in SUFFIXES:
            skipped.append(f"{name}: {path.suffix or 'no suffix'} is not read; one of {', '.join(SUFFIXES)} is")
            continue
        data = path.read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            skipped.append(str(not_utf8(name, error)))
            continue
        begun = time.perf_counter()
        try:
            document = spoken(parse(text, name), code)
        except TextError as error:
            skipped.append(str(error))
            continue
        result, shown, refused = _through(document, engine, code)
        seconds += time.perf_counter() - begun
        size += len(data)
        kinds.update(block.kind.value for block in document.blocks)
        rows.append(_row(document, result, shown, refused, engine, code))
        if output is not None:
            written = Path(output) / name
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(result.encode())
    letters = sum(row.letters for row in rows)
    return Roundtrip(
        engine=engine,
        files=len(rows),
        identical=sum(row.identical for row in rows),
        damaged=sum(bool(row.damaged) for row in rows),
        refused=sum(len(row.refused) for row in rows),
        refusals=dict(Counter(reason.split(": ")[1] for row in rows for reason in row.refused).most_common()),
        coverage=sum(row.shown for row in rows) / letters if letters else 1.0,
        mb_per_s=size / 1e6 / seconds if seconds else 0.0,
        kinds=dict(sorted(kinds.items())),
        rows=tuple(rows),
        skipped=tuple(skipped),
    )


def _files(paths: Sequence[Path | str]) -> Iterator[tuple[Path, str]]:
    """Each file and the path its result gets below the output folder."""
    for given in map(Path, paths):
        if given.is_dir():
            for path in sorted(given.rglob("*")):
                if path.is_file() and path.suffix.lower() in SUFFIXES:
                    yield path, path.relative_to(given).as_posix()
        elif given.is_file():
            yield given, given.name
        else:
            raise InputError(f"{given}: found no such file or folder; expected documents or folders of them")


def _through(
    document: ParsedDocument, engine: str, code: Collection[Kind]
) -> tuple[str, dict[tuple[int, int], tuple[Text, Segment]], tuple[str, ...]]:
    """The document after the engine, the texts it was shown, and the reasons of those refused."""
    source = default_profile("en")
    target = default_profile(LANGUAGES.get(engine, "en"))
    shown: dict[tuple[int, int], tuple[Text, Segment]] = {}
    units: dict[str, tuple[int, int]] = {}
    for block in document.blocks:
        for text in block.texts:
            segment = Segment.of(text.source)
            if segment.translatable:
                shown[block.index, text.index] = text, segment
                units[f"{document.path}#{block.index}.{text.index}"] = block.index, text.index
    exchange = documents((Unit(name, shown[key][1]) for name, key in units.items()), "en")
    returned = {name: inner for sent in exchange for name, inner in read(ENGINES[engine](sent.html)).items()}
    replacements: dict[tuple[int, int], str] = {}
    refused: dict[tuple[int, int], Finding] = {}
    for name, key in units.items():
        inner = returned.get(name)
        if inner is None:
            refused[key] = Finding(Damage.missing)
            continue
        restored = restore(shown[key][1], inner, source, target)
        if restored.text is None:
            refused[key] = restored.faults[0]
        else:
            replacements[key] = restored.text
    result = _settled(document, replacements, refused, code)
    reasons = tuple(f"{document.blocks[block].line}: {reason}" for (block, _), reason in sorted(refused.items()))
    return result, shown, reasons


def _settled(
    document: ParsedDocument,
    replacements: dict[tuple[int, int], str],
    refused: dict[tuple[int, int], Finding],
    code: Collection[Kind],
) -> str:
    """The rendered document, without the translations that would change its structure; those move to ``refused``."""
    for block in document.blocks if code else ():
        if block.kind is Kind.code and block.texts:
            ours = {text.index: (block.index, text.index) for text in block.texts}
            new = {index: replacements[key] for index, key in ours.items() if key in replacements}
            for index in unfit(block, new):
                del replacements[ours[index]]
                refused[ours[index]] = Finding(Damage.structure, "the code would change")
    for _ in range(_RETRIES):
        result = render(document, replacements)
        difference = first_difference(document, spoken(parse(result, document.path), code))
        if difference is None:
            return result
        index, reason = difference
        # What a block does to the next one shows in the next one: take the nearest one that was changed.
        culprit = max((block for block, _ in replacements if block <= index), default=None)
        if culprit is None:
            break
        for key in [key for key in replacements if key[0] == culprit]:
            del replacements[key]
            refused[key] = Finding(Damage.structure, reason)
    refused.update(dict.fromkeys(replacements, Finding(Damage.structure, "of the document would change")))
    return document.text


def _row(
    document: ParsedDocument,
    result: str,
    shown: dict[tuple[int, int], tuple[Text, Segment]],
    refused: tuple[str, ...],
    engine: str,
    code: Collection[Kind],
) -> Row:
    form = document.form
    ours, theirs = document.text, result
    if code:
        # What may change in code is taken out of both; all else of it is compared.
        ours, theirs = (speech.silent(text, form, code) for text in (ours, theirs))
    before, after = protected(ours, form), protected(theirs, form)
    damaged = [f"{sort} lost: {content[:80]}" for sort, content in before - after]
    damaged += [f"{sort} gained: {content[:80]}" for sort, content in after - before]
    if form is Form.markdown:
        differs = None if result == document.text else difference(ours, theirs, strict=engine != "hostile")
        damaged += [f"structure: {differs}"] if differs else []
        letters = prose(document.text)
        total = sum(letters)
        for text, segment in shown.values():
            if text.kind not in KINDS:
                _hide(letters, text, segment)
        seen = total - sum(letters)
    else:
        wanted = words(document.text, form)
        total = sum(len(word) * count for word, count in wanted.items())
        seen = covered(wanted, _words(segment for text, segment in shown.values() if text.kind not in KINDS))
    if code:
        said = speech.words(document.text, form, code)
        total += sum(len(word) * count for word, count in said.items())
        seen += covered(said, _words(segment for text, segment in shown.values() if text.kind in KINDS))
    return Row(
        path=document.path,
        identical=result == document.text if engine == "identity" else bare(theirs, form) == bare(ours, form),
        damaged=tuple(damaged),
        texts=len(shown),
        refused=refused,
        letters=total,
        shown=seen,
    )


def _words(segments: Iterable[Segment]) -> Counter[str]:
    return Counter(
        word
        for segment in segments
        for token in segment.tokens
        if isinstance(token, str)
        for word in WORD.findall(token)
    )


def _hide(letters: bytearray, text: Text, segment: Segment) -> None:
    """Clear the letters that a text shows, so that those left were withheld."""
    positions = [at for begin, end in text.spans for at in (*range(begin, end), -1)]
    offset = 0
    for token in segment.tokens:
        length = len(token if isinstance(token, str) else token.text)
        if isinstance(token, str):
            for at in positions[offset : offset + length]:
                if at >= 0:
                    letters[at] = 0
        offset += length
