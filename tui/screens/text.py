"""A text to read and to take away."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static


class TextScreen(ModalScreen[None]):
    """Shows ``text`` under ``title``; ``c`` copies it."""

    CSS = """
    TextScreen .dialog { width: 86; }
    TextScreen #title { text-style: bold; margin-bottom: 1; }
    TextScreen #body { height: auto; max-height: 75vh; }
    TextScreen #answers { height: 1; margin-top: 1; }
    TextScreen Button { margin-right: 2; background: $boost; }
    """
    BINDINGS = [
        Binding("escape,d", "close", "close", show=False),
        Binding("c", "copy", "copy", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
    ]
    AUTO_FOCUS = "#copy"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Title, text, buttons."""
        with Vertical(classes="dialog"):
            yield Static(self._title, id="title", markup=False)
            with VerticalScroll(id="body", can_focus=False):
                yield Static(self._text, id="text", markup=False)
            with Horizontal(id="answers"):
                yield Button("Copy", id="copy")
                yield Button("Close", id="close")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy or close."""
        if event.button.id == "copy":
            self.action_copy()
        self.action_close()

    def action_copy(self) -> None:
        """To the clipboard."""
        self.app.copy_to_clipboard(self._text)
        self.notify("Copied.", markup=False)

    def action_scroll(self, lines: int) -> None:
        """Show more of a long text."""
        self.query_one("#body").scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Back."""
        if self.is_active:
            self.dismiss(None)
