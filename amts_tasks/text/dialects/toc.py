"""Marks that a builder replaces by a table of contents: ``[TOC]``, ``[[toc]]``, ``[[_TOC_]]``."""

from __future__ import annotations

import re

from amts_tasks.text.blocks import Kind
from amts_tasks.text.dialects.rule import Rule
from amts_tasks.text.page import Page

_MARK = re.compile(r"(?:\[_{0,2}toc_{0,2}\]|\[\[_?toc_?\]\])[ \t\r]*$", re.IGNORECASE)


def begin(page: Page, number: int, at: int) -> int | None:
    """A line that is nothing but the mark."""
    return page.add(Kind.directive, number, number + 1) if _MARK.match(page.lines[number], at) else None


RULE = Rule("toc", "[", begin)
