"""The build machine: whether the engine that was asked for can carry the plan out."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.embedded import AUTO, DOCKER, EMBEDDED, obstacles
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules.problem import Fix, Problem, error


def engine_embedded(project: Project, plan: Plan) -> Iterator[Problem]:
    """The embedded engine runs nothing of an image."""
    if plan.engine == DOCKER or (plan.engine == AUTO and not plan.deliver):
        return
    docker = "deliver nothing and build with Docker" if plan.deliver else "build with Docker"
    for obstacle in obstacles(project, plan):
        yield error(
            "engine-embedded",
            "engine",
            "The embedded engine cannot carry this plan out.",
            f"{obstacle.what} {obstacle.fix}, or {docker}.",
            Fix("Deliver nothing", "deliver", ()) if plan.deliver else None,
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


def pushed_name(project: Project, plan: Plan) -> Iterator[Problem]:
    """A name without a registry is Docker Hub's, and without a user one of Docker's own images."""
    if "registry" in plan.deliver and "/" not in plan.tag:
        yield error(
            "pushed-name",
            "tag",
            f"{plan.tag} would be pushed to docker.io/library, where Docker's own images lie.",
            "A pushed image's name begins with its registry, or with your user name on Docker Hub.",
            Fix("Push nothing", "deliver", tuple(where for where in plan.deliver if where != "registry")),
        )


RULES = (engine_embedded, engine_delivers, pushed_name)
