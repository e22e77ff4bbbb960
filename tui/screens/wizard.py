"""The questions, one step at a time, beside the files that grow from the answers."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding

from tui.core.questions import StepInfo
from tui.core.rules import ERROR
from tui.history import Answers
from tui.screens.form_screen import FORM_BINDINGS, FormScreen
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.question_form import QuestionForm
from tui.widgets.steps import REVIEW, StepChosen, is_of_machine, step_of, way


class WizardScreen(FormScreen, inherit_bindings=False):
    """Back always works. Forward waits at the first step with an error or a text that is no answer."""

    HELP = (
        "Every question is already answered from what your project shows; the reason stands under it. "
        "Enter goes on. On the right grow the files; nothing is written before the review."
    )
    BINDINGS = [
        Binding(
            "enter", "next", "next", key_display="enter", priority=True, tooltip="Confirm this step and go on"
        ),
        Binding("tab", "next_field", "next field", show=False, tooltip="The next field, then the next step"),
        Binding("shift+tab", "previous_field", "back", tooltip="The field before, then the step before"),
        Binding("alt+left", "back", "step back", show=False, tooltip="The step before"),
        Binding("alt+right", "next", "step on", show=False),
        *FORM_BINDINGS,
    ]

    @property
    def step(self) -> int:
        """Index of the present step; another look at the project may move it."""
        keys = [step.key for step in way(self.dockwright.project)]
        key = self.form.info.key
        return keys.index(key) if key in keys else 0

    def first(self) -> StepInfo:
        """The first step."""
        first = way(self.dockwright.project)[0]
        self.visited.add(first.key)
        return first

    def where(self) -> str:
        """The step's number."""
        return f"{self.step + 1} of {len(way(self.dockwright.project))}"

    # Showing

    def _answered(self, answers: Answers) -> None:
        super()._answered(answers)
        if self.form.info not in way(self.dockwright.project):
            self.call_later(self.go, 0)

    def show_answers(self) -> None:
        """Show what follows from the answers, unless the project has no such step any more."""
        if self.form.info in way(self.dockwright.project):
            super().show_answers()
        else:
            self._due = False

    # Going

    async def go(self, step: int, *, last: bool = False) -> None:
        """Go to a step, at its last field if asked; forward at most to the first one that is in the way."""
        app = self.dockwright
        app.history.settle()
        step = min(step, len(way(app.project)) - 1)
        wrong = self._wrong()
        blocking = min((step_of(app.project, key) for key in wrong), default=step)
        blocked = step > blocking
        if blocked:
            step = blocking
            self.app.bell()
        info = way(app.project)[step]
        self.visited |= {passed.key for passed in way(app.project)[: step + 1]}
        if info is REVIEW:
            self._review()
        elif info.key != self.form.info.key:
            await self._change(info)
        first = next((field for key in wrong if (field := self.form.field(key))), None)
        await self.enter(first.place if first else self.form.stop(None, -1 if last else 1))
        if blocked and not first and (outside := next(filter(is_of_machine, wrong), "")):
            self.action_machine(outside)

    def _wrong(self) -> list[str]:
        """Questions that are in the way of going on: texts that are no answer, then errors."""
        drafts = [key for key, _ in self.dockwright.answers.drafts]
        return [*drafts, *(problem.key for problem in self._problems if problem.severity == ERROR)]

    async def _change(self, info: StepInfo) -> None:
        app = self.dockwright
        old, new = self.form, QuestionForm(info, app.project, app.plan)
        self.query_one(PreviewPane).forget_line()
        with self.app.batch_update():
            await old.remove()
            await self.query_one("#question").mount(new, before=0)
            self.show_answers()

    def _review(self) -> None:
        from tui.screens.review import ReviewScreen

        self.show_steps()
        self.app.push_screen(ReviewScreen(self.visited))

    async def action_next(self) -> None:
        """Confirm this step and go on; a row that cannot be taken is no answer to confirm."""
        if isinstance(self.focused, ChoiceTable) and self.focused.stay():
            self.app.bell()
        else:
            await self.go(self.step + 1)

    async def action_back(self) -> None:
        """Go to the step before."""
        if self.step:
            await self.go(self.step - 1)

    async def action_next_field(self) -> None:
        """The next field; after the last one, the next step."""
        if following := self.form.stop(self.focused, 1):
            await self.enter(following)
        else:
            await self.go(self.step + 1)

    async def action_previous_field(self) -> None:
        """The field before; before the first one, the step before."""
        if before := self.form.stop(self.focused, -1):
            await self.enter(before)
        elif self.step:
            await self.go(self.step - 1, last=True)

    @on(StepChosen)
    async def _step_chosen(self, event: StepChosen) -> None:
        await self.go(event.step)

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers on this screen."""
        from tui.screens.commands import about_answers

        yield from super().commands()
        reachable = (i for i, step in enumerate(way(self.dockwright.project)) if step.key in self.visited)
        yield from about_answers(self.dockwright, (step for step in reachable if step != self.step))
