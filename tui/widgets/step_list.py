"""The build's steps in groups: state, title, bytes and seconds, one row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core import units
from tui.core.progress import Group, Row
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS

SPINNER_AFTER = 0.15
"""Seconds a step runs before it spins: what is over at once does not flicker."""
SPINNER_RATE = 10
_TIME, _BYTES = 8, 12
_GLYPHS = {
    "waiting": (GLYPHS.todo, "muted"),
    "cached": (GLYPHS.done, "done"),
    "done": (GLYPHS.done, "done"),
    "failed": (GLYPHS.failed, "failed"),
    "stopped": (GLYPHS.absent, "muted"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list: a group's title, a row, or (neither) the space between groups."""

    title: str = ""
    row: Row | None = None


class StepList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows to choose from; the chosen one has a bar and a tint. ``clock`` gives Unix times."""

    COMPONENT_CLASSES = {
        "step-list--label",
        "step-list--muted",
        "step-list--done",
        "step-list--failed",
        "step-list--running",
        "step-list--mark",
        "step-list--bar",
    }
    DEFAULT_CSS = """
    StepList { background: $surface; color: $foreground; overflow-x: hidden; }
    StepList > .step-list--label { color: $muted; text-style: bold; }
    StepList > .step-list--muted { color: $muted; }
    StepList > .step-list--done { color: $success; }
    StepList > .step-list--failed { color: $error; text-style: bold; }
    StepList > .step-list--running { color: $primary; text-style: bold; }
    StepList > .step-list--mark { background: $mark; }
    StepList > .step-list--bar { color: $muted; }
    StepList:focus > .step-list--bar { color: $primary; }
    """
    ALLOW_SELECT = False
    BINDINGS = [
        Binding("up", "move(-1)", "step", key_display=GLYPHS.updown, tooltip="Show another step's log"),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-1000)", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """The person chose a row."""

        row: str

    def __init__(self, clock: Callable[[], float], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._lines: list[_Line] = []
        self._since: dict[str, float] = {}
        self.selected = ""

    def show(self, groups: Sequence[Group], selected: str) -> None:
        """Show these rows, with one of them selected (its id)."""
        lines: list[_Line] = []
        for group in groups:
            lines += [_Line()] if lines else []
            lines.append(_Line(title=group.title))
            lines += [_Line(row=row) for row in group.rows]
            for row in group.rows:
                if row.status == "running":
                    self._since.setdefault(row.id, self._clock())
                else:
                    self._since.pop(row.id, None)
        if lines == self._lines and selected == self.selected:
            return
        moved = selected != self.selected or len(lines) != len(self._lines)
        self._lines, self.selected = lines, selected
        self.virtual_size = Size(0, len(lines))
        if moved:
            self.call_after_refresh(self._reveal)
        self.refresh()

    @property
    def animated(self) -> bool:
        """Whether anything runs, so that its time and its spinner change by themselves."""
        return bool(self._since)

    def _reveal(self) -> None:
        for y, line in enumerate(self._lines):
            if line.row is not None and line.row.id == self.selected:
                top = y - 1 if y and self._lines[y - 1].title else y
                self.scroll_to_region(Region(0, top, 1, y - top + 1), animate=False, immediate=True)

    def on_resize(self) -> None:
        """The selected row stays in sight."""
        self.call_after_refresh(self._reveal)

    def action_move(self, by: int) -> None:
        """Choose the row above or below."""
        ids = [line.row.id for line in self._lines if line.row is not None]
        if ids:
            here = ids.index(self.selected) if self.selected in ids else len(ids) - 1
            self.post_message(self.Chosen(ids[min(max(here + by, 0), len(ids) - 1)]))

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        offset = event.get_content_offset(self)
        y = self.scroll_offset.y + offset.y if offset is not None else -1
        if 0 <= y < len(self._lines) and (row := self._lines[y].row) is not None:
            self.post_message(self.Chosen(row.id))

    def render_line(self, y: int) -> Strip:
        """One line in its columns."""
        width, number = self.size.width, y + self.scroll_offset.y
        base = self.rich_style
        line = self._lines[number] if number < len(self._lines) else _Line()
        if line.row is None:
            style = base + self.get_component_rich_style("step-list--label", partial=True)
            return Strip([Segment("  " + line.title, style)]).adjust_cell_length(width, base)
        return Strip(self._row(line.row, width, base)).adjust_cell_length(width, base)

    def _row(self, row: Row, width: int, base: Style) -> list[Segment]:
        def style(name: str) -> Style:
            return base + self.get_component_rich_style(f"step-list--{name}", partial=True)

        chosen = row.id == self.selected
        if chosen:
            base += self.get_component_rich_style("step-list--mark", partial=True)
        running = self._clock() - self._since[row.id] if row.id in self._since else None
        glyph, color = self._glyph(row, running)
        size, seconds = _size(row), _seconds(row, running)
        current = chosen or row.status == "running"
        words = base + Style(bold=True) if current else style("muted") if row.status == "waiting" else base
        room = width - 4 - _TIME - 2 - (max(_BYTES, len(size) + 2) if size else 0)
        return [
            Segment((GLYPHS.bar if chosen else " ") + " ", style("bar")),
            Segment(glyph + " ", style(color)),
            Segment(_fitted(printable(row.title), room), words),
            Segment(size.rjust(max(_BYTES, len(size) + 2)) if size else "", style("muted")),
            Segment(seconds.rjust(_TIME) + "  ", words if running is not None else style("muted")),
        ]

    def _glyph(self, row: Row, running: float | None) -> tuple[str, str]:
        if running is None:
            return _GLYPHS[row.status]
        if running < SPINNER_AFTER:
            return GLYPHS.todo, "running"
        if self.app.animation_level == "none":
            return GLYPHS.current, "running"
        return GLYPHS.spinner[int(running * SPINNER_RATE) % len(GLYPHS.spinner)], "running"


def _size(row: Row) -> str:
    if row.status == "running" and row.total:
        return f"{min(99, row.current * 100 // row.total)} % of {units.size(row.total)}"
    return units.size(max(row.current, row.total)) if row.current else ""


def _seconds(row: Row, running: float | None) -> str:
    if row.note:
        return row.note if len(row.note) <= _TIME else ""
    return units.seconds(running if running is not None else row.seconds) if row.seconds or running else ""


def _fitted(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return set_cell_size(text, max(0, width))
    return set_cell_size(text, max(0, width - 1)) + GLYPHS.ellipsis if width > 0 else ""
