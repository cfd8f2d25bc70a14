"""Documents that a run leaves alone because they cannot be read as they are: why, and how much of the book they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from amts_tasks.errors import Fault, TextError
from amts_tasks.sync.identity import billed_block
from amts_tasks.text import Form, parse
from amts_tasks.text.conflicts import conflict_line
from amts_tasks.text.document import form_of


def damaged(
    source: Mapping[str, str], base: Mapping[str, str], target: Mapping[str, str], held: Mapping[str, tuple[str, str]]
) -> list[Fault]:
    """A fault for each notebook that is none, and for each merge that nobody finished, on whichever side."""
    faults: dict[str, Fault] = {}
    sides = [
        ("the source", source),
        ("the text it was made from", base),
        ("the translation", target),
        *(("a held-out document", {path: text}) for path, both in held.items() for text in both),
    ]
    for name, side in sides:
        for path, text in side.items():
            if path in faults:
                continue
            line = conflict_line(text) if "<<<<<<<" in text else None
            if line is not None:
                what = f"the marks of a merge conflict in {name}"
                expected = "one version of the text: finish that merge; the document is left alone until then"
                faults[path] = Fault(path, line, "", what, expected)
            elif form_of(path) is Form.notebook:
                try:
                    parse(text, path)
                except TextError as error:
                    faults[path] = error.args[0]
    return list(faults.values())


def behind(paths: Iterable[str], *sides: Mapping[str, str]) -> dict[str, int]:
    """The characters that would be billed of each document, by path: of the first side that has it and can be parsed,
    0 where none has. Nobody can say of such a document how much of it is in step, so all of it counts as behind."""
    return {path: _size(path, [side[path] for side in sides if path in side]) for path in sorted(paths)}


def _size(path: str, texts: Iterable[str]) -> int:
    for text in texts:
        try:
            return sum(billed_block(block) for block in parse(text, path).blocks)
        except TextError:
            continue
    return 0
