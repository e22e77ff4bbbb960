"""Prints what was found in a project."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tui.cli import DONE
from tui.commands.reading import inspected
from tui.core import validate
from tui.core.report import SCHEMA, as_json, as_text
from tui.plain import colours, columns


def carry_out(options: argparse.Namespace) -> int:
    """Print the findings, or the schema of their JSON form."""
    if options.schema:
        sys.stdout.write(SCHEMA.read_text(encoding="utf-8"))
        return DONE
    platforms = (validate.platform(options.platform),) if options.platform else ()
    project = inspected(Path(options.dir), platforms=platforms)
    if tags := tuple(said.value for said in project.said("tag")):
        project = inspected(Path(options.dir), platforms=platforms, tags=tags)
    if options.json:
        print(json.dumps(as_json(project), indent=2))
    else:
        sys.stdout.write(as_text(project, columns(sys.stdout), colours(sys.stdout)))
    return DONE
