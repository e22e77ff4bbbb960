"""Compares the files on disk with the project as it is today."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tui.cli import DONE, FAILED
from tui.commands.plans import again, is_read_for
from tui.commands.reading import inspected
from tui.core.answers import ANSWERS_FILE, read
from tui.core.check import as_json, as_text, check, main_built
from tui.core.check.texts import Texts
from tui.core.plan import Plan, defaults
from tui.core.project import Project


def carry_out(options: argparse.Namespace) -> int:
    """Print what drifted; FAILED when anything did."""
    folder = Path(options.dir)
    project = inspected(folder)
    texts = Texts(project)
    plan = _plan(project)
    if plan is None:
        main = main_built(project, texts.read(texts.dockerfile()) or "")
        if main and main != project.main:
            project = inspected(folder, main)
    elif not is_read_for(project, plan):
        project = again(folder, project, plan)
        plan = _plan(project)
    found = check(project, plan, texts)
    if options.json:
        print(json.dumps(as_json(project, found), indent=2))
    else:
        print(as_text(found) or "The Dockerfile fits the project.")
    return FAILED if found else DONE


def _plan(project: Project) -> Plan | None:
    saved = project.root / ANSWERS_FILE
    return read(project, defaults(project), saved) if saved.is_file() else None
