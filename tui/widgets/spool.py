"""Lines of a log on disk, so that millions of them cost little memory.

The file has no name: it is gone with the process, however that ends.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator

from rich.cells import cell_len

from tui.widgets.ansi import plain

LONGEST = 65_536
"""Characters after which a line without an end is cut."""
CHUNK = 5_000
"""Lines read at once when all are wanted."""


class Spool:
    """Text in, lines out. Escape codes are kept; ``\\r`` has overwritten what was before it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="dockwright-", buffering=0)  # noqa: SIM115
        self._offsets = array("Q", [0])
        self._times = array("f")
        self._base: float | None = None
        self._tail = ""
        self._tail_time = 0.0
        self.widths = array("I")
        """Cells of every line that has come to its end."""
        self.full = False
        """Whether something was lost because it could not be written."""

    def __len__(self) -> int:
        return len(self._times) + bool(self._tail)

    @property
    def complete(self) -> int:
        """How many lines have come to their end."""
        return len(self._times)

    @property
    def length(self) -> int:
        """Bytes so far and characters of the last line: changes with everything that comes."""
        return self._offsets[-1] + len(self._tail)

    def end(self) -> None:
        """Nothing more comes: a last line without an end is a line too."""
        if self._tail:
            self.append("\n", self._tail_time)

    def append(self, text: str, time: float = 0.0) -> None:
        """Add text as it came: several lines, or a part of one. ``time`` is Unix, 0 unknown."""
        if self._base is None and time:
            self._base = time
        began = self._tail_time if self._tail else time
        lines = (self._tail + text).split("\n")
        self._tail, self._tail_time = _overwritten(lines.pop()), time
        if lines:
            self._tail_time = time
            self._write(lines, began, time)
        while len(self._tail) > LONGEST:
            head, self._tail = self._tail[:LONGEST], self._tail[LONGEST:]
            self._write([head], time, time)

    def _write(self, lines: list[str], first: float, time: float) -> None:
        shown = [_overwritten(line.rstrip("\r")) for line in lines]
        encoded = [line.encode("utf-8", "replace") + b"\n" for line in shown]
        try:
            self._file.write(b"".join(encoded))
        except OSError:
            self.full = True
            os.ftruncate(self._file.fileno(), self._offsets[-1])
            self._file.seek(self._offsets[-1])
            return
        end = self._offsets[-1]
        base = self._base or 0.0
        for index, line in enumerate(encoded):
            end += len(line)
            self._offsets.append(end)
            self._times.append((first if index == 0 else time) - base)
        self.widths.extend(map(width_of, shown))

    def lines(self, start: int, stop: int) -> list[str]:
        """Lines ``start`` to before ``stop``, as they came, with one read."""
        written = len(self._times)
        first, last = min(start, written), min(stop, written)
        data = os.pread(self._file.fileno(), self._offsets[last] - self._offsets[first], self._offsets[first])
        found = data.decode("utf-8", "replace").split("\n")[:-1]
        if stop > written and self._tail and start <= written:
            found.append(self._tail)
        return found

    def line(self, number: int) -> str:
        """One line, as it came."""
        return self.lines(number, number + 1)[0]

    def time(self, number: int) -> float:
        """When the line came, Unix time, 0 when unknown."""
        if self._base is None:
            return 0.0
        return self._base + self._times[number] if number < len(self._times) else self._tail_time

    def text(self, start: int = 0) -> Iterator[str]:
        """The lines from ``start`` on without escape codes, some at a time, each with its line end."""
        for first in range(start, len(self), CHUNK):
            yield "".join(plain(line) + "\n" for line in self.lines(first, first + CHUNK))

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


def _overwritten(line: str) -> str:
    """What a terminal would show: the text after the last carriage return that has any after it."""
    if "\r" not in line:
        return line
    end = "\r" if line.endswith("\r") else ""
    return line.rstrip("\r").rpartition("\r")[2] + end


def width_of(line: str) -> int:
    """Cells the line takes once it is made safe."""
    return len(line) if line.isascii() and line.isprintable() else cell_len(plain(line))
