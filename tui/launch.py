"""Opens the application on this terminal, and says afterwards what was reached."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from tui.app import DockwrightApp, Outcome
from tui.core.answers import command_line
from tui.core.plan import Plan
from tui.core.project import Project
from tui.theme import theme_for

if TYPE_CHECKING:
    from tui.engine import Engine

_CANCELLED = 130


def run_app(project: Project, plan: Plan) -> int:
    """Open the wizard on this terminal; the exit code. What was reached stands on stderr afterwards."""
    app = DockwrightApp(project, plan, _connect, theme=theme_for(os.environ))
    try:
        outcome = app.run()
    finally:
        if app.ended_by is signal.SIGHUP:
            # Textual's threads would go on waiting for a terminal that is gone.
            os._exit(_CANCELLED)
    for line in _transcript(app.project, outcome or app.outcome):
        print(line, file=sys.stderr)
    return _CANCELLED if app.ended_by else app.return_code or 0


async def _connect() -> Engine:
    """Importing the engine takes a while: a thread does it while the screen is already there."""
    gc.freeze()
    gc.enable()
    module = await asyncio.to_thread(import_module, "tui.engine.choose")
    engine: Engine = module.ChosenEngine()
    return engine


def _transcript(project: Project, outcome: Outcome) -> Iterable[str]:
    for path in outcome.written:
        yield f"dockwright: wrote {path}"
    if outcome.image:
        # Values of the environment may be secret: they stay out of the terminal's history.
        again = command_line(project, replace(outcome.plan, env=()), "run")
        yield f"dockwright: built {outcome.image}; run it again with {again}"
