"""The faults the service answers with: code, HTTP status and body, spelled as the service model spells them."""

from __future__ import annotations

from typing import Any

from amts_tasks.emulator.model import error_status, message_member


class AnswerError(Exception):
    """An answer that is an error: ``code`` as botocore shows it, ``status`` of HTTP, ``extra`` further members."""

    def __init__(self, code: str, message: str, status: int | None = None, **extra: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status if status is not None else error_status(code)
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON body; TooManyTagsException alone spells ``message`` in lower case."""
        return {"__type": self.code, message_member(self.code): self.message, **self.extra}
