"""Writes the bare program instead of an image."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import USAGE, complain
from tui.commands.plans import ready, refused
from tui.core.bare import bare, bare_problems, files
from tui.core.plan import Plan
from tui.core.project import Project
from tui.headless import export

_STARTS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
"""How programs for Linux, Windows and macOS begin."""


def carry_out(options: argparse.Namespace) -> int:
    """Compile in the engine and write what came out."""
    project, plan = ready(options)
    plan = bare(project, plan)
    if code := refused(bare_problems(project, plan)):
        return code
    target = Path(options.output or ".")
    if wrong := _unusable(target, project, plan):
        return complain(wrong, USAGE)
    return export(project, plan, target=target, as_json=options.json)


def _unusable(target: Path, project: Project, plan: Plan) -> str:
    if target.is_dir():
        names = (name for each in plan.platform or (None,) for _, name in files(project, plan, each))
        other = next((name for name in names if _is_taken(target / name)), "")
        return f"{other} is there already and is no program. Move it, or name another place." if other else ""
    if plan.also or len(plan.platform) > 1:
        return f"{target} is no folder, and there are several programs to write. Make it, or name another."
    if not target.parent.is_dir():
        return f"there is no folder {target.parent} to write {target.name} to. Make it, or name another."
    return ""


def _is_taken(file: Path) -> bool:
    """Whether something else than a program is there: go build too leaves alone what no build made."""
    if not file.is_file():
        return file.exists()
    with file.open("rb") as opened:
        return not opened.read(4).startswith(_STARTS)
