"""The Plan: every answer in one frozen value, and the pure functions that make the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tui.core.project import Project


@dataclass(frozen=True, slots=True)
class Plan:
    """One field per question (its key with ``_``). ``answered`` are the keys a person decided.

    ``builder`` and ``runtime`` are catalog ids, ``user`` is ``uid:gid``, ``port`` holds texts such
    as ``8080/tcp``, ``platform`` is empty for the engine's own.
    """

    main: str = "."
    binary: str = "app"
    tag: str = "app:dev"
    go: str = ""
    builder: str = ""
    runtime: str = ""
    cgo: bool = False
    user: str = "65532:65532"
    port: tuple[str, ...] = ()
    platform: str = ""
    comments: bool = True
    registry: str = ""
    transport: str = "auto"
    env: tuple[str, ...] = ()
    writable: bool = False
    writable_dir: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()


def defaults(project: Project) -> Plan:
    """The proposal: every question answered from what the project shows."""
    return follow(project, Plan())


def answer(project: Project, plan: Plan, key: str, value: Any) -> Plan:
    """The plan with one answer changed; questions nobody decided follow it."""
    return follow(project, _with(plan, key, value, plan.answered | {key}))


def answer_text(project: Project, plan: Plan, key: str, text: str) -> Plan:
    """Like ``answer`` from a person's text. Raises ``validate.Invalid`` with the reason."""
    from tui.core.questions import question

    return answer(project, plan, key, question(key).parse(text))


def unanswer(project: Project, plan: Plan, key: str) -> Plan:
    """The plan in which that question follows the project again."""
    return follow(project, replace(plan, answered=plan.answered - {key}))


def follow(project: Project, plan: Plan) -> Plan:
    """The plan with every question nobody decided answered from the project."""
    from tui.core.questions import QUESTIONS

    for question in QUESTIONS:
        if question.key not in plan.answered:
            proposed = question.default(project, plan).value
            if proposed != value(plan, question.key):
                plan = _with(plan, question.key, proposed, plan.answered)
    return plan


def value(plan: Plan, key: str) -> Any:
    """The answer to the question with that key."""
    return getattr(plan, key.replace("-", "_"))


def _with(plan: Plan, key: str, new: Any, answered: frozenset[str]) -> Plan:
    return replace(plan, **{key.replace("-", "_"): new, "answered": answered})
