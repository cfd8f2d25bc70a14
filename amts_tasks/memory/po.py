"""PO (GNU gettext), through translate-toolkit: the only module that imports it, and only when a PO file is met.

translate-toolkit is GPL, so it is an extra. What stands in `msgid` and `msgstr` is the exchange's inline form, given by
the caller: HTML with `translate="no"` around what is not to be translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from amts_tasks.errors import InputError
from amts_tasks.memory.carried import Carried, Head, insist, insist_on_languages

EXTRA = "translate-toolkit is not installed, which reads and writes PO; install it: pip install 'amts[exchange]'"


def write(file: IO[bytes], rows: Iterable[Carried], head: Head, form: Callable[[str], str]) -> int:
    """Writes the units, machine text as fuzzy; how many. InputError without translate-toolkit, and for two units of one
    source without an id to tell them apart."""
    store = _pypo().pofile()
    facts = {
        "Project-Id-Version": "AMTS", "Language": head.target, "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": head.source, **{f"X-AMTS-{name.capitalize()}": value for name, value in head.about},
    }  # fmt: skip
    # What its own header says, with the time of day, is replaced.
    store.updateheader(add=True, pot_creation_date="", po_revision_date="")
    store.header().target = "".join(f"{name}: {insist(value, name)}\n" for name, value in facts.items())
    count = 0
    seen: set[tuple[str, str]] = set()
    for row in rows:
        count += 1
        name = f"{row.document or 'unit'} {count}"
        source = insist(form(row.source), name)
        if not source:
            raise InputError(f"{name}: an empty source cannot stand in a PO file; leave it out")
        if (row.id, source) in seen:
            raise InputError(f"{name}: the source stands twice, {row.source[:60]!r}; PO needs an id for each of them")
        seen.add((row.id, source))
        unit = store.addsourceunit(source)
        unit.target = insist(form(row.target), name)
        if row.id:
            unit.setcontext(insist(row.id, name))
        if row.document:
            unit.addlocation(row.document.replace(" ", "%20"))
        if row.note:
            unit.addnote(insist(row.note, name), origin="developer")
        if row.former:
            unit.prev_source = insist(form(row.former), name)
        if row.target:
            unit.markfuzzy(row.open or row.state == "machine")
    file.write(bytes(store))
    return count


def read(file: IO[bytes], name: str, source: str, target: str) -> tuple[Head, Iterator[Carried]]:
    """What the header says, and the units; their texts in the form they have in the file.

    InputError, with the line, for what is no PO or not UTF-8, is in other languages, or holds an entry twice.
    """
    pypo = _pypo()
    data = file.read()
    for line, text in enumerate(data.split(b"\n"), start=1):
        try:
            text.decode()
        except UnicodeDecodeError as error:
            raise InputError(f"{name}:{line}: not UTF-8 ({error.reason}); save the file as UTF-8") from None
    try:
        store = pypo.pofile.parsestring(data)
    except Exception as error:  # the toolkit raises ValueError and its own kinds
        raise InputError(f"{name}: not a PO file that can be read ({error}); is the file whole?") from None
    if not store.units or not (b"msgid" in data and b"msgstr" in data):
        raise InputError(f"{name}: found no entry; expected a PO file")
    facts: dict[str, str] = {}
    if store.units[0].isheader():
        for line_text in str(store.units[0].target).split("\n"):
            key, _, value = line_text.partition(":")
            facts[key.strip()] = value.strip()
    about = tuple(sorted((key[7:].lower(), value) for key, value in facts.items() if key.startswith("X-AMTS-")))
    head = Head(facts.get("X-Source-Language", ""), facts.get("Language", ""), about)
    insist_on_languages(head, source, target, name)
    return head, iter(list(_units(store, name)))


def _units(store: Any, name: str) -> Iterator[Carried]:
    seen: dict[tuple[str, str], int] = {}
    for unit in store.units:
        if unit.isheader() or unit.isobsolete() or unit.hasplural():
            continue
        text, context, line = str(unit.source), str(unit.getcontext() or ""), int(unit.line_number or 0)
        if (context, text) in seen:
            raise InputError(
                f"{name}:{line}: found the entry of line {seen[context, text]} again ({text[:60]!r}); keep one of both"
            )
        seen[context, text] = line
        fuzzy = bool(unit.isfuzzy())
        places = unit.getlocations()
        yield Carried(
            text,
            str(unit.target),
            id=context,
            document=places[0].replace("%20", " ") if places else "",
            confirmed=not fuzzy,
            open=fuzzy,
            note=str(unit.getnotes("developer")),
            former=str(unit.prev_source or ""),
            line=line,
        )


def _pypo() -> Any:
    try:
        from translate.storage import pypo
    except ImportError:
        raise InputError(EXTRA) from None
    return pypo
