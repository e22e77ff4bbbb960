"""The generated files on the whole screen, for terminals that cannot show them beside the questions."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from tui.core.plan import Plan
from tui.core.render import File
from tui.widgets.key_bar import KeyBar
from tui.widgets.preview_pane import PreviewPane


class PreviewScreen(Screen[None]):
    """Shows the files; the key that opened it closes it."""

    HELP = (
        "The files as they will be written. The note below says what a line is for and which answer "
        "it comes from."
    )
    BINDINGS = [
        Binding("f2,escape", "close", "back to the question", key_display="f2"),
        Binding("tab,f3", "file(1)", "other file", key_display="tab"),
        Binding("shift+tab", "file(-1)", show=False),
        Binding("left", "scroll(-8)", show=False, tooltip="Sideways"),
        Binding("right", "scroll(8)", show=False, tooltip="Sideways"),
    ]

    def __init__(self, files: Sequence[File], plan: Plan, chosen: int = 0) -> None:
        super().__init__()
        self._files, self._plan, self._chosen = files, plan, chosen

    def compose(self) -> ComposeResult:
        """The pane, and the keys."""
        yield PreviewPane(focusable=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the files."""
        pane = self.query_one(PreviewPane)
        pane.show(self._files, self._plan)
        pane.choose(self._chosen)
        pane.code.cursor = 0
        self.set_focus(pane.code)

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)

    def action_file(self, by: int) -> None:
        """Show another file."""
        pane = self.query_one(PreviewPane)
        pane.choose(pane.chosen + by)
        pane.code.cursor = 0

    def action_scroll(self, columns: int) -> None:
        """Show what is cut off at the side."""
        self.query_one(PreviewPane).code.scroll_relative(x=columns, animate=False)
