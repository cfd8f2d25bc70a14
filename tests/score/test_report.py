"""The report: what stands beside every number, and what is not given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amts_tasks.align import Bead
from amts_tasks.errors import InputError
from amts_tasks.languages import default_profile
from amts_tasks.score import Article, as_table, comparable, cut, make_report, score_article, scores_json
from amts_tasks.score.article import Cut
from amts_tasks.score.rows import Origin
from amts_tasks.text import parse
from amts_tasks.translate.service import Service

GOLDEN = Path(__file__).parents[1] / "golden" / "score"
ES = default_profile("es")
AWS = Service("aws", "123456789012", "us-east-1", "translate.us-east-1.amazonaws.com")
JOB = Service("aws", "123456789012", "us-east-1", "loopback", "engine: memory, lexicon")
BASELINE = Service("aws", "123456789012", "us-east-1", "loopback", "engine: dictionary")

REFERENCE = (
    "Una muestra aleatoria nos permite indicar el error de una estimación con $n$ datos.",
    "El error estándar disminuye con la raíz cuadrada del tamaño de la muestra.",
    "La muestra está sesgada en tres situaciones muy distintas.",
)
GOOD = (
    "Una muestra aleatoria nos permite dar el error de una estimación con $n$ datos.",
    "El error estándar disminuye con la raíz cuadrada del tamaño de la muestra.",
    "La muestra está sesgada en tres situaciones.",
)
POOR = ("A muestra random permite error $n$.", "El error standard raíz tamaño muestra.", "La sample sesgada tres.")


def of(answers: tuple[str, ...], path: str = "a.md") -> Cut:
    source, reference = (parse("\n\n".join(texts) + "\n", path) for texts in (("One.", "Two.", "Three."), REFERENCE))
    units = {f"{path}#{2 * number}.0": answer for number, answer in enumerate(answers)}
    return cut(source, reference, [Bead((i,), (i,)) for i in (0, 2, 4)], units)


def article(
    job: Service, baseline: Service | str, path: str = "chapter_sampling/bootstrap.md", origin: Origin = "human"
) -> Article:
    other = baseline if isinstance(baseline, str) else (of(POOR, path), baseline)
    return score_article(path, origin, (of(GOOD, path), job), other, ES)


def test_one_engine_gives_difference_and_p_value() -> None:
    made = make_report("en-es", [article(AWS, AWS)], reverse=False)
    row = json.loads(scores_json([made]))[0]["rows"][0]
    assert row["difference"]["as_is"][0]["value"] > 0.3
    assert 0 < row["difference"]["as_is"][0]["p"] <= 1
    assert row["with_parallel_data"]["as_is"][0]["p"] is not None
    assert made.notes == ()


def test_two_engines_give_no_difference_and_no_p_value_and_say_so() -> None:
    made = make_report("en-es", [article(JOB, BASELINE)], reverse=False)
    for row in json.loads(scores_json([made]))[0]["rows"]:
        assert row["difference"] is None
        for column in (row["with_parallel_data"], row["without_parallel_data"]):
            assert all(score["p"] is None for name in ("as_is", "without_protected") for score in column[name])
    assert "The two columns come from different engines: no difference and no p-value is given." in made.notes
    assert any("emulator" in note for note in made.notes)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (AWS, AWS, True),
        (AWS, Service("aws", "123456789012", "eu-west-1", "translate.eu-west-1.amazonaws.com"), False),
        (AWS, JOB, False),
        (JOB, BASELINE, False),
        (JOB, JOB, True),
        # An emulator that does not say which engine it used may have used another.
        (Service("aws", "", "us-east-1", "loopback"), Service("aws", "", "us-east-1", "loopback"), False),
    ],
)
def test_comparable(one: Service, other: Service, same: bool) -> None:
    assert comparable(one, other) is comparable(other, one) is same


def test_without_a_baseline_the_row_stays_with_the_reason() -> None:
    made = make_report("en-es", [article(JOB, "no baseline engine")], reverse=False)
    row = json.loads(scores_json([made]))[0]["rows"][0]
    assert row["without_parallel_data"] == {"reason": "no baseline engine"}
    assert row["difference"] is None
    assert row["with_parallel_data"]["as_is"][0]["value"] > 0.5
    assert "no baseline engine" in as_table(made)
    assert not any("different engines" in note for note in made.notes)


def test_an_average_lacks_the_baseline_that_one_article_lacks() -> None:
    articles = [article(AWS, AWS, "a.md"), article(AWS, "budget spent", "b.md")]
    average = make_report("en-es", articles, reverse=False).rows[-1]
    assert average.baseline == "budget spent"
    assert not average.comparable


def test_average_is_the_mean_of_the_articles_corpus_scores() -> None:
    worse = score_article("b.md", "post-edited", (of(POOR, "b.md"), AWS), (of(GOOD, "b.md"), AWS), ES)
    rows = make_report("en-es", [worse, article(AWS, AWS, "a.md")], reverse=False).rows
    assert [row.document for row in rows] == ["a.md", "b.md", "average"]
    for metric in range(3):
        values = [row.scores["as_is"][metric].value for row in rows]
        assert values[2] == pytest.approx((values[0] + values[1]) / 2)
    assert rows[2].segments == 6
    assert rows[2].origins == ("human", "post-edited")


def test_post_edited_references_and_reverse_direction_are_marked() -> None:
    made = make_report("zh-en", [article(AWS, AWS, origin="post-edited")], reverse=True)
    assert any("no independent references" in note for note in made.notes)
    assert any(note.startswith("Reverse direction") for note in made.notes)
    assert "zh-en (reverse direction)" in as_table(made)
    assert json.loads(scores_json([made]))[0]["reverse"] is True


def test_missing_answers_are_said() -> None:
    articles = [score_article("a.md", "human", (of(()), AWS), (of(GOOD[:2]), AWS), ES)]
    made = make_report("en-es", articles, reverse=False)
    (row, _) = json.loads(scores_json([made]))[0]["rows"]
    assert row["with_parallel_data"]["missing"] == 3
    assert row["without_parallel_data"]["missing"] == 1
    assert "Texts without an answer of the job, whose source text was scored: 3." in made.notes
    assert "Texts without an answer of the baseline, whose source text was scored: 1." in made.notes


def test_nothing_to_score_is_an_error() -> None:
    nothing = cut(parse("One.\n", "a.md"), parse("Una.\n", "a.md"), [Bead((0,), ()), Bead((), (0,))], {})
    with pytest.raises(InputError, match=r"a\.md: nothing of the reference aligns"):
        score_article("a.md", "human", (nothing, AWS), "none", ES)
    with pytest.raises(InputError, match="held_out"):
        make_report("en-es", [], reverse=False)


def test_columns_over_other_segments_are_refused() -> None:
    other = cut(parse("One.\n", "a.md"), parse("Una.\n", "a.md"), [Bead((0,), (0,))], {})
    with pytest.raises(InputError, match="other segments"):
        score_article("a.md", "human", (of(GOOD), AWS), (other, AWS), ES)


def test_json_is_the_same_for_the_same_scores_in_any_order() -> None:
    one = make_report("en-es", [article(AWS, AWS)], reverse=False, about={"book": "b"})
    other = make_report("en-pt", [article(AWS, AWS)], reverse=False, about={"book": "b"})
    assert scores_json([one, other]) == scores_json([other, one])
    (value,) = json.loads(scores_json([one]))
    assert value["book"] == "b"
    assert value["resampling"] == {"resamples": 1000, "seed": 12345, "interval": 0.95}


@pytest.mark.parametrize("width", [88, 100, 120, 200])
def test_table_keeps_to_its_width_and_cuts_no_number(width: int) -> None:
    long = article(JOB, "no baseline engine: Apertium is not installed", "chapter_x/" + "very-" * 20 + "[red]name.md")
    made = make_report("en-es", [long], reverse=False)
    printed = as_table(made, width)
    assert max(map(len, printed.split("\n"))) <= width
    assert "…" not in printed
    assert "\x1b" not in printed
    for score in made.rows[0].scores["as_is"]:
        assert score.signature in printed
        assert f"{score.value:.{3 if score.metric == 'BLEU' else 1}f} ±" in printed


def test_a_name_is_never_taken_for_markup() -> None:
    made = make_report("en-es", [article(JOB, "[bold]no[/bold]\nbaseline", "a[red].md")], reverse=False)
    printed = as_table(made, 200)
    assert "a[red].md" in printed
    assert "[bold]no[/bold] baseline" in printed


def test_table_is_the_golden_one() -> None:
    articles = [article(JOB, BASELINE), article(JOB, BASELINE, "chapter_streams/windows.md", "post-edited")]
    assert as_table(make_report("en-es", articles, reverse=False)) == (GOLDEN / "report.txt").read_text("utf-8")
