"""Pull requests of GitHub and merge requests of GitLab, through PyGithub and python-gitlab."""

from __future__ import annotations

from amts_tasks.config import PushConfig
from amts_tasks.errors import InputError
from amts_tasks.forges.patience import Patience
from amts_tasks.forges.request import Files, Forge, Request

__all__ = ["Files", "Forge", "Patience", "Request", "forge_of"]

TIMEOUT = 30
"""Seconds that a forge has for an answer."""


def forge_of(push: PushConfig, token: str, patience: Patience) -> Forge | None:
    """The forge that a translation's branches are proposed on; None where none is configured.

    Nothing is asked yet. InputError where the token, or the library that speaks to the forge, is missing.
    """
    if push.forge == "none":
        return None
    where = f"the Airflow connection {push.conn_id} or ${push.token}" if push.conn_id else f"${push.token}"
    if not token:
        raise InputError(f"push.forge is {push.forge}, and found no token; set {where}")
    given = (push.project, push.fork, token, push.base_url, TIMEOUT, patience, where)
    try:
        if push.forge == "github":
            from amts_tasks.forges.github import GitHub

            return GitHub(*given)
        from amts_tasks.forges.gitlab import GitLab

        return GitLab(*given)
    except ModuleNotFoundError as error:
        raise InputError(
            f"push.forge is {push.forge}, and {error.name} is not installed; install the extra: "
            "pip install 'amts[forges]'"
        ) from error
