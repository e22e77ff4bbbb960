"""One question with two answers; the safe one has the focus."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class ConfirmScreen(ModalScreen[bool]):
    """Dismissed with True when the person wants what ``go`` says, with False for ``stay`` and esc."""

    CSS = """
    ConfirmScreen #question { text-style: bold; }
    ConfirmScreen #detail { color: $muted; margin-top: 1; }
    ConfirmScreen #answers { height: 1; margin-top: 1; }
    ConfirmScreen Button { margin-right: 2; background: $boost; }
    """
    BINDINGS = [
        Binding("escape", "stay", "stay", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#stay"

    def __init__(self, question: str, *, stay: str, go: str, detail: str = "") -> None:
        super().__init__()
        self._question, self._detail, self._stay, self._go = question, detail, stay, go

    def compose(self) -> ComposeResult:
        """A question, what follows from it, and the answers."""
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(self._question, id="question", markup=False)
            if self._detail:
                yield Static(self._detail, id="detail", markup=False)
            with Horizontal(id="answers"):
                yield Button(Content(self._stay), id="stay")
                yield Button(Content(self._go), id="go")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self._answer(event.button.id == "go")

    def action_stay(self) -> None:
        """Esc changes nothing."""
        self._answer(False)

    def _answer(self, sure: bool) -> None:
        """Once: a key pressed twice reaches a screen that is already gone."""
        if self.is_active:
            self.dismiss(sure)
