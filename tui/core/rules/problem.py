"""A problem of a plan, and the one change that solves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tui.core.plan import Plan
from tui.core.project import Project

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """One change of an answer that solves the problem. ``label`` starts with a verb."""

    label: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """``key`` is the question it belongs to, ``severity`` ``error`` or ``warning``."""

    rule: str
    key: str
    severity: str
    what: str
    why: str
    fix: Fix | None = None

    def sentence(self) -> str:
        """What and why, and the fix when there is one, for a line of text."""
        fix = f" {self.fix.label}." if self.fix else ""
        return f"{self.what} {self.why}{fix}"


Rule = Callable[[Project, Plan], Iterator[Problem]]


def error(rule: str, key: str, what: str, why: str, fix: Fix | None = None) -> Problem:
    return Problem(rule, key, ERROR, what, why, fix)


def warning(rule: str, key: str, what: str, why: str, fix: Fix | None = None) -> Problem:
    return Problem(rule, key, WARNING, what, why, fix)
