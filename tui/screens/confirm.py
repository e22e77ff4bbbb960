"""One question with a few answers; the safe one has the focus."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class ConfirmScreen(ModalScreen[str]):
    """Dismissed with the key of the answer a person gave; esc gives the first one, which changes nothing.

    ``answers`` are the keys with the words on their buttons.
    """

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
    AUTO_FOCUS = "Button"

    def __init__(self, question: str, answers: Mapping[str, str], *, detail: str = "") -> None:
        super().__init__()
        self._question, self._answers, self._detail = question, dict(answers), detail

    def compose(self) -> ComposeResult:
        """A question, what follows from it, and the answers."""
        with VerticalScroll(classes="dialog", can_focus=False):
            yield Static(self._question, id="question", markup=False)
            if self._detail:
                yield Static(self._detail, id="detail", markup=False)
            with Horizontal(id="answers"):
                for key, words in self._answers.items():
                    yield Button(Content(words), id=key)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self._answer(str(event.button.id))

    def action_stay(self) -> None:
        """Esc changes nothing."""
        self._answer(next(iter(self._answers)))

    def _answer(self, key: str) -> None:
        """Once: a key pressed twice reaches a screen that is already gone."""
        if self.is_active:
            self.dismiss(key)
