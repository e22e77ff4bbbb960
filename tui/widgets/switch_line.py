"""A question that is answered with on or off, in one line."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_WORDS = ((True, "on"), (False, "off"))
_CELLS = 8


class SwitchLine(Lines, can_focus=True):
    """Both words stand there; space, left and right, and a click switch."""

    DEFAULT_CSS = """
    SwitchLine { height: 1; margin: 0 2; }
    """
    BINDINGS = [
        Binding("space", "switch", "switch", tooltip="Switch on or off"),
        Binding("left,right", "switch", show=False),
    ]

    class Switched(Message):
        """A person wants it this way."""

        def __init__(self, on: bool) -> None:
            super().__init__()
            self.on = on

    def __init__(self) -> None:
        super().__init__()
        self._on = False

    def show(self, on: bool) -> None:
        """Show it this way."""
        if on != self._on:
            self._on = on
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        """One line."""
        line = Content.assemble(*(self._word(on, word) for on, word in _WORDS))
        return [line.stylize("on $mark") if self.has_focus else line]

    def _word(self, on: bool, word: str) -> tuple[str, str]:
        sign = GLYPHS.current if on == self._on else GLYPHS.todo
        return f"{f'{sign} {word}':<{_CELLS}}", "bold $foreground" if on == self._on else "$muted"

    def action_switch(self) -> None:
        """The other way."""
        self.post_message(self.Switched(not self._on))

    def on_click(self, event: events.Click) -> None:
        """The word under the mouse."""
        if 0 <= event.x < _CELLS * len(_WORDS):
            self.post_message(self.Switched(_WORDS[event.x // _CELLS][0]))
