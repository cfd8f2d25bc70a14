"""From the file to the Config: every field is checked here, once; inside, types are trusted."""

from __future__ import annotations

import os
from pathlib import Path

from amts_tasks.config.account import read_aws, read_storage
from amts_tasks.config.entities import AwsConfig, BookConfig, Config, ScheduleConfig, StorageConfig
from amts_tasks.config.pairs import expected_profile, read_pairs, read_schedule
from amts_tasks.config.places import inside, read_book, read_translations
from amts_tasks.languages import read_profiles
from amts_tasks.settings import Section, Sheet, quoted


def load(path: Path | None = None) -> Config:
    """The configuration in ``path``, else in ``$AMTS_CONFIG``, else in config/amts.yaml of the working folder.

    Raises ConfigError with all faults of the file and of the language profiles it points at; opens nothing else.
    """
    path = path or default_path()
    sheet = Sheet(path, os.environ)
    top = Section.top(sheet, Config)
    if top.node is None:
        sheet.raise_faults()
    here = path.absolute().parent
    languages = inside(here, top.text("languages", "languages", expected="a folder of language profiles"))
    profiles, profile_faults = read_profiles(languages)

    of_book = top.section("book", BookConfig, required=True)
    book = read_book(of_book, here)
    if book.language and book.language not in profiles:
        of_book.fault("language", quoted(book.language), expected_profile(profiles))
    translations = read_translations(top.section("translations", Config, required=True), here, book)
    of_aws = top.section("aws", AwsConfig, required=True)
    aws = read_aws(of_aws)
    storage = read_storage(top.section("storage", StorageConfig, required=True), aws)
    schedule = read_schedule(top.section("schedule", ScheduleConfig))
    pairs = read_pairs(top.section("pairs", Config, required=True), book, translations, schedule, profiles)
    wanting = [pair.pair for pair in pairs.values() if pair.parallel_data]
    if aws.region and aws.act_regions and wanting and aws.region not in aws.act_regions:
        expected = (
            f"one of act_regions ({', '.join(aws.act_regions)}), or parallel_data: false for {', '.join(wanting)}"
        )
        of_aws.fault("region", quoted(aws.region), expected)
    top.done()
    sheet.raise_faults(profile_faults)
    return Config(
        path=path.absolute(),
        book=book,
        aws=aws,
        storage=storage,
        schedule=schedule,
        translations=translations,
        pairs=pairs,
        languages=languages,
        profiles={code: profile for code, profile in profiles.items() if profile is not None},
    )


def default_path() -> Path:
    """``$AMTS_CONFIG``, else config/amts.yaml of the working folder or of this checkout."""
    if found := os.environ.get("AMTS_CONFIG"):
        return Path(found)
    default = Path("config/amts.yaml")
    # Airflow's processes start anywhere: an editable installation finds the file of its own checkout.
    beside = Path(__file__).parents[2] / default
    return beside if not default.exists() and beside.exists() else default
