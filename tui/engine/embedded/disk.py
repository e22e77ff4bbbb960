"""Writing to disk: whole or not at all, and what fails there is said in words."""

from __future__ import annotations

import errno
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

_FULL = "Make room on that disk, then try again."
_CLOSED = "Give write permission or name another place; XDG_CACHE_HOME moves what dockwright keeps."
_WAYS_ON = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.EISDIR: "A folder lies there: name a file.",
    errno.ENOTDIR: "A part of that path is a file: name another place.",
}


@contextmanager
def writing(place: Path) -> Generator[None]:
    """Raises EngineError for an OSError inside: ``place`` is what was to be written."""
    try:
        yield
    except OSError as error:
        raise EngineError(
            f"{printable(str(place))} cannot be written.",
            f"The machine says: {printable(error.strerror or str(error))}.",
            _WAYS_ON.get(error.errno or 0, ""),
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
            with suppress(OSError), locked(left):
                shutil.rmtree(left, ignore_errors=True)
        # Locked before it has the name that others look for.
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.begun-", dir=target.parent))
        try:
            with locked(folder):
                folder = folder.rename(folder.with_name(folder.name.replace(".begun-", ".draft-")))
                yield folder / "part"
                (folder / "part").replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(folder: Path, *, shared: bool = False, wait: bool = False) -> Generator[None]:
    """Keep others from a folder who lock it too; ``shared`` lets those in who share it.

    Raises BlockingIOError when another process has it, unless one is to ``wait`` for that, and OSError where
    there is no such folder. The lock ends with the process.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(opened, kind if wait else kind | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
