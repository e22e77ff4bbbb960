"""Finding text in a spool, a part at a time, so that the screen stays alive meanwhile."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from tui.widgets.ansi import plain
from tui.widgets.spool import Spool

SLICE = 10_000
"""Lines looked at in one go; about ten milliseconds."""


class LogSearch:
    """The lines that hold ``needle``, upper and lower case alike."""

    def __init__(self, spool: Spool, needle: str) -> None:
        self.needle = needle
        self.lines = array("Q")
        self._folded = needle.casefold()
        self._spool = spool
        self._scanned = 0

    def scan(self) -> bool:
        """Look at some more lines; whether the search knows more than before."""
        end = self._spool.complete
        if self._scanned >= end:
            return False
        stop = min(end, self._scanned + SLICE)
        for number, line in enumerate(self._spool.lines(self._scanned, stop), self._scanned):
            if self._folded in plain(line).casefold():
                self.lines.append(number)
        self._scanned = stop
        return True

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the needle is in a line without escape codes: (start, end) indexes."""
        folded, found, start = text.casefold(), [], 0
        if len(folded) != len(text):  # casefolding moved the indexes
            return []
        while (start := folded.find(self._folded, start)) >= 0:
            found.append((start, start + len(self._folded)))
            start += len(self._folded)
        return found

    def after(self, line: int) -> int | None:
        """The next line with a match, around the end."""
        if not self.lines:
            return None
        index = bisect_right(self.lines, line)
        return self.lines[index % len(self.lines)]

    def before(self, line: int) -> int | None:
        """The previous line with a match, around the start."""
        return self.lines[bisect_left(self.lines, line) - 1] if self.lines else None

    def position(self, line: int) -> int:
        """Which match, from 1, the line is; 0 when it is none."""
        index = bisect_left(self.lines, line)
        return index + 1 if index < len(self.lines) and self.lines[index] == line else 0
