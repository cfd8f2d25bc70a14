"""The pairs and their schedule, from their sections of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from amts_tasks.config.cron import cron_fault
from amts_tasks.config.entities import BookConfig, Budget, PairConfig, ReviewConfig, ScheduleConfig, TranslationConfig
from amts_tasks.config.globs import matches
from amts_tasks.config.places import read_patterns
from amts_tasks.errors import InputError
from amts_tasks.languages import Profile, split_pair
from amts_tasks.settings import Section, quoted


def read_pairs(
    section: Section,
    book: BookConfig,
    translations: Mapping[str, TranslationConfig],
    schedule: ScheduleConfig,
    profiles: Mapping[str, Profile | None],
) -> dict[str, PairConfig]:
    """The pairs by name, sorted; a faulty one whose translation is not known is left out."""
    found: dict[str, PairConfig] = {}
    for name in section:
        part = section.section(name, PairConfig)
        try:
            source, target = split_pair(name)
        except InputError as error:
            section.fault(name, quoted(name), str(error).rpartition("expected ")[2])
            source = target = ""
        other = target if source == book.language else source
        if other and book.language and book.language not in {source, target}:
            section.fault(name, quoted(name), f'a pair with the book\'s language "{book.language}" on one side')
        elif other and book.language and other not in translations:
            expected = (
                f"a translation under translations.{other} (there are: {', '.join(sorted(translations)) or 'none'})"
            )
            section.fault(name, quoted(name), expected)
        for language in (source, target):
            if language and language != book.language and language not in profiles:
                section.fault(name, quoted(language), expected_profile(profiles))
        pair = _pair(part, name, source, target, book, translations.get(other), schedule)
        if pair is not None:
            found[name] = pair
    if not found and not section.sheet.faults:
        section.sheet.fault(section.node, "pairs", "none", "at least one pair such as en-zh")
    return dict(sorted(found.items()))


def _pair(
    part: Section,
    name: str,
    source: str,
    target: str,
    book: BookConfig,
    translation: TranslationConfig | None,
    schedule: ScheduleConfig,
) -> PairConfig | None:
    reverse = target == book.language
    documents = read_patterns(part, "documents") or book.documents
    exclude = read_patterns(part, "exclude") or book.exclude
    held_out = part.texts(
        "held_out",
        expected=f"paths of documents, matched by {', '.join(documents)} and not excluded",
        check=lambda path: None if matches(path, documents, exclude) else quoted(path),
    )
    budget = part.section("budget", Budget)
    review = part.section("review", ReviewConfig)
    cron = _cron(part, "schedule") if "schedule" in part else None if reverse else schedule.cron
    fields = {
        "granularity": part.choice("granularity", ("paragraph", "sentence", "both")),
        "minimum_change": part.number("minimum_change", whole=True),
        "budget": Budget(run=budget.number("run"), evaluation=budget.number("evaluation")),
        "review": ReviewConfig(
            words=review.number("words", whole=True),
            branches=review.number("branches", whole=True),
            quiet_nights=review.number("quiet_nights", whole=True),
        ),
        "schedule": cron,
        "grace_hours": part.number("grace_hours", schedule.grace_hours),
        "parallel_data": part.flag("parallel_data"),
        "terminology": part.flag("terminology"),
    }
    budget.done()
    review.done()
    part.text("schedule", expand=False)
    part.done()
    if translation is None:
        return None
    return PairConfig(
        pair=name,
        source=source,
        target=target,
        translation=translation,
        reverse=reverse,
        documents=documents,
        exclude=exclude,
        held_out=held_out,
        **fields,
    )


def expected_profile(profiles: Iterable[str]) -> str:
    """What would be right where a language has no profile."""
    return f"a language with a profile (there are: {', '.join(sorted(profiles)) or 'none'})"


def _cron(section: Section, key: str) -> str | None:
    text: str | None = section.text(key, expected='a cron expression such as "0 2 * * *"', expand=False)
    if text and (expected := cron_fault(text)):
        section.fault(key, quoted(text), expected)
    return text or None


def read_schedule(section: Section) -> ScheduleConfig:
    """When pairs run that do not say it themselves."""
    schedule = ScheduleConfig(cron=_cron(section, "cron"), grace_hours=section.number("grace_hours"))
    section.done()
    return schedule
