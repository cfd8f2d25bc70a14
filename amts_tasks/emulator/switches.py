"""Where the service's documentation is silent, or a test wants it otherwise: named switches with defaults.

``docs/emulator.md`` lists them all; ``amts doctor --probe`` finds out how a real account would set the open ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Switches:
    """Every switch; a value outside its choices raises ValueError."""

    act_regions: tuple[str, ...] = ("us-east-1", "us-west-2", "eu-west-1")
    """Regions in which a job may name parallel data (developer guide, December 2022); empty: all of them."""
    region_guard: bool = True
    """Whether parallel data outside ``act_regions`` is refused."""
    batch_regions: tuple[str, ...] = ()
    """Regions that have batch jobs; empty: all of them. Elsewhere NotAuthorizedException, as users have reported."""
    same_region: bool = True
    """Whether the buckets of a job or import must be in the Region of the call."""
    signatures: bool = True
    """Whether a call must carry a SigV4 signature for Translate; the signature itself is not computed."""
    access_keys: tuple[str, ...] = ()
    """Access keys that are known; empty: any. Others get UnrecognizedClientException."""
    check_role: bool = False
    """Whether a job's role must exist in moto's IAM and trust translate.amazonaws.com."""
    unknown_members: Literal["ignore", "refuse"] = "ignore"
    """Members of a request that the model does not know."""
    validation_code: Literal["declared", "ValidationException"] = "declared"
    """Code for a request that breaks the model: the first the operation declares, or the front end's own."""
    client_error_status: Literal["model", "400"] = "model"
    """HTTP status of client errors: botocore's model has 404, 409 and 429; the API reference of 2022 has 400 alone."""
    throttle_status: Literal["429", "400"] = "429"
    """HTTP status of TooManyRequestsException; on 400 botocore's legacy retry mode gives up."""
    request_rates: bool = False
    """Whether the quotas of requests a second are enforced, by the emulator's clock."""
    busy_code: Literal["LimitExceededException", "ConcurrentModificationException", "ConflictException"] = (
        "LimitExceededException"
    )
    """Answer to a second concurrent import."""
    strict_tokens: bool = False
    """Whether a client token that comes again with other parameters is an error; else it starts new work."""
    forbidden_start: Literal["fail_record", "fail_import", "accept"] = "fail_record"
    """A CSV or TSV field that begins with + - = @."""
    import_folder: bool = True
    """Whether parallel data may be named by a folder that holds exactly one file."""
    nested_output: Literal["keep", "flat"] = "keep"
    """Output of a nested input: sub/zh.name, or zh.name."""
    open_prefix: Literal["folder", "prefix"] = "folder"
    """An input URI without a closing slash: the folder of that name, or every key that begins so."""
    count_languages: bool = True
    """Whether JobDetails counts a document once for each target language, or once."""
    job_name_filter: Literal["exact", "prefix"] = "exact"
    """How the JobName filter of ListTextTranslationJobs compares."""
    output_before_end: bool = False
    """Whether a stopped job leaves the documents it had finished."""
    auto_with_parallel_data: bool = False
    """Whether a job with parallel data may leave the source language to be detected."""
    least_confidence: float = 0.5
    """A language detected with less is DetectedLanguageLowConfidenceException, or its document's error."""
    delete_seconds: float = 0.0
    """How long deleted parallel data stays visible as DELETING."""
    running_jobs: int = 10
    """Jobs in progress at once in a Region; the rest stay SUBMITTED."""
    queued_jobs: int = 1000
    """Jobs that may wait; one more is refused."""
    parallel_data_resources: int = 1000
    """Parallel data resources in one account and Region."""
    terminologies: int = 100
    """Terminologies in one account and Region."""
    document_bytes: int = 20 * 1024**2
    """Largest document of a job."""
    document_characters: int = 1_000_000
    """Most characters of a job's document."""
    document_text_bytes: int = 1024**2
    """Most translatable text of a job's document."""
    job_documents: int = 1_000_000
    """Most documents of a job."""
    job_bytes: int = 5 * 1024**3
    """Most bytes of a job's documents together."""
    location_seconds: int = 1800
    """How long a presigned location works."""
    bill_markup: bool = True
    """Whether TranslateText bills the characters of markup."""
    bill_protected: bool = False
    """Whether an HTML or XLIFF document's protected spans are billed."""
    standard_usd: float = 15.0
    """Price of a million characters without parallel data."""
    customised_usd: float = 60.0
    """Price of a million characters of a job with parallel data."""
    prices_read: str = "2026-11-22"
    """When the two prices were read, in other people's words; AWS's own page was not at hand."""

    def __post_init__(self) -> None:
        for name, kind in get_type_hints(type(self)).items():
            choices = get_args(kind) if get_origin(kind) is Literal else None
            if choices is not None and getattr(self, name) not in choices:
                raise ValueError(f"switch {name}: found {getattr(self, name)!r}; expected one of: {', '.join(choices)}")

    @classmethod
    def parse(cls, words: Iterable[str]) -> Self:
        """Of ``NAME=VALUE`` words, the last one of a name counting; raises ValueError with what would be right."""
        kinds = get_type_hints(cls)
        given: dict[str, Any] = {}
        for word in words:
            name, equals, text = word.partition("=")
            if name not in kinds or not equals:
                known = ", ".join(item.name for item in fields(cls))
                raise ValueError(f"switch {word!r}: expected NAME=VALUE with one of the names: {known}")
            given[name] = _value(name, kinds[name], text)
        return cls(**given)


def _value(name: str, kind: Any, text: str) -> Any:
    if kind is bool:
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if text.lower() not in words:
            raise ValueError(f"switch {name}: found {text!r}; expected true or false")
        return words[text.lower()]
    if kind in {int, float}:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"switch {name}: found {text!r}; expected a number") from None
    if get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text
