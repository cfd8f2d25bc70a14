"""Words, and which of them translate which: models learnt from pairs, on NumPy and a word cutter alone."""

from amts_tasks.lexicon.links import Link, best, both
from amts_tasks.lexicon.model1 import NULL, WordTable, train
from amts_tasks.lexicon.words import Word, capital, cut, fold

__all__ = ["NULL", "Link", "Word", "WordTable", "best", "both", "capital", "cut", "fold", "train"]
