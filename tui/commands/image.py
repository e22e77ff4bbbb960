"""Prints what is in a base image."""

from __future__ import annotations

import argparse
import json

from tui.cli import DONE
from tui.commands.engines import ask
from tui.core import validate
from tui.core.own_image import as_json, as_report


def carry_out(options: argparse.Namespace) -> int:
    """Print what is in an image."""
    platform = validate.platform(options.platform) if options.platform else None
    found = ask(lambda engine: engine.read_image(options.reference, platform))
    print(json.dumps(as_json(found), indent=2) if options.json else as_report(found))
    return DONE
