"""The Plan: every answer in one frozen value, and the pure functions that make the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tui.core.project import Project


@dataclass(frozen=True, slots=True)
class Plan:
    """One field per question (its key with ``_``). ``answered`` are the keys a person decided.

    ``builder`` and ``runtime`` are catalog ids or image references; what an own image holds stands
    in ``image``. ``user`` is ``uid:gid`` or a name the runtime has, ``port`` holds texts such as
    ``8080/tcp``, ``platform`` is empty for the engine's own.
    """

    main: str = "."
    also: tuple[str, ...] = ()
    binary: str = "app"
    tag: str = "app:dev"
    platform: tuple[str, ...] = ()
    front_end: str = "skip"
    node: str = ""
    go: str = ""
    builder: str = ""
    cgo: bool = False
    link: str = "dynamic"
    build_tag: tuple[str, ...] = ()
    build_package: tuple[str, ...] = ()
    runtime: str = ""
    package: tuple[str, ...] = ()
    user: str = "65532:65532"
    user_name: str = ""
    port: tuple[str, ...] = ()
    health: str = "none"
    zones: str = "none"
    file: tuple[str, ...] = ()
    workdir: str = ""
    writable_dir: tuple[str, ...] = ()
    version_variable: str = ""
    label: tuple[str, ...] = ()
    test: bool = False
    debug: bool = False
    export: bool = False
    private: tuple[str, ...] = ()
    private_access: str = "netrc"
    ca_file: str = ""
    pin: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    registry: str = ""
    comments: bool = True
    app_version: str = "dev"
    netrc: str = ""
    proxy: str = ""
    engine: str = "auto"
    deliver: tuple[str, ...] = ()
    transport: str = "auto"
    env: tuple[str, ...] = ()
    writable: bool = False
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
