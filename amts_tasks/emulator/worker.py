"""Jobs being translated, in threads of their own; what they made is kept until the clock lets the job end.

A job's work is a pure function of its record and its input, so one that a kill interrupted is simply done again.
"""

from __future__ import annotations

import fnmatch
import json
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amts_tasks.emulator import documents, terminologies
from amts_tasks.emulator.buckets import Buckets, Location
from amts_tasks.emulator.engines import NoEngineError, Term
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.translator import Translator

if TYPE_CHECKING:
    from amts_tasks.emulator.state import State

THREADS = 2
"""Jobs translated at the same time; a job in progress may wait for one of them."""


class CancelledError(Exception):
    """The job was stopped, or the emulator is closing."""


@dataclass(slots=True)
class Outcome:
    """What a job made, before it is written."""

    engine: str | None = None
    failure: str | None = None
    translated: int = 0
    with_errors: int = 0
    inputs: int = 0
    files: list[tuple[Location, bytes, str]] = field(default_factory=list)
    """(where, content, content type), in the order of writing."""

    @property
    def status(self) -> str:
        """The job's final status."""
        if self.failure is not None or (self.with_errors and not self.translated):
            return "FAILED"
        return "COMPLETED_WITH_ERROR" if self.with_errors else "COMPLETED"

    @property
    def message(self) -> str:
        """The job's Message; the engine's name is the emulator's addition."""
        made_by = f"Emulated by AMTS, engine: {self.engine or 'none'}."
        if self.failure is not None:
            return f"{self.failure} {made_by}"
        if self.with_errors:
            return f"{self.with_errors} of {self.inputs} documents were not translated; see the details file. {made_by}"
        return f"Your job has completed successfully. {made_by}"

    def write(self, buckets: Buckets) -> None:
        """Puts every file; each is whole or absent."""
        for location, content, content_type in self.files:
            buckets.write(location, content, content_type)


class Worker:
    """The threads and what they have made so far."""

    def __init__(self, service: State) -> None:
        self._service = service
        self._queue: queue.SimpleQueue[tuple[str, Job] | None] = queue.SimpleQueue()
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

    def want(self, region: str, job: Job) -> None:
        """Asks for the job's work, once."""
        with self._changed:
            if job.id not in self._wanted:
                self._wanted.add(job.id)
                self._queue.put((region, job))

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
            region, job = asked
            try:
                outcome = self._work(region, job)
            except CancelledError:
                continue
            except Exception as error:  # the job fails, not the emulator
                outcome = Outcome(failure=f"Internal error of the emulator: {type(error).__name__}: {error}.")
            with self._changed:
                if job.id in self._wanted:
                    self._outcomes[job.id] = outcome
                self._changed.notify_all()

    def _check(self, job: Job) -> None:
        with self._changed:
            if self._closing or job.id in self._cancelled:
                raise CancelledError

    def _work(self, region: str, job: Job) -> Outcome:
        if job.forced_failure is not None:
            return Outcome(failure=job.forced_failure)
        folder, output = Location.of(job.request["InputDataConfig"]["S3Uri"]), Location.of(job.output)
        prefix = folder.key.rstrip("/") + "/"
        probe = output.key.rstrip("/").rpartition("/")[0]
        probe_key = f"{probe}/.write_access_check_file.temp" if probe else ".write_access_check_file.temp"
        result = Outcome(files=[(Location(output.bucket, probe_key), b"", "binary/octet-stream")])
        names = [key for key, _ in self._service.buckets.list(folder.bucket, prefix) if not key.endswith("/")]
        result.inputs = len(names)
        for target in job.request["TargetLanguageCodes"]:
            try:
                translator = self._translator(job, target)
            except NoEngineError as error:
                return Outcome(failure=f"{error}", inputs=len(names), with_errors=len(names))
            result.engine = translator.engine.name
            rows, characters = [], 0
            for key in names:
                self._check(job)
                row, count = self._document(job, translator, Location(folder.bucket, key), prefix, output, result)
                rows.append(row)
                characters += count
            result.files.append(
                _details(job, target, output, f"s3://{folder.bucket}/{prefix}", rows, characters, result)
            )
        return result

    def _translator(self, job: Job, target: str) -> Translator:
        source = job.request["SourceLanguageCode"]
        memory = None
        engines = self._service.engines
        if job.parallel_file is not None:
            memory = self._service.memory(job.parallel_file, source, target)
            engine = engines.customised(source, target)
        else:
            engine = engines.baseline(source, target)
        terms: tuple[Term, ...] = ()
        if job.terminology_file is not None and job.terminology_format is not None:
            form, directionality = job.terminology_format.split()
            terms = terminologies.terms(self._service.file(job.terminology_file), form, source, target, directionality)
        return Translator(engine, source, target, memory, terms)

    def _document(
        self, job: Job, translator: Translator, place: Location, prefix: str, output: Location, result: Outcome
    ) -> tuple[dict[str, Any], int]:
        """The document's line of the details file and its billed characters; its translation goes to the result."""
        name = place.key.removeprefix(prefix)
        content_type = job.request["InputDataConfig"]["ContentType"]
        try:
            if job.forced_documents is not None and fnmatch.fnmatchcase(name, job.forced_documents):
                raise documents.DocumentError("Internal error")
            document = documents.read(self._service.buckets.read(place) or b"", content_type)
        except documents.DocumentError as error:
            result.with_errors += 1
            fault = {"errorCode": "InvalidRequestException", "errorMessage": str(error)}
            return {"sourceFile": name, "auxiliaryData": {"error": fault}}, 0
        translator.applied.clear()
        text = document.render(translator.translate(document.segments))
        parent, slash, last = name.rpartition("/")
        target_name = f"{translator.target}.{last}"
        if self._service.switches.nested_output == "keep":
            target_name = f"{parent}{slash}{target_name}"
        result.files.append((Location(output.bucket, output.key + target_name), text.encode(), content_type))
        result.translated += 1
        extra: dict[str, Any] = {}
        if translator.applied:
            shown = [{"sourceText": term, "targetText": text} for term, text in translator.applied.items()]
            extra["appliedTerminologies"] = [{"name": job.request["TerminologyNames"][0], "terms": shown}]
        return {"sourceFile": name, "targetFile": target_name, "auxiliaryData": extra}, document.characters


def _details(
    job: Job,
    target: str,
    output: Location,
    source_prefix: str,
    rows: list[dict[str, Any]],
    characters: int,
    result: Outcome,
) -> tuple[Location, bytes, str]:
    failed = sum(1 for row in rows if "error" in row["auxiliaryData"])
    content = {
        "sourceLanguageCode": job.request["SourceLanguageCode"],
        "targetLanguageCode": target,
        "charactersTranslated": str(characters),
        "documentCountWithCustomerError": str(failed),
        "documentCountWithServerError": "0",
        "inputDataPrefix": source_prefix,
        "outputDataPrefix": job.output,
        "details": rows,
        "emulator": {"name": "AMTS", "engine": result.engine},
    }
    place = Location(output.bucket, f"{output.key}details/{target}.auxiliary-translation-details.json")
    return place, json.dumps(content, ensure_ascii=False, indent=1).encode(), "application/json"
