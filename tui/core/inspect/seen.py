"""What an inspection looked at on the disk, and by what it would tell that nothing of it changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

Signature = tuple[int, int, int, int, int]
"""A file's or folder's mode, size, inode, and times of its last change (content, then anything) in ns."""

# A project that looks at fewer places is read in no time.
_MANY = 200
_EVERY = 64
# The clock of a file system may be as coarse as this, in ns: two changes can bear the same time.
_TICK, _COARSE_TICK = 20_000_000, 2_000_000_000


class Seen:
    """``places`` are absolute paths; None where nothing was, or nothing that could be looked at.

    ``tell`` is called with the number of files read so far, again and again: what it raises ends the
    inspection. ``when_many`` is called once, when there is much to look at.
    """

    def __init__(
        self, tell: Callable[[int], None] = lambda files: None, when_many: Callable[[], None] = lambda: None
    ) -> None:
        self.places: dict[str, Signature | None] = {}
        self.tell = tell
        self.when_many = when_many
        self._files = 0
        self._began = time.time_ns()

    def look(self, path: str) -> os.stat_result | None:
        """Looks at what is at ``path``, through links; None for nothing."""
        status = look(path)
        self.note(path, status)
        return status

    def note(self, path: str, status: os.stat_result | None, is_read: bool = False) -> None:
        """``path`` is, or is about to be, looked at or read."""
        self.places[path] = None if status is None else signature(status)
        self._files += is_read
        if len(self.places) % _EVERY == 0:
            self.go_on()
        if len(self.places) == _MANY:
            self.when_many()

    def go_on(self) -> None:
        """Tells how far it is, which may end the inspection."""
        self.tell(self._files)

    def is_lasting(self) -> bool:
        """Whether there is much, all of it so old that its next change would show."""
        found = [known for known in self.places.values() if known is not None]
        return len(self.places) >= _MANY and all(self._is_old(known[-1]) for known in found)

    def _is_old(self, changed: int) -> bool:
        tick = _TICK if changed % 1_000_000_000 else _COARSE_TICK
        return changed < self._began - tick


def look(path: str) -> os.stat_result | None:
    """What is at ``path``, through links; None for nothing."""
    try:
        return os.stat(path)  # noqa: PTH116 - tens of thousands of times
    except (OSError, ValueError):
        return None


def signature(status: os.stat_result) -> Signature:
    """What tells one state of a file from the next."""
    return status.st_mode, status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns
