"""How what was found in a settings file is put into words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import yaml

STRING, NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"
"""YAML's tags of a text and of nothing."""


def quoted(value: str) -> str:
    """The text in double quotes, shortened to 80 characters."""
    return f'"{value[:77]}…"' if len(value) > 80 else f'"{value}"'


def describe(node: yaml.Node) -> str:
    """What stands at a node, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return f"a list of {len(node.value)}"
    if is_null(node):
        return "nothing"
    return quoted(node.value) if node.tag == STRING else str(node.value)


def nearest(name: str, options: Iterable[str]) -> str:
    """The one or two options nearest to ``name``, in quotes; empty where none is near."""
    return " or ".join(f'"{option}"' for option in difflib.get_close_matches(name, list(options), n=2, cutoff=0.6))


def is_null(node: yaml.Node) -> bool:
    """Whether nothing stands at a node: null, ~ or an empty value."""
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL
