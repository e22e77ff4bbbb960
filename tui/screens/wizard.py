"""The questions, one step at a time, beside the files that grow from the answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui.app import DockwrightApp
from tui.core.questions import STEPS, question
from tui.core.render import render
from tui.core.rules import ERROR, Problem, problems
from tui.history import Answers, Draft
from tui.screens.header import show_header
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.problem_line import FIX_KEY, ProblemLine
from tui.widgets.question_form import FieldView, QuestionForm
from tui.widgets.rail import Rail, StepChosen
from tui.widgets.reason import FOLLOW_KEY, Reason
from tui.widgets.size_estimate import size_note
from tui.widgets.step_strip import StepStrip
from tui.widgets.steps import REVIEW, step_of, step_views


class WizardScreen(Screen[None], inherit_bindings=False):
    """Back always works. Forward waits while a text of this or an earlier step is no answer."""

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
        Binding("f2", "preview", "Dockerfile", tooltip="The files on the whole screen, and back"),
        Binding("f3", "next_file", "other file", show=False, tooltip="Show the next file in the preview"),
        Binding(FIX_KEY, "fix", "fix", show=False, tooltip="Apply the fix of the problem shown"),
        Binding(
            FOLLOW_KEY, "follow", "follow", show=False, tooltip="Let this question follow the project again"
        ),
        Binding("pageup", "scroll_preview(-1)", show=False, tooltip="Scroll the preview up"),
        Binding("pagedown", "scroll_preview(1)", show=False, tooltip="Scroll the preview down"),
        Binding("ctrl+c,super+c", "copy_text", show=False, system=True),
    ]
    AUTO_FOCUS = None

    step: var[int] = var(0, init=False)

    def __init__(self) -> None:
        super().__init__()
        self.visited = 0
        self._problems: tuple[Problem, ...] = ()

    @property
    def dockwright(self) -> DockwrightApp:
        """The application this screen belongs to."""
        return cast(DockwrightApp, self.app)

    def compose(self) -> ComposeResult:
        """Header, steps, question, preview, keys."""
        yield HeaderBar()
        yield StepStrip()
        with Horizontal(id="body"):
            yield Rail()
            with Vertical(id="question"):
                yield QuestionForm(self.dockwright.project, 0)
                yield ProblemLine()
            yield PreviewPane()
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the answers, and follow them."""
        app = self.dockwright
        self.watch(app, "answers", self._show_answers)
        self.watch(app, "engine_state", self._show_header)
        self.watch(app, "built", self._show_steps, init=False)
        self.set_focus(self.form.stop(None, 1))

    @property
    def form(self) -> QuestionForm:
        """The questions of the present step."""
        return self.query_one(QuestionForm)

    # Showing

    def _show_answers(self, answers: Answers) -> None:
        app = self.dockwright
        self._problems = problems(app.project, answers.plan)
        self.form.show(answers)
        asked = [field.question.key for field in self.form.fields]
        self.query_one(PreviewPane).show(render(app.project, answers.plan), answers.plan, asked)
        self._show_problems()
        self._show_steps()

    def _show_problems(self) -> None:
        found = [*map(_draft_problem, self.dockwright.answers.drafts), *self._problems]
        ordered = sorted(found, key=lambda p: (p.severity != ERROR, step_of(p.key) != self.step))
        where = (
            STEPS[step_of(ordered[0].key)].title if ordered and step_of(ordered[0].key) != self.step else ""
        )
        self.query_one(ProblemLine).show(ordered, where)
        self.call_after_refresh(self._fit_form)

    def _show_steps(self) -> None:
        app = self.dockwright
        views = step_views(app.answers, self._problems, self.step, self.visited)
        size = size_note(app.plan, app.measured)
        self.query_one(Rail).show(views, size)
        self.query_one(StepStrip).show(views, size)

    def _show_header(self) -> None:
        show_header(self.query_one(HeaderBar), self.dockwright)

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
        """Go to a step, at its last field if asked; forward at most to the first text that is no answer."""
        app = self.dockwright
        app.history.settle()
        wrong = min((step_of(key) for key, _ in app.answers.drafts), default=REVIEW)
        if step > wrong:
            step = wrong
            self.app.bell()
        self.visited = max(self.visited, min(step, REVIEW))
        if step == REVIEW:
            self._review()
        elif step != self.step:
            await self._change(step)
        self.set_focus(self._wrong() or self.form.stop(None, -1 if last else 1))

    async def _change(self, step: int) -> None:
        old, new = self.form, QuestionForm(self.dockwright.project, step)
        self.step = step
        self.query_one(PreviewPane).forget_line()
        with self.app.batch_update():
            await old.remove()
            await self.query_one("#question").mount(new, before=0)
            self._show_answers(self.dockwright.answers)

    def _review(self) -> None:
        from tui.screens.review import ReviewScreen

        self._show_steps()
        self.app.push_screen(ReviewScreen(self.visited))

    def _wrong(self) -> Widget | None:
        """The input of the first text in this step that is no answer."""
        fields = (self.form.field(key) for key, _ in self.dockwright.answers.drafts)
        return next((field.input for field in fields if field), None)

    async def action_next(self) -> None:
        """Confirm this step and go on."""
        await self.go(self.step + 1)

    async def action_back(self) -> None:
        """Go to the step before."""
        if self.step:
            await self.go(self.step - 1)

    async def action_next_field(self) -> None:
        """The next field; after the last one, the next step."""
        if following := self.form.stop(self.focused, 1):
            self.set_focus(following)
        else:
            await self.go(self.step + 1)

    async def action_previous_field(self) -> None:
        """The field before; before the first one, the step before."""
        if before := self.form.stop(self.focused, -1):
            self.set_focus(before)
        elif self.step:
            await self.go(self.step - 1, last=True)

    @on(StepChosen)
    async def _step_chosen(self, event: StepChosen) -> None:
        await self.go(event.step)

    # Answering

    @on(FieldView.Picked)
    def _picked(self, event: FieldView.Picked) -> None:
        self.dockwright.answer(event.key, event.value)

    @on(FieldView.Typed)
    def _typed(self, event: FieldView.Typed) -> None:
        self.dockwright.answer_text(event.key, event.text)

    @on(Reason.Follow)
    def _follow(self, event: Reason.Follow) -> None:
        self.dockwright.follow(event.key)

    @on(ProblemLine.FixWanted)
    def _fix(self, event: ProblemLine.FixWanted) -> None:
        self.dockwright.history.settle()
        self.dockwright.answer(event.fix.key, event.fix.value)

    def on_descendant_focus(self) -> None:
        """Another question: its changes are a step of undo of their own."""
        self.dockwright.history.settle()

    @on(Input.Blurred)
    def _left(self) -> None:
        """A text that was left says its answer in full: 8080 becomes 8080/tcp."""
        self.form.show(self.dockwright.answers)

    def action_fix(self) -> None:
        """Apply the fix of the problem shown."""
        problem = self.query_one(ProblemLine).problem
        if problem and problem.fix:
            self.post_message(ProblemLine.FixWanted(problem.fix))

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
        steps = (step for step in range(self.visited + 1) if step != self.step)
        return self.dockwright.shared_commands(steps)


def _draft_problem(drafted: tuple[str, Draft]) -> Problem:
    """What a text that is no answer means for going on; the reason stands under its field."""
    key, _ = drafted
    return Problem(
        "draft", key, ERROR, f"{question(key).title} has no valid answer yet.", "Correct it to go on."
    )
