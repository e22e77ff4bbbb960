"""Rules over (project, plan): which answers do not fit, why, and what to change.

An ``error`` blocks building and writing; a ``warning`` is shown and does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tui.core.plan import Plan, answer
from tui.core.project import Project
from tui.core.rules import base, details, folders, linking, machine, ports, project, user, windows
from tui.core.rules.problem import ERROR, WARNING, Fix, Problem, Rule

__all__ = ["ERROR", "RULES", "WARNING", "Fix", "Problem", "blocked", "both", "enabling", "errors", "problems"]

RULES: tuple[Rule, ...] = (
    *project.RULES,
    *base.RULES,
    *linking.RULES,
    *user.RULES,
    *ports.RULES,
    *details.RULES,
    *folders.RULES,
    *windows.RULES,
    *machine.RULES,
)


def problems(project: Project, plan: Plan) -> tuple[Problem, ...]:
    """Every problem of this plan, errors first, each with the fixes that help, the best first."""
    found = _found(project, plan)
    helping = (replace(p, fixes=_helping(project, plan, found, p)) if p.fixes else p for p in found)
    return tuple(sorted(helping, key=lambda problem: problem.severity != ERROR))


def errors(project: Project, plan: Plan) -> tuple[Problem, ...]:
    """Every error of this plan, with fixes nobody tried: in a fraction of the time."""
    return tuple(problem for problem in _found(project, plan) if problem.severity == ERROR)


def blocked(project: Project, plan: Plan, key: str, value: Any) -> Problem | None:
    """The error this answer would cause and the present one does not, else None."""
    tried = _found(project, answer(project, plan, key, value))
    return next(iter(_caused(_found(project, plan), tried)), None)


def enabling(project: Project, plan: Plan, key: str, value: Any) -> Fix | None:
    """The change of another answer with which this one, forbidden now, causes no error; None without."""
    before = _found(project, plan)

    def caused(made: Plan) -> list[Problem]:
        return _caused(before, _found(project, made))

    fixes = (fix for p in caused(answer(project, plan, key, value))[:1] for fix in p.fixes if fix.key != key)
    return next((fix for fix in fixes if not caused(both(project, plan, key, value, fix))), None)


def both(project: Project, plan: Plan, key: str, value: Any, fix: Fix) -> Plan:
    """The plan with this answer and what enables it."""
    return answer(project, answer(project, plan, fix.key, fix.value), key, value)


def _found(project: Project, plan: Plan) -> list[Problem]:
    return [problem for rule in RULES for problem in rule(project, plan)]


def _caused(before: list[Problem], after: list[Problem]) -> list[Problem]:
    """The errors that came with a change."""
    present = {problem.rule for problem in before if problem.severity == ERROR}
    return [problem for problem in after if problem.severity == ERROR and problem.rule not in present]


def _helping(project: Project, plan: Plan, found: list[Problem], problem: Problem) -> tuple[Fix, ...]:
    """The fixes that solve the problem: first those that cause no error, then those whose errors are
    about other questions, so that fixing them too comes to an end."""
    clean: list[Fix] = []
    further: list[Fix] = []
    for fix in problem.fixes:
        after = _found(project, answer(project, plan, fix.key, fix.value))
        caused = _caused(found, after)
        if _count(after, problem) >= _count(found, problem):
            continue
        if not caused:
            clean.append(fix)
        elif not {fix.key, problem.key} & {p.key for p in caused}:
            further.append(fix)
    return (*clean, *further)


def _count(found: list[Problem], problem: Problem) -> int:
    return sum(other.rule == problem.rule for other in found)
