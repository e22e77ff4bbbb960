"""Proposals for what the image holds beside the program, and how that starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import stated, validate
from tui.core.defaults.usable import each, usable
from tui.core.final_image import PROGRAM_DIR
from tui.core.images import runtime_of
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def port(project: Project, plan: Plan) -> Default:
    if not project.ports:
        return Default((), "no listener was found in your code")
    found = tuple(dict.fromkeys(p.text for p in project.ports))
    first, *rest = (p.evidence for p in project.ports)
    why = "your code listens on" if first.file.endswith(".go") else "the project's files say"
    return Default(found, f"{why} {', '.join(found)}", first, tuple(rest))


def health(project: Project, plan: Plan) -> Default:
    if runtime_of(plan).os == "windows":
        return Default("none", "Windows images get no health check here")
    command = next((h for h in project.health if h.kind == "command"), None)
    if command and (check := usable(validate.health, f"command {command.value}", "")):
        return Default(check, "the program has a command for it", command.evidence)
    route = next((h for h in project.health if h.kind == "http"), None)
    if route is None or not usable(validate.health, f"http {route.value}", ""):
        return Default("none", "no health endpoint or command was found in your code")
    if runtime_of(plan).wget and any(port.endswith("/tcp") for port in plan.port):
        return Default(f"http {route.value}", "the image's wget can ask it", route.evidence)
    why = (
        f"{route.value} is there, but nothing in the image can ask it; http {route.value} adds a small probe"
    )
    return Default("none", why, route.evidence)


def args(project: Project, plan: Plan) -> Default:
    return stated.args(project) or Default((), "the program starts without arguments")


def file(project: Project, plan: Plan) -> Default:
    seen = {opened.path: opened.evidence for opened in reversed(project.opened)}
    if project.front_end and project.front_end.served:
        seen.setdefault(project.front_end.wanted, project.front_end.evidence[0])
    if not seen:
        return Default((), "your code opens no file of the project")
    found = each(validate.folder, reversed(seen))
    if not found:
        return Default((), "the names of the files your code opens may not stand in a Dockerfile")
    first, *rest = (seen[path] for path in found)
    return Default(found, "your code opens " + ", ".join(found), first, tuple(rest))


def workdir(project: Project, plan: Plan) -> Default:
    if plan.file:
        return Default("/app", "the program opens its files relative to where it starts")
    if runtime_of(plan).os == "linux" and (known := stated.workdir(project)):
        return known
    return Default("", "the program needs no place of its own")


def writable_dir(project: Project, plan: Plan) -> Default:
    holding = (PROGRAM_DIR, *(f"{plan.workdir}/{path}" for path in plan.file))
    known = stated.volumes(project, holding) if runtime_of(plan).os == "linux" else None
    return known or Default((), "only /tmp is writable")


def env(project: Project, plan: Plan) -> Default:
    return stated.env(project) or Default((), "nothing is set")


def label(project: Project, plan: Plan) -> Default:
    known = {"source": project.source_url, "licenses": project.licence}
    texts = (f"org.opencontainers.image.{name}={value}" for name, value in known.items() if value)
    found = each(validate.label, texts)
    return Default(found, "read from the repository" if found else "nothing to say was found")
