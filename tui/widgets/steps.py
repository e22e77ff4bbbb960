"""Where the person is on the way, as rail and step strip show it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from textual.content import Content
from textual.message import Message

from tui.core.project import Project
from tui.core.questions import MACHINE, StepInfo, question, steps, summary
from tui.core.rules import Problem
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines
from tui.widgets.size_estimate import SizeNote

REVIEW = StepInfo("review", "Review", "Nothing is written before you say so.")
"""The last step, which asks nothing."""


def way(project: Project) -> tuple[StepInfo, ...]:
    """Every step of this project, the review last."""
    return (*steps(project), REVIEW)


def step_of(project: Project, key: str) -> int:
    """Index of the step that asks this question; that of the base images for one about the build machine.

    The wizard's first where none does.
    """
    step = "base" if is_of_machine(key) else question(key).step
    return next((i for i, info in enumerate(steps(project)) if info.key == step), 0)


def is_of_machine(key: str) -> bool:
    """Whether no step asks this question, but the screen about the build machine."""
    return question(key).step == MACHINE.key


def title_of(project: Project, key: str) -> str:
    """What the screen that asks this question is called."""
    return MACHINE.title if is_of_machine(key) else way(project)[step_of(project, key)].title


class StepView(NamedTuple):
    """One step. ``state`` is ``done``, ``todo``, ``warning`` or ``error``."""

    title: str
    summary: str
    state: str
    current: bool
    reachable: bool

    def heading(self) -> Content:
        """The state (the bar at the current step) in two cells, and the title in the voice of its state."""
        sign, color = _SIGNS[self.state]
        if not self.current:
            voice = "$foreground" if self.reachable else "$muted"
            return Content.assemble((f"{sign} ", color), (self.title, voice))
        name = Content.assemble((f"{GLYPHS.bar} ", "$primary"), (self.title, "bold $primary"))
        return name.append(Content.styled(f" {sign}", color)) if self.state in ("warning", "error") else name


_SIGNS = {
    "done": (GLYPHS.done, "$success"),
    "todo": (GLYPHS.todo, "$muted"),
    "warning": (GLYPHS.warning, "$warning"),
    "error": (GLYPHS.failed, "$error"),
}


def step_views(
    project: Project, answers: Answers, problems: Sequence[Problem], current: int, visited: Container[str]
) -> tuple[StepView, ...]:
    """Every step with its state; those with keys in ``visited``, and all before, can be gone to."""
    all_steps = way(project)
    furthest = max((i for i, step in enumerate(all_steps) if step.key in visited), default=0)
    states = {step_of(project, p.key): p.severity for p in reversed(problems)}
    states |= {step_of(project, key): "error" for key, _ in answers.drafts}
    return tuple(
        StepView(
            step.title,
            "" if step is REVIEW else printable(summary(answers.plan, step.key)),
            states.get(index, "done" if step.key in visited and step is not REVIEW else "todo"),
            index == current,
            index <= furthest,
        )
        for index, step in enumerate(all_steps)
    )


class StepChosen(Message):
    """A person wants to go to that step."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step


class StepLines(Lines):
    """The steps and the image's size; steps that can be gone to can be clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._steps: tuple[StepView, ...] = ()
        self._note: SizeNote | None = None

    def show(self, steps: tuple[StepView, ...], size: SizeNote) -> None:
        """Show where the person is and how large the image will be."""
        if (steps, size) != (self._steps, self._note):
            self._steps, self._note = steps, size
            self.renew()

    def reachable(self, step: int) -> bool:
        """Whether there is such a step and it can be gone to."""
        return 0 <= step < len(self._steps) and self._steps[step].reachable

    def choose(self, step: int) -> None:
        """Ask to go there, where that can be."""
        if self.reachable(step):
            self.post_message(StepChosen(step))
