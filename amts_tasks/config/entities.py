"""What a configuration holds. A field's docstring is its documentation: the tables of docs/configuration.md are made
from it.

A field whose docstring begins with ``Derived:`` is not written in the file but worked out from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from amts_tasks.config.globs import DOCUMENTS
from amts_tasks.languages import Profile

Origin = Literal["human", "post-edited", "machine"]
"""Who made a text: a human from the source, a human from machine output, or a machine nobody has corrected."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a book or a translation is."""

    kind: Literal["git", "folder"]
    """``git`` (a repository, bare or not, or a bundle) or ``folder`` (files as they lie there)."""
    location: str
    """A path, relative to the configuration file; for ``git`` also an https, ssh or file address without a password in
    it."""
    root: str = ""
    """The folder in it that is the book's root; empty for the whole."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Which revisions of a repository count."""

    kind: Literal["branch", "tags"] = "branch"
    """``branch``: the commits of a branch, by first parents. ``tags``: the commits of tags only."""
    name: str = "HEAD"
    """The branch (``HEAD``: the repository's default branch), or a pattern of tag names such as ``v*``."""
    settle_days: float = 0.0
    """A revision is taken only when it is at least this many days old, so that text still being worked on is left
    alone. The plan and the report name what waits, and until when."""


@dataclass(frozen=True, slots=True)
class BookConfig:
    """The book that is translated."""

    name: str
    """Short name, in keys, job names and resource names: lower-case letters, digits and single hyphens, at most 40."""
    language: str
    """The language it is written in; a profile of it must exist."""
    place: Place
    """Where it is."""
    documents: tuple[str, ...] = DOCUMENTS
    """Patterns of the documents to translate: ``*`` and ``?`` stay within a folder, ``**/`` is any number of
    folders. Notebooks (``.ipynb``) and HTML are told by their suffix, all else is read as Markdown."""
    exclude: tuple[str, ...] = ()
    """Patterns of documents to leave out again."""
    title: str = ""
    """The book's title, for reports; its name where it is empty."""
    follow: Follow = Follow()
    """Which of its revisions count."""


@dataclass(frozen=True, slots=True)
class PushConfig:
    """Where our branches are pushed to, and who is asked to merge them. Not written: nothing is pushed."""

    remote: str = ""
    """The translation's repository, or a fork of it: an https, ssh or file address without a password in it, or a path.
    Only branches named ``amts/<pair>/…`` are pushed there, and none is ever forced. Empty: nothing is pushed."""
    forge: Literal["none", "github", "gitlab"] = "none"
    """Where a pull or merge request is opened for each branch: ``github``, ``gitlab``, or nowhere. Wants the extra
    ``forges``."""
    project: str = ""
    """The repository as the forge names it: ``owner/name``, for GitLab with all of its groups."""
    fork: str = ""
    """Where ``remote`` is a fork of the project: its name, like ``project``'s. Requests come from there."""
    base_url: str = ""
    """The forge's address where it is not github.com or gitlab.com: for GitHub Enterprise the API's
    (``https://HOST/api/v3``), for GitLab the server's. https; http on this machine only."""
    base: str = ""
    """The branch that requests are to be merged into; the translation's default branch where it is empty."""
    token: str = "AMTS_FORGE_TOKEN"  # noqa: S105 - the name of a variable
    """The variable of the environment that holds the token: its name, never the token itself."""
    conn_id: str = ""
    """The Airflow connection whose password is the token; the variable where it is empty, and on the command line."""


@dataclass(frozen=True, slots=True)
class TranslationConfig:
    """One translation of the book, in its own repository or folder."""

    language: str
    """Derived: the key under ``translations``."""
    place: Place
    """Where it is."""
    layout: Literal["origin", "revision", "inferred", "interleaved"]
    """How the source it was made from is known. ``origin``: ``foo_origin.md`` stands beside ``foo.md``. ``revision``:
    each document has its source's path, and ``source_revision`` names the book's revision. ``inferred``: likewise, or
    one it had once; the revision is looked for in the book's history. ``interleaved``: it stands in each document, in
    comments that publishing keeps in step."""
    origin: Origin
    """How the translation was made; ``machine`` text enters neither memory nor parallel data nor references."""
    follow: Follow = Follow()
    """Which of its revisions count."""
    source_revision: str | None = None
    """For the layout ``revision``: the tag, branch or commit of the book that the translation was made from."""
    origin_suffix: str = "_origin"
    """For the layout ``origin``: what the name of a source has before its extension."""
    suffix: str = ""
    """For the layout ``interleaved``: what the name of a document has before its extension and its source's has not,
    such as ``_vn``."""
    origins: tuple[tuple[str, Origin], ...] = ()
    """Patterns of documents that were made otherwise, each with its origin; the first that matches counts."""
    as_of: Literal["now", "date"] = "now"
    """``now``: the newest revision, whatever date is asked for. ``date``: the revision of that date, to replay the
    past."""
    manifest: str = ""
    """A folder in the translation: each branch then also carries, as ``CHAPTER.json``, what is known of the blocks of
    its documents: whose text they are, from which source. To be read; the one in storage counts. Empty: none."""
    build: tuple[str, ...] = ()
    """The book's build: a command and its arguments, run without a shell on a checkout of each tree before it is
    published, in the book's root. Where it does not end with 0 the branch is withheld. It is code of the translation's
    repository, run as the worker's user: only for repositories whose committers you trust."""
    build_minutes: float = 30.0
    """How long the build may take."""
    push: PushConfig = PushConfig()
    """Where branches are pushed to; nowhere where it is not written."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a pair may cost in US dollars. 0: nothing that is paid for."""

    run: float = 10.0
    """For the translation of one run. Documents that do not fit wait; where nothing fits the run stops."""
    evaluation: float = 10.0
    """For the evaluation documents of one run; where they cost more the run stops before anything is sent."""


@dataclass(frozen=True, slots=True)
class ReviewConfig:
    """How much people are given to read at a time. The rest waits, in the order in which the book is read."""

    words: int = 2000
    """Most words (of the source, whose translation is new) on one branch, unless one document alone has more; 0 for no
    limit."""
    branches: int = 10
    """Most branches of a pair that are open at a time; 0 for no limit."""
    quiet_nights: int = 7
    """After so many runs in a row that published nothing although there was something to do, the report says so; 0:
    never."""


@dataclass(frozen=True, slots=True)
class PairConfig:
    """One source and target language."""

    pair: str
    """Derived: the key under ``pairs``: SOURCE-TARGET, such as ``en-zh``. One side must be the book's own language."""
    source: str
    """Derived: the language translated from."""
    target: str
    """Derived: the language translated into."""
    translation: TranslationConfig
    """Derived: the translation at the side that is not the book's own language."""
    reverse: bool
    """Derived: whether the target is the book's own language: such a pair is evaluated, and publishes nothing."""
    documents: tuple[str, ...] = ()
    """Patterns of this pair's documents; the book's where it is empty."""
    exclude: tuple[str, ...] = ()
    """Patterns of documents to leave out again; the book's where it is empty."""
    held_out: tuple[str, ...] = ()
    """Paths of the evaluation documents, as the translation names them: never in the parallel data, so that what is
    scored was not learnt."""
    granularity: Literal["paragraph", "sentence", "both"] = "paragraph"
    """What one pair of the parallel data holds."""
    minimum_change: int = 1
    """The parallel data is imported anew only when at least this many of its pairs changed."""
    budget: Budget = Budget()
    """What it may cost."""
    review: ReviewConfig = ReviewConfig()
    """How much a run may give people to read."""
    schedule: str | None = None
    """When it runs, as a cron expression in UTC, or null for only by hand. Not written: ``schedule.cron``, and null for
    a pair that is only evaluated."""
    grace_hours: float = 1.0
    """A scheduled run that starts later than this many hours after its time is skipped. Not written:
    ``schedule.grace_hours``."""
    parallel_data: bool = True
    """Whether the service is customised by the pair's earlier translations (Active Custom Translation)."""
    terminology: bool = True
    """Whether the glossary of the target's (for a reverse pair: the source's) profile is imported and used."""


@dataclass(frozen=True, slots=True)
class Price:
    """What the service asks for, in US dollars; read it again when you plan a book."""

    act_per_million: float = 60.0
    """For a million characters translated with parallel data."""
    standard_per_million: float = 15.0
    """For a million characters translated without."""
    read_on: date = date(2026, 11, 22)
    """When the prices were read. The defaults are as others tell them: AWS's own price list was not at hand."""


@dataclass(frozen=True, slots=True)
class AwsConfig:
    """The account that translates. Credentials are not here: they come from the Airflow connection or the AWS default
    chain."""

    region: str
    """The service's region; the bucket must be in the same."""
    role_arn: str
    """The role the service takes to read and write the bucket."""
    conn_id: str = "aws_default"
    """The Airflow connection."""
    account: str | None = None
    """The account's twelve digits, if a role of any other is to be a fault."""
    act_regions: tuple[str, ...] = ("eu-west-1", "us-east-1", "us-west-2")
    """Regions that know parallel data."""
    price: Price = Price()
    """The price list."""
    job_timeout_hours: float = 12.0
    """How long a job or an import is waited for, in hours."""
    poll_seconds: int = 30
    """How long to wait between two looks at a job or an import, in seconds."""


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """The S3 bucket that holds everything AMTS makes."""

    bucket: str
    """Its name."""
    prefix: str = ""
    """What all keys begin with: empty, or folders that end in a slash."""
    region: str | None = None
    """The region it must be in; the service's where it is null."""


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """When pairs run that do not say it themselves."""

    cron: str | None = None
    """A cron expression of five fields in UTC, such as ``0 2 * * *``; null for only by hand."""
    grace_hours: float = 1.0
    """A scheduled run that starts later than this many hours after its time is skipped: unpausing does not run the
    night again."""


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration."""

    path: Path
    """Derived: the file it was read from."""
    book: BookConfig
    """The book."""
    aws: AwsConfig
    """The account."""
    storage: StorageConfig
    """The bucket."""
    translations: Mapping[str, TranslationConfig]
    """The translations by language."""
    pairs: Mapping[str, PairConfig]
    """The pairs by name, sorted."""
    profiles: Mapping[str, Profile]
    """Derived: the language profiles by language."""
    schedule: ScheduleConfig = ScheduleConfig()
    """When pairs run that do not say it themselves."""
    languages: Path = Path("languages")
    """The folder of the language profiles, relative to this file."""
