"""Writes the bare program instead of an image."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import USAGE, complain
from tui.commands.plans import ready, refused
from tui.core.bare import bare, bare_problems
from tui.core.plan import Plan
from tui.headless import export


def carry_out(options: argparse.Namespace) -> int:
    """Compile in the engine and write what came out."""
    project, plan = ready(options)
    plan = bare(project, plan)
    if code := refused(bare_problems(project, plan)):
        return code
    target = Path(options.output or ".")
    if wrong := _unusable(target, plan):
        return complain(wrong, USAGE)
    return export(project, plan, target=target, as_json=options.json)


def _unusable(target: Path, plan: Plan) -> str:
    if target.is_dir():
        return ""
    if plan.also or len(plan.platform) > 1:
        return f"{target} is no folder, and there are several programs to write. Make it, or name another."
    if not target.parent.is_dir():
        return f"there is no folder {target.parent} to write {target.name} to. Make it, or name another."
    return ""
