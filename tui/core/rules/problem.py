"""A problem of a plan, and the one change that solves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tui.core import catalog
from tui.core.plan import Plan
from tui.core.project import Project

ERROR, WARNING = "error", "warning"
BUILDER = "golang-trixie"
"""The builder that can do most."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One change of an answer that solves the problem. ``label`` starts with a verb."""

    label: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """``key`` is the question it belongs to, ``severity`` ``error`` or ``warning``.

    ``fixes`` are tried in this order; ``problems`` leaves only those that help.
    """

    rule: str
    key: str
    severity: str
    what: str
    why: str
    fixes: tuple[Fix, ...] = ()

    @property
    def fix(self) -> Fix | None:
        """The best change, or None where no single one helps."""
        return self.fixes[0] if self.fixes else None

    def sentence(self) -> str:
        """What and why, and the fix when there is one, for a line of text."""
        fix = f" {self.fix.label}." if self.fix else ""
        return f"{self.what} {self.why}{fix}"


Rule = Callable[[Project, Plan], Iterator[Problem]]


def error(rule: str, key: str, what: str, why: str, *fixes: Fix | None) -> Problem:
    return Problem(rule, key, ERROR, what, why, tuple(fix for fix in fixes if fix))


def warning(rule: str, key: str, what: str, why: str, *fixes: Fix | None) -> Problem:
    return Problem(rule, key, WARNING, what, why, tuple(fix for fix in fixes if fix))


def use_builder(*ids: str) -> tuple[Fix, ...]:
    """Building on each of these images."""
    return tuple(Fix(f"Build on {id}", "builder", id) for id in ids)


def use_runtime(*ids: str) -> tuple[Fix, ...]:
    """Running on each of these images, in the words people use for them."""
    return tuple(Fix(f"Use {catalog.runtime(id, BUILDER).label}", "runtime", id) for id in ids)
