"""TranslateText, TranslateDocument and ListLanguages: the operations that answer at once."""

from __future__ import annotations

import base64
from typing import Any

from amts_tasks.emulator import detection, documents, inline, options, terminologies
from amts_tasks.emulator.damage import Damage
from amts_tasks.emulator.engines import EngineError, NoEngineError, Term
from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.languages import AUTO, LANGUAGES, require_pair, unsupported
from amts_tasks.emulator.paging import page
from amts_tasks.emulator.request import Request
from amts_tasks.emulator.service import Service
from amts_tasks.emulator.translator import Translator

TEXT_BYTES = 10_000
"""The longest text of TranslateText, in UTF-8 bytes."""
TERMS = 250
"""Most terms an answer lists."""


def translate_text(service: Service, request: Request) -> dict[str, Any]:
    """TranslateText, by the baseline engine of the pair; HTML in the text is honoured. ``_…`` is for the log."""
    text = request.parameters["Text"]
    size = len(text.encode())
    if size > TEXT_BYTES:
        limit = f"Max length of request text allowed is {TEXT_BYTES} bytes"
        why = f"Input text size exceeds limit. {limit} while in this request the text size is {size} bytes"
        raise AnswerError("TextSizeLimitExceededException", why)
    marked = inline.MARKUP.search(text) is not None
    document = documents.of_html(text, fragment=True) if marked else documents.of_plain(text)
    translated, answer = _translate(service, request, document)
    size = len(text) if service.switches.bill_markup else sum(part.letters for part in document.segments)
    return answer | {"TranslatedText": translated, "_characters": _charged(size, answer)}


def translate_document(service: Service, request: Request) -> dict[str, Any]:
    """TranslateDocument, for text/html and text/plain; English is the source or the target."""
    given = request.parameters
    source, target = given["SourceLanguageCode"], given["TargetLanguageCode"]
    content_type = given["Document"]["ContentType"]
    if content_type == documents.DOCX:
        raise AnswerError("InvalidRequestException", "The emulator does not read office documents, such as docx.")
    if content_type not in documents.CONTENT_TYPES[:2]:
        why = f"Found content type {content_type}; expected one of: text/html, text/plain, {documents.DOCX}."
        raise AnswerError("InvalidRequestException", why)
    options.refuse_brevity(given.get("Settings"), "TranslateDocument")
    content = base64.b64decode(given["Document"]["Content"])
    try:
        document = documents.read(content, content_type, service.switches)
    except documents.DocumentError as error:
        raise AnswerError("InvalidRequestException", f"{error}.") from None
    if "en" not in {source, target} and source != AUTO:
        raise unsupported(source, target, "English must be the source or the target language of a document")
    text, answer = _translate(service, request, document)
    size = documents.billed(document, service.switches.bill_protected)
    shown = {"Content": base64.b64encode(text.encode()).decode()}
    return answer | {"TranslatedDocument": shown, "_characters": _charged(size, answer)}


def list_languages(service: Service, request: Request) -> dict[str, Any]:
    """ListLanguages; the names are the English ones whatever language is asked for."""
    display = request.parameters.get("DisplayLanguageCode") or "en"
    rows = [("auto", "Auto"), *LANGUAGES.items()]
    shown, token = page(rows, request, lambda row: row[0], 500)
    languages = [{"LanguageName": name, "LanguageCode": code} for code, name in shown]
    answer: dict[str, Any] = {"Languages": languages, "DisplayLanguageCode": display}
    return answer | ({"NextToken": token} if token else {})


def _translate(service: Service, request: Request, document: documents.Readable) -> tuple[str, dict[str, Any]]:
    """The translated text, and the members both operations answer with."""
    given = request.parameters
    source, target = given["SourceLanguageCode"], given["TargetLanguageCode"]
    require_pair(source, target)
    names = given.get("TerminologyNames") or []
    if len(names) > 1:
        raise AnswerError("InvalidRequestException", "Only one terminology is allowed in a request.")
    held = [terminologies.require(service, request.region, name) for name in names]
    if source == AUTO:
        source = _detected(service, request, document)
    terms: tuple[Term, ...] = ()
    for one in held:
        terms = terminologies.of_pair(service, one.file, f"{one.format} {one.directionality}", source, target)
    try:
        engine = service.engines.baseline(source, target)
    except NoEngineError as error:
        raise unsupported(source, target, str(error)) from None
    translator = Translator(engine, source, target, terms=terms)
    damage = None
    if request.strike.damage:
        damage = Damage(request.strike.damage, f"{service.seed}:{request.operation}:{_identity(document)}:{target}")
    try:
        text = document.render(translator.translate(document.segments), target, damage)
    except EngineError as error:
        raise AnswerError("InternalServerException", f"{error}.") from None
    answer: dict[str, Any] = {"_engine": engine.name, "SourceLanguageCode": source, "TargetLanguageCode": target}
    if names:
        found = [{"SourceText": term, "TargetText": shown} for term, shown in list(translator.applied.items())[:TERMS]]
        answer["AppliedTerminologies"] = [{"Name": names[0], "Terms": found}] if found else []
    if given.get("Settings"):
        answer["AppliedSettings"] = options.applied(given["Settings"], source, [target])
    return text, answer


def _identity(document: documents.Readable) -> str:
    """What tells two documents apart for the seed of damage."""
    return "\n".join(segment.text for segment in document.segments)


def _detected(service: Service, request: Request, document: documents.Readable) -> str:
    language, confidence = detection.detect(" ".join(segment.text for segment in document.segments))
    if confidence < service.switches.least_confidence:
        if request.operation != "TranslateText":
            raise AnswerError("InvalidRequestException", "The language of the document could not be detected.")
        why = f"The language was detected as {language} with low confidence ({confidence:.2f})."
        raise AnswerError("DetectedLanguageLowConfidenceException", why, DetectedLanguageCode=language)
    return language


def _charged(characters: int, answer: dict[str, Any]) -> int:
    """Where source and target are the same language nothing is charged."""
    return 0 if answer["SourceLanguageCode"] == answer["TargetLanguageCode"] else characters
