"""A question in one line: its title, its answer, and why."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message

from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_REASON = 20
"""A reason narrower than this says nothing."""


class Folded(NamedTuple):
    """What the line says. ``sign`` is empty, or the glyph and colour of a problem; ``key`` leads there."""

    title: str
    answer: str
    reason: str
    sign: tuple[str, str] | None = None
    key: str = ""


class FoldedLine(Lines):
    """A click unfolds the question. Lines that get the same widths align."""

    DEFAULT_CSS = """
    FoldedLine { height: 1; margin-right: 1; }
    FoldedLine:hover { background: $boost; }
    """

    class Clicked(Message):
        """A person wants to see the whole question."""

    def __init__(self) -> None:
        super().__init__()
        self._said = Folded("", "", "")
        self._widths = 0, 0

    def show(self, said: Folded, title: int, answer: int) -> None:
        """Say this, with the title and the answer in so many cells."""
        if (said, (title, answer)) != (self._said, self._widths):
            self._said, self._widths = said, (title, answer)
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        """One line."""
        said, (title, answer) = self._said, self._widths
        sign, color = said.sign or ("", "$muted")
        line = Content.assemble(
            " " * (1 - cell_len(sign)), (sign, color), " ", (f"{said.title:<{title}}", "$muted"), "  "
        )
        room = width - line.cell_length - 2 - len(said.key)
        shown = Content(printable(said.answer) or GLYPHS.absent)
        if room - answer - 2 < _REASON:
            return [self._ended(line.append(shown.truncate(max(1, room), ellipsis=True)), width)]
        line = line.append(shown.truncate(answer, ellipsis=True, pad=True)).append("  ")
        reason = Content.styled(printable(said.reason), color)
        return [self._ended(line.append(reason.truncate(room - answer - 2, ellipsis=True)), width)]

    def _ended(self, line: Content, width: int) -> Content:
        end = Content.assemble((self._said.key, "bold $primary"), (f" {GLYPHS.closed}", "$muted"))
        gap = max(0, width - line.cell_length - end.cell_length)
        return Content.assemble(line, " " * gap, end)

    def on_click(self, event: events.Click) -> None:
        """Unfold."""
        event.stop()
        self.post_message(self.Clicked())
