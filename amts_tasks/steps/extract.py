"""``extract``: the documents of both books at the run's revisions, as artefacts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from amts_tasks import names
from amts_tasks.books import Book, Document, Revision, open_book
from amts_tasks.config import DOCUMENTS, matches
from amts_tasks.counts import counted
from amts_tasks.errors import BookError, Fault
from amts_tasks.steps.aside import behind, damaged
from amts_tasks.steps.found.inference import infer_bases, renamed
from amts_tasks.steps.layout import source_path, split_origins, taken_apart
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import laid_over, shelf
from amts_tasks.sync.lineage.inference import SURE


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents by path, as the later steps see them."""

    source: Mapping[str, str]
    """The text to be translated, at its new revision."""
    base: Mapping[str, str]
    """What each translated document was made from."""
    target: Mapping[str, str]
    """The translated documents."""
    gone: Mapping[str, str]
    """Paths of translated documents that the source no longer has at all, each with where its history says that the
    document stands now; empty for nowhere."""
    held: Mapping[str, tuple[str, str]]
    """The held-out documents: what each reference was made from, and the reference."""
    merged: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """What documents were made from and their text on the default branch, where what waits on a branch of ours differs:
    human text that a branch replaces is still worth learning from."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The translated documents as their files hold them, where these hold the source too, in comments."""


def extract(run: Run, resolved: dict[str, Any]) -> dict[str, Any]:
    """Writes the texts and the list of documents set aside; returns counts and keys.

    A document that cannot be read (not UTF-8, a NUL, a link) is set aside with a fault and named; a missing
    evaluation document raises BookError, because a score without it would be another score.
    """
    hold(run)
    for place in [place for place in run.memo if place[0]]:
        del run.memo[place]
    texts, faults, lacking = _texts(run, resolved)
    if resolved["evaluate"]:
        _insist_on_held_out(run, texts, faults)
    for path in [path for path in run.settings.held_out if path not in texts.held]:
        run.say(
            f"held out: {path} is not in the translation; if it was renamed, correct the path in the configuration: "
            "its text is recognised and left out of the parallel data, but not scored"
        )
    if not any(asked_for(run, path) for path in texts.source):
        globs = run.params.documents or run.globs[0]
        raise BookError(
            f"{run.config.path}: pairs.{run.pair}: no document that can be read matches {', '.join(globs)} at "
            f"revision {resolved['source'][:12]}; correct the patterns or the revision"
        )
    for name in ("source", "base", "target"):
        files = texts.files if name == "target" else {}
        rows: Iterable[dict[str, str]] = (
            {"path": path, "text": text} | ({"file": files[path]} if path in files else {})
            for path, text in sorted(getattr(texts, name).items())
        )
        run.storage.put_rows(run.key(resolved, "extract", f"{name}.jsonl.gz"), rows)
    empty = sorted(path for path, text in texts.source.items() if not text.strip())
    rows = ({"path": path, "base": base, "target": target} for path, (base, target) in sorted(texts.held.items()))
    run.storage.put_rows(run.key(resolved, "extract", "held.jsonl.gz"), rows)
    rows = ({"path": path, "base": base, "target": target} for path, (base, target) in sorted(texts.merged.items()))
    run.storage.put_rows(run.key(resolved, "extract", "merged.jsonl.gz"), rows)
    run.storage.put_json(run.key(resolved, "extract", "gone.json"), dict(texts.gone))
    report = {"set_aside": [str(fault) for fault in faults], "empty": empty, "behind": dict(sorted(lacking.items()))}
    run.storage.put_json(run.key(resolved, "extract", "report.json"), report)
    for fault in faults:
        run.say(f"set aside: {fault}")
    for path in empty:
        run.say(f"{path}: empty in the source; carried over as it is")
    run.say(
        f"read {counted(len(texts.source), 'document')}, {counted(len(texts.target), 'translated one')}; "
        f"{len(faults)} set aside"
    )
    return {
        "source": len(texts.source),
        "base": len(texts.base),
        "target": len(texts.target),
        "set_aside": len(faults),
    }


def set_aside(run: Run, resolved: dict[str, Any]) -> tuple[str, ...]:
    """The documents that ``extract`` left alone, and why: one line each, which begins with the path."""
    report = run.storage.get_json(run.key(resolved, "extract", "report.json"))
    return tuple(report["set_aside"])


def asked_for(run: Run, path: str) -> bool:
    """Whether this run is to bring a document up to date; memory and references come from the others too."""
    return not run.params.documents or matches(path, run.params.documents)


def texts_of(run: Run, resolved: dict[str, Any]) -> Texts:
    """What ``extract`` wrote; StorageError when it did not run."""
    return run.remembered(resolved, "texts", lambda: _read(run, resolved))


def _read(run: Run, resolved: dict[str, Any]) -> Texts:
    rows = {
        name: list(run.storage.get_rows(run.key(resolved, "extract", f"{name}.jsonl.gz")))
        for name in ("source", "base", "target")
    }
    read = {name: {row["path"]: row["text"] for row in some} for name, some in rows.items()}
    files = {row["path"]: row["file"] for row in rows["target"] if "file" in row}
    gone = run.storage.get_json(run.key(resolved, "extract", "gone.json"))
    held, merged = (
        {
            row["path"]: (row["base"], row["target"])
            for row in run.storage.get_rows(run.key(resolved, "extract", f"{name}.jsonl.gz"))
        }
        for name in ("held", "merged")
    )
    return Texts(read["source"], read["base"], read["target"], gone, held, merged, files)


def _texts(run: Run, resolved: dict[str, Any]) -> tuple[Texts, tuple[Fault, ...], dict[str, int]]:
    config, settings = run.config, run.settings
    translation = settings.translation
    cache = run.folder
    translated = open_book(translation.place, cache)
    shelf_revision = translated.revision(revision=resolved["source" if settings.reverse else "target"])
    snapshot = translated.snapshot(shelf_revision, _patterns(run))
    faults = list(snapshot.faults)
    merged = {document.path: document for document in snapshot.documents}
    book = open_book(config.book.place, cache)

    files: dict[str, str] = {}
    unreadable: set[str] = set()

    def sides(documents: Mapping[str, Document]) -> tuple[dict[str, str], dict[str, str]]:
        if translation.layout == "origin":
            target, base = split_origins(documents.values(), translation.origin_suffix)
            # A missing origin file is made up for only where nothing else could have been in it, and not for a score.
            lacking = {path: text for path, text in target.items() if path not in {*base, *settings.held_out}}
            found, rows, _ = infer_bases(run, resolved, lacking) if lacking else ({}, [], [])
            sure = [row for row in rows if row["document"] in found and row["confidence"] >= SURE]
            run.storage.put_json(run.key(resolved, "extract", "inferred.json"), sure)
            return target, base | {row["document"]: found[row["document"]] for row in sure}
        if translation.layout == "interleaved":
            target, base, wholes, torn = taken_apart(documents.values(), translation.suffix)
            files.clear()
            files.update(wholes)
            faults.extend(torn)
            return target, base
        target = {path: document.text for path, document in documents.items()}
        base, more = _bases(run, book, resolved, target)
        faults.extend(more)
        return target, base

    target, base = sides(merged)
    # References are what the translation's maintainers have taken over: nothing that waits on a branch of ours.
    held = {path: (base[path], target[path]) for path in settings.held_out if path in base and path in target}
    if settings.reverse:
        held = {path: (theirs, ours) for path, (ours, theirs) in held.items()}
        texts = Texts(source=target, base=target, target=base, gone={}, held=held)
    else:
        laid, more = laid_over(run, shelf(run, shelf_revision, resolved), merged)
        faults += more
        on_main = {path: (base[path], text) for path, text in target.items() if path in base}
        target, base = sides(laid)
        replaced = {path: both for path, both in on_main.items() if both != (base.get(path), target.get(path))}
        current = book.snapshot(book.revision(revision=resolved["source"]), _patterns(run))
        faults += current.faults
        unreadable = {fault.file for fault in current.faults}
        source = {document.path: document.text for document in current.documents}
        missing = [path for path in base if path not in source and path not in unreadable]
        gone = dict.fromkeys(missing, "") | renamed(run, resolved, missing)
        texts = Texts(source, base, target, gone, held, replaced, files)
    faults += damaged(texts.source, texts.base, texts.target, texts.held)
    # A document that cannot be read on one side is left alone on both.
    aside = {fault.file for fault in faults}
    if translation.layout == "origin":
        aside |= set(split_origins([Document(path, "") for path in aside], translation.origin_suffix)[1])
    if translation.layout == "interleaved":
        aside |= {source_path(path, translation.suffix) for path in aside}
    globs, exclude = run.globs
    lacking = [path for path in (texts.source.keys() | unreadable) & aside if matches(path, globs, exclude)]
    return _chosen(run, texts, aside), tuple(dict.fromkeys(faults)), behind(lacking, texts.source, texts.base)


def _patterns(run: Run) -> tuple[str, ...]:
    """The documents that are looked at: all Markdown, and notebooks and HTML where the configuration asks for them."""
    asked = (*run.config.book.documents, *run.settings.documents, *run.settings.held_out)
    known = [PurePosixPath(pattern).suffix for pattern in DOCUMENTS]
    if any(PurePosixPath(pattern).suffix.lower() not in known for pattern in asked):
        return DOCUMENTS
    wanted = {".md", *(PurePosixPath(pattern).suffix.lower() for pattern in asked)}
    return tuple(pattern for pattern in DOCUMENTS if PurePosixPath(pattern).suffix in wanted)


def _bases(
    run: Run, book: Book, resolved: dict[str, Any], target: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """What each document was made from, where the translation keeps no copy of it: the book at the recorded revision,
    and at a later one for what AMTS has published and the translation has taken over."""
    published: dict[str, dict[str, str]] = run.storage.get_json(run.key(resolved, "resolve", "published.json"))
    wanted: dict[str, list[str]] = {}
    for path, text in target.items():
        revision = resolved["base"] or ""
        record = published.get(path)
        # As we wrote it, or taken over (into main, into what waits on a branch) and then changed by somebody: either
        # way it was made from the later revision.
        over = record is not None and (record["commit"] in resolved["taken"] or path in resolved.get("stood", ()))
        if record and (over or record["target"] == names.digest(text)):
            revision = record["source_revision"]
        wanted.setdefault(revision, []).append(path)
    unknown = {path: target[path] for path in wanted.pop("", ())}
    base, rows, faults = infer_bases(run, resolved, unknown) if unknown else ({}, [], [])
    run.storage.put_json(run.key(resolved, "extract", "inferred.json"), rows)
    for revision, paths in sorted(wanted.items()):
        snapshot = book.snapshot(_recorded(run, book, revision, paths), _patterns(run))
        faults += [fault for fault in snapshot.faults if fault.file in paths]
        base |= {document.path: document.text for document in snapshot.documents if document.path in set(paths)}
    return base, tuple(faults)


def _recorded(run: Run, book: Book, revision: str, paths: Sequence[str]) -> Revision:
    try:
        return book.revision(revision=revision)
    except BookError as error:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        language = run.settings.translation.language
        raise BookError(
            f"{run.pair}: {paths[0]}{more} was made from revision {revision[:12]} of the book, which is not there "
            f"({error}). If the book's history was rewritten: set layout: inferred for translations.{language} "
            "(without source_revision), and remove published.json of the pair in storage: the revisions are then "
            "looked for in the history as it is now"
        ) from error


def _chosen(run: Run, texts: Texts, aside: Collection[str]) -> Texts:
    """The pair's documents; translated evaluation documents whatever the patterns say."""
    settings = run.settings
    globs, exclude = run.globs

    def chosen(side: Mapping[str, str], also: Collection[str] = ()) -> dict[str, str]:
        return {
            path: text
            for path, text in side.items()
            if path not in aside and (path in also or matches(path, globs, exclude))
        }

    # A renamed document is this pair's where it stands now.
    moved = [p for p, new in texts.gone.items() if new and matches(new, globs, exclude) and not matches(p, exclude)]
    base, target = (chosen(side, (*settings.held_out, *moved)) for side in (texts.base, texts.target))
    known = chosen({path: text for path, (_, text) in texts.merged.items()})
    merged = {path: both for path, both in texts.merged.items() if path in known}
    files = {path: text for path, text in texts.files.items() if path in target}
    return Texts(chosen(texts.source), base, target, texts.gone, texts.held, merged, files)


def _insist_on_held_out(run: Run, texts: Texts, faults: Iterable[Fault]) -> None:
    missing = [path for path in run.settings.held_out if path not in texts.held]
    if missing:
        suffix = run.settings.translation.origin_suffix
        files = {*missing, *(str(PurePosixPath(p).with_stem(PurePosixPath(p).stem + suffix)) for p in missing)}
        known = [str(fault) for fault in faults if fault.file in files]
        raise BookError(
            f"{run.config.path}: pairs.{run.pair}.held_out: {', '.join(missing)}: the translation "
            f"{run.settings.translation.place.location} has no such document that can be read, or not the text it was "
            "made from; correct the path, or take it off the list" + "".join(f" ({fault})" for fault in known)
        )
