"""Prints the Dockerfile, or writes the files."""

from __future__ import annotations

import argparse
import sys

from tui.cli import DONE, FAILED, complain
from tui.commands.plans import ready, refused
from tui.core import answers
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.render import build_command, render
from tui.core.rules import problems
from tui.core.save import CHANGED, UNCHANGED, CannotSave, Change, changes, write
from tui.core.text import printable


def carry_out(options: argparse.Namespace) -> int:
    """Print the Dockerfile, show what would change, or write the files."""
    project, plan = ready(options)
    if code := refused(problems(project, plan)):
        return code
    if not (options.diff or options.write):
        sys.stdout.write(render(project, plan)[0].text)
        return DONE
    try:
        planned = changes(project.root, files(project, plan))
        if options.diff:
            _print_diff(planned)
        return _write(project, plan, planned, force=options.force) if options.write else DONE
    except CannotSave as error:
        return complain(str(error), FAILED)


def files(project: Project, plan: Plan) -> tuple[tuple[str, str], ...]:
    """Every file that writing puts on disk, as (path, text)."""
    made = tuple((file.path, file.text) for file in render(project, plan))
    return (*made, (answers.ANSWERS_FILE, answers.to_toml(project, plan)))


def _print_diff(planned: tuple[Change, ...]) -> None:
    for change in planned:
        for line in change.diff():
            print(printable(line))
    if all(change.state == UNCHANGED for change in planned):
        print("dockwright: the files on disk are what would be written.", file=sys.stderr)


def _write(project: Project, plan: Plan, planned: tuple[Change, ...], *, force: bool) -> int:
    replaced = [change.path for change in planned if change.state == CHANGED]
    if replaced and not force:
        return complain(
            f"{', '.join(replaced)} would be replaced. --diff shows how, --force replaces and keeps the old "
            "as .bak. Nothing was written.",
            FAILED,
        )
    for written in write(project.root, planned):
        print(written.path)
        if written.backup:
            print(f"dockwright: the old {written.path.name} is {written.backup.name}", file=sys.stderr)
    if command := build_command(project, plan):
        where = project.context or project.root
        print(printable(f"dockwright: to build by hand, in {where}: {command}"), file=sys.stderr)
    return DONE
