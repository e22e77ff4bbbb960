"""How much of something is done, as a thin line."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from tui.widgets.glyphs import GLYPHS


class Meter(Widget):
    """One line; empty while ``total`` is 0, which is unknown."""

    DEFAULT_CSS = "Meter { height: 1; }"
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts = (0, 0, "")

    def show(self, done: int, total: int, color: str = "$primary") -> None:
        """``done`` of ``total``."""
        if (done, total, color) != self._parts:
            self._parts = (done, total, color)
            self.refresh()

    def render(self) -> Content:
        """The done part in its colour."""
        done, total, color = self._parts
        return bar(done, total, self.size.width, color, rest="$faint") if total else Content()


def bar(
    part: int, whole: int, width: int, color: str, *, rest: str = "", glyph: str = GLYPHS.line
) -> Content:
    """A bar of at most ``width`` cells; something that is more than nothing has at least one."""
    cells = min(width, max(bool(part), round(part / whole * width))) if whole else 0
    return Content.assemble((glyph * cells, color), (glyph * (width - cells) if rest else "", rest))
