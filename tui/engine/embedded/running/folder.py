"""A folder of one run's own. Those of a dockwright that was killed are removed by the next."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "dockwright-run-"
_LOCK = "lock"


@contextmanager
def own_folder() -> Iterator[Path]:
    """It is locked as long as it is in use, and removed after that. Raises OSError."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / "unlocked").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            Path(lock.name).rename(folder / _LOCK)
            yield folder
    finally:
        _remove(folder)


def _sweep() -> None:
    """Others may write to the same folder: nothing but one's own folders is opened, and never waited for."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            info = left.lstat()
            if stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid():
                _remove_unlocked(left)


def _remove_unlocked(folder: Path) -> None:
    """Raises OSError when it is in use."""
    lock = os.open(folder / _LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(folder)
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    """Also what an image has that its owner may not write to."""
    for place, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
