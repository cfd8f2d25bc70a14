"""Airflow's plugin of AMTS: the links that its operators show on a task's page."""

from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin

from amts_tasks.provider.links import ParallelDataLink, ReportLink, TranslationJobLink


class AmtsPlugin(AirflowPlugin):
    """Registers the operators' extra links; without it Airflow's pages do not know how to show them."""

    name = "amts"
    operator_extra_links: ClassVar[list[object]] = [TranslationJobLink(), ParallelDataLink(), ReportLink()]
