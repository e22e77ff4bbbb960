"""What of a plan an engine without a daemon cannot carry out: it runs nothing of any image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.core.final_image import packages
from tui.core.front_end_stage import has_bundle
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan
from tui.core.project import Project

DOCKER, EMBEDDED, AUTO = "docker", "embedded", "auto"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """``what`` keeps the plan from being carried out; ``fix`` is what would do it. Sentences."""

    what: str
    fix: str


def obstacles(project: Project, plan: Plan) -> tuple[Obstacle, ...]:
    """All that needs an engine with a daemon."""
    return tuple(_found(project, plan))


def _found(project: Project, plan: Plan) -> Iterator[Obstacle]:
    builder, runtime = builder_of(plan), runtime_of(plan)
    if "windows" in (builder.os, runtime.os):
        yield Obstacle("A Windows image is put together by Windows alone.", "Take a Linux image")
        return
    if plan.cgo:
        yield Obstacle(
            "C code is compiled with the compiler and libraries of the builder image.", "Switch CGO off"
        )
    elif project.need("libc"):
        yield Obstacle(
            "The program loads C libraries when it runs, and which C library's loader is written into it is "
            "the builder image's to say.",
            "Take a package that loads none",
        )
    if has_bundle(project, plan):
        yield Obstacle("The front end is built by Node in an image of its own.", "Build it beforehand")
    if runtime.onbuild:
        yield Obstacle(
            f"{runtime.label} brings instructions of its own (ONBUILD), which Docker alone carries out.",
            "Take another runtime image",
        )
    if runtime.single_stage:
        yield Obstacle("A single stage is the builder image itself.", "Take a runtime image of its own")
    elif added := packages(plan):
        yield Obstacle(
            f"{', '.join(added)} would be installed by running {runtime.packages or 'a package manager'}.",
            "Take an image that brings it",
        )
