"""Recipes: several answers that are chosen as one. What they are stands in ``facts/recipes.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tui.core.plan import Plan, answer, answer_text, follow, value
from tui.core.project import Project
from tui.core.questions import question
from tui.core.rules import ERROR, Problem, problems
from tui.core.validate import one_of

_FACTS = Path(__file__).parent / "facts" / "recipes.toml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """``title`` is two or three words, ``text`` one sentence, ``answers`` texts by question key."""

    id: str
    title: str
    text: str
    answers: dict[str, str]


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe, the general ones first."""
    return tuple(Recipe(**raw) for raw in _facts()["recipe"])


def recipe(name: str) -> Recipe:
    """The recipe with that id. Raises ``validate.Invalid``."""
    known = {each.id: each for each in recipes()}
    return known[one_of("Recipe", lambda: {id: id for id in known})(name)]


def apply(project: Project, plan: Plan, chosen: Recipe) -> Plan:
    """The plan with the recipe's answers decided, and whatever must change so that they can work."""
    free = follow(project, replace(plan, answered=plan.answered - set(_facts()["shape"])))
    before = {problem.rule for problem in _errors(project, plan)}
    before &= {problem.rule for problem in _errors(project, free)}
    plan = free
    for key, text in chosen.answers.items():
        plan = answer_text(project, plan, key, text)
    return _fixed(project, plan, before)


def missed(plan: Plan, chosen: Recipe) -> tuple[str, ...]:
    """The questions a fix answered otherwise than the recipe."""
    return tuple(key for key, text in chosen.answers.items() if value(plan, key) != question(key).parse(text))


def _fixed(project: Project, plan: Plan, before: set[str]) -> Plan:
    """The rules' fixes carried out, but for problems that were there before. None is tried twice."""
    tried: list[tuple[str, Any]] = []
    while True:
        fixes = (p.fix for p in _errors(project, plan) if p.fix and p.rule not in before)
        fix = next((fix for fix in fixes if (fix.key, fix.value) not in tried), None)
        if fix is None:
            return plan
        tried.append((fix.key, fix.value))
        plan = answer(project, plan, fix.key, fix.value)


def _errors(project: Project, plan: Plan) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems(project, plan) if problem.severity == ERROR)


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(_FACTS.read_text(encoding="utf-8"))
