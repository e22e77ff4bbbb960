"""What a table of choices shows: as many rows as there is room for, around the one the cursor is on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive

from tui.core.choices import Choice
from tui.widgets.choice_rows import INDENT, Row, State, filled, found, heading, layout, row_lines, says_all
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_FEWEST = 4
"""Rows that are shown however little room there is."""


class ChoiceLines(Lines):
    """``spare`` are the lines of the screen that other things need: the rows take the rest and scroll.

    ``value`` is the chosen row's, ``at`` that of the row with the cursor, ``text`` what is searched.
    """

    hovered: reactive[int] = reactive(-1)

    def __init__(self, title: str, help: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._help = title, help
        self.spare = 0
        self.value = self.at = self.text = ""
        self.top = 0
        self._rows: tuple[Row, ...] = ()
        self._choices: tuple[Choice, ...] = ()

    def show(self, rows: Sequence[Row], value: str) -> None:
        """Show these rows with that value chosen."""
        if (tuple(rows), value) != (self._rows, self.value):
            if value != self.value:
                self.at = value
            self._rows, self.value = tuple(rows), value
            self._choices = tuple(row.choice for row in self._rows)
            self.follow()
            self.renew()

    @property
    def matching(self) -> Sequence[Row]:
        """The rows that hold what is searched."""
        return found(self._rows, self.text)[0] if self.text else self._rows

    @property
    def cursor(self) -> int | None:
        """Index of the cursor's row among those that match."""
        return next((i for i, row in enumerate(self.matching) if row.choice.value == self.at), None)

    @property
    def in_sight(self) -> list[str]:
        """Values of the rows on show."""
        shown = [index for index, _ in self.numbered(self.size.width) if index >= 0]
        return [self.matching[index].choice.value for index in dict.fromkeys(shown)]

    @property
    def says_all(self) -> bool:
        """Whether the cursor's row holds the whole pitch of its choice."""
        choice = next((choice for choice in self._choices if choice.value == self.at), None)
        width = self.size.width
        return choice is None or says_all(choice, layout(self._title, self._choices, width), width)

    @property
    def hidden(self) -> int:
        """Lines that match and are out of sight."""
        return max(0, len(self._body(self.size.width, self.matching)) - self.height)

    @property
    def height(self) -> int:
        """Lines for rows. One is left for what else there is, unless all rows fit."""
        room = max(_FEWEST, self.app.size.height - self.spare) if self.spare else 10**6
        every = len(self._body(self.size.width, self._rows))
        return every if every <= room else room - 1

    def follow(self) -> None:
        """Scroll so that the cursor's row is in sight."""
        if not self.is_attached:
            return
        body, height = self._body(self.size.width, self.matching), self.height
        lines = [y for y, (index, _) in enumerate(body) if index == self.cursor]
        if lines:
            self.top = min(max(self.top, lines[-1] - height + 1), lines[0])
        self.top = max(0, min(self.top, len(body) - height))

    def lines(self, width: int) -> list[Content]:
        """Heading and rows."""
        return [line for _, line in self.numbered(width)]

    def numbered(self, width: int) -> list[tuple[int, Content]]:
        """(row, line) pairs; what is no row has -1. Searching changes their number as little as can be."""
        lines = [(-1, line) for line in self._heading(width)]
        body, height = self._body(width, self.matching), self.height
        if self.text:
            lines.append((-1, self._search_line(width)))
        lines += body[self.top :][:height]
        if self.text:
            return lines + [(-1, Content(""))] * (height - len(body))
        if len(body) > height:
            lines.append((-1, self._rest_line(lines[-height][0], lines[-1][0], width)))
        return lines

    def _heading(self, width: int) -> list[Content]:
        style = "bold $foreground" if self.has_focus else "$foreground"
        choices = self._choices
        return heading(self._title, self._help, choices, layout(self._title, choices, width), width, style)

    def _body(self, width: int, rows: Sequence[Row]) -> list[tuple[int, Content]]:
        columns, lines = layout(self._title, self._choices, width), []
        for index, row in enumerate(rows):
            name = row.choice.value
            state = State(name == self.value, name == self.at, self.has_focus, index == self.hovered)
            lines += [(index, line) for line in row_lines(row, state, columns, width)]
        return lines

    def _rest_line(self, first: int, last: int, width: int) -> Content:
        above = f"{GLYPHS.up} {first} above" if first else ""
        below = f"{GLYPHS.down} {len(self._rows) - last - 1} below" if last < len(self._rows) - 1 else ""
        hint = "type to search" if self.has_focus else ""
        said = f"   {GLYPHS.middot}   ".join(part for part in (above, below, hint) if part)
        return filled(Content.styled(" " * INDENT + said, "$muted"), width)

    def _search_line(self, width: int) -> Content:
        count = f"{len(self.matching)} of {len(self._rows)}"
        return filled(
            Content.assemble(
                (f"{'/':<{INDENT}}", "bold $primary"),
                (self.text, "bold $foreground"),
                (f"{GLYPHS.block}  ", "$primary"),
                (count, "$muted"),
            ),
            width,
        )
