"""What a human said of texts, written down: commits on branches, states in the manifest, units in the memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from amts_tasks import names
from amts_tasks.books import commit, open_book
from amts_tasks.counts import counted
from amts_tasks.memory import Unit
from amts_tasks.steps.align import beads_of, origin_of
from amts_tasks.steps.beside import manifest_file
from amts_tasks.steps.extract import texts_of
from amts_tasks.steps.kept.acts import keep_act
from amts_tasks.steps.kept.memory import append
from amts_tasks.steps.resolve import hold
from amts_tasks.steps.reviewed.desk import Desk
from amts_tasks.steps.shelf import Shelf, going_on, shelf
from amts_tasks.sync.identity import digest
from amts_tasks.sync.lineage.approvals import Act, Approval
from amts_tasks.sync.manifest import State, behind
from amts_tasks.sync.manifest import write as write_manifest
from amts_tasks.sync.merged.weave import rewoven
from amts_tasks.sync.publish import origin_path
from amts_tasks.sync.queue import chapter_of
from amts_tasks.sync.review import Reviewable, edited, vouched
from amts_tasks.text import ParsedDocument, parse


@dataclass(slots=True)
class Outcome:
    """What an import or approval did."""

    file: str = ""
    """That came back; empty where none did."""
    human: list[str] = field(default_factory=list)
    """Ids of texts that a human changed."""
    approved: list[str] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    """What was not taken: {line, id, reason, text}; the reason says what of it stays in the memory."""
    unchanged: int = 0
    """Texts that came back as they went, without a word that they are good."""
    branches: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> dict[str, Any]:
        """For JSON."""
        return {name: getattr(self, name) for name in ("human", "approved", "left", "unchanged", "branches")}

    @property
    def text(self) -> str:
        """For a person."""
        lines = [
            f"{counted(len(self.human), 'text')} changed by a human, {len(self.approved)} approved, "
            f"{counted(self.unchanged, 'as it was', 'as they were')}, {len(self.left)} not taken"
        ]
        lines += [f"  {branch}  {commit_id[:12]}" for branch, commit_id in sorted(self.branches.items())]
        for one in self.left:
            place = f"{self.file}:{one['line']}: " if one["line"] else ""
            lines.append(f"  not taken: {place}{one['id'] or one['text'][:60]}: {one['reason']}")
        return "\n".join(lines)


def apply(found: Desk, marks: Mapping[str, tuple[Reviewable, str, State]], by: str, outcome: Outcome, how: str) -> None:
    """Writes down what `by` said of texts (by id: the text, its words now, what it is from now on); `how` names the act
    for the record of approvals."""
    run, manifest = found.run, found.manifest
    when = run.instant.isoformat()
    documents: defaultdict[str, list[tuple[Reviewable, str, State]]] = defaultdict(list)
    for one, text, state in marks.values():
        documents[one.document].append((one, text, state))
    chapters: defaultdict[str, dict[str, bytes | None]] = defaultdict(dict)
    kept: list[Unit] = []
    approvals: list[Approval] = []
    for path, said in sorted(documents.items()):
        document = found.documents[path]
        texts = {(one.block, one.text): text for one, text, state in said if state is State.human}
        made = edited(document, texts)
        if made.text != document.text:
            whole = texts_of(run, found.resolved).files.get(path)
            text = made.text if whole is None else rewoven(whole, made.text, path)
            chapters[chapter_of(path)][origin_path(path, run.settings.translation.suffix)] = text.encode()
        states: dict[int, State] = {}
        waiting = {(one.block, one.text) for one in found.texts if one.document == path and one.state is State.machine}
        taken = []
        for one, text, state in said:
            fault = made.faults.get((one.block, one.text))
            if fault:
                outcome.left.append({"line": 0, "id": one.id, "reason": fault, "text": text})
                continue
            taken.append((one, text, state))
            waiting.discard((one.block, one.text))
            (outcome.human if state is State.human else outcome.approved).append(one.id)
        for one, text, state in taken:
            # A block is vouched for when all of its texts are.
            rest = any(block == one.block for block, _ in waiting)
            block_state = State.machine if rest else max(states.get(one.block, state), state, key=lambda s: s.rank)
            states[one.block] = block_state
            vouches = (one.source, text, state.value, path)
            if one.source and not rest:
                around = {"previous": one.previous, "following": one.following}
                kept.append(Unit(*vouches, origin=origin_of(run, path), method="review", standing=True, **around))  # type: ignore[arg-type]
        new = parse(made.text, path)
        standings, origin = found.standings[path], origin_of(run, path)
        approvals += _approvals(found, path, new, states)
        manifest = vouched(manifest, document, standings, new, states, origin=origin, when=when, by=by)
    if not documents:
        return
    hold(run)
    if approvals:
        keep_act(run, Act(by, when, how, tuple(approvals)))
    # Before any branch, as publish does: what stands on a branch and not in the manifest is taken for a human's edit.
    run.storage.put(f"{run.home}manifest.json", write_manifest(manifest))
    found.manifest = manifest
    append(run, kept, found.resolved["source"])
    for chapter, files in chapters.items():
        files.update(manifest_file(run, manifest, chapter))
    _commit(found, chapters, by, outcome)
    key = f"{run.home}state.json"
    done = run.storage.find_json(key)
    if done:
        run.storage.put_json(key, {**done, "reviewed": when})


def _approvals(found: Desk, path: str, new: ParsedDocument, states: Mapping[int, State]) -> Iterator[Approval]:
    """The machine text of a document that is approved from now on, block by block."""
    base = texts_of(found.run, found.resolved).base.get(path)
    sources = behind(None if base is None else parse(base, path), beads_of(found.run, found.resolved).get(path, ()))
    for index, state in sorted(states.items()):
        if state is State.approved and found.standings[path][index].state is State.machine:
            yield Approval(path, digest(new.blocks[index].essence), sources.get(index, ""))


def shelf_of(found: Desk) -> Shelf:
    translation = found.run.settings.translation
    revision = open_book(translation.place, found.run.folder).revision(revision=found.resolved["target"])
    return shelf(found.run, revision, found.resolved)


def _commit(found: Desk, chapters: Mapping[str, dict[str, bytes | None]], by: str, outcome: Outcome) -> None:
    if not chapters:
        return
    run, place = found.run, shelf_of(found)
    for chapter, files in sorted(chapters.items()):
        name = names.branch(run.pair, chapter)
        base = going_on(place, name)
        texts = (path for path in files if not path.endswith(".json"))
        message = f"{run.pair} {chapter}: reviewed text\n\n" + "".join(f"{path}\n" for path in texts)
        root = run.settings.translation.place.root
        made = commit(place.repository, name, base, files, message, by, run.instant, root=root)
        if made is not None:
            outcome.branches[name] = made
