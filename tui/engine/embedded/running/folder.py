"""A folder of one run's own. Those of a dockwright that was killed are removed by the next."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.engine.embedded.disk import locked

_BEGUN, _PREFIX = "dockwright-begun-", "dockwright-run-"


@contextmanager
def own_folder() -> Iterator[Path]:
    """It is locked as long as it is in use, and removed after that. Raises OSError."""
    _sweep()
    # Locked before it has the name that others look for.
    folder = Path(tempfile.mkdtemp(prefix=_BEGUN))
    try:
        with locked(folder):
            folder = folder.rename(folder.with_name(folder.name.replace(_BEGUN, _PREFIX)))
            yield folder
    finally:
        _remove(folder)


def _sweep() -> None:
    """Others may write to the same folder: nothing but one's own folders is opened, and never waited for."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            info = left.lstat()
            if stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid():
                with locked(left):
                    _remove(left)


def _remove(folder: Path) -> None:
    """Also what an image has that its owner may not write to."""
    for place, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
