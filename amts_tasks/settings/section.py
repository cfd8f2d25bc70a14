"""One mapping of a settings file, read field by field."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import yaml

from amts_tasks.settings.sheet import Sheet
from amts_tasks.settings.words import STRING, describe, is_null, nearest, quoted

REQUIRED: Any = object()
"""Marks a field that has no default."""

_VARIABLE = re.compile(r"\$(?:\$|(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\})")


class Section:
    """One mapping of a settings file; ``of`` is the dataclass it fills, whose defaults are the fields' defaults."""

    def __init__(
        self, sheet: Sheet, where: str, node: yaml.Node | None, of: type[Any], key: yaml.Node | None = None
    ) -> None:
        self.sheet = sheet
        self.key = key or node
        self.where = where
        self.node = node
        self._asked: dict[str, None] = {}
        self._nodes: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}
        self._defaults = _defaults(of)
        if node is None or is_null(node):
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

    @classmethod
    def top(cls, sheet: Sheet, of: type[Any]) -> Section:
        """The outermost mapping of a file."""
        return cls(sheet, "", sheet.compose(), of)

    def __iter__(self) -> Iterator[str]:
        """The keys as written, in the order of the file; asking marks them as known."""
        self._asked.update(dict.fromkeys(self._keys))
        return iter(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def fault(self, key: str, found: str, expected: str) -> None:
        """Note a fault at the line of ``key`` (of the mapping's own key where it is absent)."""
        self.sheet.fault(self._keys.get(key, self.key), self._at(key), found, expected)

    def section(self, key: str, of: type[Any], *, required: bool = False) -> Section:
        """The mapping under ``key``; an absent one is empty."""
        node = self._take(key, REQUIRED if required else None, "a mapping (key: value)")
        return Section(self.sheet, self._at(key), node, of, self._keys.get(key))

    def text(
        self, key: str, default: Any = None, *, pattern: str | None = None, expected: str = "text", expand: bool = True
    ) -> Any:
        """The text under ``key`` with its ``$VARS`` expanded; it must match ``pattern`` wholly. None where null is
        allowed."""
        default, node = self._default(key, default), None
        node = self._take(key, default, expected)
        if node is None:
            return "" if default is REQUIRED else default
        if is_null(node) and default is None:
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
        if node is None or (is_null(node) and default is None):
            return options[0] if default is REQUIRED else default
        value = self._scalar(node, key, expected)
        if value is not None and value not in options:
            self.fault(key, quoted(value), expected)
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
        self,
        key: str,
        default: Any = None,
        *,
        expected: str = "a list of texts",
        expand: bool = True,
        check: Callable[[str], str | None] = lambda text: None,
    ) -> tuple[str, ...]:
        """The texts of the list under ``key``, ``$VARS`` expanded, each non-empty; ``check`` says what is wrong with
        one."""
        default = self._default(key, default)
        node = self._take(key, default, expected)
        if node is None:
            return () if default is REQUIRED else tuple(default or ())
        if not isinstance(node, yaml.SequenceNode):
            self.fault(key, describe(node), expected)
            return ()
        found: list[str] = []
        for position, item in enumerate(node.value):
            where = f"{key}[{position}]"
            value = self._scalar(item, where, expected, expand=expand)
            if value is None:
                continue
            wrong = check(value) if value else "an empty text"
            if wrong is None:
                found.append(value)
            else:
                self.sheet.fault(item, self._at(where), wrong, expected)
        return tuple(found)

    def numbers(self, key: str, count: int, default: Any = None, *, expected: str) -> tuple[float, ...]:
        """A list of exactly ``count`` finite numbers; an empty one where it is faulty."""
        default = self._default(key, default)
        node = self._take(key, default, expected)
        if node is None:
            return () if default is REQUIRED else tuple(default)
        values = [_number(item, whole=False) for item in node.value] if isinstance(node, yaml.SequenceNode) else []
        right = [value for value in values if value is not None and math.isfinite(value)]
        if len(right) != count or len(values) != count:
            self.fault(key, describe(node), expected)
            return ()
        return tuple(right)

    def done(self) -> None:
        """Report the keys that nobody asked for, each with the nearest right one."""
        for name, key in self._keys.items():
            if name not in self._asked:
                free = [known for known in self._asked if known not in self._keys]
                expected = nearest(name, free) or f"one of: {', '.join(self._asked)}"
                self.sheet.fault(key, self.where, f"the unknown key {quoted(name)}", expected)

    def _at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _default(self, key: str, default: Any) -> Any:
        return default if default is not None else self._defaults.get(key, REQUIRED)

    def _take(self, key: str, default: Any, expected: str) -> yaml.Node | None:
        self._asked[key.partition("[")[0]] = None
        node = self._nodes.get(key)
        if node is not None and is_null(node) and default is not None:
            node = None
        # A section that is itself missing or no mapping has one fault already; its fields are not told one by one.
        if node is None and default is REQUIRED and self.node is not None:
            self.fault(key, "nothing", expected)
        return node

    def _scalar(self, node: yaml.Node, key: str, expected: str, *, expand: bool = True) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or node.tag != STRING:
            hint = " (in quotes)" if isinstance(node, yaml.ScalarNode) and not is_null(node) else ""
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


def _defaults(of: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in dataclasses.fields(of):
        if item.default is not dataclasses.MISSING:
            found[item.name] = item.default
        elif item.default_factory is not dataclasses.MISSING:
            found[item.name] = item.default_factory()
    return found


def _number(node: yaml.Node, *, whole: bool) -> float | None:
    """The node's number; None where it is none. Octal and sexagesimal forms of YAML 1.1 are refused: nobody means
    them."""
    if not isinstance(node, yaml.ScalarNode) or node.tag not in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}:
        return None
    try:
        return int(node.value) if whole else float(node.value)
    except ValueError:
        return None
