"""Prints what was found in a project."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tui.cli import DONE
from tui.core.inspect import inspect
from tui.core.report import as_json, as_text


def carry_out(options: argparse.Namespace) -> int:
    """Print the findings."""
    project = inspect(Path(options.dir))
    print(json.dumps(as_json(project), indent=2) if options.json else as_text(project).rstrip("\n"))
    return DONE
