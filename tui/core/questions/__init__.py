"""One declaration per question; flags, wizard fields, answers file and docs all come from it."""

from __future__ import annotations

from tui.core.catalog import short_name
from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import base, details, front_end, linking, machine, ports, project, user
from tui.core.questions.declare import Question, StepInfo

__all__ = [
    "MACHINE",
    "QUESTIONS",
    "STEPS",
    "Question",
    "StepInfo",
    "question",
    "questions_of",
    "steps",
    "summary",
]

STEPS = (
    StepInfo("project", "Project", "What is built, and what it is called."),
    StepInfo(
        "front-end",
        "Front end",
        "The JavaScript bundle that Go embeds or serves.",
        shown=lambda project: project.front_end is not None,
    ),
    StepInfo("base", "Base image", "What the finished container is made of."),
    StepInfo("cgo", "CGO", "Whether C code is compiled into the program."),
    StepInfo("user", "User", "Who the program runs as."),
    StepInfo("ports", "Ports", "Where the program can be reached."),
    StepInfo("details", "Details", "What is rarely changed."),
)

MACHINE = StepInfo("machine", "Build machine", "Mirror, proxy, certificate, pinned images, engine.")
"""Asked on request only: without it every build works where nothing is in the way."""

QUESTIONS: tuple[Question, ...] = (
    *project.QUESTIONS,
    *front_end.QUESTIONS,
    *base.COMPILING,
    *linking.COMPILING,
    *base.RUNNING,
    *project.TARGET,
    *linking.RUNNING,
    *user.QUESTIONS,
    *ports.QUESTIONS,
    *details.QUESTIONS,
    *machine.QUESTIONS,
)
"""In the order in which answers depend on each other."""

_BY_KEY = {question.key: question for question in QUESTIONS}


def question(key: str) -> Question:
    """The question with that key. Raises KeyError."""
    return _BY_KEY[key]


def questions_of(step: str) -> tuple[Question, ...]:
    """The questions of one step, in the order they are asked."""
    return tuple(question for question in QUESTIONS if question.step == step)


def steps(project: Project) -> tuple[StepInfo, ...]:
    """The steps this project has anything to answer in."""
    return tuple(step for step in STEPS if step.shown(project))


def summary(plan: Plan, step: str) -> str:
    """The step's answer in a few words, for the rail."""
    if step == "project":
        return f"{plan.binary}  {plan.main}"
    if step == "front-end":
        return f"Node {plan.node}" if plan.front_end == front_end.BUILD else plan.front_end
    if step == "base":
        return short_name(plan.runtime)
    if step == "cgo":
        return ("on, static" if plan.link == "static" else "on") if plan.cgo else "off"
    if step == "user":
        return "root" if plan.user.startswith("0:") else plan.user.split(":")[0] + ", not root"
    if step == "ports":
        return ", ".join(plan.port) or "none"
    if step == MACHINE.key:
        decided = (asked for asked in questions_of(step) if asked.key in plan.answered)
        return ", ".join(asked.title for asked in decided if value(plan, asked.key))
    return ", ".join(key for key in ("test", "debug", "export") if getattr(plan, key))
