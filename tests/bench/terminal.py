"""A program in a pseudo terminal, with the time at which text appears on it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence

_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class TimedOut(Exception):
    """The text did not appear; the message holds what did."""


class Terminal:
    """Runs ``argv`` in a terminal of its own; times are seconds since it was started."""

    def __init__(self, argv: Sequence[str], columns: int = 120, lines: int = 40) -> None:
        self._raw = b""
        self.began = time.perf_counter()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", TEXTUAL_ANIMATIONS="none")
            os.execvp(argv[0], list(argv))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exception: object) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._fd)

    def wait(self, done: Callable[[str], bool], seconds: float = 20) -> float:
        """The time at which the text printed since ``clear`` first satisfied ``done``."""
        deadline = time.perf_counter() + seconds
        while not self._read(deadline - time.perf_counter()) or not done(self.text):
            if time.perf_counter() > deadline:
                raise TimedOut(self.text[-2000:])
        return time.perf_counter() - self.began

    def settle(self, quiet: float) -> float:
        """The time of the last output before nothing came for ``quiet`` seconds."""
        last = time.perf_counter()
        while self._read(quiet):
            last = time.perf_counter()
        return last - self.began

    def send(self, keys: str) -> float:
        """Press keys; the time at which they were sent."""
        self._raw = b""
        at = time.perf_counter()
        os.write(self._fd, keys.encode())
        return at - self.began

    @property
    def text(self) -> str:
        """What was printed since the last keys, without escape sequences."""
        return _ESCAPES.sub(b"", self._raw).decode("utf-8", "replace")

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], max(0, seconds))
        if not ready:
            return False
        try:
            self._raw += os.read(self._fd, 1 << 16)
        except OSError:
            return False
        return True
