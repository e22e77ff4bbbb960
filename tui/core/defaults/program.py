"""Proposals for what is built: the program, its names, the Go release, platforms, private modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tui.core import catalog, stated, validate
from tui.core.defaults.usable import each, usable
from tui.core.gorelease import minor, release_order
from tui.core.images import runtime_of
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def constant(value: Any, reason: str) -> Callable[[Project, Plan], Default]:
    """A default that does not depend on the project."""
    return lambda project, plan: Default(value, reason)


def main(project: Project, plan: Plan) -> Default:
    if not project.mains:
        return Default(".", "no package main was found, so the module's root is assumed")
    best = next((found for found in project.programs if usable(validate.main, found.package, "")), None)
    if best is None:
        return Default(".", "no folder of a package main is one that Go builds")
    reason = best.reason or best.evidence
    if len(project.mains) == 1:
        return Default(best.package, "the only program in this module", best.evidence)
    if best.reason is None:
        return Default(best.package, f"the likeliest of {len(project.mains)} programs", best.evidence)
    return Default(best.package, f"of {len(project.mains)} programs: {reason.why}", reason)


def binary(project: Project, plan: Plan) -> Default:
    chosen = next((m for m in project.mains if m.package == plan.main), None)
    name = chosen.name if chosen else plan.main.rsplit("/", 1)[-1]
    return Default(usable(validate.binary, name, "app"), "the name Go gives this program")


def tag(project: Project, plan: Plan) -> Default:
    name = plan.binary.lower().strip("._-")
    return Default(
        usable(validate.tag, f"{name}:dev", "app:dev"), "the program's name, as a development image"
    )


def go(project: Project, plan: Plan) -> Default:
    """The go line's own minor while it is maintained, else the oldest maintained above it."""
    releases = catalog.go_releases()
    if old := project.gopath:
        why = f"written for Go {old.language}, which gets no fixes any more; this is the nearest that does"
        return Default(releases.maintained[0], why, old.language_evidence or old.evidence)
    if project.go is None or not usable(validate.go, project.go, ""):
        return Default(releases.newest, "go.mod has no go line, so the newest release")
    wanted = minor(project.go)
    line = project.go_evidence
    if wanted in releases.maintained:
        return Default(wanted, f"go.mod says {project.go}, and {wanted} is maintained", line)
    above = next((m for m in releases.maintained if _order(m) > _order(wanted)), None)
    if above is None:
        return Default(wanted, f"go.mod asks for {project.go}, newer than the releases known here", line)
    return Default(
        above,
        f"go.mod says {project.go}, which gets no fixes any more; {above} is the nearest that does",
        line,
    )


def platform(project: Project, plan: Plan) -> Default:
    image = runtime_of(plan)
    if image.os == "windows":
        return Default(("windows/amd64",), f"{image.label} is an image for Windows")
    return Default((), "the image runs where it is built")


def version_variable(project: Project, plan: Plan) -> Default:
    if known := stated.variable(project):
        return known
    named = (v for v in project.versions if stated.says_version(v.name))
    found = next((v for v in named if usable(validate.variable, v.name, "")), None)
    if found:
        return Default(found.name, "your code has a variable for it", found.evidence)
    return Default("", "no version variable was found")


def private(project: Project, plan: Plan) -> Default:
    hosts = each(validate.module_host, (module.host for module in project.private))
    if not hosts:
        return Default((), "every required module seems to be public")
    first, *rest = (module.evidence for module in project.private)
    return Default(hosts, "no public proxy will have these modules", first, tuple(rest))


def _order(version: str) -> tuple[int, int]:
    return release_order(version)[:2]
