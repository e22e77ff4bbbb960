"""Inspects a project; once that takes a while, a line on the terminal counts the files read."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tui.core.inspect import inspect
from tui.core.project import Project
from tui.core.text import printable

# Seconds: what is quicker needs no line, and a line need not change more often.
_QUIET, _EVERY = 0.15, 0.1
_LONGEST_NAME = 40
_ESCAPE, _CTRL_Q = b"\x1b", b"\x11"
_INPUT, _LOCAL = 0, 3  # places in what termios gives


def inspected(
    folder: Path, main: str | None = None, *, platforms: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> Project:
    """``inspect``, in this thread."""
    with _line(folder) as line:
        return inspect(folder, main, line.show, platforms, tags)


def inspected_or_left(
    folder: Path, main: str | None = None, *, platforms: tuple[str, ...] = (), tags: tuple[str, ...] = ()
) -> Project:
    """``inspect`` in a thread of its own: esc and ctrl+q end it with KeyboardInterrupt, as ctrl+c does."""
    reading = _Reading(lambda count: inspect(folder, main, count, platforms, tags))
    reading.start()
    reading.join(_QUIET)
    if reading.is_alive():
        try:
            with _line(folder, "  esc leaves") as line, _keys() as keys:
                while reading.is_alive():
                    line.show(reading.files)
                    if keys(_EVERY):
                        raise KeyboardInterrupt
        finally:
            reading.left.set()
    reading.join()
    if reading.error is not None:
        raise reading.error
    assert reading.project is not None
    return reading.project


class _Reading(Thread):
    """``project`` or ``error`` is there when it has ended; setting ``left`` ends it."""

    def __init__(self, look: Callable[[Callable[[int], None]], Project]) -> None:
        super().__init__(daemon=True)
        self.files = 0
        self.left = Event()
        self.project: Project | None = None
        self.error: BaseException | None = None
        self._look = look

    def run(self) -> None:
        try:
            self.project = self._look(self._count)
        except BaseException as error:  # raised where it is waited for
            self.error = error

    def _count(self, files: int) -> None:
        self.files = files
        if self.left.is_set():
            raise KeyboardInterrupt


class _Line:
    """One line on stderr that is written over and over; nothing where that is no terminal."""

    def __init__(self, folder: Path, more: str) -> None:
        self._name = printable(folder.absolute().name)[:_LONGEST_NAME]
        self._more = more
        self._is_possible = sys.stderr.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}
        self._next = time.monotonic() + _QUIET
        self.is_shown = False

    def show(self, files: int) -> None:
        """Shows the number of files, when it is time to."""
        if self._is_possible and time.monotonic() >= self._next:
            self.is_shown = True
            count = f" {files:,} files" if files else ""
            self._write(f"Reading {self._name} …{count}{self._more}")
            self._next = time.monotonic() + _EVERY

    def clear(self) -> None:
        """Takes the line away."""
        if self.is_shown:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


@contextmanager
def _line(folder: Path, more: str = "") -> Iterator[_Line]:
    line = _Line(folder, more)
    try:
        yield line
    finally:
        line.clear()


@contextmanager
def _keys() -> Iterator[Callable[[float], bool]]:
    """Takes keys at once and without showing them; whether one that leaves came within some seconds."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    now = termios.tcgetattr(terminal)
    now[_INPUT] &= ~termios.IXON  # else the terminal keeps ctrl+q for itself
    now[_LOCAL] &= ~(termios.ICANON | termios.ECHO)

    def leaves(seconds: float) -> bool:
        if not select.select([terminal], [], [], seconds)[0]:
            return False
        pressed = os.read(terminal, 64)
        return pressed == _ESCAPE or _CTRL_Q in pressed

    termios.tcsetattr(terminal, termios.TCSANOW, now)
    try:
        yield leaves
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
