"""How a translation keeps its sources: in files beside its documents, or in comments in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from amts_tasks.books import Document
from amts_tasks.errors import Fault, TextError
from amts_tasks.sync.merged.weave import cleared
from amts_tasks.text import Form
from amts_tasks.text.document import form_of


def split_origins(documents: Iterable[Document], suffix: str) -> tuple[dict[str, str], dict[str, str]]:
    """Translated documents, and the origin files beside them by the translated document's path."""
    target: dict[str, str] = {}
    base: dict[str, str] = {}
    for document in documents:
        path = PurePosixPath(document.path)
        if path.stem.endswith(suffix):
            base[str(path.with_name(path.stem.removesuffix(suffix) + path.suffix))] = document.text
        else:
            target[document.path] = document.text
    return target, base


def taken_apart(
    documents: Iterable[Document], suffix: str
) -> tuple[dict[str, str], dict[str, str], dict[str, str], list[Fault]]:
    """Translations, what they were made from, and both as they stand, by the source's path; a document without any
    source in it has no base."""
    target: dict[str, str] = {}
    base: dict[str, str] = {}
    files: dict[str, str] = {}
    faults: list[Fault] = []
    for document in documents:
        if not PurePosixPath(document.path).stem.endswith(suffix):
            continue
        path = source_path(document.path, suffix)
        if form_of(path) is not Form.markdown:
            target[path] = document.text
            continue
        try:
            found = cleared(document.text, document.path)
        except TextError as error:
            faults.append(error.args[0])
            continue
        target[path], files[path] = found.target, document.text
        if found.comments:
            base[path] = found.source
    return target, base, files, faults


def source_path(path: str, suffix: str) -> str:
    """Where the source of a translated document stands: `a/foo_vn.md` and `_vn` give `a/foo.md`."""
    pure = PurePosixPath(path)
    return str(pure.with_name(pure.stem.removesuffix(suffix) + pure.suffix))
