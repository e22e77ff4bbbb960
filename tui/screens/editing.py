"""Shows a person the place where something was seen, in the editor they use."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from textual.app import SuspendNotSupported

from tui.app import DockwrightApp
from tui.core import editors
from tui.core.project import Evidence
from tui.core.text import printable

_LOOK = 0.2
"""Seconds between two looks whether an editor with a window of its own has ended."""


async def show(app: DockwrightApp, seen: Evidence) -> None:
    """Open the file at the line; when it was changed, read the project again with the answers kept."""
    try:
        chosen, file = editors.editor(os.environ), editors.place(app.project, seen)
    except editors.CannotOpen as error:
        app.notify(str(error), title="It cannot be opened", severity="error", markup=False)
        return
    before, command = _state(file), chosen.command(file, seen.line)
    wrong = await _beside(command) if chosen.window else _instead(app, command)
    where = printable(str(seen))
    if wrong:
        said = f"{chosen.name} {wrong}; {where} was to be opened."
        app.notify(said, title="The editor failed", severity="error", markup=False)
    elif not chosen.goes:
        app.notify(f"{chosen.name} got the file alone: how it is sent to line {seen.line} is not known.")
    if _state(file) != before:
        app.notify(f"{printable(seen.file)} changed, so the project is read again.", markup=False)
        if gone := await app.look_again().wait():
            told = f"{printable(gone)} What was known before stays."
            app.notify(told, title="The project cannot be read", severity="error", markup=False)


def _instead(app: DockwrightApp, command: Sequence[str]) -> str:
    """Hand the terminal to the editor until it ends; what went wrong, empty for nothing."""
    try:
        with app.suspend(), _interrupts_ignored():
            return _run(command)
    except SuspendNotSupported:
        return "needs a terminal of its own, and this one cannot be handed over"


def _run(command: Sequence[str]) -> str:
    """Raises nothing: an exception while the terminal is handed over would freeze the screen."""
    try:
        # The screen is on stderr: stdout may be a file.
        code = subprocess.run(command, stdout=sys.__stderr__, check=False).returncode
    except (OSError, ValueError) as error:
        return _refused(error)
    return _ended(code)


async def _beside(command: Sequence[str]) -> str:
    """Open the editor's window and wait for its end; leaving dockwright does not close it."""
    try:
        process = _start(command)
    except (OSError, ValueError) as error:
        return _refused(error)
    # asyncio's own processes are killed with the loop.
    while (code := process.poll()) is None:  # noqa: ASYNC110
        await asyncio.sleep(_LOOK)
    return _ended(code)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl+c belongs to the editor; a handler, unlike SIG_IGN, is not passed on to it."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _ended(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code}"
    return f"ended with exit code {code}" if code else ""


def _refused(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"could not be started: {printable(str(reason))}"


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_size, known.st_ino
