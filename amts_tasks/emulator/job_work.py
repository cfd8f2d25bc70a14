"""A job's work: its documents translated into every target language, and the details files.

A pure function of the job's record and its input, so one that a kill interrupted is simply done again.
"""

from __future__ import annotations

import fnmatch
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amts_tasks.emulator import detection, documents, terminologies
from amts_tasks.emulator.buckets import Buckets, Location
from amts_tasks.emulator.damage import Damage
from amts_tasks.emulator.engines import EngineError, NoEngineError, Term
from amts_tasks.emulator.languages import AUTO
from amts_tasks.emulator.records import Job
from amts_tasks.emulator.translator import Translator

if TYPE_CHECKING:
    from amts_tasks.emulator.state import State


@dataclass(slots=True)
class Outcome:
    """What a job made, before it is written."""

    engine: str | None = None
    failure: str | None = None
    translated: int = 0
    with_errors: int = 0
    inputs: int = 0
    files: list[tuple[Location, bytes, str]] = field(default_factory=list)
    """(where, content, content type), in the order of writing: what describes others comes after them."""
    characters: dict[str, int] = field(default_factory=dict)
    """Billed characters by target language."""

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


def documents_of(service: State, uri: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """(prefix, (key, bytes) of each document) of a job's input."""
    folder = Location.of(uri)
    prefix = folder.key.rstrip("/") + "/"
    start = folder.key if service.switches.open_prefix == "prefix" else prefix
    keys = service.buckets.list(folder.bucket, start)
    if not start.endswith("/"):
        prefix = start[: start.rfind("/") + 1]
    return prefix, tuple((key, size) for key, size in keys if not key.endswith("/"))


class Work:
    """One job being done; ``check`` raises when it is to stop."""

    def __init__(self, service: State, job: Job, prefix: str, keys: list[str], check: Callable[[], None]) -> None:
        self._service = service
        self._job = job
        self._prefix = prefix
        self._keys = keys
        self._check = check
        self._translators: dict[tuple[str, str], Translator] = {}
        self._source = job.request["SourceLanguageCode"]
        self._input = Location.of(job.request["InputDataConfig"]["S3Uri"]).bucket
        self._output = Location.of(job.output)

    def do(self) -> Outcome:
        """The whole outcome."""
        job = self._job
        if job.forced_failure is not None:
            return Outcome(failure=job.forced_failure)
        result = Outcome(files=[(self._probe(), b"", "binary/octet-stream")], inputs=len(self._keys))
        details = []
        for target in job.request["TargetLanguageCodes"]:
            rows, characters = [], 0
            for key in self._keys:
                self._check()
                try:
                    row, count = self._document(key, target, result)
                except NoEngineError as error:
                    return Outcome(failure=f"{error}", inputs=len(self._keys), with_errors=len(self._keys))
                except EngineError as error:
                    return Outcome(result.engine, f"Internal error: {error}.", inputs=len(self._keys))
                rows.append(row)
                characters += count
            result.characters[target] = characters if target != self._source else 0
            details.append((target, rows, characters))
        result.files += [self._details(target, rows, count, result) for target, rows, count in details]
        return result

    def _probe(self) -> Location:
        parent = self._output.key.rstrip("/").rpartition("/")[0]
        name = ".write_access_check_file.temp"
        return Location(self._output.bucket, f"{parent}/{name}" if parent else name)

    def _document(self, key: str, target: str, result: Outcome) -> tuple[dict[str, Any], int]:
        """The document's line of the details file and its billed characters; its translation goes to the result."""
        name, job, service = key.removeprefix(self._prefix), self._job, self._service
        content_type, source = job.request["InputDataConfig"]["ContentType"], self._source
        try:
            self._fail_on_order(name)
            content = service.buckets.read(Location(self._input, key)) or b""
            document = documents.read(content, content_type, service.switches)
            if source == AUTO:
                source, confidence = detection.detect(" ".join(segment.text for segment in document.segments))
                if confidence < service.switches.least_confidence:
                    raise documents.DocumentError("The language of the document could not be detected")
        except documents.DocumentError as error:
            result.with_errors += 1
            fault = {"errorCode": "InvalidRequestException", "errorMessage": str(error)}
            return {"sourceFile": name, "auxiliaryData": {"error": fault}}, 0
        translator = self._translator(source, target)
        result.engine = translator.engine.name
        translator.applied.clear()
        damage = Damage(job.damage, f"{service.seed}:{job.id}:{name}:{target}") if job.damage else None
        text = document.render(translator.translate(document.segments), target, damage)
        parent, slash, last = name.rpartition("/")
        target_name = f"{target}.{last}"
        if service.switches.nested_output == "keep":
            target_name = f"{parent}{slash}{target_name}"
        result.files.append((
            Location(self._output.bucket, self._output.key + target_name),
            text.encode(),
            content_type,
        ))
        result.translated += 1
        row: dict[str, Any] = {"sourceFile": name, "targetFile": target_name, "auxiliaryData": {}}
        if self._source == AUTO:
            row["sourceLanguage"] = source
        if translator.applied:
            shown = [{"sourceText": term, "targetText": text} for term, text in translator.applied.items()]
            applied = [{"name": job.request["TerminologyNames"][0], "terms": shown}]
            row["auxiliaryData"]["appliedTerminologies"] = applied
        return row, documents.billed(document, service.switches.bill_protected)

    def _fail_on_order(self, name: str) -> None:
        job = self._job
        if job.forced_documents is None or not fnmatch.fnmatchcase(name, job.forced_documents):
            return
        chance = random.Random(f"{self._service.seed}:{job.id}:{name}").random()  # noqa: S311
        if chance < job.forced_share:
            raise documents.DocumentError("Internal error")

    def _translator(self, source: str, target: str) -> Translator:
        found = self._translators.get((source, target))
        if found is None:
            found = self._translators[source, target] = self._make(source, target)
        return found

    def _make(self, source: str, target: str) -> Translator:
        job, service = self._job, self._service
        memory = None
        if job.parallel_file is not None:
            memory = service.memory(job.parallel_file, source, target)
            engine = service.engines.customised(source, target)
        else:
            engine = service.engines.baseline(source, target)
        terms: tuple[Term, ...] = ()
        if job.terminology_file is not None and job.terminology_format is not None:
            terms = terminologies.of_pair(service, job.terminology_file, job.terminology_format, source, target)
        return Translator(engine, source, target, memory, terms)

    def _details(
        self, target: str, rows: list[dict[str, Any]], characters: int, result: Outcome
    ) -> tuple[Location, bytes, str]:
        failed = [row for row in rows if "error" in row["auxiliaryData"]]
        content = {
            "sourceLanguageCode": self._source,
            "targetLanguageCode": target,
            "charactersTranslated": str(characters),
            "documentCountWithCustomerError": str(len(failed)),
            "documentCountWithServerError": "0",
            "inputDataPrefix": f"s3://{self._input}/{self._prefix}",
            "outputDataPrefix": self._job.output,
            "details": rows,
            "emulator": {"name": "AMTS", "engine": result.engine},
        }
        name = f"details/{target}.auxiliary-translation-details.json"
        place = Location(self._output.bucket, self._output.key + name)
        return place, json.dumps(content, ensure_ascii=False, indent=1).encode(), "application/json"
