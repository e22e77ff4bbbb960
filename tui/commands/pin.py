"""Looks up the digests of a plan's base images."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from tui.cli import DONE, FAILED, complain
from tui.commands.engines import ask
from tui.commands.plans import load
from tui.core.answers import ANSWERS_FILE, to_toml
from tui.core.plan import Plan, answer
from tui.core.project import Project
from tui.core.render import references, unpinned
from tui.core.save import CannotSave, changes, write
from tui.engine import Engine


def carry_out(options: argparse.Namespace) -> int:
    """Print every base image with its digest, and keep them in the answers if asked."""
    project, plan = load(options)
    bases = references(project, replace(plan, pin=()))

    async def pinned(engine: Engine) -> tuple[str, ...]:
        return tuple([f"{base}@{await engine.digest(base)}" for base in unpinned(project, plan)])

    pins = ask(pinned)
    for line in (*pins, *(base for base in bases if "@" in base)):
        print(line)
    return _keep(project, answer(project, plan, "pin", pins)) if options.write else DONE


def _keep(project: Project, plan: Plan) -> int:
    try:
        for written in write(project.root, changes(project.root, [(ANSWERS_FILE, to_toml(project, plan))])):
            print(f"dockwright: wrote {written.path}", file=sys.stderr)
    except CannotSave as error:
        return complain(str(error), FAILED)
    return DONE
