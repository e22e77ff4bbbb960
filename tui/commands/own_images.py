"""Reads a plan's own base images before a command judges it."""

from __future__ import annotations

import sys

from tui.commands.engines import ask
from tui.core.images import unread
from tui.core.plan import Plan, answer
from tui.core.project import Project
from tui.core.text import printable
from tui.engine.own_images import facts


def with_facts(project: Project, plan: Plan) -> Plan:
    """The plan with a line of facts for each own image nobody read yet. Raises EngineError."""
    print(f"Reading {printable(', '.join(unread(plan)))}.", file=sys.stderr)
    return answer(project, plan, "image", (*plan.image, *ask(lambda engine: facts(engine, plan))))
