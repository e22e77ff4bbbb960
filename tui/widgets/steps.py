"""Where the person is on the way, as rail and step strip show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from tui.core.questions import STEPS, question, summary
from tui.core.rules import Problem
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.glyphs import GLYPHS

REVIEW = len(STEPS)
"""Index of the last step, which asks nothing."""


class StepView(NamedTuple):
    """One step. ``state`` is ``done``, ``todo``, ``warning`` or ``error``."""

    title: str
    summary: str
    state: str
    current: bool
    reachable: bool

    def sign(self) -> Content:
        """Two cells: the state, or the bar of the current step."""
        if self.current:
            return Content.styled(f"{GLYPHS.bar} ", "$primary")
        sign, color = _SIGNS[self.state]
        return Content.styled(f"{sign} ", color)

    def name(self) -> Content:
        """The title in the voice of its state."""
        style = "bold $primary" if self.current else "$foreground" if self.reachable else "$muted"
        name = Content.styled(self.title, style)
        if self.current and self.state in ("warning", "error"):
            sign, color = _SIGNS[self.state]
            name = name.append(Content.styled(f" {sign}", color))
        return name


_SIGNS = {
    "done": (GLYPHS.done, "$success"),
    "todo": (GLYPHS.todo, "$muted"),
    "warning": (GLYPHS.warning, "$warning"),
    "error": (GLYPHS.failed, "$error"),
}


def step_of(key: str) -> int:
    """Index of the step that asks this question. The wizard's first where none does."""
    return next((i for i, step in enumerate(STEPS) if step.key == question(key).step), 0)


def step_views(
    answers: Answers, problems: Sequence[Problem], current: int, visited: int
) -> tuple[StepView, ...]:
    """Every step with its state; steps up to ``visited`` can be gone to."""
    states = {step_of(p.key): p.severity for p in reversed(problems)}
    states |= {step_of(key): "error" for key, _ in answers.drafts}
    views = [
        StepView(
            step.title,
            printable(summary(answers.plan, step.key)),
            states.get(index, "done" if index <= visited else "todo"),
            index == current,
            index <= visited,
        )
        for index, step in enumerate(STEPS)
    ]
    return (*views, StepView("Review", "", "todo", current == REVIEW, visited >= REVIEW))
