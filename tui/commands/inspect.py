"""Prints what was found in a project."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tui.cli import DONE
from tui.commands.plans import again, is_read_for
from tui.commands.reading import inspected
from tui.core.answers import ANSWERS_FILE, read
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.core.report import SCHEMA, as_json, as_text
from tui.core.text import printable
from tui.core.validate import Invalid
from tui.plain import colours, columns


def carry_out(options: argparse.Namespace) -> int:
    """Print the findings, or the schema of their JSON form."""
    if options.schema:
        sys.stdout.write(SCHEMA.read_text(encoding="utf-8"))
        return DONE
    folder = Path(options.dir)
    project = inspected(folder)
    plan = _plan(project, options)
    if not is_read_for(project, plan):
        project = again(folder, project, plan)
    if options.json:
        print(json.dumps(as_json(project), indent=2))
    else:
        sys.stdout.write(as_text(project, columns(sys.stdout), colours(sys.stdout)))
    return DONE


def _plan(project: Project, options: argparse.Namespace) -> Plan:
    """The plan that says which program is read, for which platforms and tags. Raises Invalid for a flag."""
    plan = defaults(project)
    try:
        saved = project.root / ANSWERS_FILE
        plan = read(project, plan, saved) if saved.is_file() else plan
    except Invalid as error:
        print(f"note: {printable(str(error))} The project is read without its answers.", file=sys.stderr)
    for key, given in (("platform", options.platform), ("build-tag", options.build_tag)):
        if given:
            plan = answer_text(project, plan, key, given)
    return plan
