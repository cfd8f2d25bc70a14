"""Lists page by page: MaxResults and an opaque NextToken."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from amts_tasks.emulator.errors import AnswerError
from amts_tasks.emulator.model import VALIDATION_CODES, declared
from amts_tasks.emulator.request import Request

Item = TypeVar("Item")


def page(
    items: Sequence[Item], request: Request, name_of: Callable[[Item], str], default: int
) -> tuple[list[Item], str | None]:
    """The items of this page and the token of the next, None on the last.

    The token names the last item shown, so that one added in between is neither lost nor shown twice.
    """
    first = 0
    given = request.parameters.get("NextToken")
    if given:
        try:
            last = base64.urlsafe_b64decode(given.encode()).decode()
            first = next(number for number, item in enumerate(items, 1) if name_of(item) == last)
        except (binascii.Error, UnicodeError, StopIteration, ValueError):
            code = declared(request.operation, *VALIDATION_CODES)
            raise AnswerError(code, "The NextToken is not one this list gave.") from None
    size = request.parameters.get("MaxResults") or default
    shown = list(items[first : first + size])
    more = first + size < len(items)
    return shown, base64.urlsafe_b64encode(name_of(shown[-1]).encode()).decode() if more else None
