"""What a step is given: one run of one pair, its settings and its two clients."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from amts_tasks import names
from amts_tasks.config import Config, PairConfig, PushConfig, matches
from amts_tasks.errors import InputError
from amts_tasks.languages import Profile
from amts_tasks.memory.parallel_data import Cut
from amts_tasks.storage import Storage
from amts_tasks.translate.service import Service

T = TypeVar("T")
log = logging.getLogger("amts")


@dataclass(frozen=True, slots=True)
class Params:
    """What a person may set for one run; the defaults are those of a nightly run."""

    revision: str | None = None
    """Revision of the book (id, tag or branch) instead of the one as of the run's instant."""
    documents: tuple[str, ...] = ()
    """Globs of the documents to look at; empty means all of the pair."""
    granularity: str | None = None
    """"sentence", "paragraph" or "both" of the parallel data; None means the pair's."""
    parallel_data: bool | None = None
    """Whether the job is customised; None means the pair's."""
    evaluate: bool = False
    """Whether the held-out documents are translated and scored."""
    force: bool = False
    """Run although nothing changed, or the book's history was rewritten, and buy again what was bought before."""
    budget: float | None = None
    """US dollars this run may spend on changed text; None means the pair's."""
    dry_run: bool = False
    """Stop after the plan."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one pair. Steps take it first, then what ``resolve`` returned."""

    config: Config
    pair: str
    instant: datetime
    """The book is taken as of this instant (UTC)."""
    params: Params
    owner: str
    """Who holds the lease: the same for all tasks and retries of one run."""
    s3: Any
    """A boto3 S3 client."""
    translate: Any
    """A boto3 Translate client."""
    say: Callable[[str], None] = log.info
    """Takes a line of progress."""
    show: Callable[[str, str], None] = lambda step, text: log.info("%s\n%s", step, text)
    """Takes a step's name and its report, a text of several lines."""
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    token: Callable[[PushConfig], str] = lambda push: os.environ.get(push.token, "")
    """The token for pushing a translation's branches and asking for their merge; empty where none is set."""
    sleep: Callable[[float], None] = lambda seconds: time.sleep(seconds)
    """Waits so many seconds between two questions to the service."""
    memo: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read or made from artefacts, by prefix and name, so that it is not in the next step or call again. The
    step that writes an artefact forgets what rests on it."""

    @property
    def settings(self) -> PairConfig:
        """The pair's configuration; InputError when the configuration does not have it."""
        try:
            return self.config.pairs[self.pair]
        except KeyError:
            known = ", ".join(self.config.pairs)
            raise InputError(f"{self.config.path}: no pair {self.pair!r}; it has: {known}") from None

    @property
    def source(self) -> Profile:
        """The source language's profile."""
        return self.config.profiles[self.settings.source]

    @property
    def target(self) -> Profile:
        """The target language's profile."""
        return self.config.profiles[self.settings.target]

    @property
    def globs(self) -> tuple[Sequence[str], Sequence[str]]:
        """The patterns of the pair's own documents, and of those among them that are none."""
        settings, book = self.settings, self.config.book
        return settings.documents or book.documents, settings.exclude or book.exclude

    def origin(self, path: str) -> str:
        """What the translation declares a document to be: human, post-edited or machine."""
        translation = self.settings.translation
        return next((kind for glob, kind in translation.origins if matches(path, (glob,))), translation.origin)

    @property
    def storage(self) -> Storage:
        """Where the artefacts of all runs are."""
        return Storage(self.s3, self.config.storage.bucket, self.config.storage.prefix)

    @property
    def service(self) -> Service:
        """The identity of the service this run speaks to; its message is known only after a job."""
        return Service.of(self.translate, self.config.aws.role_arn)

    @property
    def granularity(self) -> Cut:
        """ "sentence", "paragraph" or "both": the grain of the parallel data."""
        given = self.params.granularity or self.settings.granularity
        return given if given in {"sentence", "both"} else "paragraph"  # type: ignore[return-value]

    @property
    def customised(self) -> bool:
        """Whether the job is given parallel data."""
        return self.settings.parallel_data if self.params.parallel_data is None else self.params.parallel_data

    @property
    def home(self) -> str:
        """The key of all that belongs to the pair, over all runs; ends with a slash."""
        return f"{self.config.book.name}/{self.pair}/"

    def key(self, resolved: dict[str, Any], step: str, name: str) -> str:
        """The key of an artefact of this run."""
        return names.step_key(resolved["prefix"], step, name)

    def remembered(self, resolved: dict[str, Any], name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once."""
        place = (resolved["prefix"], name)
        if place not in self.memo:
            self.memo[place] = make()
        found: T = self.memo[place]
        return found

    @property
    def folder(self) -> Path:
        """The local folder for mirrors and for the repositories that ``publish`` writes to; made when missing.

        ``$AMTS_STATE``, else ``.amts`` beside the folder of the configuration. Nothing in it is the only copy: mirrors
        are fetched again, and branches are written again from the artefacts.
        """
        given = os.environ.get("AMTS_STATE")
        path = Path(given) if given else self.config.path.resolve().parent.parent / ".amts"
        path.mkdir(parents=True, exist_ok=True)
        return path
