"""What can be wrong with a text that came back from the service: a closed list, in words a translator understands.

docs/checks.md shows the table; ``python -m amts_tasks.translate.damage`` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Damage(StrEnum):
    """The kinds. The value is how reports and review lists name them."""

    # Placeholders.
    lost = "placeholder lost"
    doubled = "placeholder doubled"
    altered = "placeholder altered"
    moved = "placeholder moved"
    leaked = "internal name leaked"
    # Tags.
    tag_lost = "tag lost"
    tag_doubled = "tag doubled"
    tag_crossed = "tags crossed"
    tag_emptied = "tag emptied"
    tag_stretched = "tag moved"
    # Text.
    missing = "nothing came back"
    emptied = "emptied"
    untranslated = "not translated"
    left_over = "source language left"
    truncated = "truncated"
    repeated = "repeated text"
    number_lost = "number lost"
    length = "length"
    broken = "broken characters"
    invisible = "invisible characters"
    entity = "entity"
    # How it is set.
    line_feed = "line feed"
    end_lost = "end mark lost"
    mark_doubled = "mark doubled"
    edges = "spaces at a tag"
    spacing = "spacing"
    punctuation = "punctuation"
    # Markdown.
    code = "code gained"
    link = "link gained"
    escape = "escape"
    line_start = "line start"
    emphasis = "emphasis"
    reading = "read differently"
    structure = "structure"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done about a kind."""

    found: str
    """When it is found."""
    repaired: str = ""
    """When it is put right without asking; empty: never."""
    refused: str = ""
    """When the text is refused for it; empty: never."""
    advice: str = ""
    """What the maintainer does with a refused text."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One damage to one text."""

    kind: Damage
    detail: str = ""
    """What exactly, at most some 80 characters."""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.detail}" if self.detail else self.kind.value


_TRANSLATE = "translate the text by hand"
_AGAIN = "translate it by hand; it is asked for again when source, settings or parallel data change, or when forced"

RULES: Mapping[Damage, Rule] = {
    Damage.lost: Rule(
        "code, a formula, a reference or a link of the source is not in the translation",
        "it stands there once as bare text, without its protection",
        "else",
        _AGAIN,
    ),
    Damage.doubled: Rule(
        "it is there more often than in the source",
        "the two copies stand side by side",
        "else",
        _AGAIN,
    ),
    Damage.altered: Rule(
        "its characters changed: `$1000$` → `$1,000$`, full-width forms, spaces, case, a word in it translated",
        "undoing that gives one placeholder that is missing, or it is the only altered one and the only missing one",
        "it could be two, or none",
        _AGAIN,
    ),
    Damage.moved: Rule(
        "it stands in another sentence than in the source, where both have the same number of sentences; another order "
        "within a sentence is grammar, not damage",
        "",
        "always",
        _AGAIN,
    ),
    Damage.leaked: Rule(
        "the service's own name for a protected part (`DNT_…`) or a run of digits in its place stands in the text",
        "",
        "always",
        _AGAIN,
    ),
    Damage.tag_lost: Rule(
        "bold, emphasis, a link or a slide mark of the source is gone or does not end",
        "only its end is lost, and in the source it ends with the text",
        "else",
        _AGAIN,
    ),
    Damage.tag_doubled: Rule(
        "it is there more often than in the source",
        "both copies stand directly inside each other",
        "else",
        _AGAIN,
    ),
    Damage.tag_crossed: Rule(
        "two of them overlap, or one ends that never began",
        "they end at the same place in the wrong order",
        "else",
        _AGAIN,
    ),
    Damage.tag_emptied: Rule("nothing stands in it any more", "", "always", _AGAIN),
    Damage.tag_stretched: Rule(
        "it stood around some words and stands around the whole text",
        "",
        "the source has at least 20 letters outside of it",
        _AGAIN,
    ),
    Damage.missing: Rule("the service returned no translation for the text", "", "always", _AGAIN),
    Damage.emptied: Rule("no letter or digit is left of the text", "", "always", _AGAIN),
    Damage.untranslated: Rule(
        "the translation is the source, or nearly all of it is in the source's language; names and short terms are not "
        "counted",
        "",
        "always",
        "translate it by hand, or approve the source's words as the translation",
    ),
    Damage.left_over: Rule(
        "a run of the source's words stands in the translation untranslated, outside of quotation marks",
        "",
        "always",
        _TRANSLATE,
    ),
    Damage.truncated: Rule(
        "the source ends with a full stop, the translation in the middle of a sentence and shorter than expected",
        "",
        "always",
        _AGAIN,
    ),
    Damage.repeated: Rule(
        "a word group stands there three times in a row or a sentence twice, but not in the source",
        "",
        "always",
        _AGAIN,
    ),
    Damage.number_lost: Rule(
        "a number of two digits or more is gone, and the translation has fewer numbers; not where it counts millions",
        "",
        "always, unless a person wrote it",
        _AGAIN,
    ),
    Damage.length: Rule(
        "a text of 40 characters or more is far shorter or longer than translations into this language are "
        "(`length_ratio` of the profile)",
        "",
        "always",
        "translate it by hand; widen `length_ratio` where the range is wrong for the language",
    ),
    Damage.broken: Rule("characters that stand for none: `�`, halves of pairs, private ones", "", "always", _AGAIN),
    Damage.invisible: Rule("control characters or spaces of no width were gained", "always"),
    Damage.entity: Rule("`&amp;` stands in the text where `&` is meant", "always"),
    Damage.line_feed: Rule("a line feed within the text", "always: it becomes a space"),
    Damage.end_lost: Rule(
        "the source is a sentence with a full stop, question or exclamation mark, the translation ends with a letter, "
        "a digit, code, a formula or a reference",
        "always: the target's mark is added, for languages that write `.` or `。`",
    ),
    Damage.mark_doubled: Rule(
        "`..`, `,,` or `,.` that the source has not, also full-width; a comma before the first word or between two "
        "sentences",
        "one is certain to stay; never `.,`, which is right after an abbreviation, nor three dots",
    ),
    Damage.edges: Rule("a space just inside of bold or emphasis, which Markdown then does not see", "always"),
    Damage.spacing: Rule(
        "spaces around references, formulas and Latin words are not as the profile has them, or were gained or lost "
        "beside a placeholder",
        "always",
    ),
    Damage.punctuation: Rule(
        "half-width punctuation beside Chinese or Japanese characters, for profiles whose sentences end in `。`",
        "always; not in placeholders, numbers, Latin words and addresses",
    ),
    Damage.code: Rule("a backtick was gained", "", "always: it is the rest of a placeholder", _AGAIN),
    Damage.link: Rule("`](` was gained", "", "always: it is the rest of a link", _AGAIN),
    Damage.escape: Rule(
        "a character that Markdown would take for a mark was gained: `*`, `$`, `<`, `|` in a table",
        "a backslash before it makes it a plain character",
    ),
    Damage.line_start: Rule(
        "the text begins as a heading, list or quotation would: `#`, `-`, `1.`, `>`, `:`",
        "a backslash before it makes it a plain character",
    ),
    Damage.emphasis: Rule(
        "bold or emphasis ends between punctuation and a letter, where Markdown does not see it (CommonMark, "
        "“left- and right-flanking”)",
        "always: the punctuation moves out of it, or a space is put beside it",
    ),
    Damage.reading: Rule(
        "read again as Markdown the text gives other placeholders or tags, and no escape helps", "", "always", _AGAIN
    ),
    Damage.structure: Rule(
        "the document with this text in it has other blocks than the source: another heading, list, table or tab",
        "",
        "always",
        _TRANSLATE,
    ),
}


def table() -> str:
    """The kinds as a table in Markdown."""
    lines = ["| Kind | Found when | Put right when | Refused when | Then |", "|---|---|---|---|---|"]
    for kind in Damage:
        rule = RULES[kind]
        cells = (rule.found, rule.repaired or "never", rule.refused or "never", rule.advice or "")
        lines.append(f"| {kind.value} | " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
