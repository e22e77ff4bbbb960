"""A widget made of lines: each is styled only when it is painted, and never wrapped."""

from __future__ import annotations

from typing import Any, Self

from textual.app import App
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


def is_low(app: App[Any]) -> bool:
    """Whether the terminal has so few rows that every line counts."""
    return app.size.height < 30


class Lines(Widget):
    """Subclasses give their :meth:`lines`; several times cheaper than one text of many lines."""

    DEFAULT_CSS = """
    Lines { height: auto; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._made: tuple[Size, list[Content]] | None = None
        self._painted: dict[int, Strip] = {}

    def lines(self, width: int) -> list[Content]:
        """The lines at that width, none wider than it."""
        raise NotImplementedError

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row per line."""
        return len(self.lines(width))

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Make the lines anew when they are painted next."""
        self._made = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def renew(self) -> None:
        """Show new lines: paint those that differ, and lay out again only when there are more or fewer."""
        width, height = self.size
        old, new = self._made[1] if self._made else [], self.lines(width)
        auto = self.styles.height is None or self.styles.height.is_auto
        if not old or (auto and len(new) != height):
            self.refresh(layout=auto)
            return
        same = [y < len(old) and y < len(new) and old[y].is_same(new[y]) for y in range(height)]
        if not all(same):
            self.refresh(*(Region(0, y, width, 1) for y in range(height) if not same[y]))

    def render_line(self, y: int) -> Strip:
        """Paint one line."""
        if self._made is None or self._made[0] != self.size:
            self._made = self.size, self.lines(self.size.width)
            self._painted = {}
        if y not in self._painted:
            self._painted[y] = self._paint(self._made[1], y)
        return self._painted[y]

    def _paint(self, lines: list[Content], y: int) -> Strip:
        style, width = self.visual_style, self.size.width
        if y >= len(lines) or not lines[y] or not width:
            return Strip.blank(width, style.rich_style)
        return Visual.to_strips(self, lines[y], width, 1, style, pad=True)[0]


class Paragraph(Lines):
    """Text that is wrapped at words."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = Content("")

    @property
    def text(self) -> Content:
        """What is shown."""
        return self._text

    def say(self, text: Content) -> None:
        """Show another text."""
        self._text = text
        self.renew()

    def lines(self, width: int) -> list[Content]:
        """The text, wrapped."""
        return self._text.wrap(width) if self._text and width else []
