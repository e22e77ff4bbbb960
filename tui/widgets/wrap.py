"""Where the lines of a log stand when those that are too wide go on in the next row."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class Wrap:
    """The first row of every line at one width; it grows with the lines."""

    def __init__(self) -> None:
        self._starts = array("I", [0])
        self._width = 0

    @property
    def rows(self) -> int:
        """How many rows all lines take."""
        return self._starts[-1]

    def update(self, widths: Sequence[int], width: int) -> None:
        """Take in the lines (their widths in cells) that are new; at another ``width``, all of them."""
        if width != self._width:
            self._starts, self._width = array("I", [0]), width
        known = len(self._starts) - 1
        if known < len(widths):
            heights = (height(cells, width) for cells in widths[known:])
            starts = accumulate(heights, initial=self._starts.pop())
            self._starts.extend(starts)

    def start(self, line: int) -> int:
        """A line's first row."""
        return self._starts[min(line, len(self._starts) - 1)]

    def line(self, row: int) -> tuple[int, int]:
        """(line, which of its rows) at a row."""
        line = bisect_right(self._starts, row) - 1
        return line, row - self._starts[line]


def height(cells: int, width: int) -> int:
    """Rows that a line of so many cells takes."""
    return max(1, -(-cells // max(1, width)))
