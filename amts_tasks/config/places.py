"""The book and its translations, from their sections of the file: where they are and which of their revisions count."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from amts_tasks.config.entities import BookConfig, Follow, Origin, Place, TranslationConfig
from amts_tasks.config.push import read_push
from amts_tasks.languages import CODE
from amts_tasks.settings import Section, quoted

NAME = r"[a-z0-9](?:-?[a-z0-9]){0,39}"
ORIGINS = ("human", "post-edited", "machine")
REVISION = r"[^-\s~^:\\][^\s~^:\\]*"
"""What a branch, a tag or a pattern of tags may be; not ``HEAD~1`` or a range."""


def inside(here: Path, text: str) -> Path:
    """A path of the file: relative to the folder ``here`` it stands in, without dots. Nothing is looked up."""
    return Path(os.path.normpath(here / text))


def read_book(section: Section, here: Path) -> BookConfig:
    """The book; ``here`` is the folder of the file."""
    name = section.text("name", pattern=NAME, expected="lower-case letters, digits and single hyphens, at most 40")
    book = BookConfig(
        name=name,
        language=section.text("language", pattern=CODE, expected='a language code such as "en"'),
        place=_place(section.section("place", Place, required=True), here),
        documents=read_patterns(section, "documents"),
        exclude=read_patterns(section, "exclude"),
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
        location = str(inside(here, location)) if location else ""
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
    if text and _leaves_the_book(text):
        section.fault(key, quoted(text), "a folder within the book, with forward slashes and without . or ..")
        return ""
    return text.strip("/")


def _follow(section: Section) -> Follow:
    kind = section.choice("kind", ("branch", "tags"))
    expected = "a branch" if kind == "branch" else 'a pattern of tag names such as "v*"'
    # A pattern of tags has no default: HEAD is none.
    name = section.text("name", "HEAD" if kind == "branch" else None, pattern=REVISION, expected=expected)
    if kind == "tags" and "name" not in section:
        section.fault("name", "nothing", expected)
    follow = Follow(kind=kind, name=name, settle_days=section.number("settle_days", most=3650))
    section.done()
    return follow


def read_patterns(section: Section, key: str) -> tuple[str, ...]:
    """The patterns of documents under a key."""
    return section.texts(key, expected="patterns such as chapter_*/*.md, below the book's root", check=_leaves_the_book)


def _leaves_the_book(path: str) -> str | None:
    inside = not path.startswith("/") and "\\" not in path and not {"..", "."} & set(path.split("/"))
    return None if inside else quoted(path)


def read_translations(section: Section, here: Path, book: BookConfig) -> dict[str, TranslationConfig]:
    """The translations by language."""
    found: dict[str, TranslationConfig] = {}
    for language in section:
        part = section.section(language, TranslationConfig)
        if not re.fullmatch(CODE, language):
            section.fault(language, quoted(language), 'a language code such as "zh" or "zh-TW"')
        if language == book.language:
            section.fault(language, quoted(language), "a language other than the book's own")
        layout = part.choice("layout", ("origin", "revision", "inferred", "interleaved"))
        revision = part.text("source_revision", pattern=REVISION, expected="a tag, branch or commit")
        if layout == "revision" and not revision and "source_revision" not in part:
            part.fault("source_revision", "nothing", 'a tag, branch or commit of the book (layout is "revision")')
        if layout != "revision" and revision:
            part.fault("source_revision", quoted(revision), f'nothing (layout is "{layout}"), or layout: revision')
        place = _place(part.section("place", Place, required=True), here)
        found[language] = TranslationConfig(
            language=language,
            place=place,
            layout=layout,
            origin=part.choice("origin", ORIGINS),
            follow=_follow(part.section("follow", Follow)),
            source_revision=revision,
            origin_suffix=part.text("origin_suffix", pattern=r"[\w.-]{1,40}", expected='a suffix such as "_origin"'),
            suffix=_suffix(part, layout),
            origins=_origins(part),
            as_of=part.choice("as_of", ("now", "date")),
            manifest=_folder(part, "manifest"),
            build=part.texts("build", expected='a command and its arguments, such as ["make", "html"]'),
            build_minutes=part.number("build_minutes", least=0.01, most=1440),
            push=read_push(part, here, place.kind),
        )
        part.done()
    return found


def _suffix(part: Section, layout: str) -> str:
    text = str(part.text("suffix", pattern=r"[\w.-]{0,40}", expected='a suffix such as "_vn", or nothing'))
    if text and layout != "interleaved":
        part.fault("suffix", quoted(text), f'nothing (layout is "{layout}"), or layout: interleaved')
    return text


def _origins(part: Section) -> tuple[tuple[str, Origin], ...]:
    section = part.section("origins", Place)
    return tuple((pattern, section.choice(pattern, ORIGINS)) for pattern in section)
