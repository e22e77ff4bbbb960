"""How a table of choices is drawn: its columns where they fit, a row in one line or more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from tui.core.choices import ABSENT, ADDABLE, PRESENT, Choice
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS

INDENT = 2
_SIGNS = {ABSENT: GLYPHS.absent, PRESENT: GLYPHS.done, ADDABLE: GLYPHS.addable}
_GAPS = (2, 1)
_PITCH = 14
"""A pitch narrower than this says nothing."""
_LABEL = 20
"""Longer labels give way before a column does."""


class Row(NamedTuple):
    """A choice, and why it cannot be taken when ``blocked`` is not empty."""

    choice: Choice
    blocked: str = ""


class State(NamedTuple):
    """How a row is shown: chosen, with the cursor on it, reached by keys, under the mouse."""

    chosen: bool
    cursor: bool
    focus: bool
    hovered: bool


class Column(NamedTuple):
    """Cells of a column; numbers are right-aligned."""

    width: int
    right: bool

    def place(self, cell: str) -> str:
        """The cell, as wide as the column."""
        return f"{cell:>{self.width}}" if self.right else f"{cell:<{self.width}}"


class Layout(NamedTuple):
    """Widths in cells: of the labels, of the columns that fit, and of the gap between them."""

    label: int
    columns: tuple[Column, ...]
    gap: int


@lru_cache(maxsize=64)
def layout(title: str, choices: tuple[Choice, ...], width: int) -> Layout:
    """As many of the columns, and as much room between them, as fit."""
    label = max([cell_len(title), *(cell_len(printable(choice.label)) for choice in choices)])
    count = len(choices[0].columns) if choices else 0
    columns = tuple(_column([choice.columns[i] for choice in choices]) for i in range(count))
    for shown in range(count, 0, -1):
        cells = INDENT + sum(column.width for column in columns[:shown])
        gap = next((gap for gap in _GAPS if cells + label + gap * shown <= width), 1)
        room = width - cells - gap * shown
        if room >= min(label, _LABEL):
            return Layout(min(label, room), columns[:shown], gap)
    return Layout(label, (), _GAPS[0])


def _column(cells: Sequence[tuple[str, str]]) -> Column:
    width = max(len(text) for cell in cells for text in cell)
    return Column(width, any(cell[1][:1].isdigit() for cell in cells))


def heading(
    title: str, help: str, choices: Sequence[Choice], at: Layout, width: int, style: str
) -> list[Content]:
    """The title with the columns' headings, or with the help where there are none."""
    if not (choices and choices[0].columns):
        room = width - 2 * INDENT
        lines = titled(title, help, room, style).wrap(max(10, room))
        return [line.pad_left(INDENT) for line in lines] + [Content("")] * (not title)
    line = Content.assemble(" " * INDENT, (f"{title:<{at.label}}", style))
    for (name, _), column in zip(choices[0].columns, at.columns, strict=False):
        line = line.append(Content.styled(" " * at.gap + column.place(name), "$muted"))
    return [filled(line, width)]


@lru_cache(maxsize=512)
def row_lines(row: Row, state: State, at: Layout, width: int) -> tuple[Content, ...]:
    """The row. With columns it is one line, else its pitch goes on below."""
    tint = "on $mark" if state.cursor and state.focus else "on $boost" if state.hovered else ""
    lines = _drawn(row, state, at, width)
    return tuple(line.stylize(tint) if tint else line for line in lines)


def _drawn(row: Row, state: State, at: Layout, width: int) -> Iterator[Content]:
    choice = row.choice
    style = "$muted" if row.blocked else "bold $foreground" if state.chosen else "$foreground"
    label = Content.styled(printable(choice.label), style)
    line = _sign(row, state).append(label.truncate(at.label, ellipsis=True, pad=True))
    for (_, cell), column in zip(choice.columns, at.columns, strict=False):
        line = line.append(Content.styled(" " * at.gap + column.place(_SIGNS.get(cell, cell)), style))
    said = Content.styled(printable(row.blocked or choice.pitch), "$muted")
    start = line.cell_length + at.gap
    room = width - start
    if not said or room < _PITCH:
        yield filled(line, width)
    elif choice.columns:
        yield filled(line.append(said.pad_left(at.gap)), width)
    else:
        first, *rest = said.wrap(room)
        yield filled(line.append(first.pad_left(at.gap)), width)
        yield from (filled(part.pad_left(start), width) for part in rest)


def says_all(choice: Choice, at: Layout, width: int) -> bool:
    """Whether the row holds the whole pitch."""
    columns = sum(at.gap + column.width for column in at.columns)
    room = width - INDENT - at.label - columns - at.gap
    return not choice.columns or max(room, 0) >= cell_len(printable(choice.pitch))


def _sign(row: Row, state: State) -> Content:
    if state.cursor and state.focus:
        return Content.styled(f"{GLYPHS.bar:<{INDENT}}", "$muted" if row.blocked else "$primary")
    if state.chosen:
        return Content.styled(f"{GLYPHS.current:<{INDENT}}", "$primary")
    return Content.styled(f"{GLYPHS.failed if row.blocked else '':<{INDENT}}", "$muted")


def titled(title: str, help: str, width: int, style: str) -> Content:
    """A title with its help beside it where both fit into the width, else below it."""
    gap = "" if not title else "   " if cell_len(title) + cell_len(help) + 3 <= width else "\n"
    return Content.assemble((title, style), gap, (help, "$muted not bold"))


def filled(line: Content, width: int) -> Content:
    """The line cut or filled up to that width."""
    return line.truncate(max(1, width), ellipsis=True, pad=True)


def found(rows: Sequence[Row], text: str, at: str = "") -> tuple[list[Row], Row | None]:
    """(rows in which every word of the text occurs, the one it fits best).

    Among those it fits equally, the one with the value ``at`` is the best.
    """
    words = text.casefold().split()
    matching = [row for row in rows if all(word in _searched(row.choice) for word in words)]
    best = min(matching, key=lambda row: (_rank(row.choice, words[0]), row.choice.value != at), default=None)
    return matching, best


def _searched(choice: Choice) -> str:
    return " ".join((choice.label, choice.value, *(cell for _, cell in choice.columns))).casefold()


def _rank(choice: Choice, start: str) -> int:
    """0 where a name starts with the text, 1 where a word of it does."""
    names = [choice.label.casefold(), choice.value.casefold()]
    words = [word for name in names for word in name.replace("-", " ").replace("/", " ").split()]
    return (
        0 if any(n.startswith(start) for n in names) else 1 if any(w.startswith(start) for w in words) else 2
    )
