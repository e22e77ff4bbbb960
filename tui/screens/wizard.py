"""The questions, one step at a time, beside the files that grow from the answers."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from tui.core.questions import StepInfo, question
from tui.core.render import render
from tui.core.rules import ERROR, Problem, problems
from tui.history import Answers, Draft
from tui.screens.steps_screen import STEPS_BINDINGS, StepsScreen
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.field_view import FieldView
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.problem_line import DRAFT, ProblemLine
from tui.widgets.question_form import QuestionForm
from tui.widgets.rail import Rail
from tui.widgets.reason import FOLLOW_KEY, Reason
from tui.widgets.step_strip import StepStrip
from tui.widgets.steps import REVIEW, StepChosen, step_of, way


class WizardScreen(StepsScreen, inherit_bindings=False):
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
        Binding("up", "line(-1)", show=False, tooltip="The field above"),
        Binding("down", "line(1)", show=False, tooltip="The field below"),
        Binding("alt+left", "back", "step back", show=False, tooltip="The step before"),
        Binding("alt+right", "next", "step on", show=False),
        *STEPS_BINDINGS,
        Binding("f2", "preview", "Dockerfile", tooltip="The files on the whole screen, and back"),
        Binding("f3", "next_file", "other file", show=False, tooltip="Show the next file in the preview"),
        Binding(
            FOLLOW_KEY, "follow", "follow", show=False, tooltip="Let this question follow the project again"
        ),
        Binding("pageup", "scroll_preview(-1)", show=False, tooltip="Scroll the preview up"),
        Binding("pagedown", "scroll_preview(1)", show=False, tooltip="Scroll the preview down"),
    ]

    def __init__(self) -> None:
        super().__init__(())
        self._due = False

    @property
    def step(self) -> int:
        """Index of the present step; another look at the project may move it."""
        keys = [step.key for step in way(self.dockwright.project)]
        key = self.form.info.key
        return keys.index(key) if key in keys else 0

    def compose(self) -> ComposeResult:
        """Header, steps, question, preview, keys."""
        app = self.dockwright
        first = way(app.project)[0]
        self.visited.add(first.key)
        yield HeaderBar()
        yield StepStrip()
        with Horizontal(id="body"):
            yield Rail()
            with Vertical(id="question"):
                yield QuestionForm(first, app.project, app.plan)
                yield ProblemLine()
            yield PreviewPane()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the answers, and follow them."""
        app = self.dockwright
        self._problems = problems(app.project, app.plan)
        self._show_answers()
        self.watch(app, "answers", self._answered, init=False)
        self.watch(app, "engine_state", self.show_header)
        self.watch(app, "built", self.show_steps, init=False)
        await self.enter(self.form.stop(None, 1))

    @property
    def form(self) -> QuestionForm:
        """The questions of the present step."""
        return self.query_one(QuestionForm)

    # Showing

    def _answered(self, answers: Answers) -> None:
        """What a person pressed is painted first, then what follows from it."""
        app = self.dockwright
        self._problems = problems(app.project, answers.plan)
        if self.form.info not in way(app.project):
            self.call_later(self.go, 0)
        elif not self._due:
            self._due = True
            self.call_after_refresh(self._show_answers)

    def _show_answers(self) -> None:
        app, self._due = self.dockwright, False
        if self.form.info not in way(app.project):
            return
        self._show_form()
        asked = [field.question.key for field in self.form.fields]
        self.query_one(PreviewPane).show(render(app.project, app.plan), app.plan, asked)
        self._show_problems()
        self.show_steps()

    def _show_form(self) -> None:
        app = self.dockwright
        where = f"{self.step + 1} of {len(way(app.project))}"
        self.form.show(where, app.project, app.answers, self._problems)

    def _show_problems(self) -> None:
        project, here = self.dockwright.project, self.step
        found = [*map(_draft_problem, self.dockwright.answers.drafts), *self._problems]
        self.show_problems(
            sorted(found, key=lambda p: (p.severity != ERROR, step_of(project, p.key) != here))
        )
        self.call_after_refresh(self._fit_form)

    @on(QuestionForm.Grown)
    def _fit_form(self) -> None:
        """The problem line follows the questions, and stays in sight when they need to scroll."""
        room = self.query_one("#question").size.height - self.query_one(ProblemLine).outer_size.height
        if self.form.styles.max_height or self.form.outer_size.height > room:
            self.form.styles.max_height = max(3, room)

    def on_resize(self, event: events.Resize) -> None:
        """Another height leaves other room for the questions."""
        self.call_after_refresh(self._fit_form)

    # Going

    async def go(self, step: int, *, last: bool = False) -> None:
        """Go to a step, at its last field if asked; forward at most to the first one that is in the way."""
        app = self.dockwright
        app.history.settle()
        step = min(step, len(way(app.project)) - 1)
        wrong = self._wrong()
        blocking = min((step_of(app.project, key) for key in wrong), default=step)
        if step > blocking:
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

    async def enter(self, place: Widget | None) -> None:
        """Give a place of the form the focus; its field unfolds first."""
        if place is not None:
            await self.form.unfold(place)
            self.set_focus(place)

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
            self._show_answers()

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

    async def action_line(self, by: int) -> None:
        """The field above or below; a table keeps the focus but for the line that belongs to it."""
        place = self.form.stop(self.focused, by)
        if place and (not isinstance(self.focused, ChoiceTable) or place in self.form.of(self.focused).stops):
            await self.enter(place)

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

    # Answering

    @on(FieldView.Wanted)
    async def _wanted(self, event: FieldView.Wanted) -> None:
        await self.enter(event.field.stops[0])

    @on(FieldView.Picked)
    def _picked(self, event: FieldView.Picked) -> None:
        self.dockwright.answer(event.key, event.value)

    @on(FieldView.Typed)
    def _typed(self, event: FieldView.Typed) -> None:
        self.dockwright.answer_text(event.key, event.text, event.parse)

    @on(Reason.Follow)
    def _follow(self, event: Reason.Follow) -> None:
        self.dockwright.follow(event.key)

    def on_descendant_focus(self) -> None:
        """Another question: its changes are a step of undo of their own."""
        self.dockwright.history.settle()

    @on(Input.Blurred)
    def _left(self) -> None:
        """A text that was left says its answer in full: 8080 becomes 8080/tcp."""
        self._show_form()

    def action_follow(self) -> None:
        """Let the question in focus follow the project."""
        field = next((field for field in self.form.fields if field.has_focus_within), None)
        if field:
            self.dockwright.history.settle()
            self.dockwright.follow(field.question.key)

    # The preview

    def action_preview(self) -> None:
        """The files on the whole screen."""
        from tui.screens.preview import PreviewScreen

        app, pane = self.dockwright, self.query_one(PreviewPane)
        self.app.push_screen(PreviewScreen(render(app.project, app.plan), app.plan, pane.chosen))

    def action_next_file(self) -> None:
        """Show the next file in the preview."""
        pane = self.query_one(PreviewPane)
        pane.choose(pane.chosen + 1)

    def action_scroll_preview(self, pages: int) -> None:
        """Scroll the preview."""
        code = self.query_one(PreviewPane).code
        code.scroll_relative(y=pages * max(1, code.size.height - 2), animate=False)

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers on this screen."""
        from tui.screens.commands import about_answers

        reachable = (i for i, step in enumerate(way(self.dockwright.project)) if step.key in self.visited)
        return about_answers(self.dockwright, (step for step in reachable if step != self.step))


def _draft_problem(drafted: tuple[str, Draft]) -> Problem:
    """What a text that is no answer means for going on; the reason stands under its field."""
    key, _ = drafted
    return Problem(
        DRAFT, key, ERROR, f"{question(key).title} has no valid answer yet.", "Correct it to go on."
    )
