"""Files of CAT tools: what is written reads back, other tools' files are understood, and bad ones are refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.emulator import parallel_file
from amts_tasks.emulator.switches import Switches
from amts_tasks.errors import InputError
from amts_tasks.memory import po, table, tmx, xliff
from amts_tasks.memory.carried import Carried, Head
from amts_tasks.memory.coded import coded, restored
from amts_tasks.text import Segment
from amts_tasks.translate.exchange import inner_html
from amts_tasks.translate.returned import from_inner_html

HEAD = Head("en", "zh", (("book", "urns"), ("pair", "en-zh"), ("revision", "abc")))

piece = st.sampled_from((
    "`f(x)`", "$a<b$", "**", "*", "[", "](https://example.org/?a=1&b=2)", "![", "](img/a.png)", "<b>", "</b>", "&amp;",
    ":numref:`s`", ":cite:`x.1999`", "\\*", "~~", " ", "\n", "\t", "“", "损失", "é", "\u2028", "]]>", '"', "'", "😀",
))  # fmt: skip
letters = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\r"), max_size=8)
texts = (
    st
    .lists(piece | letters, max_size=8)
    .map("".join)
    .filter(lambda text: "\ufffe" not in text and "\uffff" not in text)
)
rows = st.lists(
    st.builds(
        Carried,
        source=texts.filter(bool),
        target=texts,
        document=st.sampled_from(("", "a.md", "b c/d.md")),
        state=st.sampled_from(("", "machine", "approved")),
    ),
    max_size=4,
)


def markup(file: io.BytesIO) -> Iterator[Carried]:
    return xliff.read(file, "x", "en", "zh")[1]


FORMATS: dict[str, tuple[Callable[..., int], Callable[..., Iterator[Carried]]]] = {
    "tmx": (tmx.write, lambda file: tmx.read(file, "x", "en", "zh")),
    "xliff": (xliff.write, markup),
    "xliff12": (lambda *args: xliff.write(*args, version="1.2"), markup),
    "csv": (lambda *args: table.write(*args, "csv"), lambda file: table.read(file, "x", "en", "zh", "csv")),
    "tsv": (lambda *args: table.write(*args, "tsv"), lambda file: table.read(file, "x", "en", "zh", "tsv")),
}


@pytest.mark.parametrize("form", FORMATS)
@given(rows)
@settings(deadline=None, max_examples=25)
def test_any_text_reads_back_as_it_was_written(form: str, written: list[Carried]) -> None:
    write, read = FORMATS[form]
    file = io.BytesIO()
    assert write(file, written, HEAD) == len(written)
    file.seek(0)
    if form == "tmx" and not written:
        assert list(read(file)) == []
        return
    back = list(read(file))
    assert [(row.source, row.target, row.state) for row in back] == [(r.source, r.target, r.state) for r in written]
    if form.startswith("xliff"):
        documents = [row.document or "memory" for row in written]
        assert [row.document for row in back] == documents


@given(rows)
@settings(deadline=None, max_examples=25)
def test_a_po_file_gives_every_text_back_through_the_exchanges_form(written: list[Carried]) -> None:
    """What the form itself keeps: edges are trimmed by it, lines joined; so inner HTML is what is compared."""

    def form(text: str) -> str:
        return inner_html(Segment.of(text))

    named = [
        Carried(r.source, r.target, id=str(i), document=r.document) for i, r in enumerate(written) if form(r.source)
    ]
    file = io.BytesIO()
    assert po.write(file, named, HEAD, form) == len(named)
    file.seek(0)
    head, back = po.read(file, "x", "en", "zh")
    found = list(back)
    assert head == HEAD
    assert [(row.id, row.source, row.target) for row in found] == [
        (r.id, form(r.source), form(r.target)) for r in named
    ]
    for row, sent in zip(found, named, strict=True):
        segment = Segment.of(sent.source)
        again = from_inner_html(row.source, segment)
        assert again.faults == ()
        assert [t for t in again.tokens if not isinstance(t, str)] == [
            t for t in segment.tokens if not isinstance(t, str)
        ]


@pytest.mark.parametrize("form", [*FORMATS, "po"])
def test_what_no_format_can_carry_is_refused_with_its_place(form: str) -> None:
    bad = [Carried("fine", "好"), Carried("a\x01b", "好", document="c.md", id="2")]
    with pytest.raises(InputError, match=r"2.*U\+0001 at position 1"):
        written(form, bad)


SAMPLE = [
    Carried("Call `f` with **care** & see [it](a.md).", "请**小心**调用`f`，见[它](a.md)。", "1", "a.md", "machine"),
    Carried(" Two\nlines ", "两\n行 ", "2", "b.md", "human", note="a note"),
]


def test_translate_toolkit_reads_what_is_written(tmp_path: Path) -> None:
    from translate.storage import factory, pypo
    from translate.storage import tmx as toolkit_tmx
    from translate.storage.xliff2 import Xliff2File

    for name, write in (("a.tmx", tmx.write), ("a.xliff", FORMATS["xliff12"][0])):
        with (tmp_path / name).open("wb") as file:
            write(file, SAMPLE, HEAD)
        store = factory.getobject(str(tmp_path / name))
        assert len([unit for unit in store.units if unit.source]) == 2, name
    with (tmp_path / "a.tmx").open("rb") as file:
        store = toolkit_tmx.tmxfile(file, "en", "zh")
    assert store.units[1].source.strip() == "Two\nlines"
    with (tmp_path / "b.xlf").open("wb") as file:
        xliff.write(file, SAMPLE, HEAD)
    with (tmp_path / "b.xlf").open("rb") as file:
        two = Xliff2File.parsefile(file)
    assert [unit.source for unit in two.units][1] == " Two\nlines "
    assert (two.getsourcelanguage(), two.gettargetlanguage()) == ("en", "zh")
    assert [unit.isapproved() for unit in two.units] == [False, True]
    with (tmp_path / "a.po").open("wb") as file:
        po.write(file, SAMPLE, HEAD, lambda text: inner_html(Segment.of(text)))
    found = pypo.pofile.parsefile(str(tmp_path / "a.po")).units[1:]
    assert [unit.isfuzzy() for unit in found] == [True, False]
    assert '<span translate="no">`f`</span> with <b>care</b> &amp; see <a id="2">it</a>.' in found[0].source


def test_what_translate_toolkit_writes_comes_back(tmp_path: Path) -> None:
    """A tool opens the file, changes a target and a state, and saves it."""
    from translate.storage import pypo
    from translate.storage.xliff import Xliff1File
    from translate.storage.xliff2 import Xliff2File

    for kind, version in ((Xliff1File, "1.2"), (Xliff2File, "2.0")):
        path = tmp_path / f"{version}.xlf"
        with path.open("wb") as file:
            xliff.write(file, SAMPLE, HEAD, version=version)
        store = kind.parsefile(str(path))
        store.units[1].target = "两行。"
        store.units[0].markapproved()
        store.save()
        with path.open("rb") as file:
            head, units = xliff.read(file, "x", "en", "zh")
            back = list(units)
        assert dict(head.about)["pair"] == "en-zh"
        assert [(row.source, row.id, row.confirmed) for row in back] == [
            (SAMPLE[0].source, "1", True),
            (SAMPLE[1].source, "2", True),
        ]
        assert back[0].target == SAMPLE[0].target
        assert back[1].target == "两行。"
    path = tmp_path / "a.po"
    with path.open("wb") as file:
        po.write(file, SAMPLE, HEAD, str)
    store = pypo.pofile.parsefile(str(path))
    store.units[1].target = "调用它"
    store.units[1].markfuzzy(False)
    store.save()
    with path.open("rb") as file:
        back = list(po.read(file, "x", "en", "zh")[1])
    assert [(row.target, row.confirmed, row.open) for row in back] == [
        ("调用它", True, False),
        (SAMPLE[1].target, True, False),
    ]


def test_the_services_importer_takes_a_tmx_of_texts() -> None:
    file = io.BytesIO()
    count = tmx.write(file, [Carried(f"- item {i} & <b>", f"第{i}项") for i in range(7)], HEAD, codes=False)
    found = parallel_file.read(file.getvalue(), "TMX", Switches())
    assert (len(found.records), found.failed, found.skipped) == (count, 0, 0) == (7, 0, 0)
    assert found.records["- item 3 & <b>"] == {"zh": "第3项"}


OMEGAT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1">
  <header creationtool="OmegaT" o-tmf="OmegaT TMX" adminlang="EN-US" datatype="plaintext" creationtoolversion="6.0.0"
    segtype="sentence" srclang="EN"/>
  <body>
<!-- Default translations -->
    <tu>
      <tuv xml:lang="EN"><seg>Call <ph x="0">&lt;x0/&gt;</ph> with <bpt i="1"
        x="1">&lt;g1&gt;</bpt>care<ept i="1">&lt;/g1&gt;</ept>.</seg></tuv>
      <tuv xml:lang="ZH-CN" changeid="a"><seg>请<bpt i="1" x="1">&lt;g1&gt;</bpt>小心<ept
        i="1">&lt;/g1&gt;</ept>调用<ph x="0">&lt;x0/&gt;</ph>。</seg></tuv>
    </tu>
<!-- Alternative translations -->
    <tu>
      <prop type="file">a.md</prop><prop type="prev">Before.</prop><prop type="next">After.</prop>
      <note>By hand.</note>
      <tuv xml:lang="EN"><seg>Exercises</seg></tuv>
      <tuv xml:lang="ZH-CN"><seg>练习</seg></tuv>
    </tu>
  </body>
</tmx>
"""


def test_omegats_tmx_with_its_own_codes() -> None:
    first, second = tmx.read(io.BytesIO(OMEGAT.encode()), "o.tmx", "en", "zh")
    ours = "Call `f` with **care**."
    assert restored(first.target_codes, first.source_codes, ours) == "请**小心**调用`f`。"
    assert restored(first.target_codes, first.source_codes, "Call `f` with care.") is None
    assert restored((*first.target_codes, *coded("`g`")), first.source_codes, ours) is None
    assert (second.source, second.target, second.document, second.note) == ("Exercises", "练习", "a.md", "By hand.")


WEBLATE = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Generator: Weblate 5.8\\n"

#: a.md
msgctxt "one"
msgid "The loss falls."
msgstr "损失下降。"

#: a.md
#, fuzzy
#| msgid "It fell."
msgctxt "two"
msgid "It falls."
msgstr "它下降了。"

#~ msgid "Gone."
#~ msgstr "没了。"
"""


def test_weblates_flags() -> None:
    head, units = po.read(io.BytesIO(WEBLATE.encode()), "w.po", "en", "zh")
    assert head.target == "zh_Hans"
    assert [(row.id, row.confirmed, row.open, row.former) for row in units] == [
        ("one", True, False, ""),
        ("two", False, True, "It fell."),
    ]


def written(form: str, rows: list[Carried] = SAMPLE, head: Head = HEAD) -> bytes:
    file = io.BytesIO()
    if form == "po":
        po.write(file, rows, head, str)
    else:
        FORMATS[form][0](file, rows, head)
    return file.getvalue()


ENTITY = b'<!DOCTYPE t [<!ENTITY a "b">]>'
TWICE = f'\nmsgctxt "1"\nmsgid "{SAMPLE[0].source}"\nmsgstr "x"\n'


def take(form: str, data: bytes) -> list[Carried]:
    if form == "po":
        return list(po.read(io.BytesIO(data), "f", "en", "zh")[1])
    return list(FORMATS[form][1](io.BytesIO(data)))


@pytest.mark.parametrize(
    ("form", "spoil", "message"),
    [
        ("tmx", lambda data: data[: len(data) * 2 // 3], r"x:\d+: not XML .* is the file whole"),
        ("tmx", lambda data: data.replace(b'srclang="en"', b'srclang="fr"'), "found srclang 'fr'; expected 'en'"),
        ("tmx", lambda data: data.replace(b'lang="zh"', b'lang="ko"'), "2 units in en, ko, none with 'en' and 'zh'"),
        ("tmx", lambda data: data.replace(b'xml:lang="en"', b'xml:lang="ko"'), "found a unit without a text in 'en'"),
        ("tmx", lambda data: b"<html/>", "found <html>; expected a TMX"),
        ("tmx", lambda data: data.replace("请".encode(), b"\xff"), r"x:\d+: not XML"),
        ("tmx", lambda data: ENTITY + data.partition(b"?>")[2].replace(b"Call", b"&a;"), "entity"),
        ("xliff", lambda data: data[:-40], r"x:\d+: not XML"),
        ("xliff", lambda data: data.replace(b'trgLang="zh"', b'trgLang="tr"'), "found the target language 'tr'"),
        ("xliff12", lambda data: data.replace(b'source-language="en"', b'source-language="fr"'), "language 'fr'"),
        ("xliff", lambda data: b"<tmx/>", "found <tmx>; expected XLIFF"),
        ("po", lambda data: data + TWICE.encode(), r"f:\d+: found the entry of line \d+ again"),
        ("po", lambda data: data.replace("请".encode(), b"\xff"), r"f:\d+: not UTF-8"),
        ("po", lambda data: data.replace(b"Language: zh", b"Language: tr"), "target language 'tr'"),
        ("po", lambda data: b"hello\n", "found no entry|not a PO file"),
        ("csv", lambda data: data.replace("请".encode(), b"\xff"), r"x:2: not UTF-8"),
        ("csv", lambda data: data[: data.rindex(b'"')], r"x:\d+: not a table .* is the file whole"),
        ("csv", lambda data: data.replace(b",source:en,", b",quelle,"), "x:1: found the columns .*; expected source"),
        ("csv", lambda data: data.replace(b"target:zh", b"target:ko"), "x:1: found the target language 'ko'"),
        ("tsv", lambda data: data + b"a\tb\n", r"x:\d+: found 2 fields; expected 7"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_place(form: str, spoil: Any, message: str) -> None:
    data = written(form)
    bad = spoil(data)
    assert bad != data
    with pytest.raises(InputError, match=message):
        take(form, bad)


def test_codes_in_a_reordered_target_keep_their_references() -> None:
    data = written("xliff", [Carried("Use `a` and `b`, *now*.", "*现在*用`b`和`a`。")])
    assert b'ph id="2"' in data.split(b"<target", 1)[1].split(b'ph id="1"', 1)[0]
    assert take("xliff", data)[0].target == "*现在*用`b`和`a`。"


def test_a_large_file_is_a_stream(tmp_path: Path) -> None:
    """The tree of a file that was read holds one unit, not all of them."""
    path = tmp_path / "big.tmx"
    with path.open("wb") as file:
        tmx.write(file, (Carried(f"Sentence `x{i}`.", f"第{i}句。") for i in range(3000)), HEAD)
    import tracemalloc

    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(1 for _ in tmx.read(file, "big", "en", "zh"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3000
    assert peak < path.stat().st_size


def test_without_translate_toolkit_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name == "translate" or name.startswith("translate.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "translate", None)
    with pytest.raises(InputError, match=r"amts\[exchange\]"):
        po.write(io.BytesIO(), SAMPLE, HEAD, str)
