"""The four connection arguments of everything that talks to Amazon Translate, and what is made from them."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import conf

if TYPE_CHECKING:
    from amts_tasks.provider.hook import TranslateHook


class Connected:
    """Mixed into operators and sensors; their triggers are given the same four arguments.

    Not Airflow's own AWS base classes: those are for internal use, and import boto3 whenever a DAG file is parsed.
    """

    aws_conn_id: str | None
    region_name: str | None
    verify: bool | str | None
    botocore_config: dict[str, Any] | None

    @property
    def connection(self) -> dict[str, Any]:
        """The four arguments by name, as triggers take them."""
        return {
            "aws_conn_id": self.aws_conn_id,
            "region_name": self.region_name,
            "verify": self.verify,
            "botocore_config": self.botocore_config,
        }

    @cached_property
    def hook(self) -> TranslateHook:
        """The hook for this connection."""
        from amts_tasks.provider.hook import TranslateHook

        return TranslateHook(
            aws_conn_id=self.aws_conn_id,
            region_name=self.region_name,
            verify=self.verify,
            config=self.botocore_config,
        )


def deferrable_by_default() -> bool:
    """What ``AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE`` says where it is set, else true.

    Airflow's own default is false; a job takes from minutes to days, in which a worker would do nothing else. A false
    in airflow.cfg says nothing: Airflow writes it into every new one by itself.
    """
    if "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE" in os.environ:
        return bool(conf.getboolean("operators", "default_deferrable"))
    return True
