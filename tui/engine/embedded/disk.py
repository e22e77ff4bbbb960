"""Writing to disk: whole or not at all, and what fails there is said in words."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.core.text import printable
from tui.engine import EngineError


@contextmanager
def writing(place: Path) -> Generator[None]:
    """Raises EngineError for an OSError inside: ``place`` is what was to be written."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"{printable(str(place))} cannot be written.",
            f"The machine says: {printable(error.strerror or str(error))}.",
            "Make room or give write permission, then try again.",
        ) from error


@contextmanager
def drafted(target: Path) -> Generator[Path]:
    """A path to make a file or folder at, which becomes ``target`` when all went well.

    What another process left behind when it was killed is removed; one that is still at it holds a lock.
    Raises EngineError for what cannot be written.
    """
    prefix = f".{target.name}.draft-"
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f"{glob.escape(prefix)}*"):
            with suppress(OSError), _locked(left):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
        try:
            with _locked(folder):
                yield folder / "part"
                (folder / "part").replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    """Raises BlockingIOError when another process has it. The lock ends with the process."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
