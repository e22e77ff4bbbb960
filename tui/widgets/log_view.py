"""A log of any length: only the visible lines are read, coloured and drawn."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.widgets import palette
from tui.widgets.ansi import Look, pieces, plain
from tui.widgets.log_search import LogSearch
from tui.widgets.spool import Spool, width_of
from tui.widgets.wrap import Wrap, height

Stamp = Callable[[float], str]
"""A Unix time as text of one fixed width, for the column before the lines."""
NARROW = 40
"""Cells under which that column is left out."""


class LogView(ScrollView, can_focus=True):
    """Shows a :class:`Spool`. Call :meth:`flush` some twenty times a second while it grows."""

    COMPONENT_CLASSES = {"log-view--stamp", "log-view--mark", "log-view--selection"}
    DEFAULT_CSS = """
    LogView { height: 1fr; background: $background; color: $foreground; overflow-x: hidden;
        scrollbar-gutter: stable; }
    LogView:focus { scrollbar-color: $primary; }
    LogView > .log-view--stamp { color: $muted; }
    LogView > .log-view--mark { background: $mark; }
    LogView > .log-view--selection { background: $boost; text-style: bold; }
    """
    BINDINGS = [Binding("end", "follow", show=False)]

    follow: var[bool] = var(True)
    """Whether new lines scroll into view. Scrolling up ends it, scrolling to the end begins it."""

    class FollowChanged(Message):
        """It follows, or no longer."""

    def __init__(self, stamp: Stamp, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._stamp = stamp
        self._stamp_width = 0
        self._spool = Spool()
        self._wrap = Wrap()
        self._seen = (-1, -1, -1)
        self._styles: dict[Look, Style] = {}
        self.search: LogSearch | None = None
        self.found: int | None = None
        """The line of the match that was jumped to last."""

    @property
    def spool(self) -> Spool:
        """What is shown."""
        return self._spool

    @property
    def lines_below(self) -> int:
        """How many lines there are below the last visible one."""
        last, _ = self._wrap.line(self.scroll_offset.y + self.size.height - 1)
        return max(0, len(self._spool) - 1 - last)

    @property
    def _room(self) -> int:
        return max(1, self.size.width - self._stamp_width)

    def show(self, spool: Spool) -> None:
        """Show another log, from its end."""
        self._spool, self._wrap, self._seen, self.found = spool, Wrap(), (-1, -1, -1), None
        if self.search is not None:
            self.search = LogSearch(spool, self.search.needle)
        self.follow = True
        self.flush()

    def flush(self) -> bool:
        """Take in what came since; whether anything did."""
        searched = self.search is not None and self.search.scan()
        spool = self._spool
        seen = (len(spool), spool.length, self.size.width)
        grown = seen != self._seen and self.size.width > 0
        if grown:
            self._seen = seen
            self._measure()
        self._stick()
        if grown or searched:
            self.refresh()
        return grown or searched

    def _measure(self) -> None:
        spool = self._spool
        has_time = len(spool) > 0 and spool.time(0) > 0
        self._stamp_width = len(self._stamp(0.0)) if has_time and self.size.width >= NARROW else 0
        self._wrap.update(spool.widths, self._room)
        rows = self._wrap.rows
        if len(spool) > spool.complete:
            rows += height(width_of(spool.line(spool.complete)), self._room)
        self.virtual_size = Size(0, rows)

    def find(self, needle: str) -> None:
        """Mark every ``needle`` from now on; an empty one ends the search."""
        self.search = LogSearch(self._spool, needle) if needle else None
        self.found = None
        self.flush()
        self.refresh()

    def jump(self, *, back: bool = False) -> bool:
        """Go to the next match, seen from the last one or from the top line; False without any."""
        if self.search is None:
            return False
        here = self._wrap.line(self.scroll_offset.y)[0] - (not back)
        line = (self.search.before if back else self.search.after)(here if self.found is None else self.found)
        if line is None:
            return False
        self.found = line
        self.follow = False
        row = self._wrap.start(line)
        self.scroll_to(y=max(0, row - self.size.height // 2), animate=False, immediate=True)
        self.refresh()
        return True

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self.follow = True
        self._stick()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls decides whether it follows."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_mounted and round(old_value) != round(new_value):
            self.follow = new_value >= self.max_scroll_y

    def watch_follow(self) -> None:
        """Say so."""
        self.post_message(self.FollowChanged())

    def on_resize(self) -> None:
        """Another width: other rows. Where it follows it stays at the end."""
        self.flush()

    def _stick(self) -> None:
        """Stay at the end. Scrolling is refused until the scroll bar is there: so again each time."""
        if self.follow and round(self.scroll_y) < self.max_scroll_y:
            self.scroll_end(animate=False, immediate=True, x_axis=False)

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One visible row: the time of the line that begins there, and a part of its text."""
        number, part = self._wrap.line(self.scroll_offset.y + y)
        base, room = self.rich_style, self._room
        if number >= len(self._spool):
            return Strip.blank(self.size.width, base)
        line = self._spool.line(number)
        if number == self.found:
            base += self.get_component_rich_style("log-view--mark", partial=True)
        text = Strip(self._segments(line, number, base))
        text = text.crop_extend(part * room, (part + 1) * room, base).apply_offsets(part * room, number)
        return Strip.join([self._stamp_of(number, base, first=part == 0), text])

    def _stamp_of(self, number: int, base: Style, *, first: bool) -> Strip:
        if not self._stamp_width:
            return Strip([])
        style = base + self.get_component_rich_style("log-view--stamp", partial=True)
        text = self._stamp(self._spool.time(number)) if first else " " * self._stamp_width
        return Strip([Segment(text, style)], self._stamp_width)

    def _segments(self, line: str, number: int, base: Style) -> list[Segment]:
        segments, column = [], 0
        for text, look in pieces(line):
            expanded = ("." * column + text).expandtabs()[column:] if "\t" in text else text
            column += len(expanded)
            segments.append(Segment(expanded, base + self._style(look)))
        cuts = self._overlays(plain(line), number)
        return _overlaid(segments, cuts) if cuts else segments

    def _overlays(self, text: str, number: int) -> list[tuple[int, int, Style]]:
        """(start, end, style) in characters: matches, then what is selected."""
        found = []
        if self.search is not None:
            hit = Style(reverse=True, bold=number == self.found)
            found = [(start, end, hit) for start, end in self.search.spans(text)]
        selection = self.text_selection
        span = selection.get_span(number) if selection else None
        if span is not None:
            style = self.get_component_rich_style("log-view--selection", partial=True)
            end = len(text) if span[1] == -1 else _index(text, span[1])
            found.append((_index(text, span[0]), end, style))
        return found

    def _style(self, look: Look) -> Style:
        style = self._styles.get(look)
        if style is None:
            background = self.background_colors[1]
            style = self._styles[look] = palette.style_of(look, self.app.theme_variables, background)
        return style

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text without escape codes; only its lines are read."""
        start, end = selection.start, selection.end
        first = start.y if start else 0
        last = min(end.y if end else len(self._spool), len(self._spool) - 1)
        lines = [plain(line) for line in self._spool.lines(first, last + 1)]
        if not lines:
            return None
        if end is not None and end.y == last:
            lines[-1] = lines[-1][: _index(lines[-1], end.x)]
        if start is not None:
            lines[0] = lines[0][_index(lines[0], start.x) :]
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected."""
        self.refresh()


def _index(text: str, cell: int) -> int:
    """The index of the character at a cell."""
    return cell if text.isascii() else len(set_cell_size(text, min(cell, cell_len(text))))


def _overlaid(segments: list[Segment], overlays: list[tuple[int, int, Style]]) -> list[Segment]:
    """The segments with styles laid over ranges of characters."""
    for start, end, style in overlays:
        position, result = 0, []
        for text, old, _ in segments:
            a, b = max(0, start - position), max(0, end - position)
            parts = (
                (text[:a], old),
                (text[a:b], (old or Style()) + style),
                (text[b:] if b else text[a:], old),
            )
            result += [Segment(part, kept) for part, kept in parts if part]
            position += len(text)
        segments = result
    return segments
