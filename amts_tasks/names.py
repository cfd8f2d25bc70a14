"""Every name AMTS gives, as pure functions of what is named: a retry that makes the same name finds what the first try
made.

Names that would break the service's patterns or lengths are shortened, and get a piece of their digest, so that two
different things never share one.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from amts_tasks.errors import InputError
from amts_tasks.languages import split_pair

RESOURCE_LENGTH = 256
"""Longest name of a parallel data, a terminology or a job (Amazon Translate's service model: ResourceName, JobName)."""

KEY_BYTES = 900
"""Longest key below the storage's prefix, in UTF-8 bytes: the service takes addresses of 1024 with bucket and prefix
(S3Uri)."""

REVISION_LENGTH = 12
"""Characters of a revision's id in keys and names."""

BRANCH_BYTES = 200
"""Longest name of a branch, in UTF-8 bytes: a ref is a file, whose name may have 255, with ``.lock`` added."""


def digest(value: Any) -> str:
    """The sha256, in hex, of a value of dicts, lists, tuples, text, numbers, bools and None, whatever the order of its
    keys.

    Raises TypeError for other types and ValueError for numbers that are not finite: JSON has no one form for them.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def client_token(*parts: Any) -> str:
    """An idempotency token of 64 characters for a request that is made of ``parts``."""
    return digest(list(parts))


def dag_id(pair: str) -> str:
    """``amts_en_zh-TW`` for the pair ``en-zh-TW``; raises InputError for what is no pair."""
    source, target = split_pair(pair)
    return f"amts_{source}_{target}"


def parallel_data_name(book: str, pair: str) -> str:
    """The pair's one parallel data: ``amts-d2l-en-zh``."""
    return _resource("amts", book, pair)


def terminology_name(book: str, pair: str) -> str:
    """The pair's one terminology: ``amts-d2l-en-zh``."""
    return _resource("amts", book, pair)


def job_name(book: str, pair: str, source_revision: str, digest: str, attempt: int) -> str:
    """The name a translation job is started under and found again by.

    ``digest`` is that of everything the job depends on; ``attempt`` counts the earlier jobs of the same name that ended
    FAILED or STOPPED, from 0.
    """
    return _resource("amts", book, pair, source_revision[:REVISION_LENGTH], digest[:32], str(attempt))


def run_prefix(book: str, pair: str, source: str, target: str) -> str:
    """``<book>/<pair>/<source12>-<target12>``, from the ids of the book's and the translation's revision."""
    return f"{book}/{pair}/{source[:REVISION_LENGTH]}-{target[:REVISION_LENGTH]}"


def step_key(prefix: str, step: str, name: str) -> str:
    """``<prefix>/<step>/<name>``, the key of an artefact; ``name`` may hold slashes but no empty part, ``.`` or ``..``.

    Raises InputError for such a name. A key that is too long keeps its beginning and its extension.
    """
    if not name or any(part in {"", ".", ".."} for part in name.split("/")):
        raise InputError(f"artefact: found the name {name!r}; expected a relative path without empty parts, . or ..")
    key = f"{prefix}/{step}/{name}"
    if len(key.encode()) <= KEY_BYTES:
        return key
    extension = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return _shortened(key, KEY_BYTES, "-" + digest(key)[:16] + (extension[0] if extension else ""))


def lease_key(book: str, pair: str) -> str:
    """The key of the object that the one run of a pair holds."""
    return f"{book}/{pair}/lease.json"


def branch(pair: str, chapter: str) -> str:
    """``amts/<pair>/<chapter>``: the branch that carries a chapter's changes.

    What git allows in no ref is left out of the chapter's name, which then ends in a piece of its digest.
    """
    name = re.sub(r"[\x00-\x20\x7f~^:?*\[\\]+|\.\.+|@\{", "-", chapter)
    name = "/".join(part.strip(".") or "-" for part in name.split("/") if part)
    name = re.sub(r"\.lock(?=/|$)", "-lock", name).strip("/").lstrip("-")
    if name != chapter or len(name.encode()) > BRANCH_BYTES:
        name = _shortened(name, BRANCH_BYTES, "-" + digest(chapter)[:8])
    return f"amts/{pair}/{name}"


def _resource(*parts: str) -> str:
    """The parts joined by hyphens, within the service's pattern ``^([A-Za-z0-9-]_?)+$`` and length."""
    plain = "-".join(parts)
    name = re.sub(r"[^A-Za-z0-9_-]", "-", plain)
    name = re.sub(r"^_+|_+(?=_)", "", name)
    return (
        name
        if name == plain and len(name) <= RESOURCE_LENGTH
        else _shortened(name, RESOURCE_LENGTH, "-" + digest(plain)[:16])
    )


def _shortened(text: str, limit: int, ending: str) -> str:
    """``text`` cut so that with ``ending`` it has at most ``limit`` UTF-8 bytes."""
    kept = text.encode("utf-8", "replace")[: limit - len(ending.encode())]
    return kept.decode("utf-8", "ignore").rstrip("_/. ") + ending
