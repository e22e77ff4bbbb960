"""The way from the project to the image: every step with its answer, and the size at the bottom."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.reactive import reactive

from tui.widgets.steps import StepLines


class Rail(StepLines):
    """The steps one below the other."""

    DEFAULT_CSS = """
    Rail { width: 25; height: 100%; padding: 1 1 1 2; background: $surface; }
    """
    hovered: reactive[int] = reactive(-1)

    def lines(self, width: int) -> list[Content]:
        """Steps from the top, size at the bottom."""
        lines = [line for _, line in self._lines()]
        size = self._size_lines()
        gap = self.size.height - len(lines) - len(size)
        return [*lines, *[Content("")] * gap, *size] if gap >= 0 else lines

    def _lines(self) -> list[tuple[int, Content]]:
        """(step, line) pairs, as airy as the height allows."""
        for summaries, air in ((True, True), (True, False), (False, False)):
            lines = self._steps_lines(summaries, air)
            if len(lines) + len(self._size_lines()) < self.size.height:
                break
        return lines

    def _steps_lines(self, summaries: bool, air: bool) -> list[tuple[int, Content]]:
        lines = [(-1, Content.styled("STEPS", "bold $muted")), (-1, Content(""))]
        for index, step in enumerate(self._steps):
            line = step.heading()
            lines.append((index, line.stylize("underline", 2) if index == self.hovered else line))
            if summaries and step.summary:
                summary = Content.styled(f"  {step.summary}", "$muted")
                lines.append((index, summary.truncate(max(1, self.size.width), ellipsis=True)))
            if air:
                lines.append((-1, Content("")))
        return lines

    def _size_lines(self) -> list[Content]:
        if self._note is None:
            return []
        return [
            Content.styled(self._note.label, "bold $muted"),
            Content.styled(self._note.size, "bold"),
            Content.styled(self._note.beside, "$muted"),
            Content.styled(self._note.source, "$muted"),
        ]

    def _at(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        lines = self._lines()
        step = lines[offset.y][0] if offset is not None and 0 <= offset.y < len(lines) else -1
        return step if self.reachable(step) else -1

    def on_click(self, event: events.Click) -> None:
        """Go to the step under the mouse."""
        self.choose(self._at(event))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where a click would go."""
        self.hovered = self._at(event)

    def on_leave(self) -> None:
        """A click would go nowhere."""
        self.hovered = -1
