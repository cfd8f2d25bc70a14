"""From the file to the Config: every field is checked here, once; inside, types are trusted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from amts_tasks.config.cron import cron_fault
from amts_tasks.config.entities import (
    AwsConfig,
    BookConfig,
    Budget,
    Config,
    Follow,
    Origin,
    PairConfig,
    Place,
    Price,
    ScheduleConfig,
    StorageConfig,
    TranslationConfig,
)
from amts_tasks.config.globs import matches
from amts_tasks.errors import InputError
from amts_tasks.languages import CODE, Profile, read_profiles, split_pair
from amts_tasks.settings import Section, Sheet, quoted

NAME = r"[a-z0-9](?:-?[a-z0-9]){0,39}"
BUCKET = r"[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]"
"""Amazon Translate's own pattern of a bucket's name (service model, S3Uri)."""
ROLE_ARN = r"(?=.{20,2048}$)arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+"
REGION = r"[a-z]{2}(?:-[a-z]+)+-[0-9]"
ORIGINS = ("human", "post-edited", "machine")


def load(path: Path | None = None) -> Config:
    """The configuration in ``path``, else in ``$AMTS_CONFIG``, else in config/amts.yaml of the working folder.

    Raises ConfigError with all faults of the file and of the language profiles it points at; opens nothing else.
    """
    path = path or _default_path()
    sheet = Sheet(path, os.environ)
    top = sheet.top(Config)
    if top.node is None:
        sheet.raise_faults()
    here = path.absolute().parent
    languages = _inside(here, top.text("languages", "languages", expected="a folder of language profiles"))
    profiles, profile_faults = read_profiles(languages)

    book = _book(top.section("book", BookConfig, required=True), here)
    translations = _translations(top.section("translations", Config, required=True), here, book)
    aws = _aws(top.section("aws", AwsConfig, required=True))
    storage = _storage(top.section("storage", StorageConfig, required=True), aws)
    schedule = _schedule(top.section("schedule", ScheduleConfig))
    pairs = _pairs(top.section("pairs", Config, required=True), book, translations, schedule, profiles)
    if book.language and book.language not in profiles:
        top.section("book", BookConfig).fault("language", quoted(book.language), _expected_profile(profiles))
    wanting = [pair.pair for pair in pairs.values() if pair.parallel_data]
    if aws.region and aws.act_regions and wanting and aws.region not in aws.act_regions:
        expected = (
            f"one of act_regions ({', '.join(aws.act_regions)}), or parallel_data: false for {', '.join(wanting)}"
        )
        top.section("aws", AwsConfig).fault("region", quoted(aws.region), expected)
    top.done()
    sheet.raise_faults(profile_faults)
    return Config(
        path=path.absolute(),
        book=book,
        aws=aws,
        storage=storage,
        schedule=schedule,
        translations=MappingProxyType(translations),
        pairs=MappingProxyType(pairs),
        languages=languages,
        profiles=MappingProxyType({code: profile for code, profile in profiles.items() if profile is not None}),
    )


def _default_path() -> Path:
    if found := os.environ.get("AMTS_CONFIG"):
        return Path(found)
    default = Path("config/amts.yaml")
    # Airflow's processes start anywhere: an editable installation finds the file of its own checkout.
    beside = Path(__file__).parents[2] / default
    return beside if not default.exists() and beside.exists() else default


def _inside(here: Path, text: str) -> Path:
    return Path(os.path.normpath(here / text))


def _book(section: Section, here: Path) -> BookConfig:
    name = section.text("name", pattern=NAME, expected="lower-case letters, digits and single hyphens, at most 40")
    book = BookConfig(
        name=name,
        language=section.text("language", pattern=CODE, expected='a language code such as "en"'),
        place=_place(section.section("place", Place, required=True), here),
        documents=_patterns(section, "documents"),
        exclude=_patterns(section, "exclude"),
        title=section.text("title") or name,
        follow=_follow(section.section("follow", Follow)),
    )
    if "documents" in section and not book.documents:
        section.fault("documents", "no pattern", "at least one pattern such as chapter_*/*.md")
    section.done()
    return book


def _place(section: Section, here: Path) -> Place:
    kind = section.choice("kind", ("git", "folder"))
    expected = "a path" if kind == "folder" else "a path, or an https, ssh or file address"
    location = section.text("location", pattern=r"[^-\s][^\n\0]*", expected=expected)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://|[\w.-]+@[\w.-]+:", location)
    if scheme is None:
        location = str(_inside(here, location)) if location else ""
    elif kind == "folder" or scheme[1] not in {None, "https", "ssh", "file"}:
        section.fault("location", quoted(location), expected)
    elif scheme[1] is not None and urlsplit(location).password is not None:
        section.fault(
            "location", "an address with a password in it", "an address without; git's own credentials are used"
        )
    place = Place(kind=kind, location=location, root=_folder(section, "root"))
    section.done()
    return place


def _folder(section: Section, key: str) -> str:
    text = str(section.text(key, expected="a folder within the book"))
    if text and (text.startswith("/") or "\\" in text or {"..", "."} & set(text.split("/"))):
        section.fault(key, quoted(text), "a folder within the book, with forward slashes and without . or ..")
        return ""
    return text.strip("/")


def _follow(section: Section) -> Follow:
    kind = section.choice("kind", ("branch", "tags"))
    expected = "a branch" if kind == "branch" else 'a pattern of tag names such as "v*"'
    # A pattern of tags has no default: HEAD is none.
    name = section.text(
        "name", "HEAD" if kind == "branch" else None, pattern=r"[^-\s~^:\\][^\s~^:\\]*", expected=expected
    )
    if kind == "tags" and "name" not in section:
        section.fault("name", "nothing", expected)
    follow = Follow(kind=kind, name=name, settle_days=section.number("settle_days", most=3650))
    section.done()
    return follow


def _patterns(
    section: Section, key: str, *, expected: str = "a list of patterns such as chapter_*/*.md"
) -> tuple[str, ...]:
    patterns = section.texts(key, expected=expected)
    for pattern in patterns:
        if pattern.startswith("/") or "\\" in pattern or {"..", "."} & set(pattern.split("/")):
            section.fault(key, quoted(pattern), "a path within the book, with forward slashes and without . or ..")
    return patterns


def _translations(section: Section, here: Path, book: BookConfig) -> dict[str, TranslationConfig]:
    found: dict[str, TranslationConfig] = {}
    for language in section:
        part = section.section(language, TranslationConfig)
        if not re.fullmatch(CODE, language):
            section.fault(language, quoted(language), 'a language code such as "zh" or "zh-TW"')
        if language == book.language:
            section.fault(language, quoted(language), "a language other than the book's own")
        layout = part.choice("layout", ("origin", "revision"))
        revision = part.text("source_revision", pattern=r"[^-\s~^:\\][^\s~^:\\]*", expected="a tag, branch or commit")
        if layout == "revision" and not revision and "source_revision" not in part:
            part.fault("source_revision", "nothing", 'a tag, branch or commit of the book (layout is "revision")')
        if layout == "origin" and revision:
            part.fault("source_revision", quoted(revision), 'nothing (layout is "origin"), or layout: revision')
        found[language] = TranslationConfig(
            language=language,
            place=_place(part.section("place", Place, required=True), here),
            layout=layout,
            origin=part.choice("origin", ORIGINS),
            follow=_follow(part.section("follow", Follow)),
            source_revision=revision,
            origin_suffix=part.text("origin_suffix", pattern=r"[\w.-]{1,40}", expected='a suffix such as "_origin"'),
            origins=_origins(part),
            as_of=part.choice("as_of", ("now", "date")),
        )
        part.done()
    return found


def _origins(part: Section) -> tuple[tuple[str, Origin], ...]:
    section = part.section("origins", Place)
    return tuple((pattern, section.choice(pattern, ORIGINS)) for pattern in section)


def _pairs(
    section: Section,
    book: BookConfig,
    translations: Mapping[str, TranslationConfig],
    schedule: ScheduleConfig,
    profiles: Mapping[str, Profile | None],
) -> dict[str, PairConfig]:
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
        elif other and other not in translations:
            expected = (
                f"a translation under translations.{other} (there are: {', '.join(sorted(translations)) or 'none'})"
            )
            section.fault(name, quoted(name), expected)
        for language in (source, target):
            if language and language != book.language and language not in profiles:
                section.fault(name, quoted(language), _expected_profile(profiles))
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
    documents = _patterns(part, "documents") or book.documents
    exclude = _patterns(part, "exclude") or book.exclude
    held_out = part.texts("held_out", expected="a list of paths such as chapter_one/index.md")
    for path in held_out:
        if not matches(path, documents, exclude):
            part.fault(
                "held_out", quoted(path), f"a path matched by documents ({', '.join(documents)}) and not excluded"
            )
    budget = part.section("budget", Budget)
    cron = _cron(part, "schedule") if "schedule" in part else None if reverse else schedule.cron
    fields = {
        "granularity": part.choice("granularity", ("paragraph", "sentence")),
        "minimum_change": part.number("minimum_change", whole=True),
        "budget": Budget(run=budget.number("run"), evaluation=budget.number("evaluation")),
        "schedule": cron,
        "grace_hours": part.number("grace_hours", schedule.grace_hours),
        "parallel_data": part.flag("parallel_data"),
        "terminology": part.flag("terminology"),
    }
    budget.done()
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


def _expected_profile(profiles: Iterable[str]) -> str:
    return f"a language with a profile (there are: {', '.join(sorted(profiles)) or 'none'})"


def _cron(section: Section, key: str) -> str | None:
    text: str | None = section.text(key, expected='a cron expression in quotes such as "0 2 * * *"', expand=False)
    if text and (expected := cron_fault(text)):
        section.fault(key, quoted(text), expected)
    return text or None


def _schedule(section: Section) -> ScheduleConfig:
    schedule = ScheduleConfig(cron=_cron(section, "cron"), grace_hours=section.number("grace_hours"))
    section.done()
    return schedule


def _aws(section: Section) -> AwsConfig:
    price = section.section("price", Price)
    regions = section.texts("act_regions", expected="a list of regions such as us-east-1")
    for region in regions:
        if not re.fullmatch(REGION, region):
            section.fault("act_regions", quoted(region), "a region such as us-east-1")
    aws = AwsConfig(
        region=section.text("region", pattern=REGION, expected="a region such as us-east-1"),
        role_arn=section.text(
            "role_arn", pattern=ROLE_ARN, expected="a role such as arn:aws:iam::123456789012:role/amts"
        ),
        conn_id=section.text("conn_id", pattern=r"[\w.-]{1,200}", expected="the id of an Airflow connection"),
        account=section.text("account", pattern=r"[0-9]{12}", expected="twelve digits in quotes"),
        act_regions=regions,
        price=Price(
            act_per_million=price.number("act_per_million"),
            standard_per_million=price.number("standard_per_million"),
            read_on=price.day("read_on"),
        ),
        job_timeout_hours=section.number("job_timeout_hours", least=0.01, most=24 * 14),
        poll_seconds=section.number("poll_seconds", least=1, most=3600, whole=True),
    )
    price.done()
    section.done()
    return aws


def _storage(section: Section, aws: AwsConfig) -> StorageConfig:
    expected = "empty, or folders that end in a slash such as amts/"
    region = section.text("region", pattern=REGION, expected="a region such as us-east-1")
    if region and aws.region and region != aws.region:
        section.fault("region", quoted(region), f'the service\'s region, "{aws.region}": it reads no other bucket')
    storage = StorageConfig(
        bucket=section.text("bucket", pattern=BUCKET, expected="a bucket's name: 3 to 63 of a-z, 0-9, dot and hyphen"),
        prefix=section.text("prefix", pattern=r"(?:[\w.-]+/){0,20}", expected=expected),
        region=region,
    )
    section.done()
    return storage
