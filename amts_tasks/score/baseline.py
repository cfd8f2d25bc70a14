"""What the baseline (TranslateText, without parallel data) answered before: text by a key of all that it depends on.

The same test documents are scored again whenever the parallel data changes; the baseline does not change with it, and
need not be bought again. It does depend on the service itself, so the service's identity is in the key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from amts_tasks.errors import StorageError
from amts_tasks.names import digest
from amts_tasks.translate.service import Service

VERSION = 1


def key(text: str, source_language: str, target_language: str, settings: Mapping[str, Any], service: Service) -> str:
    """The key of one answer, 64 hex digits.

    ``text`` is what is sent, byte for byte; the languages are the service's codes; ``settings`` is everything else that
    changes the answer (formality, the terminology's digest, the content type), of JSON's types.
    """
    # The message is in it for an emulator's sake: with another engine it is another service at the same place.
    identity = [service.key, service.message]
    return digest([VERSION, identity, source_language, target_language, dict(settings), text])


def read(data: bytes, name: str = "baseline") -> dict[str, str]:
    """The answers by their keys, from ``write``'s bytes; raises StorageError, naming ``name``, for anything else."""
    try:
        found = json.loads(data)
        version, answers = found["version"], found["answers"]
    except (ValueError, KeyError, TypeError):
        raise StorageError(f"{name}: found no baseline answers; expected JSON with version and answers") from None
    if version != VERSION:
        raise StorageError(f"{name}: found version {version!r}; expected {VERSION}; remove it, it is only a cache")
    if not isinstance(answers, dict) or not all(isinstance(text, str) for text in answers.values()):
        raise StorageError(f"{name}: found answers that are no texts; remove it, it is only a cache")
    return answers


def write(answers: Mapping[str, str]) -> bytes:
    """The answers as JSON in UTF-8; the same answers give the same bytes, in whatever order they came."""
    value = {"version": VERSION, "answers": dict(answers)}
    return (json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()
