"""The keyword arguments of every call AMTS makes to Amazon Translate, as plain dicts: built here, sent by ``caller``.

A request crosses from the ``upload`` step to the operators through XCom, so all but the terminology's are JSON-able.
Client tokens are pure functions of what is asked for: the same request sent twice is one import or one job.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Request = dict[str, Any]

DESCRIPTION_CHARACTERS = 256
"""Longest Description the service takes (service model of botocore 1.43.117)."""
TEXT_BYTES = 10_000
"""Longest text of TranslateText in UTF-8 bytes (service model: characters; its guide, read 2026-11-22: bytes)."""
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_ATTEMPT = re.compile(r"-(\d{1,4})$")


def token(*parts: str) -> str:
    """A client token (64 hex digits) that is the same whenever the parts are."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def describe(text: str, digest: str) -> str:
    """A Description that people can read and that holds the content's digest (sha256, 64 hex digits)."""
    mark = f"sha256:{digest}"
    room = DESCRIPTION_CHARACTERS - len(mark) - 1
    return f"{text[:room].rstrip()} {mark}".lstrip()


def digest_of(description: str | None) -> str | None:
    """The content digest that ``describe`` put into a Description, or None where there is none."""
    found = _DIGEST.search(description or "")
    return found.group(1) if found else None


def create_parallel_data(name: str, s3_uri: str, digest: str, about: str = "", form: str = "CSV") -> Request:
    """CreateParallelData of the file at ``s3_uri`` (``form`` CSV, TSV or TMX), whose content has this sha256."""
    return {
        "Name": name,
        "Description": describe(about, digest),
        "ParallelDataConfig": {"S3Uri": s3_uri, "Format": form},
        "ClientToken": token("create", name, s3_uri, digest),
    }


def update_parallel_data(create: Mapping[str, Any], seen: str = "") -> Request:
    """UpdateParallelData with the content of a create request; ``seen`` is the state on which it was decided."""
    return {
        "Name": create["Name"],
        "Description": create["Description"],
        "ParallelDataConfig": dict(create["ParallelDataConfig"]),
        "ClientToken": token("update", create["ClientToken"], seen),
    }


def terminology_csv(source: str, target: str, terms: Iterable[tuple[str, str]]) -> bytes:
    """A terminology file: a header of the two service language codes, then one (source, target) term a line, sorted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((source, target))
    writer.writerows(sorted(set(terms)))
    return out.getvalue().encode()


def import_terminology(name: str, file: bytes, about: str = "") -> Request:
    """ImportTerminology (create or overwrite) of a CSV file; its digest stands in the Description."""
    return {
        "Name": name,
        "MergeStrategy": "OVERWRITE",
        "Description": describe(about, hashlib.sha256(file).hexdigest()),
        "TerminologyData": {"File": file, "Format": "CSV", "Directionality": "UNI"},
    }


def start_text_translation_job(
    name: str,
    input_uri: str,
    output_uri: str,
    role_arn: str,
    source: str,
    target: str,
    *,
    terminology: str | None = None,
    parallel_data: str | None = None,
    formality: str | None = None,
    content_type: str = "text/html",
) -> Request:
    """StartTextTranslationJob of the folder ``input_uri``; ``source`` and ``target`` are the service's codes."""
    request: Request = {
        "JobName": name,
        "InputDataConfig": {"S3Uri": input_uri, "ContentType": content_type},
        "OutputDataConfig": {"S3Uri": output_uri},
        "DataAccessRoleArn": role_arn,
        "SourceLanguageCode": source,
        "TargetLanguageCodes": [target],
        "ClientToken": token("start", name, input_uri, output_uri),
    }
    if terminology:
        request["TerminologyNames"] = [terminology]
    if parallel_data:
        request["ParallelDataNames"] = [parallel_data]
    if formality:
        request["Settings"] = {"Formality": formality}
    return request


def renamed(request: Mapping[str, Any], name: str) -> Request:
    """The same job under another name, with the token that belongs to it."""
    uris = (request["InputDataConfig"]["S3Uri"], request["OutputDataConfig"]["S3Uri"])
    return {**request, "JobName": name, "ClientToken": token("start", name, *uris)}


def attempt_names(first: str) -> Callable[[int], str]:
    """From the name of a job's first attempt those of all, by the number of earlier ones.

    ``attempt_names("x-0")(2)`` is ``"x-2"``; a name without a number gets one from the second attempt on.
    """
    number = _ATTEMPT.search(first)
    stem, count = (first[: number.start()], int(number[1])) if number else (first, 0)
    return lambda earlier: f"{stem}-{count + earlier}" if earlier else first


def translate_text(
    text: str, source: str, target: str, *, terminology: str | None = None, formality: str | None = None
) -> Request:
    """TranslateText of at most 10,000 UTF-8 bytes; it takes no parallel data, which is why it is the baseline."""
    request: Request = {"Text": text, "SourceLanguageCode": source, "TargetLanguageCode": target}
    if terminology:
        request["TerminologyNames"] = [terminology]
    if formality:
        request["Settings"] = {"Formality": formality}
    return request
