"""The report of ``publish``: branches to review, what waits and why, what was refused, what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amts_tasks.counts import counted
from amts_tasks.steps.found.inference import inferred_table
from amts_tasks.steps.run import Run
from amts_tasks.sync.queue import Waiting
from amts_tasks.sync.told.report import documents_waiting

LISTED = 20
"""Entries of a list that the report holds."""


@dataclass(frozen=True, slots=True)
class Published:
    """One chapter's branch."""

    chapter: str
    branch: str
    commit: str
    files: int


@dataclass(slots=True)
class Outcome:
    """What became of a run's change sets."""

    why_not: str | None = None
    """Why nothing was to be committed at all."""
    branches: list[Published] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Branches that could not be written, and why: an error."""
    rejected: list[str] = field(default_factory=list)
    """Branches that the remote did not take, and why: an error, and tried again by the next run."""
    pushed: list[str] = field(default_factory=list)
    """Branches that were pushed."""
    requests: dict[str, str] = field(default_factory=dict)
    """Address of the open request, by branch."""
    unfinished: list[str] = field(default_factory=list)
    """What the next run has to try again, though nothing else changed."""
    told: list[str] = field(default_factory=list)
    """What else there is to say, a line each."""
    builds: list[str] = field(default_factory=list)
    """What the book's build said of each branch, a line each; branches that it refused are withheld."""
    references: list[str] = field(default_factory=list)
    """Documents that are withheld, since the book would point at what is not there."""
    withheld: set[str] = field(default_factory=set)
    """Documents that are withheld, whatever the reason: these, and those of branches that were not written."""
    aside: Sequence[str] = ()
    """Documents that could not be read, and why: one line each, which begins with the path."""


def report(
    run: Run,
    resolved: dict[str, Any],
    outcome: Outcome,
    waiting: Sequence[Waiting] = (),
    longer: Sequence[tuple[str, int]] = (),
    inferred: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The report, as text of several lines."""
    lines = [
        f"{run.pair}, {run.source.name} to {run.target.name}: source {resolved['source'][:12]}, "
        f"translation {resolved['target'][:12]}"
    ]
    if resolved.get("recovered"):
        lines.append(resolved["recovered"])
    if outcome.why_not:
        lines.append(outcome.why_not)
    elif not outcome.branches and not outcome.builds:
        why = "all that changes waits" if waiting else "nothing of the translation changes"
        lines.append(f"no branch: {why}")
    elif outcome.branches:
        translation = run.settings.translation
        repository = repository_of(run)
        lines.append(f"branches to review in {repository} (of {translation.place.location}):")
        width = max(len(one.branch) for one in outcome.branches)
        lines += [
            f"  {one.branch:<{width}}  {one.commit[:12]}  {counted(one.files, 'file')}" for one in outcome.branches
        ]
        first = outcome.branches[0].branch
        lines.append(f"to read one: git -C {repository} show {first}")
        lines.append(f"to send one elsewhere, for git am: amts patch {run.pair} {first.rpartition('/')[2]}")
    lines += [f"pushed to {run.settings.translation.push.remote}: {branch}" for branch in outcome.pushed]
    lines += [f"request of {branch}: {url}" for branch, url in outcome.requests.items()]
    lines += outcome.builds
    lines += [*resolved.get("told", ()), *outcome.told]
    lines += [f"to be tried again: {reason}" for reason in outcome.unfinished]
    lines += [f"not pushed: {reason}" for reason in outcome.rejected]
    lines += [f"not published: {reason}" for reason in outcome.refused]
    if waiting:
        lines.append(f"waiting for a later run: {documents_waiting(waiting)}")
        lines += [f"  {one.document}: {one.reason}" for one in waiting[:LISTED]]
        lines += [f"  and {len(waiting) - LISTED} more: amts plan {run.pair} --json"] if len(waiting) > LISTED else []
    if outcome.aside:
        many = counted(len(outcome.aside), "document is set aside", "documents are set aside")
        lines.append(f"{many}; nothing of them changes until that is mended:")
        lines += [f"  {one}" for one in outcome.aside[:LISTED]]
        more = run.storage.uri(run.key(resolved, "extract", "report.json"))
        lines += [f"  and {len(outcome.aside) - LISTED} more in {more}"] if len(outcome.aside) > LISTED else []
    lines += inferred_table(inferred).strip("\n").splitlines()
    most = run.settings.review.words
    lines += [
        f"longer than a branch may be ({most:,} words), so alone on it and uncut: {path}, "
        f"{counted(size, 'word')} to read"
        for path, size in longer[:LISTED]
    ]
    if outcome.references:
        many = counted(len(outcome.references), "document is", "documents are")
        lines.append(f"{many} withheld, since the book would point at what is not there:")
        lines += [f"  {reference}" for reference in outcome.references[:LISTED]]
    if not resolved["dry_run"]:
        job = run.storage.get_json(run.key(resolved, "download", "job.json"))
        if job:
            lines.append(f"job {job['id']}: {counted(job['characters'], 'character')} translated")
            lines += [f"  not translated: {line}" for line in job["missing"]]
        review = run.storage.get_json(run.key(resolved, "download", "review.json"))
        for (one_title, titles), rows in (
            (
                ("refused answer (the old text stays)", "refused answers (the old text stays)"),
                [f"{one['unit']}: {'; '.join(one['reasons'])}" for one in review["refused"]],
            ),
            (
                (
                    "answer refused at first and right when asked for alone",
                    "answers refused at first and right when asked for alone",
                ),
                [f"{one['unit']}: {'; '.join(one['reasons'])}" for one in review["alone"]],
            ),
            (
                ("document not rebuilt", "documents not rebuilt"),
                [f"{one['document']}: {one['reason']}" for one in review["damaged"]],
            ),
            (
                ("for a human to look at",) * 2,
                _counted(f"{one['document']}: {one['reason']}" for one in review["look"]),
            ),
        ):
            if rows:
                lines.append(f"{counted(len(rows), one_title, titles)}:")
                lines += [f"  {row}" for row in rows[:LISTED]]
                more = f"amts report {run.pair} --json"
                lines += [f"  and {len(rows) - LISTED} more: {more}"] if len(rows) > LISTED else []
    return "\n".join(lines) + "\n"


def _counted(rows: Iterable[str]) -> list[str]:
    """The rows, each once, with its number where it came more than once."""
    return [f"{row} ({count} times)" if count > 1 else row for row, count in Counter(rows).items()]


def repository_of(run: Run) -> Path:
    return run.folder / "repos" / f"{run.config.book.name}-{run.settings.translation.language}.git"
