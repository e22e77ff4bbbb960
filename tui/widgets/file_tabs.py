"""Names of the files on show, one of them chosen, and what just changed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message

from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_GAP = 2


class FileTabs(Lines):
    """A click on a name shows that file."""

    DEFAULT_CSS = """
    FileTabs { height: 3; padding: 1 1 1 2; }
    """

    class Chosen(Message):
        """A person wants to see that file."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._chosen = 0
        self._news = ""

    def show(self, names: Sequence[str], chosen: int, news: str = "") -> None:
        """Show these names; ``news`` stands on the right."""
        if (tuple(names), chosen, news) != (self._names, self._chosen, self._news):
            self._names, self._chosen, self._news = tuple(names), chosen, news
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        """Names on the left, news on the right."""
        names = Content(" " * _GAP).join(
            Content.styled(name, "bold underline $primary" if index == self._chosen else "$muted")
            for index, name in enumerate(self._names)
        )
        news = (
            Content.assemble((GLYPHS.bar, "$primary"), (self._news, "$muted")) if self._news else Content("")
        )
        gap = width - names.cell_length - news.cell_length
        return [Content.assemble(names, " " * gap, news) if gap >= 1 else names]

    def on_click(self, event: events.Click) -> None:
        """Show the file under the mouse."""
        offset = event.get_content_offset(self)
        start = 0
        for index, name in enumerate(self._names):
            if offset and start <= offset.x < start + len(name):
                self.post_message(self.Chosen(index))
            start += len(name) + _GAP
