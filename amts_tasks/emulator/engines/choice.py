"""Which engine is asked for: a word on the command line, or a file.

    auto
    en-zh=statistical,en-es=apertium,echo            by pair; the last, without a pair, is for all others
    chat:http://127.0.0.1:8000/v1#model-name         an engine with its argument
    engines.yaml                                     the same with all settings

The file has ``default`` and ``pairs``; each value is a word as above, or a mapping with ``engine`` and its settings.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import regex
import yaml

BUILT_IN = ("auto", "statistical", "dictionary", "apertium", "pseudo", "echo")
"""auto: statistical with parallel data, else the baseline; statistical: the same, but no dictionary for words the
parallel data does not show; dictionary, apertium: that baseline alone, with parallel data for exact matches; pseudo:
other letters; echo: the source comes back."""
SETTINGS: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "command": {"command": (str, list), "timeout": (int, float)},
    "libretranslate": {"url": str, "key": str, "timeout": (int, float), "tries": int},
    "chat": {
        "url": str,
        "model": str,
        "key": str,
        "examples": int,
        "timeout": (int, float),
        "tries": int,
        "workers": int,
    },
    "recorded": {"folder": str},
}
"""The settings of each engine that has some; the first is its argument on the command line."""
NAMES = (*BUILT_IN, *(f"{name}:{next(iter(keys)).upper()}" for name, keys in SETTINGS.items()))
"""As errors and help name them."""
EVERY = "*"
"""The pair that stands for all that are not named."""
_PAIR = regex.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?-[a-z]{2,3}(?:-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """One engine and its settings."""

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def choices(text: str) -> Mapping[str, EngineChoice]:
    """The engine of each pair, and of ``*``; ValueError says what was found and what would be right."""
    if text.endswith((".yaml", ".yml", ".json")):
        return _of_file(Path(text))
    found: dict[str, EngineChoice] = {}
    # A command may hold commas of its own: only what looks like a pair begins a new entry.
    for part in regex.split(rf",(?={_PAIR.pattern}=|[a-z]+$|[a-z]+:)", text):
        pair, equals, word = part.partition("=")
        if not (equals and _PAIR.fullmatch(pair)):
            pair, word = EVERY, part
        if pair in found:
            raise ValueError(f"engine {text!r}: two engines for {'all other pairs' if pair == EVERY else pair}")
        found[pair] = _of_word(word)
    found.setdefault(EVERY, EngineChoice("auto"))
    return found


def _of_word(word: str) -> EngineChoice:
    kind, colon, argument = word.strip().partition(":")
    if kind in BUILT_IN and not colon:
        return EngineChoice(kind)
    if kind in SETTINGS and argument.strip():
        settings = {next(iter(SETTINGS[kind])): argument.strip()}
        if kind == "chat":
            settings["url"], _, model = argument.strip().partition("#")
            settings["model"] = model
        return _checked(kind, settings, word)
    raise ValueError(f"found engine {word!r}; expected one of: {', '.join(NAMES)}, or a file engines.yaml")


def _of_file(path: Path) -> Mapping[str, EngineChoice]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or set(content) - {"default", "pairs"}:
        raise ValueError(f"{path}: found {_keys(content)}; expected a mapping with 'default' and 'pairs'")
    pairs = content.get("pairs") or {}
    wrong = [str(pair) for pair in pairs if not _PAIR.fullmatch(str(pair))] if isinstance(pairs, dict) else [pairs]
    if wrong:
        raise ValueError(f"{path}: pairs: found {wrong[0]!r}; expected pairs such as en-zh")
    rows = {EVERY: content.get("default", "auto"), **pairs}
    return {pair: _of_value(value, f"{path}: {'default' if pair == EVERY else pair}") for pair, value in rows.items()}


def _of_value(value: object, where: str) -> EngineChoice:
    if isinstance(value, str):
        try:
            return _of_word(value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    if not isinstance(value, dict) or value.get("engine") not in {*BUILT_IN, *SETTINGS}:
        raise ValueError(
            f"{where}: found {_keys(value)}; expected 'engine', one of: {', '.join((*BUILT_IN, *SETTINGS))}"
        )
    return _checked(value["engine"], {key: one for key, one in value.items() if key != "engine"}, where)


def _checked(kind: str, settings: Mapping[str, Any], where: str) -> EngineChoice:
    known = SETTINGS.get(kind, {})
    for key, value in settings.items():
        if key not in known:
            expected = f"one of: {', '.join(known)}" if known else "no settings"
            raise ValueError(f"{where}: engine {kind}: found setting {key!r}; expected {expected}")
        good = isinstance(value, known[key]) and not isinstance(value, bool)
        if isinstance(value, int | float):
            good = good and (value > 0 or (key, value) == ("examples", 0))
        if not good:
            raise ValueError(f"{where}: engine {kind}: {key}: found {value!r}; expected {_kind(known[key])}")
    needed = next(iter(known), None)
    lacking = [name for name in (needed, "model" if kind == "chat" else None) if name and not settings.get(name)]
    if lacking:
        more = ", such as chat:http://127.0.0.1:8000/v1#MODEL" if kind == "chat" else ""
        raise ValueError(f"{where}: engine {kind}: {lacking[0]} is missing{more}")
    read = dict(settings)
    key = str(settings.get("key", ""))
    if key.startswith("$"):
        if not os.environ.get(key[1:]):
            raise ValueError(f"{where}: engine {kind}: the environment has no {key}, which is to hold the key")
        read["key"] = os.environ[key[1:]]
    return EngineChoice(kind, read)


def _keys(value: object) -> str:
    return ", ".join(map(repr, value)) if isinstance(value, dict) else repr(value)


def _kind(types: type | tuple[type, ...]) -> str:
    names = {str: "a text", int: "a number above 0", float: "", list: "a list of words"}
    return " or ".join(filter(None, (names[one] for one in (types if isinstance(types, tuple) else (types,)))))
