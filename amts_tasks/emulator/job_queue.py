"""Which jobs run, which wait and which came when: what the job shelf alone could only tell by a walk through all."""

from __future__ import annotations

from collections import deque

from amts_tasks.emulator.records import Job
from amts_tasks.emulator.shelf import Shelf

ENDED = frozenset({"COMPLETED", "COMPLETED_WITH_ERROR", "FAILED", "STOPPED"})
"""Statuses a job does not leave."""


class JobQueue:
    """The jobs of each Region in order; changed under the service's lock only."""

    def __init__(self, jobs: Shelf[Job]) -> None:
        self.ordered: dict[str, list[Job]] = {}
        """Every job, oldest first."""
        self.running: dict[str, dict[str, Job]] = {}
        """By id: in progress, or about to stop."""
        self.waiting: dict[str, deque[Job]] = {}
        """Submitted and not started."""
        self._tokens: dict[tuple[str, str], dict[str, str]] = {}
        self.next = 0
        """The number of the next job."""
        for (region, _), job in sorted(jobs.items(), key=lambda item: item[1].number):
            self.add(region, job)

    def add(self, region: str, job: Job) -> None:
        """Takes a job in, at the place its status says."""
        self.ordered.setdefault(region, []).append(job)
        client, _, print_of = job.token.partition(":")
        self._tokens.setdefault((region, client), {})[print_of] = job.id
        self.next = max(self.next, job.number + 1)
        if job.status == "SUBMITTED":
            self.waiting.setdefault(region, deque()).append(job)
        elif job.status not in ENDED:
            self.running.setdefault(region, {})[job.id] = job

    def of_token(self, region: str, client_token: str) -> dict[str, str]:
        """Fingerprint of the parameters → job id, of the jobs a client token started."""
        return self._tokens.get((region, client_token), {})

    def waits(self, region: str) -> int:
        """How many jobs wait."""
        return len(self.waiting.get(region, ()))

    def leave(self, region: str, job: Job) -> None:
        """The job no longer waits: it is being stopped."""
        self.waiting[region] = deque(held for held in self.waiting.get(region, ()) if held is not job)
        self.running.setdefault(region, {})[job.id] = job

    def begin(self, region: str) -> Job | None:
        """The job that has waited longest, now among the running ones; None when none waits."""
        waiting = self.waiting.get(region)
        if not waiting:
            return None
        job = waiting.popleft()
        self.running.setdefault(region, {})[job.id] = job
        return job

    def end(self, region: str, job: Job) -> None:
        """The job has ended."""
        self.running.get(region, {}).pop(job.id, None)
