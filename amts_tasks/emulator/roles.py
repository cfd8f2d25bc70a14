"""Whether a role lets Amazon Translate in, as moto's IAM knows it; asked only with the switch ``check_role``."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.iam.models import iam_backends

from amts_tasks.emulator.buckets import ACCOUNT
from amts_tasks.emulator.errors import AnswerError

SERVICE = "translate.amazonaws.com"


def require(arn: str) -> None:
    """Raises InvalidRequestException for a role that is not there or that the service may not assume."""
    role = next((held for held in iam_backends[ACCOUNT]["aws"].roles.values() if held.arn == arn), None)
    if role is None or not _trusts(role.assume_role_policy_document):
        why = f"Amazon Translate cannot assume {arn}; let its trust policy name {SERVICE}."
        raise AnswerError("InvalidRequestException", why)


def forget() -> None:
    """Empties moto's IAM, which one process shares."""
    iam_backends[ACCOUNT]["aws"].reset()


def _trusts(document: Any) -> bool:
    policy = json.loads(unquote(document)) if isinstance(document, str) else document or {}
    statements = policy.get("Statement") or []
    for statement in statements if isinstance(statements, list) else [statements]:
        named = (statement.get("Principal") or {}).get("Service") or []
        named = [named] if isinstance(named, str) else named
        if statement.get("Effect") == "Allow" and SERVICE in named:
            return True
    return False
