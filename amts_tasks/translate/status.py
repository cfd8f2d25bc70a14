"""Every status of Amazon Translate, what it means to a wait, and why.

The names are the enums ``JobStatus`` and ``ParallelDataStatus`` of botocore's service model (1.43.117); tests tie these
tables and ``provider/waiters/translate.json`` to it, so that a status added by AWS breaks the build, not a night's run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

JobStatus = Literal[
    "SUBMITTED", "IN_PROGRESS", "COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOP_REQUESTED", "STOPPED"
]
ParallelDataStatus = Literal["CREATING", "UPDATING", "ACTIVE", "DELETING", "FAILED"]
End = Literal["good", "bad"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status means to whoever waits for it."""

    end: End | None
    """``good`` or ``bad`` when the wait is over; None while it goes on."""
    reason: str


JOB: Mapping[str, Meaning] = MappingProxyType({
    "SUBMITTED": Meaning(None, "received and queued: ten jobs of an account run at once"),
    "IN_PROGRESS": Meaning(None, "the documents are being translated"),
    "COMPLETED": Meaning("good", "every document was translated"),
    # The other documents are translated and paid for; the download step checks each and lists those that are missing.
    "COMPLETED_WITH_ERROR": Meaning("good", "some documents failed, the others are there and paid for"),
    "FAILED": Meaning("bad", "nothing usable; the job's Message has the reason"),
    # A job that is being stopped may still complete, and then its output is there and paid for.
    "STOP_REQUESTED": Meaning(None, "being stopped; it ends STOPPED, or COMPLETED when it is quicker"),
    "STOPPED": Meaning("bad", "somebody stopped the job"),
})
"""Meaning of ``TextTranslationJobProperties.JobStatus``."""

CREATED: Mapping[str, Meaning] = MappingProxyType({
    "CREATING": Meaning(None, "the first import is running"),
    "UPDATING": Meaning(None, "another import is running already"),
    "ACTIVE": Meaning("good", "imported"),
    "DELETING": Meaning("bad", "somebody deletes the resource"),
    "FAILED": Meaning("bad", "the import failed; the resource's Message has the reason"),
})
"""Meaning of ``ParallelDataProperties.Status`` after a create."""

UPDATED: Mapping[str, Meaning] = MappingProxyType({
    "CREATING": Meaning(None, "the first import is running"),
    "UPDATING": Meaning(None, "the new content is being imported; jobs still get the old"),
    "ACTIVE": Meaning("good", "the new content is in use"),
    "DELETING": Meaning("bad", "somebody deletes the resource"),
    "FAILED": Meaning("bad", "the new content was refused; jobs still get the old"),
})
"""Meaning of ``ParallelDataProperties.LatestUpdateAttemptStatus`` after an update; ``Status`` stays the old one's."""

DELETED: Mapping[str, Meaning] = MappingProxyType({
    "CREATING": Meaning("bad", "somebody made the resource anew"),
    "UPDATING": Meaning("bad", "an import is running, which the service does not interrupt"),
    "ACTIVE": Meaning(None, "not yet taken note of"),
    "DELETING": Meaning(None, "being deleted"),
    "FAILED": Meaning(None, "not yet taken note of"),
})
"""Meaning of ``ParallelDataProperties.Status`` after a delete; the good end is that the resource is not found."""

WAITERS: Mapping[str, Mapping[str, Meaning]] = MappingProxyType({
    "parallel_data_active": CREATED,
    "parallel_data_updated": UPDATED,
    "parallel_data_deleted": DELETED,
    "text_translation_job_done": JOB,
})
"""Waiter of ``provider/waiters/translate.json`` → the meanings it must have acceptors for."""


def adoptable(status: str) -> bool:
    """Whether a job found in this status is the job wanted, so that none is started: all but those that ended badly."""
    return JOB[status].end != "bad"
