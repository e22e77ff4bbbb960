"""Proposals for the front end that is built first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core import validate
from tui.core.defaults.usable import usable
from tui.core.project import Project
from tui.core.proposal import Default

if TYPE_CHECKING:
    from tui.core.plan import Plan


def front_end(project: Project, plan: Plan) -> Default:
    found = project.front_end
    if found is None:
        return Default("skip", "the project has none")
    first, rest = found.evidence[0], found.evidence[1:]
    if found.complete:
        return Default("skip", f"the bundle {found.wanted} is committed", first, rest)
    why = f"the bundle {found.wanted} is not in Git, and the program needs it"
    return Default("build", why, first, rest)


def node(project: Project, plan: Plan) -> Default:
    if project.front_end is None:
        return Default("", "the project has no front end")
    return Default(
        usable(validate.node, project.front_end.node, ""), "what package.json asks for, else the newest LTS"
    )
