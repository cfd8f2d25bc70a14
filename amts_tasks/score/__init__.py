"""Translations and references → scores → report.

``cut`` makes the segments of a test document, ``score_article`` measures them, ``make_report`` makes the rows,
``as_table`` and ``scores_json`` print them; ``corpus`` scores any two texts.
"""

from amts_tasks.score.article import Cut, Group, cut
from amts_tasks.score.metrics import Score, corpus
from amts_tasks.score.report import Report, make_report, scores_json
from amts_tasks.score.rows import Article, Row, comparable, score_article
from amts_tasks.score.table import as_table

__all__ = [
    "Article",
    "Cut",
    "Group",
    "Report",
    "Row",
    "Score",
    "as_table",
    "comparable",
    "corpus",
    "cut",
    "make_report",
    "score_article",
    "scores_json",
]
