"""`amts score HYP REF`: what a line is, and which file is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amts_tasks.errors import InputError
from amts_tasks.languages import default_profile
from amts_tasks.score.files import compare

ES = default_profile("es")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    hypothesis, reference = tmp_path / "h.txt", tmp_path / "r.txt"
    hypothesis.write_text("la muestra es mala\nel error\n", encoding="utf-8")
    reference.write_text("la muestra es buena\nel error\n", encoding="utf-8")
    return hypothesis, reference


def test_value_and_text(files: tuple[Path, Path]) -> None:
    compared = compare(*files, None, ES)
    keys = {"metric", "value", "signature", "segments", "low", "high", "p"}
    assert [set(score) for score in compared.value] == [keys] * 3
    json.dumps(compared.value)
    lines = compared.text.split("\n")
    assert len(lines) == 3
    assert "nrefs:1|" in lines[0]
    assert "p = " not in lines[0]


def test_with_a_baseline_there_are_p_values(files: tuple[Path, Path]) -> None:
    compared = compare(*files, files[0], ES)
    assert [score["p"] for score in compared.value] == [1.0, 1.0, 1.0]
    assert "p = 1.0000" in compared.text


def test_only_line_feeds_end_lines(files: tuple[Path, Path]) -> None:
    files[0].write_bytes("a\u2028b\r\n\x0cc".encode())
    assert compare(*files, None, ES).value[0]["segments"] == 2


def test_other_numbers_of_lines_name_the_files(files: tuple[Path, Path]) -> None:
    files[0].write_text("one\ntwo\nthree\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"h\.txt: 3 lines, .*r\.txt: 2 lines"):
        compare(*files, None, ES)


def test_a_file_that_is_not_utf8_and_one_that_is_not_there(files: tuple[Path, Path], tmp_path: Path) -> None:
    files[0].write_bytes(b"ok\n\xff\n")
    with pytest.raises(InputError, match=r"h\.txt:2: not UTF-8 at byte 3; save it as UTF-8"):
        compare(*files, None, ES)
    files[0].write_bytes(b"\xef\xbb\xbfok\n\xff\n")
    with pytest.raises(InputError, match=r"h\.txt:2: not UTF-8 at byte 6; save it as UTF-8"):
        compare(*files, None, ES)
    with pytest.raises(InputError, match="No such file"):
        compare(tmp_path / "none.txt", files[1], None, ES)


def test_empty_files_hold_no_segments(files: tuple[Path, Path]) -> None:
    for path in files:
        path.write_bytes(b"")
    with pytest.raises(InputError, match="no segments"):
        compare(*files, None, ES)
