"""What the project shows for a question with a list as answer; each item is taken or left."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from tui.core.project import Evidence
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

Item = tuple[str, Evidence]


class FoundItems(Lines, can_focus=True):
    """One row per item found in the code, with where; space or a click takes or leaves it."""

    BINDINGS = [
        Binding("up", "move(-1)", "row", key_display=GLYPHS.updown),
        Binding("down", "move(1)", show=False),
        Binding("space", "take", "take or leave"),
    ]

    cursor: reactive[int] = reactive(0)

    class Toggled(Message):
        """The items that are taken now, in the order they were found."""

        def __init__(self, item: str, taken: bool) -> None:
            super().__init__()
            self.item, self.taken = item, taken

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__()
        self._items = tuple(items)
        self._taken: frozenset[str] = frozenset()

    def show(self, taken: Sequence[str]) -> None:
        """Show which items are taken."""
        if frozenset(taken) != self._taken:
            self._taken = frozenset(taken)
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        """Heading and rows."""
        heading = Content.styled("  Found in your code", "bold" if self.has_focus else "$muted")
        return [heading, *(self._row(index, width) for index in range(len(self._items)))]

    def _row(self, index: int, width: int) -> Content:
        item, evidence = self._items[index]
        current = self.has_focus and index == self.cursor
        taken = item in self._taken
        line = Content.assemble(
            (f"{GLYPHS.bar if current else ' '} ", "$primary"),
            (f"{GLYPHS.done if taken else GLYPHS.todo} ", "$success" if taken else "$muted"),
            (f"{printable(item):<12}", "$foreground" if taken else "$muted"),
            (printable(str(evidence)), "$secondary"),
        )
        why = Content.styled(f"  {printable(evidence.why)}", "$muted")
        if line.cell_length + why.cell_length <= width:
            line = line.append(why)
        line = line.truncate(max(1, width), ellipsis=True, pad=True)
        return line.stylize("on $mark") if current else line

    def action_move(self, by: int) -> None:
        """Go to another row."""
        self.cursor = min(max(0, self.cursor + by), len(self._items) - 1)

    def action_take(self) -> None:
        """Take or leave the row."""
        item = self._items[self.cursor][0]
        self.post_message(self.Toggled(item, item not in self._taken))

    def on_click(self, event: events.Click) -> None:
        """Take or leave the row under the mouse."""
        if 1 <= event.y <= len(self._items):
            self.cursor = event.y - 1
            self.action_take()
