"""Amazon Translate as botocore's own service model describes it: the wire is drawn from here, not from memory."""

from __future__ import annotations

from functools import lru_cache

import botocore.session
from botocore.model import OperationModel, ServiceModel

TARGET_PREFIX = "AWSShineFrontendService_20170701"
"""What stands before the dot in ``X-Amz-Target``."""

VALIDATION_CODES = ("InvalidParameterValueException", "InvalidRequestException", "InvalidFilterException")
"""Codes for a request that breaks the model, best first; an operation answers with the first one it declares."""


@lru_cache(maxsize=1)
def service_model() -> ServiceModel:
    """The model of the installed botocore."""
    return botocore.session.get_session().get_service_model("translate")


def operation_model(name: str) -> OperationModel | None:
    """The operation's model, or None for a name the service does not have."""
    model = service_model()
    return model.operation_model(name) if name in model.operation_names else None


def error_status(code: str) -> int:
    """The HTTP status the model gives an error; 400 where it gives none (as for errors outside the model)."""
    model = service_model()
    if code not in model.shape_names:
        return 400
    return int(model.shape_for(code).metadata.get("error", {}).get("httpStatusCode", 400))


def message_member(code: str) -> str:
    """The member that carries the sentence: ``Message``, or ``message`` where the model says so.

    Errors outside the model come from AWS's common front end, which spells it in lower case.
    """
    model = service_model()
    if code in model.shape_names:
        return "message" if "message" in getattr(model.shape_for(code), "members", {}) else "Message"
    return "message"


def declared(operation: str, *codes: str) -> str:
    """The first of ``codes`` the operation declares, else the unmodelled ``ValidationException``."""
    found = operation_model(operation)
    names = {shape.name for shape in found.error_shapes} if found else set()
    return next((code for code in codes if code in names), "ValidationException")
