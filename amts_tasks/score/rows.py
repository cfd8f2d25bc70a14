"""Measured articles and the rows they make: with parallel data, without, and what may be said of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from amts_tasks.errors import InputError
from amts_tasks.languages import Profile
from amts_tasks.score.article import Cut
from amts_tasks.score.metrics import Measured, Score, mean, measure
from amts_tasks.translate.service import Service

Origin = Literal["human", "post-edited", "machine"]
Reading = Literal["as_is", "without_protected"]
READINGS: tuple[Reading, ...] = ("as_is", "without_protected")
"""The text as it is written, and without code, math, references, links and marks, which any engine copies."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one engine made of one article."""

    service: Service
    missing: int
    """Units without an answer; their source text was scored."""
    measured: Mapping[Reading, tuple[Measured, ...]]


@dataclass(frozen=True, slots=True)
class Article:
    """One test document, scored with parallel data and, if it could be had, without."""

    document: str
    origin: Origin
    """Of the reference."""
    cut: Cut
    job: Column
    baseline: Column | str
    """The column without parallel data, or why there is none, such as ``no baseline engine``."""


def score_article(
    document: str,
    origin: Origin,
    job: tuple[Cut, Service],
    baseline: tuple[Cut, Service] | str,
    profile: Profile,
) -> Article:
    """The measured article. Both cuts are of the same documents and beads, ``profile`` is of the language of both
    texts.

    Raises InputError where the two have other segments, or none.
    """
    if not job[0].groups:
        raise InputError(f"{document}: nothing of the reference aligns with its source; there is no segment to score")
    if not isinstance(baseline, str) and _references(baseline[0]) != _references(job[0]):
        raise InputError(f"{document}: the two translations are cut into other segments; expected the same")
    other = baseline if isinstance(baseline, str) else _column(*baseline, profile)
    return Article(document, origin, job[0], _column(*job, profile), other)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: an article, or the mean of several."""

    document: str
    articles: int
    origins: tuple[Origin, ...]
    segments: int
    share: float
    """Letters of reference prose in scored segments, 0-1."""
    joined: int
    unpaired: int
    missing: int
    """Units of the job without an answer; their source text was scored."""
    baseline_missing: int
    services: tuple[Service, ...]
    """Of the job, without repetition."""
    baseline_services: tuple[Service, ...]
    scores: Mapping[Reading, tuple[Score, ...]]
    """With parallel data; p is that of the difference to the baseline, where the engine is the same."""
    baseline: Mapping[Reading, tuple[Score, ...]] | str
    """Without parallel data, or why there is none."""
    comparable: bool
    """Whether both columns come from one engine."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""

        def column(
            services: Sequence[Service], missing: int, scores: Mapping[Reading, tuple[Score, ...]]
        ) -> dict[str, Any]:
            read: dict[str, Any] = {reading: [score.as_dict() for score in scores[reading]] for reading in READINGS}
            return {"service": [service.as_dict() for service in services], "missing": missing, **read}

        difference = None
        if self.comparable and not isinstance(self.baseline, str):
            difference = {
                reading: [
                    {"metric": ours.metric, "value": round(ours.value - theirs.value, 6), "p": round(ours.p or 0.0, 6)}
                    for ours, theirs in zip(self.scores[reading], self.baseline[reading], strict=True)
                ]
                for reading in READINGS
            }
        return {
            "document": self.document,
            "articles": self.articles,
            "origin": list(self.origins),
            "segments": self.segments,
            "share": round(self.share, 6),
            "joined": self.joined,
            "unpaired": self.unpaired,
            "with_parallel_data": column(self.services, self.missing, self.scores),
            "without_parallel_data": {"reason": self.baseline}
            if isinstance(self.baseline, str)
            else column(self.baseline_services, self.baseline_missing, self.baseline),
            "difference": difference,
        }


def comparable(one: Service, other: Service) -> bool:
    """Whether the two are the same engine: the same place, which is the real service or names the same engine."""
    return one.key == other.key and ((one.real and other.real) or (one.message == other.message != ""))


def _references(cut: Cut) -> list[str]:
    return [group.reference_text for group in cut.groups]


def _column(cut: Cut, service: Service, profile: Profile) -> Column:
    groups = cut.groups
    return Column(
        service,
        len(cut.missing),
        {
            "as_is": measure([g.hypothesis for g in groups], [g.reference_text for g in groups], profile),
            "without_protected": measure(
                [g.hypothesis_plain for g in groups], [g.reference_plain for g in groups], profile
            ),
        },
    )


def row(document: str, articles: Sequence[Article]) -> Row:
    baselines = [one.baseline for one in articles if not isinstance(one.baseline, str)]
    reasons = sorted({one.baseline for one in articles if isinstance(one.baseline, str)})
    same = not reasons and all(comparable(a.job.service, b.service) for a, b in zip(articles, baselines, strict=True))
    jobs = [one.job for one in articles]
    letters = sum(one.cut.letters_total for one in articles)
    return Row(
        document=document,
        articles=len(articles),
        origins=tuple(sorted({one.origin for one in articles})),
        segments=sum(len(one.cut.groups) for one in articles),
        share=sum(one.cut.letters for one in articles) / letters if letters else 0.0,
        joined=sum(one.cut.joined for one in articles),
        unpaired=sum(one.cut.unpaired for one in articles),
        missing=sum(job.missing for job in jobs),
        baseline_missing=sum(one.missing for one in baselines),
        services=_distinct([job.service for job in jobs]),
        baseline_services=_distinct([one.service for one in baselines]),
        scores={reading: _scores(reading, jobs, baselines if same else None) for reading in READINGS},
        baseline="; ".join(reasons)
        if reasons
        else {reading: _scores(reading, baselines, None) for reading in READINGS},
        comparable=same,
    )


def _scores(reading: Reading, columns: Sequence[Column], baselines: Sequence[Column] | None) -> tuple[Score, ...]:
    count = len(columns[0].measured[reading])
    return tuple(
        mean(
            [one.measured[reading][metric] for one in columns],
            None if baselines is None else [one.measured[reading][metric] for one in baselines],
        )
        for metric in range(count)
    )


def _distinct(services: Sequence[Service]) -> tuple[Service, ...]:
    return tuple(sorted(set(services), key=lambda one: (one.key, one.message)))
