"""Jobs being translated, in threads of their own; what they made is kept until the clock lets the job end."""

from __future__ import annotations

import queue
import threading

from amts_tasks.emulator.job_work import Outcome, Work, documents_of
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.state import State

THREADS = 2
"""Jobs translated at the same time; a job in progress may wait for one of them."""


class CancelledError(Exception):
    """The job was stopped, or the emulator is closing."""


class Worker:
    """The threads and what they have made so far."""

    def __init__(self, service: State) -> None:
        self._service = service
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._wanted: set[str] = set()
        self._cancelled: set[str] = set()
        self._outcomes: dict[str, Outcome] = {}
        self._closing = False
        self._threads = [
            threading.Thread(target=self._run, name=f"amts-emulator-{number}", daemon=True) for number in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, job: Job) -> None:
        """Asks for the job's work, once."""
        with self._changed:
            if job.id not in self._wanted:
                self._wanted.add(job.id)
                self._queue.put(job)

    def outcome(self, job_id: str) -> Outcome | None:
        """What the job made, or None while it is not done."""
        with self._changed:
            return self._outcomes.get(job_id)

    def wait(self, job_id: str) -> None:
        """Returns when the job's work is done or was cancelled."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    job_id in self._outcomes or job_id not in self._wanted or job_id in self._cancelled or self._closing
                )
            )

    def cancel(self, job_id: str) -> None:
        """Stops the job's work at the next document."""
        with self._changed:
            self._cancelled.add(job_id)
            self._changed.notify_all()

    def forget(self, job_id: str) -> None:
        """Lets go of what an ended job made."""
        with self._changed:
            self._wanted.discard(job_id)
            self._cancelled.discard(job_id)
            self._outcomes.pop(job_id, None)
            self._changed.notify_all()

    def close(self) -> None:
        """Stops the threads at their next document."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=5)

    def _run(self) -> None:
        while (asked := self._queue.get()) is not None:
            job = asked
            try:
                outcome = self._work(job)
            except CancelledError:
                continue
            except Exception as error:  # the job fails, not the emulator
                outcome = Outcome(failure=f"Internal error of the emulator: {type(error).__name__}: {error}.")
            with self._changed:
                if job.id in self._wanted:
                    self._outcomes[job.id] = outcome
                self._changed.notify_all()
            self._service.agenda.touch()

    def _check(self, job: Job) -> None:
        with self._changed:
            if self._closing or job.id in self._cancelled or job.id not in self._wanted:
                raise CancelledError

    def _work(self, job: Job) -> Outcome:
        prefix, found = documents_of(self._service, job.request["InputDataConfig"]["S3Uri"])
        return Work(self._service, job, prefix, [key for key, _ in found], lambda: self._check(job)).do()
