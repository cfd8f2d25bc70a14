"""The languages Amazon Translate lists (developer guide and service documentation, read 22 November 2026)."""

from __future__ import annotations

from amts_tasks.emulator.errors import AnswerError

_LANGUAGES = (
    "af:Afrikaans|sq:Albanian|am:Amharic|ar:Arabic|hy:Armenian|az:Azerbaijani|bn:Bengali|bs:Bosnian|bg:Bulgarian|"
    "ca:Catalan|zh:Chinese (Simplified)|zh-TW:Chinese (Traditional)|hr:Croatian|cs:Czech|da:Danish|fa-AF:Dari|"
    "nl:Dutch|en:English|et:Estonian|fa:Farsi (Persian)|tl:Filipino, Tagalog|fi:Finnish|fr:French|"
    "fr-CA:French (Canada)|ka:Georgian|de:German|el:Greek|gu:Gujarati|ht:Haitian Creole|ha:Hausa|he:Hebrew|"
    "hi:Hindi|hu:Hungarian|is:Icelandic|id:Indonesian|ga:Irish|it:Italian|ja:Japanese|kn:Kannada|kk:Kazakh|"
    "ko:Korean|lv:Latvian|lt:Lithuanian|mk:Macedonian|ms:Malay|ml:Malayalam|mt:Maltese|mr:Marathi|mn:Mongolian|"
    "no:Norwegian|ps:Pashto|pl:Polish|pt:Portuguese (Brazil)|pt-PT:Portuguese (Portugal)|pa:Punjabi|ro:Romanian|"
    "ru:Russian|sr:Serbian|si:Sinhala|sk:Slovak|sl:Slovenian|so:Somali|es:Spanish|es-MX:Spanish (Mexico)|"
    "sw:Swahili|sv:Swedish|ta:Tamil|te:Telugu|th:Thai|tr:Turkish|uk:Ukrainian|ur:Urdu|uz:Uzbek|vi:Vietnamese|"
    "cy:Welsh"
)
LANGUAGES: dict[str, str] = {code: name for code, _, name in (row.partition(":") for row in _LANGUAGES.split("|"))}
"""Code → English name, in the order of the names; 75 of them, besides the pseudo-source ``auto``."""


AUTO = "auto"
"""The source language that stands for: find out."""


def require_pair(source: str, target: str) -> None:
    """Raises UnsupportedLanguagePairException for a code the service does not have."""
    known = {"Source": source == AUTO or source in LANGUAGES, "Target": target in LANGUAGES}
    for role, code in (("Source", source), ("Target", target)):
        if not known[role]:
            raise unsupported(source, target, f"{role} language '{code}' is not supported")


def unsupported(source: str, target: str, why: str) -> AnswerError:
    """UnsupportedLanguagePairException, with both codes as members."""
    return AnswerError(
        "UnsupportedLanguagePairException",
        f"Unsupported language pair: {source} to {target}. {why}",
        SourceLanguageCode=source,
        TargetLanguageCode=target,
    )
