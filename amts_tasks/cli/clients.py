"""The AWS clients of the command line."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config as ClientConfig

from amts_tasks.errors import InputError


def clients(region: str, endpoint: str | None) -> tuple[Any, Any]:
    """(S3, Translate) for a region, at AWS or at one endpoint that answers both."""
    open_client = opener(region, endpoint)
    return open_client("s3"), open_client("translate")


def opener(region: str, endpoint: str | None) -> Callable[[str], Any]:
    """Service name → client for a region, at AWS or at one endpoint that answers all.

    Credentials come from AWS's default chain. At a loopback endpoint, where nobody checks them, none are needed.
    """
    session: Any = boto3.Session(region_name=region)
    credentials = {}
    if endpoint is not None:
        host = urlsplit(endpoint).hostname
        if urlsplit(endpoint).scheme not in {"http", "https"} or not host:
            raise InputError(f"--endpoint {endpoint}: not a URL; give one such as http://127.0.0.1:5000")
        if _loopback(host) and session.get_credentials() is None:
            credentials = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    # botocore's own default mode gives up on TooManyRequestsException at once (legacy, up to 1.43).
    patience = ClientConfig(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=10)
    return lambda service: session.client(service, endpoint_url=endpoint, config=patience, **credentials)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
