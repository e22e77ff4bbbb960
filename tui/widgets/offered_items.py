"""What is offered for a question with a list as answer; each item is taken or left."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from tui.core.choices import Choice
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_LABEL = 12


class OfferedItems(Lines, can_focus=True):
    """One row per choice; space or a click takes or leaves it."""

    BINDINGS = [
        Binding("up", "move(-1)", "row", key_display=GLYPHS.updown),
        Binding("down", "move(1)", show=False),
        Binding("space", "take", "take or leave"),
    ]

    cursor: reactive[int] = reactive(0)

    class Toggled(Message):
        """A person takes an item, or leaves it."""

        def __init__(self, item: str, taken: bool) -> None:
            super().__init__()
            self.item, self.taken = item, taken

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[Choice, ...] = ()
        self._taken: frozenset[str] = frozenset()

    def show(self, items: Sequence[Choice], taken: Sequence[str]) -> None:
        """Show what is offered, and which of it is taken."""
        if (tuple(items), frozenset(taken)) != (self._items, self._taken):
            self._items, self._taken = tuple(items), frozenset(taken)
            self.renew()

    def lines(self, width: int) -> list[Content]:
        """Heading and rows."""
        heading = Content.styled("  Take or leave", "bold" if self.has_focus else "$muted")
        label = max([_LABEL, *(cell_len(printable(item.label)) for item in self._items)])
        return [heading, *(self._row(index, label, width) for index in range(len(self._items)))]

    def _row(self, index: int, label: int, width: int) -> Content:
        item = self._items[index]
        current = self.has_focus and index == self.cursor
        taken = item.value in self._taken
        line = Content.assemble(
            (f"{GLYPHS.bar if current else ' '} ", "$primary"),
            (f"{GLYPHS.done if taken else GLYPHS.todo} ", "$success" if taken else "$muted"),
            (f"{printable(item.label):<{label}}", "$foreground" if taken else "$muted"),
            (f"  {printable(item.pitch)}", "$muted"),
        )
        line = line.truncate(max(1, width), ellipsis=True, pad=True)
        return line.stylize("on $mark") if current else line

    def action_move(self, by: int) -> None:
        """Go to another row; at the ends, out of the rows."""
        target = self.cursor + by
        if not 0 <= target < len(self._items):
            raise SkipAction
        self.cursor = target

    def action_take(self) -> None:
        """Take or leave the row."""
        item = self._items[self.cursor].value
        self.post_message(self.Toggled(item, item not in self._taken))

    def on_click(self, event: events.Click) -> None:
        """Take or leave the row under the mouse."""
        if 1 <= event.y <= len(self._items):
            self.cursor = event.y - 1
            self.action_take()
