"""The steps in one line, where there is no room for the rail."""

from __future__ import annotations

from itertools import accumulate

from textual import events
from textual.content import Content

from tui.widgets.steps import StepLines

_GAP = 2


class StepStrip(StepLines):
    """As many steps around the present one as the width holds."""

    DEFAULT_CSS = """
    StepStrip { height: 1; padding: 0 2; background: $surface; }
    """

    def lines(self, width: int) -> list[Content]:
        """Steps, then the size when it fits."""
        _, parts = self._parts(width)
        line = Content(" " * _GAP).join(parts)
        size = Content.styled(self._note.short if self._note else "", "$muted")
        gap = width - line.cell_length - size.cell_length
        return [Content.assemble(line, " " * gap, size) if gap >= _GAP else line]

    def _parts(self, width: int) -> tuple[int, list[Content]]:
        """(the first step shown, the steps); those furthest back are left out first."""
        parts = [step.heading() for step in self._steps]
        current = next((i for i, step in enumerate(self._steps) if step.current), 0)
        first = 0
        while first < current and sum(part.cell_length + _GAP for part in parts[first:]) - _GAP > width:
            first += 1
        return first, parts[first:]

    def on_click(self, event: events.Click) -> None:
        """Go to the step under the mouse."""
        offset = event.get_content_offset(self)
        first, parts = self._parts(self.size.width)
        starts = accumulate((part.cell_length + _GAP for part in parts), initial=0)
        for index, (start, part) in enumerate(zip(starts, parts, strict=False), first):
            if offset and start <= offset.x < start + part.cell_length:
                self.choose(index)
