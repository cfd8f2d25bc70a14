"""What the service remembers, one dataclass a kind of resource; times are epoch seconds of the emulator's clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Import:
    """One attempt to create or update parallel data."""

    config: dict[str, Any]
    """ParallelDataConfig as it was given."""
    file: str | None
    """Digest of the bytes that were read from S3 when the call came; None when there was no such object."""
    started: float
    description: str | None = None
    forced_failure: str | None = None
    """The Message of an ordered failure."""


@dataclass(slots=True)
class ParallelData:
    """A parallel data resource."""

    name: str
    arn: str
    status: str
    created: float
    updated: float
    token: str
    """Client token and fingerprint of the call that made or last changed it."""
    pending: dict[str, Any] | None = None
    """The Import under way."""
    config: dict[str, Any] = field(default_factory=dict)
    description: str | None = None
    message: str | None = None
    encryption_key: dict[str, Any] | None = None
    source: str | None = None
    targets: list[str] = field(default_factory=list)
    data_size: int = 0
    imported: int = 0
    failed: int = 0
    skipped: int = 0
    file: str | None = None
    """Digest of the last file that was imported."""
    report: str | None = None
    """Digest of the error file of the create."""
    attempt_status: str | None = None
    attempt_at: float | None = None
    attempt_report: str | None = None
    """Digest of the error file of the last update."""
    deleted: float | None = None
    tags: list[dict[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """A text translation job."""

    id: str
    number: int
    """How many jobs came before it: the order in which they run."""
    status: str
    request: dict[str, Any]
    """The parameters as they were given."""
    token: str
    submitted: float
    output: str
    """The rewritten S3 URI of the output folder."""
    parallel_file: str | None = None
    """Digest of the parallel data file as it was when the job came."""
    terminology_file: str | None = None
    terminology_format: str | None = None
    started: float | None = None
    ended: float | None = None
    message: str | None = None
    engine: str | None = None
    translated: int = 0
    with_errors: int = 0
    inputs: int = 0
    forced_failure: str | None = None
    forced_documents: str | None = None
    """Glob of documents that are ordered to fail."""
    forced_share: float = 1.0
    """Share of those that do, by seed."""
    damage: dict[str, float] = field(default_factory=dict)
    """Kind of ordered damage → share of the segments it strikes."""
    characters: dict[str, int] = field(default_factory=dict)
    """Characters to be billed, by target language, once it has ended."""


@dataclass(slots=True)
class Terminology:
    """A custom terminology."""

    name: str
    arn: str
    format: str
    directionality: str
    source: str
    targets: list[str]
    terms: int
    size: int
    file: str
    created: float
    updated: float
    description: str | None = None
    skipped: int = 0
    report: str | None = None
    """Digest of the file that tells the skipped terms."""
    encryption_key: dict[str, Any] | None = None
    tags: list[dict[str, str]] = field(default_factory=list)
