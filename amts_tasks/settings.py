"""A YAML file read field by field, with every fault of it collected before any is told.

A Section is one mapping of the file. The caller asks it for each field it knows, says what would be right, and at the
end calls ``done()``, which reports the keys nobody asked for. What a faulty field returns is a harmless stand-in, so
that reading goes on; ``Sheet.raise_faults()`` then raises them all, in the order of the file.

PyYAML's nodes are read rather than its objects: only they know their lines, and only they tell ``no`` (Norwegian) from
false.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from amts_tasks.errors import ConfigError, Fault

REQUIRED: Any = object()
"""Marks a field that has no default."""

MOST_BYTES = 4_000_000
"""A settings file larger than this is taken for something else (bytes)."""

_VARIABLE = re.compile(r"\$(?:\$|(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\})")
_STRING, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"


class Sheet:
    """One YAML file being read: its name, the variables it may use and the faults found so far."""

    def __init__(self, path: Path, variables: Mapping[str, str]) -> None:
        self.path = path
        self.variables = variables
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node | None, where: str, found: str, expected: str) -> None:
        """Note a fault at the line of ``node`` (the whole file where it is None)."""
        line = node.start_mark.line + 1 if node is not None else 0
        self.faults.append(Fault(str(self.path), line, where, found, expected))

    def raise_faults(self, of_other_files: Sequence[Fault] = ()) -> None:
        """Raise a ConfigError with all faults in the order of the file, those of other files last, if there are any."""
        faults = (*sorted(self.faults, key=lambda fault: fault.line), *of_other_files)
        if faults:
            raise ConfigError(faults)

    def top(self, of: type[Any]) -> Section:
        """The file's outermost mapping; an unreadable file is a fault and gives an empty one."""
        return Section(self, "", self._compose(), of)

    def _compose(self) -> yaml.Node | None:
        try:
            raw = self.path.read_bytes()
            if len(raw) > MOST_BYTES:
                self.fault(None, "", f"{len(raw)} bytes", f"a settings file of at most {MOST_BYTES} bytes")
                return None
            node: yaml.Node | None = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
        except OSError as error:
            self.fault(None, "", error.strerror or str(error), "a readable YAML file")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self.faults.append(Fault(str(self.path), line, "", f"byte 0x{raw[error.start]:02x}", "text in UTF-8"))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            found = f"{error.problem or error.context or 'a syntax error'} (column {mark.column + 1 if mark else 0})"
            self.faults.append(Fault(str(self.path), line, "", found, "valid YAML"))
        except yaml.reader.ReaderError as error:
            self.fault(None, "", f"character U+{int(error.character):04X}", "YAML without control characters")
        except RecursionError:
            self.fault(None, "", "lists or mappings nested too deep to read", "a settings file")
        else:
            if node is None:
                self.fault(None, "", "an empty file", "a mapping of settings")
            return node
        return None


class Section:
    """One mapping of a settings file; ``of`` is the dataclass it fills, whose defaults are the fields' defaults."""

    def __init__(self, sheet: Sheet, where: str, node: yaml.Node | None, of: type[Any]) -> None:
        self.sheet = sheet
        self.where = where
        self.node = node
        self._asked: dict[str, None] = {}
        self._nodes: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        self._defaults = _defaults(of)
        if node is None or _is_null(node):
            return
        if not isinstance(node, yaml.MappingNode):
            sheet.fault(node, where, describe(node), "a mapping (key: value)")
            self.node = None
            return
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else describe(key)
            if name in self._nodes:
                first = self._keys[name].start_mark.line + 1
                sheet.fault(key, self._at(name), f"the key twice (first on line {first})", "each key once")
                continue
            self._keys[name], self._nodes[name] = key, value

    def __iter__(self) -> Iterator[str]:
        """The keys as written, in the order of the file; asking marks them as known."""
        self._asked.update(dict.fromkeys(self._keys))
        return iter(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def fault(self, key: str, found: str, expected: str) -> None:
        """Note a fault at the line of ``key`` (of the mapping itself where the key is absent)."""
        self.sheet.fault(self._keys.get(key, self.node), self._at(key), found, expected)

    def at(self, key: str) -> yaml.Node | None:
        """The node of a key, for faults found later."""
        return self._nodes.get(key, self.node)

    def section(self, key: str, of: type[Any], *, required: bool = False) -> Section:
        """The mapping under ``key``; an absent one is empty."""
        node = self._take(key, REQUIRED if required else None, "a mapping (key: value)")
        return Section(self.sheet, self._at(key), node, of)

    def text(
        self, key: str, default: Any = None, *, pattern: str | None = None, expected: str = "text", expand: bool = True
    ) -> Any:
        """The text under ``key`` with its ``$VARS`` expanded; it must match ``pattern`` wholly. None where null is
        allowed."""
        default, node = self._default(key, default), None
        node = self._take(key, default, expected)
        if node is None:
            return "" if default is REQUIRED else default
        if _is_null(node) and default is None:
            return None
        value = self._scalar(node, key, expected, expand=expand)
        if value is not None and pattern is not None and not re.fullmatch(pattern, value):
            self.fault(key, quoted(value), expected)
            value = None
        return "" if value is None else value

    def choice(self, key: str, options: Sequence[str], default: Any = None) -> Any:
        """One of ``options``."""
        default = self._default(key, default)
        expected = "one of: " + ", ".join(options)
        node = self._take(key, default, expected)
        if node is None or (_is_null(node) and default is None):
            return options[0] if default is REQUIRED else default
        value = self._scalar(node, key, expected)
        if value is not None and value not in options:
            self.fault(key, quoted(value) + nearest(value, options), expected)
        return value if value in options else options[0]

    def number(
        self, key: str, default: Any = None, *, least: float = 0.0, most: float = math.inf, whole: bool = False
    ) -> Any:
        """A finite number between ``least`` and ``most``, both included; an int where ``whole``."""
        default = self._default(key, default)
        kind = "a whole number" if whole else "a number"
        expected = f"{kind} of at least {least:g}" + ("" if math.isinf(most) else f" and at most {most:g}")
        node = self._take(key, default, expected)
        if node is None:
            return least if default is REQUIRED else default
        value = _number(node, whole=whole)
        if value is None or not math.isfinite(value) or not least <= value <= most:
            self.fault(key, describe(node), expected)
            return int(least) if whole else float(least)
        return int(value) if whole else float(value)

    def flag(self, key: str, default: Any = None) -> bool:
        """true or false."""
        default = self._default(key, default)
        node = self._take(key, default, "true or false")
        if node is None:
            return default is not REQUIRED and bool(default)
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:bool":
            self.fault(key, describe(node), "true or false")
            return False
        return bool(node.value.lower() in {"true", "yes", "on"})

    def day(self, key: str, default: Any = None) -> date:
        """A date such as 2024-05-31."""
        default = self._default(key, default)
        node = self._take(key, default, "a date such as 2024-05-31")
        if node is None:
            return date.min if default is REQUIRED else default
        try:
            return date.fromisoformat(node.value if isinstance(node, yaml.ScalarNode) else "")
        except ValueError:
            self.fault(key, describe(node), "a date such as 2024-05-31")
            return date.min

    def texts(
        self, key: str, default: Any = None, *, expected: str = "a list of texts", expand: bool = True
    ) -> tuple[str, ...]:
        """The texts of the list under ``key``, ``$VARS`` expanded, each non-empty."""
        default = self._default(key, default)
        node = self._take(key, default, expected)
        if node is None:
            return () if default is REQUIRED else tuple(default or ())
        if not isinstance(node, yaml.SequenceNode):
            self.fault(key, describe(node), expected)
            return ()
        found: list[str] = []
        for position, item in enumerate(node.value):
            value = self._scalar(item, f"{key}[{position}]", expected, expand=expand)
            if value == "":
                self.sheet.fault(item, self._at(f"{key}[{position}]"), "an empty text", expected)
            elif value is not None:
                found.append(value)
        return tuple(found)

    def numbers(self, key: str, count: int, default: Any = None, *, expected: str) -> tuple[float, ...]:
        """A list of exactly ``count`` finite numbers."""
        default = self._default(key, default)
        node = self._take(key, default, expected)
        if node is None:
            return (0.0,) * count if default is REQUIRED else tuple(default)
        values = [_number(item, whole=False) for item in node.value] if isinstance(node, yaml.SequenceNode) else []
        right = [value for value in values if value is not None and math.isfinite(value)]
        if len(right) != count or len(values) != count:
            self.fault(key, describe(node), expected)
            return (0.0,) * count
        return tuple(right)

    def done(self) -> None:
        """Report the keys that nobody asked for, each with the nearest right one."""
        for name, key in self._keys.items():
            if name not in self._asked:
                free = [known for known in self._asked if known not in self._keys]
                expected = nearest(name, free, self._asked) or f"one of: {', '.join(self._asked)}"
                self.sheet.fault(key, self._at(name), f"unknown key {quoted(name)}", expected.removeprefix("; "))

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _default(self, key: str, default: Any) -> Any:
        return default if default is not None else self._defaults.get(key, REQUIRED)

    def _take(self, key: str, default: Any, expected: str) -> yaml.Node | None:
        self._asked[key.partition("[")[0]] = None
        node = self._nodes.get(key)
        if node is not None and _is_null(node) and default is not None:
            node = None
        # A section that is itself missing or no mapping has one fault already; its fields are not told one by one.
        if node is None and default is REQUIRED and self.node is not None:
            self.fault(key, "nothing", expected)
        return node

    def _scalar(self, node: yaml.Node, key: str, expected: str, *, expand: bool = True) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or node.tag != _STRING:
            hint = " (in quotes)" if isinstance(node, yaml.ScalarNode) and not _is_null(node) else ""
            self.sheet.fault(node, self._at(key), describe(node), expected + hint)
            return None
        return self._expand(node, key) if expand else str(node.value)

    def _expand(self, node: yaml.ScalarNode, key: str) -> str | None:
        missing: list[str] = []

        def value(match: re.Match[str]) -> str:
            name = match["plain"] or match["braced"]
            if name is None:
                return "$"
            found = self.sheet.variables.get(name) or match["default"]
            if found is None:
                missing.append(name)
            return found or ""

        text = _VARIABLE.sub(value, node.value)
        for name in missing:
            expected = f"the variable set, or a default as in ${{{name}:-VALUE}}"
            self.sheet.fault(node, self._at(key), f"${name}, which is not set", expected)
        return None if missing else text


def quoted(value: str) -> str:
    """The text in double quotes, shortened to 80 characters."""
    return f'"{value[:77]}…"' if len(value) > 80 else f'"{value}"'


def describe(node: yaml.Node) -> str:
    """What stands at a node, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return f"a list of {len(node.value)}"
    if _is_null(node):
        return "nothing"
    return quoted(node.value) if node.tag == _STRING else str(node.value)


def nearest(name: str, *candidates: Sequence[str] | Mapping[str, None]) -> str:
    """``; did you mean "…"?`` for the first list that has something near ``name``, else nothing."""
    for options in candidates:
        close = difflib.get_close_matches(name, list(options), n=2, cutoff=0.6)
        if close:
            return "; did you mean " + " or ".join(f'"{option}"' for option in close) + "?"
    return ""


def _defaults(of: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in dataclasses.fields(of):
        if item.default is not dataclasses.MISSING:
            found[item.name] = item.default
        elif item.default_factory is not dataclasses.MISSING:
            found[item.name] = item.default_factory()
    return found


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def _number(node: yaml.Node, *, whole: bool) -> float | None:
    """The node's number; None where it is none. Octal and sexagesimal forms of YAML 1.1 are refused: nobody means
    them."""
    if not isinstance(node, yaml.ScalarNode) or node.tag not in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}:
        return None
    try:
        return int(node.value) if whole else float(node.value)
    except ValueError:
        return None
