"""Proposals about C code: cgo, linking, build tags, packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import cpackages, stated
from tui.core.images import builder_of, runtime_of
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def cgo(project: Project, plan: Plan) -> Default:
    if project.cgo.required:
        evidence = project.cgo.evidence[0] if project.cgo.evidence else None
        why = evidence.why if evidence else "your code needs C"
        return Default(True, why, evidence, project.cgo.evidence[1:])
    return Default(False, "nothing in your code needs C, so the program can be static")


def link(project: Project, plan: Plan) -> Default:
    return Default("dynamic", "the usual way; the image brings the C library")


def build_tag(project: Project, plan: Plan) -> Default:
    return stated.tags(project) or Default((), "the other answers bring the tags they need")


def build_package(project: Project, plan: Plan) -> Default:
    if not plan.cgo:
        return Default((), "no C code is compiled")
    needed = c_needs(project, plan)
    if needed.build:
        return Default(needed.build, "your code's C libraries are compiled against these")
    return Default((), "the builder has all that is compiled against")


def package(project: Project, plan: Plan) -> Default:
    wanted = c_packages(project, plan)
    manager = runtime_of(plan).packages
    if wanted and manager:
        return Default(wanted, "the program loads these C libraries when it starts")
    if manager and (known := stated.packages(project, manager)):
        return known
    return Default((), "the program needs no further package")


def c_needs(project: Project, plan: Plan) -> cpackages.Needed:
    """What the project's C modules need of the builder and, when they are not linked in, of the runtime."""
    if not project.c_modules:
        return cpackages.NOTHING
    builder = builder_of(plan)
    static = plan.link == "static"
    return cpackages.needed(project.c_modules, builder.distribution, builder.release, static=static)


def c_packages(project: Project, plan: Plan) -> tuple[str, ...]:
    """Packages the runtime needs beside the C and C++ libraries it has already."""
    image, needed = runtime_of(plan), c_needs(project, plan)
    enough = not needed.shared and (not needed.cxx or image.cxx)
    if enough or not plan.cgo:
        return ()
    static = plan.link == "static"
    return cpackages.needed(project.c_modules, image.distribution, image.release, static=static).runtime
