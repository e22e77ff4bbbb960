"""The program alone, where no image is wanted: its plan, its problems, its files' names."""

from __future__ import annotations

from tui.core.final_image import programs
from tui.core.plan import Plan, answer_text, unanswer
from tui.core.project import Project
from tui.core.rules import Problem, problems

TARGET = "binary"
"""The stage that holds nothing else."""

_ANSWERS = {"runtime": "scratch", "export": "on", "health": "none", "file": "none", "user-name": ""}
_COMPILING = frozenset(
    {"main", "also", "front-end", "node", "go", "image", "builder", "cgo", "link", "build-tag"}
    | {"build-package", "private", "private-access", "ca-file"}
)


def bare(project: Project, plan: Plan) -> Plan:
    """The plan whose Dockerfile compiles the same program and nothing for an image around it."""
    for key, text in _ANSWERS.items():
        plan = answer_text(project, plan, key, text)
    return unanswer(project, plan, "zones")


def bare_problems(project: Project, plan: Plan) -> tuple[Problem, ...]:
    """The problems of compiling: what an image lacks is nothing to a program outside of one."""
    return tuple(problem for problem in problems(project, plan) if problem.key in _COMPILING)


def files(project: Project, plan: Plan, platform: str | None) -> tuple[tuple[str, str], ...]:
    """What the stage holds for that platform: (path in it, name on disk). Several platforms tell apart."""
    told = f"-{platform.replace('/', '-')}" if platform and len(plan.platform) > 1 else ""
    suffix = ".exe" if platform and platform.startswith("windows/") else ""
    return tuple((f"/{name}", f"{name}{told}{suffix}") for name in programs(project, plan))
