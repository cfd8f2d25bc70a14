"""TranslateText and ListLanguages: the operations that answer at once."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator import documents, inline, terminologies
from amts_tasks.emulator.engines import NoEngineError, Term
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.languages import LANGUAGES, require_pair
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.translator import Translator

TEXT_BYTES = 10_000
"""The longest text of TranslateText, in UTF-8 bytes."""


def translate_text(service: Service, request: Request) -> dict[str, Any]:
    """TranslateText, by the baseline engine of the pair; HTML in the text is honoured. ``_engine`` is for the log."""
    given = request.parameters
    text, source, target = given["Text"], given["SourceLanguageCode"], given["TargetLanguageCode"]
    size = len(text.encode())
    if size > TEXT_BYTES:
        limit = f"Max length of request text allowed is {TEXT_BYTES} bytes"
        why = f"Input text size exceeds limit. {limit} while in this request the text size is {size} bytes"
        raise AnswerError("TextSizeLimitExceededException", why)
    require_pair(source, target)
    names = given.get("TerminologyNames") or []
    if len(names) > 1:
        raise AnswerError("InvalidRequestException", "Only one terminology is allowed in a request.")
    terms: tuple[Term, ...] = ()
    for name in names:
        held = terminologies.require(service, request.region, name)
        terms = terminologies.terms(service.file(held.file), held.format, source, target, held.directionality)
    try:
        engine = service.engines.baseline(source, target)
    except NoEngineError as error:
        raise AnswerError(
            "UnsupportedLanguagePairException",
            f"Unsupported language pair: {source} to {target}. {error}",
            SourceLanguageCode=source,
            TargetLanguageCode=target,
        ) from None
    translator = Translator(engine, source, target, terms=terms)
    marked = inline.MARKUP.search(text) is not None
    document = documents.of_html(text, fragment=True) if marked else documents.of_plain(text)
    answer: dict[str, Any] = {
        "_engine": engine.name,
        "TranslatedText": document.render(translator.translate(document.segments)),
        "SourceLanguageCode": source,
        "TargetLanguageCode": target,
    }
    if names:
        found = [{"SourceText": term, "TargetText": shown} for term, shown in list(translator.applied.items())[:250]]
        answer["AppliedTerminologies"] = [{"Name": names[0], "Terms": found}] if found else []
    if given.get("Settings"):
        answer["AppliedSettings"] = {}
    return answer


def list_languages(service: Service, request: Request) -> dict[str, Any]:
    """ListLanguages; the names are the English ones whatever language is asked for."""
    display = request.parameters.get("DisplayLanguageCode") or "en"
    rows = [("auto", "Auto"), *LANGUAGES.items()]
    shown, token = page(rows, request, lambda row: row[0], 500)
    languages = [{"LanguageName": name, "LanguageCode": code} for code, name in shown]
    answer: dict[str, Any] = {"Languages": languages, "DisplayLanguageCode": display}
    return answer | ({"NextToken": token} if token else {})
