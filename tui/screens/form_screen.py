"""A form of questions beside the files that grow from the answers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from tui.core.project import Evidence
from tui.core.questions import StepInfo, question
from tui.core.render import render
from tui.core.rules import ERROR, Problem, both, problems
from tui.history import Answers, Draft
from tui.screens.steps_screen import MACHINE_BINDING, STEPS_BINDINGS, StepsScreen
from tui.widgets.choice_field import ChoiceField
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.field_view import FieldView
from tui.widgets.folded_line import FoldedLine
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.preview_pane import PreviewPane
from tui.widgets.problem_line import DRAFT, ProblemLine
from tui.widgets.question_form import QuestionForm
from tui.widgets.rail import Rail
from tui.widgets.reason import FOLLOW_KEY, Reason
from tui.widgets.step_strip import StepStrip
from tui.widgets.steps import title_of

FORM_BINDINGS = (
    Binding("up", "line(-1)", show=False, tooltip="The field above"),
    Binding("down", "line(1)", show=False, tooltip="The field below"),
    *STEPS_BINDINGS,
    Binding("f2", "preview", "Dockerfile", tooltip="The files on the whole screen, and back"),
    Binding("f3", "next_file", "other file", show=False, tooltip="Show the next file in the preview"),
    Binding(FOLLOW_KEY, "follow", "follow", show=False, tooltip="Let this question follow the project again"),
    Binding("f6", "open_evidence", "code", tooltip="Open the file where this was seen, in your editor"),
    MACHINE_BINDING,
    Binding("pageup", "scroll_preview(-1)", show=False, tooltip="Scroll the preview up"),
    Binding("pagedown", "scroll_preview(1)", show=False, tooltip="Scroll the preview down"),
)


class FormScreen(StepsScreen, inherit_bindings=False):
    """Subclasses put :data:`FORM_BINDINGS` among their own, and say what is asked first."""

    def __init__(self, visited: Iterable[str] = ()) -> None:
        super().__init__(visited)
        self._due = False

    def first(self) -> StepInfo:
        """What is asked when the screen opens."""
        raise NotImplementedError

    def where(self) -> str:
        """How far along the present questions are."""
        return ""

    def compose(self) -> ComposeResult:
        """Header, steps, question, preview, keys."""
        app = self.dockwright
        yield HeaderBar()
        yield StepStrip()
        with Horizontal(id="body"):
            yield Rail()
            with Vertical(id="question"):
                yield QuestionForm(self.first(), app.project, app.plan)
                yield ProblemLine()
            yield PreviewPane()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the answers, and follow them."""
        app = self.dockwright
        self._problems = problems(app.project, app.plan)
        self.show_answers()
        self.watch(app, "answers", self._answered, init=False)
        self.watch(app, "engine_state", self.show_header)
        self.watch(app, "built", self.show_steps, init=False)
        await self.enter(self.place)

    @property
    def place(self) -> Widget | None:
        """Where the focus is when the screen opens."""
        return self.form.stop(None, 1)

    @property
    def form(self) -> QuestionForm:
        """The questions on show."""
        return self.query_one(QuestionForm)

    @property
    def asked(self) -> FieldView | None:
        """The field that has the focus, or None."""
        return next((field for field in self.form.fields if field.has_focus_within), None)

    # Showing

    def _answered(self, answers: Answers) -> None:
        """What a person pressed is painted first, then what follows from it."""
        self._problems = problems(self.dockwright.project, answers.plan)
        if not self._due:
            self._due = True
            self.call_after_refresh(self.show_answers)

    def show_answers(self) -> None:
        """Show what follows from the present answers."""
        app, self._due = self.dockwright, False
        self.show_form()
        asked = [field.question.key for field in self.form.fields]
        self.query_one(PreviewPane).show(render(app.project, app.plan), app.plan, asked)
        self._show_problems()
        self.show_steps()

    def show_form(self) -> None:
        """Show the present answers in the form."""
        app = self.dockwright
        self.form.show(self.where(), app.project, app.answers, self._problems)

    def _show_problems(self) -> None:
        project, here = self.dockwright.project, self.here
        found = [*map(_draft_problem, self.dockwright.answers.drafts), *self._problems]
        self.show_problems(
            sorted(found, key=lambda p: (p.severity != ERROR, title_of(project, p.key) != here))
        )
        self.call_after_refresh(self._fit_form)

    @on(QuestionForm.Grown)
    @on(ProblemLine.Grown)
    def _fit_form(self) -> None:
        """The problem line follows the questions, and stays in sight when they need to scroll."""
        room = self.query_one("#question").size.height - self.query_one(ProblemLine).outer_size.height
        if self.form.styles.max_height or self.form.outer_size.height > room:
            self.form.styles.max_height = max(3, room)

    def on_resize(self, event: events.Resize) -> None:
        """Another height leaves other room for the questions."""
        self.call_after_refresh(self._fit_form)

    def on_screen_resume(self) -> None:
        """What changed below another screen was not laid out meanwhile."""
        self.call_after_refresh(self._fit_form)

    # Going

    async def enter(self, place: Widget | None) -> None:
        """Give a place of the form the focus; its field unfolds first."""
        if place is not None:
            await self.form.unfold(place)
            self.set_focus(place)

    async def action_line(self, by: int) -> None:
        """The field above or below; a table keeps the focus but for the line that belongs to it."""
        place = self.form.stop(self.focused, by)
        if place and (not isinstance(self.focused, ChoiceTable) or place in self.form.of(self.focused).stops):
            await self.enter(place)

    # Answering

    @on(FieldView.Wanted)
    async def _wanted(self, event: FieldView.Wanted) -> None:
        await self.enter(event.field.stops[0])

    @on(FoldedLine.Clicked)
    def _machine_wanted(self) -> None:
        self.action_machine()

    @on(FieldView.Picked)
    def _picked(self, event: FieldView.Picked) -> None:
        self.dockwright.answer(event.key, event.value)

    @on(ChoiceField.Enabled)
    def _enabled(self, event: ChoiceField.Enabled) -> None:
        app = self.dockwright
        app.take(both(app.project, app.plan, event.key, event.value, event.fix))

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
        self.show_form()

    def action_follow(self) -> None:
        """Let the question in focus follow the project."""
        if self.asked:
            self.dockwright.history.settle()
            self.dockwright.follow(self.asked.question.key)

    # Where it was seen

    def seen(self, key: str = "") -> tuple[Evidence, ...]:
        """Where the project shows the proposal for that question, without one for that in focus."""
        app, field = self.dockwright, self.form.field(key) if key else self.asked
        return field.question.default(app.project, app.plan).seen if field else ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        if action == "open_evidence":
            return bool(self.is_mounted and self.seen(*map(str, parameters)))
        return super().check_action(action, parameters)

    def action_open_evidence(self, key: str = "") -> None:
        """Open the file that shows it, at its line."""
        self._open(self.seen(key)[0])

    def _open(self, seen: Evidence) -> None:
        from tui.screens.editing import show

        self.app.run_worker(show(self.dockwright, seen), group="editor", exit_on_error=False)

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers on this screen: every place that shows the proposal."""
        from tui.screens.commands import plain

        yield from super().commands()
        seen = self.seen()
        for number, place in enumerate(seen, 1):
            which = f", place {number} of {len(seen)}" if len(seen) > 1 else ""
            yield plain(f"Open the code{which}", f"{place} {place.why}", partial(self._open, place))

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


def _draft_problem(drafted: tuple[str, Draft]) -> Problem:
    """What a text that is no answer means for going on; the reason stands under its field."""
    key, _ = drafted
    return Problem(
        DRAFT, key, ERROR, f"{question(key).title} has no valid answer yet.", "Correct it to go on."
    )
