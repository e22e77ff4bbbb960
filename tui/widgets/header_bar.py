"""The one line on top: where we are on the left, how it stands on the right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from tui.widgets.glyphs import GLYPHS

GAP = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the header. Where room is short, the lowest ``keep`` goes first."""

    text: str | Content
    style: str = "$muted"
    keep: int = 1


class HeaderBar(Widget):
    """``dockwright`` and the parts given to :meth:`show`; parts that do not fit are left out."""

    DEFAULT_CSS = """
    HeaderBar { dock: top; height: 1; padding: 0 2; background: $panel; color: $foreground; }
    """
    ALLOW_SELECT = False

    def __init__(
        self, left: Iterable[Part] = (), right: Iterable[Part] = (), *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._left: tuple[Part, ...] = tuple(left)
        self._right: tuple[Part, ...] = tuple(right)

    def show(self, left: Iterable[Part], right: Iterable[Part]) -> None:
        """Replace what is shown."""
        new = tuple(left), tuple(right)
        if new != (self._left, self._right):
            self._left, self._right = new
            self.refresh()

    def render(self) -> Content:
        """The line, fitted to the width there is."""
        brand = Part("dockwright", "bold $primary", keep=2)
        left, right = fit((brand, *self._left), self._right, self.size.width)
        start, end = _joined(left), _joined(right)
        start = start.truncate(
            max(1, self.size.width - end.cell_length - (GAP if right else 0)), ellipsis=True
        )
        gap = self.size.width - start.cell_length - end.cell_length
        return Content.assemble(start, " " * max(0, gap), end)


def fit(
    left: tuple[Part, ...], right: tuple[Part, ...], width: int
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts that fit into ``width`` cells: the lowest ``keep`` is dropped first, the last of equals."""
    while _width(left) + GAP + _width(right) > width and len(left) + len(right) > 1:
        lowest = min(part.keep for part in (*left, *right))
        side = left if any(part.keep == lowest for part in left) else right
        index = max(i for i, part in enumerate(side) if part.keep == lowest)
        shorter = side[:index] + side[index + 1 :]
        left, right = (shorter, right) if side is left else (left, shorter)
    return left, right


def _joined(parts: tuple[Part, ...]) -> Content:
    return Content(" " * GAP).join(_styled(part) for part in parts)


def _styled(part: Part) -> Content:
    return part.text if isinstance(part.text, Content) else Content.styled(part.text, part.style)


def _width(parts: tuple[Part, ...]) -> int:
    return _joined(parts).cell_length


def state(text: str, color: str = "$success", *, keep: int = 3) -> Part:
    """A dot in the colour of a state, and the state in words."""
    return Part(Content.assemble((f"{GLYPHS.current} ", color), (text, "bold $foreground")), keep=keep)
