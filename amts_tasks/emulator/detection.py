"""The language of a text, for the source language ``auto``: by py3langid's character n-grams, not by Comprehend."""

from __future__ import annotations

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from amts_tasks.emulator.languages import LANGUAGES

_CODES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he"}
_SHOWN = 20_000
"""Characters looked at: more do not change the answer."""


def detect(text: str) -> tuple[str, float]:
    """(language code of the service, confidence 0 to 1); ``en`` with confidence 0 for a text without a letter."""
    if not any(character.isalpha() for character in text):
        return "en", 0.0
    for language, confidence in _identifier().rank(text[:_SHOWN])[:5]:
        code = _CODES.get(language, language)
        if code in LANGUAGES:
            return code, float(confidence)
    return "en", 0.0


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
