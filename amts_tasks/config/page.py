"""The tables of docs/configuration.md, made from the dataclasses and the docstrings under their fields.

``python -m amts_tasks.config.page docs/configuration.md`` writes them anew; a test holds that they are fresh.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import amts_tasks.languages as languages
from amts_tasks.config import entities

TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""Where a table stands in the page: between two comments, the first of which names its dataclass."""


def refreshed(page: str) -> str:
    """The page with each of its tables made anew; raises KeyError for a table of a class that is not there."""
    classes = {**vars(entities), **vars(languages)}
    return TABLE.sub(lambda match: f"{match[1]}\n{table(classes[match[2]])}\n{match[3]}", page)


def table(of: type[Any]) -> str:
    """The fields of a dataclass that are written in its file: name, meaning and default."""
    lines = ["| Field | Meaning | Default |", "|---|---|---|"]
    meanings = docstrings(of)
    for field in dataclasses.fields(of):
        meaning = meanings[field.name]
        if not meaning.startswith("Derived:"):
            meaning = meaning.replace("``", "`").replace("|", "\\|")
            lines.append(f"| `{field.name}` | {meaning} | {_default(field)} |")
    return "\n".join(lines) + "\n"


def docstrings(of: type[Any]) -> dict[str, str]:
    """The docstring under each field of a class, on one line."""
    (body,) = ast.parse(inspect.getsource(of)).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - the source of a class is one
    found: dict[str, str] = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name) and isinstance(below, ast.Expr):
            found[above.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found


def _default(field: dataclasses.Field[Any]) -> str:
    value = field.default
    if value is dataclasses.MISSING:
        return "required"
    if dataclasses.is_dataclass(value):
        return "see below"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value) or "none"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`" if value != "" else "empty"


def main(arguments: list[str]) -> int:
    """Writes the tables of the pages named anew."""
    for path in map(Path, arguments):
        path.write_text(refreshed(path.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
