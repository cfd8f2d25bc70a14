"""Where branches are pushed to, from its section of the file."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from amts_tasks.config.entities import PushConfig
from amts_tasks.settings import Section, quoted

_PROJECT = r"(?:[\w.-]+/)+[\w.-]+|"
_REMOTE = "a path, or an https, ssh or file address without a password in it"


def local(address: str) -> bool:
    """Whether an address of git or of a server is on this machine: a path, a file address, or a loopback host."""
    if address.startswith(("/", "file://")):
        return True
    scp = re.match(r"(?:[\w.-]+@)?([\w.-]+):(?!//)", address)
    host = scp[1] if scp else urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_push(part: Section, here: Path, kind: str) -> PushConfig:
    """The section `push` of a translation at a place of that kind; `here` is the folder of the file."""
    section = part.section("push", PushConfig)
    forge = section.choice("forge", ("none", "github", "gitlab"))
    push = PushConfig(
        remote=_remote(section, here),
        forge=forge,
        project=section.text("project", pattern=_PROJECT, expected="a name such as owner/name"),
        fork=section.text("fork", pattern=_PROJECT, expected="a name such as owner/name"),
        base_url=_base_url(section),
        base=section.text("base", pattern=r"[^-\s~^:\\][^\s~^:\\]*|", expected="a branch"),
        token=_variable(section),
        conn_id=section.text("conn_id", pattern=r"[\w.-]*", expected="the id of an Airflow connection"),
    )
    if push.remote and kind == "folder":
        section.fault("remote", "a remote, and place.kind is folder", "a translation in git: a folder has no branches")
    if forge != "none":
        for key in ("remote", "project"):
            if not getattr(push, key) and key not in section:
                section.fault(key, "nothing", f"a value (forge is {forge})")
        _of_the_project(section, push)
    section.done()
    return push


def _of_the_project(section: Section, push: PushConfig) -> None:
    """A fault where the branches would be pushed to another repository than requests are said to come from."""
    path = re.match(r"(?:https|ssh)://[^/]+/(.+)|[\w.-]+@[\w.-]+:(.+)", push.remote)
    if path is None or local(push.remote) or not push.project:
        return
    name = (path[1] or path[2]).strip("/").removesuffix(".git")
    said = push.fork or push.project
    # A server may keep its repositories below a path of its own.
    if f"/{name}".lower().endswith(f"/{said}".lower()):
        return
    if push.fork:
        section.fault("fork", quoted(push.fork), f"the repository that remote names, {name}")
    else:
        section.fault(
            "project", quoted(push.project), f"{name}, which remote names; or, where that is a fork, fork: {name}"
        )


def _remote(section: Section, here: Path) -> str:
    text: str = section.text("remote", pattern=r"(?:[^-\s][^\n\0]*)?", expected=_REMOTE)
    if not text:
        return ""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://|[\w.-]+@[\w.-]+:", text)
    if scheme is None:
        return os.path.normpath(here / text)
    if scheme[1] not in {None, "https", "ssh", "file"} or (scheme[1] and urlsplit(text).password is not None):
        section.fault("remote", "an address with a password in it, or of another kind", _REMOTE)
    return text


def _variable(section: Section) -> str:
    name: str = section.text("token", expand=False)
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,79}", name):
        # What was found is not shown: it may be a token.
        section.fault("token", "something else", "the name of a variable, in capitals; never the token itself")
        return ""
    return name


def _base_url(section: Section) -> str:
    text: str = section.text("base_url")
    url = urlsplit(text)
    if text and not (url.scheme == "https" or (url.scheme == "http" and local(text))):
        section.fault("base_url", quoted(text), "an https address; http for this machine only")
    return text.rstrip("/")
