"""Amazon Translate for Airflow: a boto3 client, our own waiters, retries that fit the service."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook

WAITERS = Path(__file__).with_name("waiters") / "translate.json"


class TranslateHook(AwsBaseHook):
    """A thin hook of ``boto3.client("translate")``; ``aws_conn_id``, ``region_name``, ``verify``, ``config`` as ever.

    ``get_waiter`` knows ``parallel_data_active``, ``parallel_data_updated``, ``parallel_data_deleted`` and
    ``text_translation_job_done``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["client_type"] = "translate"
        super().__init__(*args, **kwargs)

    @cached_property
    def waiter_path(self) -> Path:
        """Our waiters: AwsBaseHook looks for them in its own package."""
        return WAITERS

    def _get_config(self, config: Any = None) -> Any:
        """The client's configuration, with retries unless the connection or the caller has set some.

        botocore up to 1.43 retries in its legacy mode by itself, which gives up at once on a TooManyRequestsException
        that comes with HTTP 400, as this service's does.
        """
        from botocore.config import Config

        from amts_tasks.translate.caller import RETRIES

        merged: Any = super()._get_config(config)
        return merged if merged.retries else merged.merge(Config(retries=RETRIES))
