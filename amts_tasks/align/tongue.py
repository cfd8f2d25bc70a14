"""Which of two languages a text is in, by the model inside py3langid (Lui and Baldwin 2012)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

LONGEST = 1000
"""Characters that are looked at."""


def share(text: str, language: str, other: str) -> float | None:
    """The probability (0–1) that the text is in `language`, if it is in that or in `other`.

    None where the model does not know both, or they are one to it (`zh` and `zh-TW`).
    """
    wanted, rival = language.partition("-")[0], other.partition("-")[0]
    identifier = _identifier(wanted, rival)
    if identifier is None:
        return None
    found, probability = identifier.classify(text[:LONGEST])
    return float(probability if found == wanted else 1 - probability)


@lru_cache(maxsize=64)
def _identifier(language: str, other: str) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if language == other or not {language, other} <= set(identifier.nb_classes):
        return None
    identifier.set_languages(sorted((language, other)))
    return identifier
