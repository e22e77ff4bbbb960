"""A line of text that keeps its cursor in sight."""

from __future__ import annotations

from textual.widgets import Input


class TextInput(Input):
    """An Input that scrolls to its cursor after a resize too."""

    def on_resize(self) -> None:
        """The place scrolled to was right for the width before."""
        self.call_after_refresh(self.mutate_reactive, Input.selection)
