"""Rules over (project, plan): which answers do not fit, why, and what to change.

An ``error`` blocks building and writing; a ``warning`` is shown and does not.
"""

from __future__ import annotations

from typing import Any

from tui.core.plan import Plan, answer
from tui.core.project import Project
from tui.core.rules import base, details, linking, ports, project, user
from tui.core.rules.problem import ERROR, WARNING, Fix, Problem, Rule

__all__ = ["ERROR", "RULES", "WARNING", "Fix", "Problem", "blocked", "problems"]

RULES: tuple[Rule, ...] = (
    *project.RULES,
    *base.RULES,
    *linking.RULES,
    *user.RULES,
    *ports.RULES,
    *details.RULES,
)


def problems(project: Project, plan: Plan) -> tuple[Problem, ...]:
    """Every problem of this plan, errors first."""
    found = [problem for rule in RULES for problem in rule(project, plan)]
    return tuple(sorted(found, key=lambda problem: problem.severity != ERROR))


def blocked(project: Project, plan: Plan, key: str, value: Any) -> Problem | None:
    """The error this answer would cause and the present one does not, else None."""
    present = {p.rule for p in problems(project, plan) if p.severity == ERROR}
    tried = problems(project, answer(project, plan, key, value))
    return next((p for p in tried if p.severity == ERROR and p.rule not in present), None)
