"""A line of text that keeps its cursor in sight."""

from __future__ import annotations

from textual.widgets import Input


class TextInput(Input):
    """An Input that scrolls to its cursor after a resize too."""

    def go_on(self, text: str) -> None:
        """Take the focus with this text, to be typed on."""
        self.value = text
        self.cursor_position = len(text)
        self.select_on_focus = False
        self.screen.set_focus(self)

    def on_blur(self) -> None:
        """Who comes back may want to replace it."""
        self.select_on_focus = True

    def on_resize(self) -> None:
        """The place scrolled to was right for the width before."""
        self.call_after_refresh(self.mutate_reactive, Input.selection)
