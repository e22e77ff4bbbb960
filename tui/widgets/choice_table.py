"""Choices as rows with columns: what each one is and costs. Moving the mark chooses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from tui.core.choices import ABSENT, ADDABLE, PRESENT, Choice
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_INDENT = 2
_SIGNS = {ABSENT: GLYPHS.absent, PRESENT: GLYPHS.done, ADDABLE: GLYPHS.addable}
_GAPS = (2, 1)
_PITCH = 14
"""A pitch narrower than this says nothing."""


class Row(NamedTuple):
    """A choice, and why it cannot be taken when ``blocked`` is not empty."""

    choice: Choice
    blocked: str = ""


class ChoiceTable(Lines, can_focus=True):
    """``value`` is the chosen row's, or none of them. A table that ``folds`` is one line until focused."""

    BINDINGS = [
        Binding(
            "up", "move(-1)", "choose", key_display=GLYPHS.updown, tooltip="Choose the row above or below"
        ),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-1000)", show=False),
        Binding("end", "move(1000)", show=False),
    ]

    hovered: reactive[int] = reactive(-1)

    class Chosen(Message):
        """A person chose a row."""

        def __init__(self, table: ChoiceTable, value: str) -> None:
            super().__init__()
            self.table, self.value = table, value

    def __init__(self, title: str, help: str = "", *, folds: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._help, self._folds = title, help, folds
        self._rows: tuple[Row, ...] = ()
        self._value = ""

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._value

    @property
    def folded(self) -> bool:
        """True while only the chosen row is shown."""
        return self._folds and not self.has_focus

    def show(self, rows: Sequence[Row], value: str) -> None:
        """Show these rows with that value chosen."""
        if (tuple(rows), value) != (self._rows, self._value):
            self._rows, self._value = tuple(rows), value
            self.renew()

    def lines(self, width: int) -> list[Content]:
        """Heading and rows."""
        return [line for _, line in self._lines(width)]

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """(row, line) pairs; the heading has row -1."""
        if self.folded:
            return [(-1, self._folded_line(width))]
        layout = _layout(self._title, [row.choice for row in self._rows], width)
        lines = [(-1, line) for line in self._heading(layout, width)]
        for index, row in enumerate(self._rows):
            lines += [(index, line) for line in self._row_lines(index, row, layout, width)]
        return lines

    def _folded_line(self, width: int) -> Content:
        label = next((row.choice.label for row in self._rows if row.choice.value == self._value), self._value)
        title = Content.styled(f"{self._title:<{_TITLE}}", "$muted")
        line = Content.assemble(" " * _INDENT, title, Content(printable(label)))
        return _filled(line, width - 2).append(Content.styled(f"{GLYPHS.opened} ", "$muted"))

    def _heading(self, layout: _Layout, width: int) -> list[Content]:
        style = "bold $foreground" if self.has_focus else "$foreground"
        columns = self._rows[0].choice.columns if self._rows else ()
        if not columns:
            room = width - 2 * _INDENT
            lines = titled(self._title, self._help, room, style).wrap(max(10, room))
            return [line.pad_left(_INDENT) for line in lines] + [Content("")] * (not self._title)
        line = Content.assemble(" " * _INDENT, (f"{self._title:<{layout.label}}", style))
        for (heading, _), cells in zip(columns, layout.columns, strict=True):
            line = line.append(Content.styled(" " * layout.gap + cells.place(heading), "$muted"))
        return [_filled(line, width)]

    def _row_lines(self, index: int, row: Row, layout: _Layout, width: int) -> Iterator[Content]:
        chosen = row.choice.value == self._value
        plain = "$muted" if row.blocked else "bold $foreground" if chosen else "$foreground"
        line = Content.assemble(self._sign(chosen), (f"{printable(row.choice.label):<{layout.label}}", plain))
        for (_, cell), cells in zip(row.choice.columns, layout.columns, strict=True):
            line = line.append(Content.styled(" " * layout.gap + cells.place(_SIGNS.get(cell, cell)), plain))
        said = Content.styled(printable(row.blocked or row.choice.pitch), "$muted")
        start = line.cell_length + layout.gap
        room = width - start
        if said and room >= _PITCH and not row.choice.columns:
            first, *rest = said.wrap(room)
            yield self._tinted(index, chosen, line.append(first.pad_left(layout.gap)), width)
            yield from (self._tinted(index, chosen, part.pad_left(start), width) for part in rest)
        elif said and room >= (said.cell_length if row.blocked else _PITCH):
            yield self._tinted(index, chosen, line.append(said.pad_left(layout.gap)), width)
        else:
            yield self._tinted(index, chosen, line, width)
            below = said.wrap(max(10, width - _INDENT - 3)) if row.blocked else []
            yield from (_filled(part.pad_left(_INDENT + 2), width) for part in below)

    def _sign(self, chosen: bool) -> Content:
        if not chosen:
            return Content(" " * _INDENT)
        sign = GLYPHS.bar if self.has_focus else GLYPHS.current
        return Content.styled(f"{sign:<{_INDENT}}", "$primary")

    def _tinted(self, index: int, chosen: bool, line: Content, width: int) -> Content:
        line = _filled(line, width)
        if chosen and self.has_focus:
            return line.stylize("on $mark")
        return line.stylize("on $boost") if index == self.hovered else line

    def action_move(self, by: int) -> None:
        """Choose the next row that can be taken, in that direction."""
        free = [index for index, row in enumerate(self._rows) if not row.blocked]
        beyond = -1 if by > 0 else len(self._rows)
        now = next((i for i, row in enumerate(self._rows) if row.choice.value == self._value), beyond)
        ahead = [index for index in free if (index > now if by > 0 else index < now)]
        if not ahead:
            return
        distance = min(abs(by), len(ahead))
        self._choose(ahead[distance - 1] if by > 0 else ahead[-distance])

    def _choose(self, index: int) -> None:
        row = self._rows[index]
        if row.blocked or row.choice.value == self._value:
            return
        self._value = row.choice.value
        self.refresh()
        self.post_message(self.Chosen(self, self._value))
        self.call_after_refresh(self._reveal, index)

    def _reveal(self, index: int) -> None:
        """Scroll the row into sight; with the first one, also the heading."""
        line = next((y for y, (row, _) in enumerate(self._lines(self.size.width)) if row == index), 0)
        scroll = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if scroll is not None:
            top = self.region.y - scroll.content_region.y + round(scroll.scroll_y)
            shown = Region(0, top, 1, line + 1) if not index else Region(0, top + line, 1, 1)
            scroll.scroll_to_region(shown, animate=False, x_axis=False)

    def _at(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        lines = self._lines(self.size.width)
        return lines[offset.y][0] if offset is not None and 0 <= offset.y < len(lines) else -1

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        if (index := self._at(event)) >= 0:
            self._choose(index)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what would be chosen."""
        index = self._at(event)
        self.hovered = index if index >= 0 and not self._rows[index].blocked else -1

    def on_leave(self) -> None:
        """Nothing would be chosen."""
        self.hovered = -1

    def on_focus(self) -> None:
        """Unfold."""
        self.refresh(layout=self._folds)

    def on_blur(self) -> None:
        """Fold."""
        self.refresh(layout=self._folds)


_TITLE = 14
"""Width of the title of a folded table, so that several of them align."""


class _Column(NamedTuple):
    width: int
    right: bool

    def place(self, cell: str) -> str:
        return f"{cell:>{self.width}}" if self.right else f"{cell:<{self.width}}"


class _Layout(NamedTuple):
    label: int
    columns: tuple[_Column, ...]
    gap: int


def _layout(title: str, choices: Sequence[Choice], width: int) -> _Layout:
    """The widest gaps between the columns that fit."""
    label = max([cell_len(title), *(cell_len(printable(choice.label)) for choice in choices)])
    columns = tuple(
        _column([c.columns[i] for c in choices]) for i in range(len(choices[0].columns) if choices else 0)
    )
    needed = _INDENT + label + sum(column.width for column in columns)
    gap = next((gap for gap in _GAPS if needed + gap * len(columns) <= width), 1)
    return _Layout(label, columns, gap)


def _column(cells: Sequence[tuple[str, str]]) -> _Column:
    """Numbers are right-aligned."""
    width = max(len(text) for cell in cells for text in cell)
    return _Column(width, any(cell[1][:1].isdigit() for cell in cells))


def titled(title: str, help: str, width: int, style: str) -> Content:
    """A title with its help beside it where both fit into the width, else below it."""
    gap = "" if not title else "   " if cell_len(title) + cell_len(help) + 3 <= width else "\n"
    return Content.assemble((title, style), gap, (help, "$muted not bold"))


def _filled(line: Content, width: int) -> Content:
    return line.truncate(max(1, width), ellipsis=True, pad=True)
