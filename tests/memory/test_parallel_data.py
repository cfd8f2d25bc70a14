"""The service's rules for parallel data, and the account of what was left out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amts_tasks.align import Pair
from amts_tasks.emulator import parallel_file
from amts_tasks.emulator.switches import Switches
from amts_tasks.languages import default_profile
from amts_tasks.memory import Entry, ParallelData, build, summary
from amts_tasks.memory.parallel_file import difference, several, written

EN, ZH = default_profile("en"), default_profile("zh-TW")


def pair(source: str, target: str, document: str = "a.md", kind: str = "paragraph", score: float = 0.95) -> Pair:
    grain = "sentence" if kind == "sentence" else "paragraph"
    return Pair(document, 0, len(source), 0, len(target), grain, score, "anchor", source, target)  # type: ignore[arg-type]


def rows(data: ParallelData) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.csv.decode(), newline="")))[1:]


LOSS = pair("The loss falls quickly.", "损失下降得很快。")
RATE = pair("The learning rate is small.", "学习率很小。")


def test_the_header_holds_the_services_codes() -> None:
    data = build([LOSS], EN, ZH)
    assert data.csv == "en,zh-TW\nThe loss falls quickly.,损失下降得很快。\n".encode()
    assert data.rows == 1
    assert len(data.digest) == 64


def test_lines_and_quotes() -> None:
    data = build([pair('The "loss",\n  it falls\x00.\u2028Now.', "“损失”，它在下降。现在。")], EN, ZH)
    assert data.csv.decode().split("\n")[1] == '"The ""loss"", it falls. Now.",“损失”，它在下降。现在。'


@pytest.mark.parametrize("start", "+-=@")
def test_a_field_does_not_start_with_a_formula(start: str) -> None:
    data = build([LOSS, replace(LOSS, source=f" {start} The gain rises.")], EN, ZH)
    assert rows(data) == [[LOSS.source, LOSS.target]]
    assert data.reasons == {"starts with + - = @": 1}


LONG = [f"Sentence number {i} of this paragraph is about the value {i} of `x{i}` and little else." for i in range(20)]
LANG = [f"本段的第{i}句只讲`x{i}`的值{i}，别的很少提到。" for i in range(20)]


def test_a_long_paragraph_is_cut_into_its_sentences() -> None:
    data = build([pair(" ".join(LONG), "".join(LANG))], EN, ZH)
    assert rows(data) == [list(both) for both in zip(LONG, LANG, strict=True)]
    assert data.reasons == {"cut into sentences": 1}


def test_a_long_sentence_is_left_out_and_counted() -> None:
    data = build([LOSS, pair("word and word, " * 80 + "end.", "词和词，" * 80 + "完。")], EN, ZH)
    assert data.rows == 1
    assert data.reasons == {"over 1,000 bytes": 1}


def test_bytes_count_and_not_characters() -> None:
    data = build([pair("A sentence of some length, and with a clause. " * 9 + "x", "长" * 334)], EN, ZH)
    assert data.reasons.keys() == {"over 1,000 bytes"}


def test_granularity() -> None:
    two = pair("We met it in `a`. It has 7 parts.", "我们在`a`中见过它。它有7个部分。")
    assert [row[0] for row in rows(build([two], EN, ZH))] == [two.source]
    cut = ["We met it in `a`.", "It has 7 parts."]
    assert [row[0] for row in rows(build([two], EN, ZH, granularity="sentence"))] == cut
    assert [row[0] for row in rows(build([two], EN, ZH, granularity="both"))] == [two.source, *cut]


def test_of_one_source_the_wanted_target_stays() -> None:
    often = [pair("Exercises", "练习", f"{i}.md") for i in range(2)]
    data = build([*often, pair("Exercises", "习题", "z.md", score=1.0)], EN, ZH)
    assert rows(data) == [["Exercises", "练习"]]
    assert data.reasons == {"repeated": 1, "same source, another row wanted": 1}
    better = build([pair("Summary", "小结", score=0.9), pair("Summary", "总结", score=0.99), LOSS], EN, ZH)
    assert rows(better)[0] == ["Summary", "总结"]
    last = build([pair("Summary", "小结"), pair("Summary", "总结")], EN, ZH)
    assert rows(last) == [["Summary", "总结"]]


def test_held_out_documents_and_what_is_near_them_stay_out() -> None:
    test = pair(
        "Softmax turns scores into probabilities. It is smooth everywhere.", "它将分数变为概率。它处处光滑。", "test.md"
    )
    near = pair("Softmax turns the scores into probabilities; it is smooth everywhere.", "它将分数变为概率，处处光滑。")
    part = pair("Recall one fact that we have seen. It is smooth everywhere.", "回想一个见过的事实。它处处光滑。")
    data = build([near, test, part, LOSS], EN, ZH, held_out={"test.md"})
    assert rows(data) == [[LOSS.source, LOSS.target]]
    assert data.reasons == {"near a held-out text": 2, "held out": 1}
    assert build([near, LOSS], EN, ZH, held_out_texts=[test.source]).rows == 1


def test_machine_text_is_never_learnt_from() -> None:
    data = build([Entry(LOSS, "machine", "machine", ""), Entry(RATE, "approved", "machine", "")], EN, ZH)
    assert rows(data) == [[RATE.source, RATE.target]]
    assert data.reasons == {"machine text": 1}


def test_the_form_decides_what_stands_in_the_file() -> None:
    data = build([pair("Call `f`.", "调用`f`。")], EN, ZH, form=lambda text: text.replace("`", "|"))
    assert rows(data) == [["Call |f|.", "调用|f|。"]]


def test_the_summary_tells_all() -> None:
    data = build([LOSS, LOSS, pair("", "空", "b.md")], EN, ZH)
    assert summary(data).split("\n")[1:] == [
        "left out",
        "        1  empty",
        "             b.md: ",
        "        1  repeated",
        "             a.md: The loss falls quickly.",
        "",
    ]
    assert summary(build([LOSS], EN, ZH)).endswith("0  nothing\n")


word = st.text("ab 中。.`$+=\n\"',é", max_size=40)


@given(st.lists(st.tuples(word, word), max_size=6), st.sampled_from(("paragraph", "sentence", "both")))
@settings(deadline=None)
def test_the_rules_hold_for_any_text(sides: list[tuple[str, str]], granularity: str) -> None:
    data = build([pair(*side) for side in sides], EN, ZH, granularity=granularity)  # type: ignore[arg-type]
    found = rows(data)
    assert len(found) == data.rows == len({row[0] for row in found})
    assert data.csv.count(b"\n") == data.rows + 1
    for field in (field for row in found for field in row):
        assert field.strip() == field != ""
        assert len(field.encode()) <= 1000
        assert not field.startswith(("+", "-", "=", "@"))


def test_former_pairs_come_first_and_only_where_nothing_stands() -> None:
    def entry(source: str, target: str, state: str = "human") -> Entry:
        return Entry(pair(source, target), state, "human", source)  # type: ignore[arg-type]

    former = [
        entry("The loss fell.", "损失下降了。"),
        entry(LOSS.source, "旧。"),
        entry("By machine.", "机器。", "machine"),
    ]
    data = build([LOSS, RATE], EN, ZH, former=former)
    assert rows(data) == [["The loss fell.", "损失下降了。"], [LOSS.source, LOSS.target], [RATE.source, RATE.target]]
    assert data.reasons == {"machine text": 1, "same source, another row wanted": 1}


def test_a_tmx_takes_what_a_table_may_not_hold() -> None:
    data = build([LOSS, replace(LOSS, source="- The gain rises.")], EN, ZH)
    assert data.texts == ((LOSS.source, LOSS.target), ("- The gain rises.", LOSS.target))
    for form, count in (("csv", 1), ("tsv", 1), ("tmx", 2)):
        file = written(data.texts, ("en", "zh-TW"), form)  # type: ignore[arg-type]
        found = parallel_file.read(file, form.upper(), Switches())
        assert (len(found.records), found.failed, found.skipped) == (count, 0, 0)


def test_several_targets_share_a_row() -> None:
    data = several("en", {"es": [("A", "a"), ("B", "b")], "zh": [("B", "乙"), ("C", "丙")]})
    assert data.decode() == "en,es,zh\nA,a,\nB,b,乙\nC,,丙\n"
    found = parallel_file.read(data, "CSV", Switches())
    assert found.records == {"A": {"es": "a"}, "B": {"es": "b", "zh": "乙"}, "C": {"zh": "丙"}}


def test_a_difference_tells_what_came_went_and_changed() -> None:
    found = difference([("A", "a"), ("B", "b"), ("C", "c")], [("C", "c"), ("B", "bb"), ("D", "d")])
    assert (found.added, found.removed, found.changed, found.same) == (
        (("D", "d"),),
        (("A", "a"),),
        (("B", "b", "bb"),),
        1,
    )
    assert found.table().split("\n")[0] == "1 added, 1 removed, 1 changed, 1 same"
    assert "         - b\n         + bb" in found.table()


@given(st.lists(st.tuples(word, word, st.sampled_from(("human", "approved", "machine"))), max_size=8))
@settings(deadline=None, max_examples=50)
def test_no_machine_text_is_ever_handed_on(found: list[tuple[str, str, str]]) -> None:
    entries = [Entry(pair(a, f"{b} {number}"), state, "human", a) for number, (a, b, state) in enumerate(found)]  # type: ignore[arg-type]
    data = build(entries[::2], EN, ZH, former=entries[1::2], granularity="both")
    told = {target for _, target in data.texts}
    assert not told & {" ".join(entry.pair.target.split()) for entry in entries if entry.state == "machine"}
