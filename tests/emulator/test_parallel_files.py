"""The service's rules for a parallel data file, one at a time."""

from __future__ import annotations

import pytest

from amts_tasks.emulator.parallel_file import ImportFileError, read
from amts_tasks.emulator.switches import Switches


def table(text: str, form: str = "CSV", **switches):
    return read(text.encode(), form, Switches(**switches))


def test_header_names_the_languages():
    found = table("en,zh,es\nyes,是,sí\n")
    assert (found.source, found.targets) == ("en", ("zh", "es"))
    assert found.records == {"yes": {"zh": "是", "es": "sí"}}


@pytest.mark.parametrize("header", ["", "en", "en,xx", "en,en", "text,zh"])
def test_bad_header_is_told(header):
    with pytest.raises(ImportFileError, match="Invalid header"):
        table(f"{header}\nyes,是\n")


def test_empty_source_skips_the_record_and_empty_target_the_field():
    found = table("en,zh,es\n ,是,sí\nno,,no\nmaybe, , \n\nyes,是,sí\n")
    assert found.records == {"no": {"es": "no"}, "yes": {"zh": "是", "es": "sí"}}
    assert (found.skipped, found.failed) == (3, 0)


def test_a_segment_has_at_most_1000_bytes():
    fits, over = "中" * 333, "中" * 334
    found = table(f"zh,en,es\n{over},a,b\n{fits},{'a' * 1001},c\n")
    assert found.records == {fits: {"es": "c"}}
    assert found.skipped == 1
    assert "exceeds 1000 bytes" in found.messages[0]["message"]


def test_the_later_record_wins():
    found = table("en,zh\none,旧\ntwo,二\none,新\n")
    assert list(found.records.items()) == [("two", {"zh": "二"}), ("one", {"zh": "新"})]


def test_quotes_doubled_with_and_without_quotes_around():
    found = table('en,zh\n"34"" monitor",显示器\n32"" screen,屏幕\n"a, b",甲\n')
    assert list(found.records) == ['34" monitor', '32" screen', "a, b"]


def test_a_field_cannot_span_lines():
    found = table('en,zh\n"one\ntwo",二\nthree,三\n')
    assert list(found.records) == ["three"]
    assert found.failed == 2


@pytest.mark.parametrize("mark", ["+", "-", "=", "@"])
def test_forbidden_beginnings_follow_the_switch(mark):
    text = f'en,zh\n"{mark}1",一\ntwo,二\n'
    assert (table(text).failed, list(table(text).records)) == (1, ["two"])
    assert len(table(text, forbidden_start="accept").records) == 2
    with pytest.raises(ImportFileError, match="Line 2"):
        table(text, forbidden_start="fail_import")


def test_wrong_number_of_fields_fails_the_record():
    found = table("en,zh\none\ntwo,二\n")
    assert found.report() == {
        "summary": {"record_error_count": 1, "record_skipped_count": 0},
        "messages": [{"content": "Line 2", "message": "Expected 2 fields and found 1"}],
    }


def test_tab_separated_and_byte_order_mark():
    found = read("\ufeffen\tzh\none, two\t一,二\r\n".encode(), "TSV", Switches())
    assert found.records == {"one, two": {"zh": "一,二"}}


def test_size_counts_characters_without_markup():
    assert table('en,zh\na <b>b</b>,"<i>中</i>文"\n').characters == 5


TMX = """<?xml version="1.0"?><tmx version="1.4"><header srclang="en"/><body>
<tu changedate="20260102T000000Z"><tuv xml:lang="en"><seg>one</seg></tuv><tuv xml:lang="zh"><seg>新</seg></tuv></tu>
<tu changedate="20260101T000000Z"><tuv xml:lang="en"><seg>one</seg></tuv><tuv xml:lang="zh"><seg>旧</seg></tuv></tu>
<tu><tuv xml:lang="zh"><seg>无</seg></tuv><tuv xml:lang="es"><seg>nada</seg></tuv></tu>
</body></tmx>"""


def test_tmx_newest_change_wins_and_a_unit_without_source_fails():
    found = table(TMX, "TMX")
    assert found.records == {"one": {"zh": "新"}}
    assert found.failed == 1
    assert "exactly one tuv element with the source language code: en" in found.messages[0]["message"]


@pytest.mark.parametrize("text", ["<tmx", "<tmx></tmx>", '<!DOCTYPE t [<!ENTITY a "b">]><tmx/>'])
def test_bad_tmx_is_refused_whole(text):
    with pytest.raises(ImportFileError, match="Invalid TMX"):
        table(text, "TMX")


def test_not_utf8_and_nothing_usable():
    with pytest.raises(ImportFileError, match="UTF-8"):
        read(b"en,zh\n\xff,a\n", "CSV", Switches())
    with pytest.raises(ImportFileError, match="no usable record"):
        table("en,zh\n")
