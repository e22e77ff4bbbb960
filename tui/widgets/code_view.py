"""Lines of a file with numbers and colour; marks for a moment what the last answer changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer

from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.syntax import Syntax

MARK_SECONDS = 1.5


_INK = {
    "number": "muted",
    "bar": "primary",
    "keyword": "primary",
    "variable": "secondary",
    "string": "secondary",
    "quiet": "muted",
    "comment": "muted",
    "added": "success",
    "removed": "error",
}
_PAPER = {"changed": "mark", "cursor": "boost", "selected": "faint"}
"""Which token of the theme colours the text, and what is behind it."""


class Changed(NamedTuple):
    """Lines (0-based) that are new or different, and how many went away without a successor."""

    lines: frozenset[int] = frozenset()
    removed: int = 0

    def sentence(self) -> str:
        """``2 lines changed``; empty when nothing did."""
        count, word = (len(self.lines), "changed") if self.lines else (self.removed, "removed")
        return f"{count} line{'s' if count != 1 else ''} {word}" if count else ""


class CodeView(ScrollView):
    """Only lines in sight are painted. ``cursor`` is the line (0-based) a person looks at, -1 none."""

    BINDINGS = [
        Binding("up", "move(-1)", "line", key_display=GLYPHS.updown),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move_page(-1)", show=False),
        Binding("pagedown", "move_page(1)", show=False),
        Binding("home", "move(-100000)", show=False),
        Binding("end", "move(100000)", show=False),
    ]

    cursor: reactive[int] = reactive(-1)

    class CursorMoved(Message):
        """A person looks at another line."""

        def __init__(self, view: CodeView, line: int) -> None:
            super().__init__()
            self.view, self.line = view, line

    class Unmarked(Message):
        """The marks of the last change went out."""

    def __init__(self, *, focusable: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.can_focus = focusable
        self._numbers = True
        self._lines: tuple[str, ...] = ()
        self._syntax: Syntax | None = None
        self._changed = Changed()
        self._timer: Timer | None = None
        self._styles_of = ""
        self._styles_made: dict[str, Style] = {}

    @property
    def changed(self) -> Changed:
        """What is marked now."""
        return self._changed

    def show(self, lines: Iterable[str], syntax: Syntax, *, numbers: bool = True) -> None:
        """Show another text from its top, without marks."""
        self._numbers = numbers
        self._put(tuple(map(printable, lines)), syntax, Changed())
        self.refresh()
        self.scroll_home(animate=False)
        self.cursor = -1

    def update_lines(self, lines: Iterable[str], syntax: Syntax) -> None:
        """Show the same text after a change: it keeps its place and marks what differs."""
        new = tuple(map(printable, lines))
        if new == self._lines:
            return
        changed = difference(self._lines, new)
        self._put(new, syntax, changed)
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(MARK_SECONDS, self._unmark)
        if changed.lines:
            self.reveal(min(changed.lines))

    def reveal(self, line: int) -> None:
        """Scroll only when the line is out of sight."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if height and not top <= line < top + height:
            self.scroll_to(y=max(0, line - height // 3), animate=False)

    def _put(self, lines: tuple[str, ...], syntax: Syntax, changed: Changed) -> None:
        before, marked, gutter = self._lines, self._changed.lines, self._gutter
        self._lines, self._syntax, self._changed = lines, syntax, changed
        width = self._gutter + max(map(cell_len, lines), default=0) + 1
        self.virtual_size = Size(_rounded(width), len(lines))
        if gutter != self._gutter or not before:
            self.refresh()
            return
        self._refresh_lines(
            index
            for index in range(max(len(before), len(lines)))
            if before[index : index + 1] != lines[index : index + 1]
            or (index in marked) != (index in changed.lines)
        )

    def _refresh_lines(self, indexes: Iterable[int]) -> None:
        """Paint these lines again, those in sight."""
        top, (width, height) = self.scroll_offset.y, self.size
        seen = [Region(0, index - top, width, 1) for index in indexes if top <= index < top + height]
        if seen:
            self.refresh(*seen)

    def _unmark(self) -> None:
        marked, self._changed = self._changed.lines, Changed()
        self._refresh_lines(marked)
        self.post_message(self.Unmarked())

    @property
    def _gutter(self) -> int:
        return len(str(len(self._lines))) + 4 if self._numbers else 2

    def render_line(self, y: int) -> Strip:
        """One line: bar, number, code."""
        scroll_x, scroll_y = self.scroll_offset
        index, width = scroll_y + y, self.scrollable_content_region.width
        base = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(width, base)
        current = index == self.cursor and self.can_focus
        marked = index in self._changed.lines
        if current or marked:
            base += self._style("cursor" if current else "changed")
        return Strip(
            [
                *self._gutter_segments(index, current or marked, base),
                *self._code_strip(index, base, scroll_x, width - self._gutter),
            ]
        )

    def _gutter_segments(self, index: int, barred: bool, base: Style) -> list[Segment]:
        bar = Segment(GLYPHS.bar if barred else " ", base + self._style("bar"))
        number = f"{index + 1:>{self._gutter - 3}}  " if self._numbers else " "
        return [bar, Segment(number, base + self._style("number"))]

    def _code_strip(self, index: int, base: Style, start: int, width: int) -> Strip:
        line = self._lines[index]
        assert self._syntax is not None
        segments = [
            Segment(text, base + self._style(name) if name else base) for text, name in self._syntax(line)
        ]
        strip = Strip(segments)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(index)) is not None:
            strip = self._select(strip, *span)
        cut = strip.cell_length > start + width
        strip = strip.crop_extend(start, start + width, base)
        if cut:
            strip = Strip([*strip.crop(0, width - 1), Segment(GLYPHS.ellipsis, base + self._style("quiet"))])
        return strip.apply_offsets(start, index)

    def _select(self, strip: Strip, start: int, end: int) -> Strip:
        end = strip.cell_length if end == -1 else end
        before, chosen, after = (strip.crop(0, start), strip.crop(start, end), strip.crop(end))
        style = self._style("selected")
        return Strip([*before, *Segment.apply_style(chosen, None, style), *after])

    def _style(self, name: str) -> Style:
        if self._styles_of != self.app.theme:
            self._styles_of, self._styles_made = self.app.theme, _styles(self.app.theme_variables)
        return self._styles_made[name]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected code, without line numbers."""
        return selection.extract("\n".join(self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint the selection."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Look at the line under the mouse."""
        line = self.scroll_offset.y + event.y
        if line < len(self._lines):
            self.cursor = line

    def watch_cursor(self, line: int) -> None:
        """Say which line is looked at."""
        self.refresh()
        if line >= 0:
            self.post_message(self.CursorMoved(self, line))

    def action_move(self, by: int) -> None:
        """Look at another line."""
        if self._lines:
            self.cursor = min(max(0, self.cursor + by), len(self._lines) - 1)
            self.scroll_to_region(Region(self.scroll_offset.x, self.cursor, 1, 1), animate=False)

    def action_move_page(self, by: int) -> None:
        """Look at a line one page away."""
        self.action_move(by * max(1, self.size.height - 1))


def _rounded(width: int) -> int:
    """A width that typing rarely changes: each change lays out the whole screen again."""
    return -(-width // 32) * 32


def difference(old: Sequence[str], new: Sequence[str]) -> Changed:
    """What a person sees as changed between two texts."""
    lines: set[int] = set()
    removed = 0
    for tag, a, b, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            lines.update(index for index in range(first, last) if new[index])
            removed += max(0, (b - a) - (last - first))
    return Changed(frozenset(lines), removed)


def _styles(variables: Mapping[str, str]) -> dict[str, Style]:
    ink = {name: Style(color=variables[token]) for name, token in _INK.items()}
    return ink | {name: Style(bgcolor=variables[token]) for name, token in _PAPER.items()}
