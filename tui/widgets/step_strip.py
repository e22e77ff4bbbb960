"""The steps in one line, where there is no room for the rail."""

from __future__ import annotations

from textual import events
from textual.content import Content

from tui.widgets.lines import Lines
from tui.widgets.rail import StepChosen
from tui.widgets.size_estimate import SizeNote
from tui.widgets.steps import StepView

_GAP = 2


class StepStrip(Lines):
    """Steps that were visited can be clicked."""

    DEFAULT_CSS = """
    StepStrip { height: 1; padding: 0 2; background: $surface; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._steps: tuple[StepView, ...] = ()
        self._estimate: SizeNote | None = None

    def show(self, steps: tuple[StepView, ...], size: SizeNote) -> None:
        """Show where the person is and how large the image will be."""
        if (steps, size) != (self._steps, self._estimate):
            self._steps, self._estimate = steps, size
            self.renew()

    def lines(self, width: int) -> list[Content]:
        """Steps, then the size when it fits."""
        line = Content(" " * _GAP).join(self._parts())
        size = Content.styled(self._estimate.short if self._estimate else "", "$muted")
        gap = width - line.cell_length - size.cell_length
        return [Content.assemble(line, " " * gap, size) if gap >= _GAP else line]

    def _parts(self) -> list[Content]:
        return [Content.assemble(step.sign(), step.name()) for step in self._steps]

    def on_click(self, event: events.Click) -> None:
        """Go to the step under the mouse."""
        offset = event.get_content_offset(self)
        start = 0
        for index, part in enumerate(self._parts()):
            if offset and start <= offset.x < start + part.cell_length and self._steps[index].reachable:
                self.post_message(StepChosen(index))
            start += part.cell_length + _GAP
