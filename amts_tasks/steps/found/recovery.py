"""A manifest that was lost, made again from the translation's history when a run or somebody asks for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from amts_tasks import names
from amts_tasks.books import Document, Revision, open_book
from amts_tasks.books.book import document
from amts_tasks.books.deeds import Deed, Deeds, deeds
from amts_tasks.books.repository import blobs, git
from amts_tasks.config import DOCUMENTS, matches
from amts_tasks.counts import counted
from amts_tasks.errors import TextError
from amts_tasks.steps.beside import manifest_files
from amts_tasks.steps.kept.acts import acts_of
from amts_tasks.steps.layout import source_path
from amts_tasks.steps.run import Run
from amts_tasks.steps.shelf import Shelf, laid_over, shelf
from amts_tasks.sync.lineage.approvals import approved_again
from amts_tasks.sync.lineage.beside import helped
from amts_tasks.sync.lineage.recovery import Change, Step, recovered
from amts_tasks.sync.manifest import Manifest
from amts_tasks.sync.manifest import write as write_manifest
from amts_tasks.sync.merged.weave import cleared
from amts_tasks.text import Form, ParsedDocument, normalise, parse
from amts_tasks.text.document import form_of


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was made again."""

    manifest: Manifest
    published: dict[str, dict[str, str]]
    """What each document was made from, as `publish` notes it."""
    commits: int
    """Commits of AMTS that were found."""
    acts: int = 0
    """Acts of approval that storage keeps."""

    @property
    def text(self) -> str:
        """A sentence for the report."""
        states = Counter(str(record.state) for records in self.manifest.documents.values() for record in records)
        by_state = ", ".join(f"{states[state]} {state}" for state in ("human", "approved", "machine"))
        return (
            f"the manifest is made again from the translation's history: {counted(self.commits, 'commit')} of "
            f"AMTS, {counted(len(self.manifest.documents), 'document')}, blocks {by_state}; "
            f"{counted(self.acts, 'act of approval is', 'acts of approval are')} kept, and count for the text that is "
            "still what was approved"
        )


def rebuild(run: Run) -> Recovery | None:
    """Makes the manifest again although there is one; the old one is kept as `manifest-before.json`. None, and nothing
    is written, where history holds no commit of AMTS."""
    translation = run.settings.translation
    made = recover(run, open_book(translation.place, run.folder).revision(follow=translation.follow))
    if made is not None:
        old = run.storage.find(f"{run.home}manifest.json")
        if old:
            run.storage.put(f"{run.home}manifest-before.json", old)
        keep(run, made)
    return made


def recover(run: Run, translated: Revision) -> Recovery | None:
    """The manifest that the history of the translation and the acts of approval in storage show, at a revision of its
    default branch with our open branches; None where no commit is AMTS's, nothing in it was approved, and no text in it
    is one that the service, or a manifest's file, is known to have returned (when every branch was squashed and
    deleted, that is all that is left of AMTS). Nothing is written. Raises BookError where history is missing."""
    found = shelf(run, translated)
    history = deeds(found.repository, (found.main, *found.ours.tips.values(), *found.ours.landed.values()))
    bought, acts = _bought(run), acts_of(run)
    files = manifest_files(run, found.repository, (*found.ours.tips.values(), found.main))
    if not history.made and not bought and not acts and not files:
        return None
    now = _now(run, found, translated)
    before = _at_first(run, found, history) if history.made else now
    steps = [_step(run, deed) for deed in history.made]
    manifest = helped(recovered(run.pair, before, steps, now, run.origin, bought), files)
    manifest = approved_again(manifest, now, acts)
    if not history.made and manifest == recovered(run.pair, before, (), now, run.origin):
        return None
    return Recovery(manifest, _published(run, history), sum(deed.ours for deed in history.made), len(acts))


def keep(run: Run, made: Recovery) -> None:
    """Writes what was made again; what was published is left alone where it is still there."""
    run.storage.put(f"{run.home}manifest.json", write_manifest(made.manifest))
    if run.storage.find_json(f"{run.home}published.json") is None:
        run.storage.put_json(f"{run.home}published.json", made.published)


def _at_first(run: Run, found: Shelf, history: Deeds) -> dict[str, ParsedDocument]:
    """The translation before AMTS's first commit. Our repository holds the commits of the translation's own."""
    if not history.start:
        return {}
    raw = git(found.repository, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", history.start)
    entries = [line.split(b"\t", 1) for line in raw.split(b"\0") if line]
    wanted = {path.decode("utf-8", "replace"): facts.split()[2].decode() for facts, path in entries}
    contents = blobs(found.repository, [blob for path, blob in wanted.items() if _below(run, path)])
    return {
        one.path: one
        for path, blob in wanted.items()
        if blob in contents and (name := _below(run, path))
        for one in [_parsed(run, name, contents[blob])]
        if one is not None
    }


def _now(run: Run, found: Shelf, translated: Revision) -> dict[str, ParsedDocument]:
    book = open_book(run.settings.translation.place, run.folder)
    documents = {one.path: one for one in book.snapshot(translated, DOCUMENTS).documents}
    laid, _ = laid_over(run, found, dict(documents))
    # A document on which a branch and the default branch differ is none of `laid`, and stands all the same.
    both = {**documents, **laid}
    named = ((_below(run, one.path, ""), one.text) for one in both.values())
    parsed = (_parsed(run, name, text.encode()) for name, text in named if name)
    return {one.path: one for one in parsed if one is not None}


def _step(run: Run, deed: Deed) -> Step:
    changes = []
    for path, old, new in deed.files:
        name = _below(run, path)
        after = _parsed(run, name, new) if name else None
        if after is not None:
            changes.append(Change(after.path, _parsed(run, name, old) if old else None, after))
    return Step(deed.ours, deed.source, deed.when.isoformat(), deed.reviewed_by, tuple(changes))


def _below(run: Run, path: str, root: str | None = None) -> str:
    """The path of the source of a translated document, from the book's root; empty for what is no such document."""
    translation = run.settings.translation
    root = translation.place.root if root is None else root
    prefix = f"{root}/" if root else ""
    name = path.removeprefix(prefix)
    stem = name.rpartition("/")[2].rpartition(".")[0]
    origin = translation.layout == "origin" and stem.endswith(translation.origin_suffix)
    if not path.startswith(prefix) or not matches(name, DOCUMENTS) or origin or not stem.endswith(translation.suffix):
        return ""
    return source_path(name, translation.suffix)


def _parsed(run: Run, path: str, raw: bytes) -> ParsedDocument | None:
    read = document(path, raw)
    if not isinstance(read, Document):
        return None
    woven = run.settings.translation.layout == "interleaved" and form_of(path) is Form.markdown
    try:
        return parse(cleared(read.text, path).target if woven else read.text, path)
    except TextError:
        return None


def _bought(run: Run) -> frozenset[str]:
    """What the service is known to have returned for this pair, whatever the settings were."""
    keys = run.storage.list(f"{run.home}bought/")
    return frozenset(normalise(row["target"]) for key in keys for row in run.storage.get_rows(key))


def _published(run: Run, history: Deeds) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for deed in history.made:
        for path, _, new in deed.files if deed.ours and deed.source else ():
            name = _below(run, path)
            if name:
                found[name] = {
                    "target": names.digest(new.decode("utf-8", "replace")),
                    "source_revision": deed.source,
                    "commit": deed.commit,
                }
    return found
