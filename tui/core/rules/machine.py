"""The build machine: whether the engine that was asked for can carry the plan out."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.embedded import DOCKER, EMBEDDED, obstacles
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import Fix, Problem, error


def engine_embedded(project: Project, plan: Plan) -> Iterator[Problem]:
    """The embedded engine runs nothing of an image."""
    if plan.engine != EMBEDDED:
        return
    for obstacle in obstacles(project, plan):
        yield error(
            "engine-embedded",
            "engine",
            "The embedded engine cannot carry this plan out.",
            f"{obstacle.what} {obstacle.fix}, or build with Docker.",
            Fix("Build with Docker", "engine", DOCKER),
        )


def engine_delivers(project: Project, plan: Plan) -> Iterator[Problem]:
    """A daemon keeps its images in its own store."""
    if plan.engine == DOCKER and plan.deliver:
        yield error(
            "engine-delivers",
            "deliver",
            f"Docker does not write {plan.deliver[0]}.",
            "It keeps the image in its own store; the embedded engine hands images out.",
            Fix("Use the embedded engine", "engine", EMBEDDED),
        )


RULES = (engine_embedded, engine_delivers)
