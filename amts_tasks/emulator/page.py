"""The table of switches of a page, made from the code: ``python -m amts_tasks.emulator.page docs/emulator.md``."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from amts_tasks.emulator.switches import Switches

BEGIN, END = "| Switch | Default | What it decides |\n|---|---|---|\n", "\n\n## "


def table() -> str:
    """One row a switch: name, default, what its docstring says, the other choices."""
    meanings, kinds = _meanings(), get_type_hints(Switches)
    rows = []
    for field in fields(Switches):
        meaning = meanings[field.name]
        if get_origin(kinds[field.name]) is Literal:
            meaning += f" Also: {', '.join(f'`{one}`' for one in get_args(kinds[field.name]) if one != field.default)}."
        rows.append(f"| `{field.name}` | {_shown(field.default)} | {meaning} |")
    return "\n".join(rows)


def page(text: str) -> str:
    """The page with the table of now."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return before + begin + table() + end + after


def _meanings() -> dict[str, str]:
    """Field → the docstring below it."""
    (body,) = [node for node in ast.parse(inspect.getsource(Switches)).body if isinstance(node, ast.ClassDef)]
    found, last = {}, ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and last:
            found[last] = re.sub(r"\s+", " ", str(node.value.value)).replace("``", "`").strip()
    return found


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none named"
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(page(place.read_text(encoding="utf-8")), encoding="utf-8")
