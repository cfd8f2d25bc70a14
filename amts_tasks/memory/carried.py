"""A translation unit as a file carries it, in whatever format; and what no format carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal, get_args

from amts_tasks.errors import InputError
from amts_tasks.memory.coded import Coded

Format = Literal["tmx", "xliff", "xliff12", "po", "csv", "tsv"]
FORMATS: tuple[Format, ...] = get_args(Format)
_BAD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as an entity (section 2.2, Char)."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One unit of a file."""

    source: str
    """Inline Markdown; in PO the text as it stands there. So is the target."""
    target: str
    id: str = ""
    """Names the unit over export and import; empty where the file has none."""
    document: str = ""
    state: str = ""
    """`machine`, `approved`, `human`; empty where the file says nothing."""
    confirmed: bool | None = None
    """Whether the person who worked on the file says it is good (XLIFF final, PO not fuzzy); None: it cannot say."""
    open: bool = False
    """The unit is not finished. In a file that is read: its tool says so (PO fuzzy, XLIFF 1.2 `needs-translation` and
    the like), which the state that we write into XLIFF ourselves does not. In one to be written: nobody has read it
    yet (XLIFF `initial` and `needs-review-translation`, PO fuzzy), whatever its `state`."""
    note: str = ""
    former: str = ""
    """The source text that the target was made from before, for the person who reviews it."""
    previous: str = ""
    following: str = ""
    line: int = 0
    """1-based, in the file that was read; 0 in one that is to be written."""
    source_codes: Coded = ()
    """As read, for files whose codes are not ours."""
    target_codes: Coded = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself."""

    source: str
    """Language code of the source, as the file has it; so is the target's. Empty where it does not say."""
    target: str
    about: tuple[tuple[str, str], ...] = ()
    """`book`, `pair`, `revision` and what else a file of ours says of where it comes from; sorted."""


def insist(text: str, name: str) -> str:
    """The text, when every format can carry it; InputError naming the character else."""
    found = _BAD.search(text)
    if found:
        raise InputError(
            f"{name}: found the character U+{ord(found[0]):04X} at position {found.start()}, which no exchange format "
            "can carry; take it out of the text"
        )
    return text


def base(code: str) -> str:
    """The language of a code without its region: files say zh-CN or ZH where a pair says zh."""
    return re.split("[-_]", code.strip())[0].casefold()


def insist_on_languages(head: Head, source: str, target: str, name: str) -> None:
    """InputError unless the file is in these languages; regions are compared where both say one."""
    for role, found, wanted in (("source", head.source, source), ("target", head.target, target)):
        if not found or found.casefold() in {"*all*", "und"}:
            continue
        regions = [code.replace("_", "-").casefold() for code in (found, wanted)]
        if base(found) != base(wanted) or (all("-" in one for one in regions) and regions[0] != regions[1]):
            raise InputError(f"{name}: found the {role} language {found!r}; expected {wanted!r}: is it another pair's?")


@contextmanager
def utf8(name: str, file: IO[bytes]) -> Iterator[None]:
    """Turns a decoding error into an InputError that names the line."""
    try:
        yield
    except UnicodeDecodeError as error:
        file.seek(0)
        line = _line_of(file)
        raise InputError(f"{name}:{line}: not UTF-8 ({error.reason}); save the file as UTF-8") from None


def _line_of(file: IO[bytes]) -> int:
    line = 0
    for line, data in enumerate(file, start=1):
        try:
            data.decode()
        except UnicodeDecodeError:
            return line
    return line
