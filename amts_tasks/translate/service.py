"""Which translation service made a text: what is kept beside every text, job and score."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

LOOPBACK = "loopback"
"""The endpoint of every service on this machine."""
_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


@dataclass(frozen=True, slots=True)
class Service:
    """The identity of a translation service; texts of one identity are never reused or learnt from under another."""

    partition: str
    """``aws``, ``aws-cn``, ``aws-us-gov``."""
    account: str
    """Twelve digits, or empty when unknown."""
    region: str
    endpoint: str
    """Host and port; ``loopback`` for a local one, since an emulator gets another port at each start."""
    message: str = ""
    """What the service said of the job (its ``Message``); the emulator names its engine here. Not part of the key."""

    @classmethod
    def of(cls, client: Any, account: str | None = None, message: str = "") -> Self:
        """The service a boto3 client talks to; ``account`` is the account's twelve digits or a role's ARN."""
        meta = client.meta
        return cls(
            partition=meta.partition or "aws",
            account=account_of(account or ""),
            region=meta.region_name or "",
            endpoint=_place(meta.endpoint_url),
            message=message,
        )

    @property
    def key(self) -> str:
        """Twelve hex digits of partition, account, region and endpoint, for keys of stored texts."""
        identity = "\0".join((self.partition, self.account, self.region, self.endpoint))
        return hashlib.sha256(identity.encode()).hexdigest()[:12]

    @property
    def real(self) -> bool:
        """Whether this is Amazon Translate itself and not something that speaks like it."""
        return is_aws(self.endpoint)

    def as_dict(self) -> dict[str, str]:
        """The fields by name, for JSON."""
        return asdict(self)


def is_aws(endpoint: str) -> bool:
    """Whether the host of an endpoint is Amazon's."""
    return endpoint.endswith(_AWS)


def account_of(text: str) -> str:
    """The account (twelve digits) in an ARN such as a role's, or given alone; else an empty string."""
    parts = text.split(":")
    found = parts[4] if len(parts) > 5 else text
    return found if found.isdigit() else ""


def _place(endpoint: str) -> str:
    url = urlsplit(endpoint)
    host = url.hostname or endpoint
    if _loopback(host):
        return LOOPBACK
    return f"{host}:{url.port}" if url.port else host


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
