"""Where the service's documentation is silent, or a test wants it otherwise: named switches with defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Switches:
    """Every switch; ``docs/emulator.md`` lists them with their reasons."""

    act_regions: tuple[str, ...] = ("us-east-1", "us-west-2", "eu-west-1")
    """Regions in which a job may name parallel data (developer guide, December 2022); empty: all of them."""
    region_guard: bool = True
    """Whether parallel data outside ``act_regions`` is refused."""
    busy_code: str = "LimitExceededException"
    """Answer to a second concurrent import: this, ConcurrentModificationException or ConflictException."""
    strict_tokens: bool = False
    """Whether a client token that comes again with other parameters is an error; else it starts new work."""
    forbidden_start: str = "fail_record"
    """A CSV or TSV field that begins with + - = @: ``fail_record``, ``fail_import`` or ``accept``."""
    nested_output: str = "keep"
    """Output of a nested input: ``keep`` (sub/zh.name) or ``flat`` (zh.name)."""
    output_before_end: bool = False
    """Whether a stopped job leaves the documents it had finished."""
    delete_seconds: float = 0.0
    """How long deleted parallel data stays visible as DELETING."""
    running_jobs: int = 10
    """Jobs in progress at once; the rest stay SUBMITTED."""
    queued_jobs: int = 1000
    """Jobs that may wait; one more is refused."""
    parallel_data_resources: int = 1000
    """Parallel data resources in one account and Region."""
    terminologies: int = 100
    """Terminologies in one account and Region."""
    location_seconds: int = 1800
    """How long a presigned location works."""
