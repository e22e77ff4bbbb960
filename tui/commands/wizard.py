"""Opens the full-screen wizard."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from tui.cli import USAGE, complain
from tui.commands.plans import load
from tui.commands.reading import inspected_or_left
from tui.core.inspect.locate import locate


def carry_out(options: argparse.Namespace) -> int:
    """Open the full-screen wizard, if there is a terminal for it."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()) or os.environ.get("TERM", "") in {"", "dumb"}:
        locate(Path(options.dir))  # a folder without a project is the first thing to say
        return complain(
            "the wizard needs a terminal it can draw on, and there is none here. "
            f"Use dockwright generate, build or run {options.dir} instead; --help lists the flags.",
            USAGE,
        )
    gc.disable()  # until the first frame is there: nothing made until then is garbage
    project, plan = load(options, inspected_or_left)
    from tui.launch import run_app

    return run_app(project, plan)
