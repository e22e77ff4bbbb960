"""Builds the image."""

from __future__ import annotations

import argparse

from tui.commands.plans import ready, refused
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import render
from tui.core.rules import problems
from tui.core.save import CHANGED, CannotSave, changes


def carry_out(options: argparse.Namespace) -> int:
    """Build the image."""
    return with_engine(options, run_it=False)


def with_engine(options: argparse.Namespace, *, run_it: bool) -> int:
    """Build the image of the plan and run it if asked."""
    project, plan = ready(options)
    if code := refused(problems(project, plan)):
        return code
    from tui.headless import carry_out

    return carry_out(project, plan, run_it=run_it, as_json=options.json, differing=_differing(project, plan))


def _differing(project: Project, plan: Plan) -> tuple[str, ...]:
    """Generated files that are on disk with other contents than what is built."""
    try:
        planned = changes(project.root, [(file.path, file.text) for file in render(project, plan)])
    except CannotSave:
        return ()
    return tuple(change.path for change in planned if change.state == CHANGED)
