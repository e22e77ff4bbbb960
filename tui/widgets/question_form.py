"""The questions of one step."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.questions import MACHINE, Question, StepInfo, questions_of, summary
from tui.core.rules import Problem
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.choice_field import ChoiceField
from tui.widgets.field_view import FieldView, Shown
from tui.widgets.fields import LinesField, ListField, SwitchField, TextField
from tui.widgets.folded_line import Folded, FoldedLine
from tui.widgets.lines import Lines, is_low

_LEADING = {
    "base": ("runtime", "builder", "go"),
    "machine": ("registry", "proxy", "ca-file", "netrc", "pin", "engine", "deliver"),
}
"""The order on screen, where it is not the order the answers depend on each other."""
_AT_ONCE = 2
"""A step with more questions than this shows one of them in full, the others in a line each."""
_FIELD = 6
"""Lines of a question in full that has no table."""
_ANSWER = 26
MACHINE_KEY = "f7"
_LEADS = ("base", "details")
"""Steps in which someone may look for what the build machine needs; in few rows the last one hints at it."""


def _field(question: Question, step: StepInfo, *, folds: bool, offers: bool) -> FieldView:
    title = "" if question.title == step.title else question.title
    kinds = {
        "text": TextField,
        "choice": ChoiceField,
        "switch": ChoiceField if offers else SwitchField,
        "list": ListField,
        "lines": LinesField,
    }
    return kinds[question.kind](question, title, folds=folds)


class StepTitle(Lines):
    """What a step is about, and how far along it is."""

    DEFAULT_CSS = """
    StepTitle { margin: 0 2 1 2; }
    """

    def __init__(self, info: StepInfo, where: str = "") -> None:
        super().__init__()
        self._title, self._help, self._where = info.title, info.help, where

    def show(self, where: str) -> None:
        """Say how far along it is."""
        if where != self._where:
            self._where = where
            self.refresh()

    def say(self, help: str) -> None:
        """Replace the help."""
        self._help = help
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        """Title and position, then the help; on one line where there are few."""
        title, help = Content.styled(self._title, "bold"), Content.styled(self._help, "$muted")
        gap = width - title.cell_length - cell_len(self._where)
        if is_low(self.app) and gap >= help.cell_length + 4:
            title, help = title.append("  ").append(help), Content("")
            gap -= help.cell_length + 2
        gap = width - title.cell_length - cell_len(self._where)
        top = Content.assemble(title, " " * max(2, gap), (self._where, "$muted"))
        return [top, help] if help else [top]


class QuestionForm(VerticalScroll, can_focus=False, inherit_bindings=False):
    """One step: what it is about, and its questions."""

    class Grown(Message):
        """The questions take more lines than before, or fewer."""

    def __init__(self, info: StepInfo, project: Project, plan: Plan) -> None:
        super().__init__()
        self.info = info
        asked = {question.key: question for question in questions_of(info.key)}
        ordered = [asked[key] for key in _LEADING.get(info.key, tuple(asked))]
        self._folds = len(ordered) > _AT_ONCE
        self.fields = tuple(
            _field(question, info, folds=self._folds, offers=bool(question.choices(project, plan)))
            for question in ordered
        )
        leads = info.key in _LEADS and not is_low(self.app)
        self._machine = FoldedLine() if leads else None
        self._hint = (
            f"{MACHINE_KEY} {MACHINE.title.lower()}   " if info.key == "details" and not leads else ""
        )
        for number, field in enumerate(self.fields):
            field.others = (len(ordered) - 1) * (1 if self._folds else _FIELD) + bool(number) + leads
        self._title = StepTitle(info)

    def compose(self) -> ComposeResult:
        """Title, help, fields, and the way to the build machine where someone may look for it."""
        yield self._title
        yield from self.fields
        if self._machine:
            yield self._machine

    def on_resize(self) -> None:
        """Other things on the screen may have to give way."""
        self.post_message(self.Grown())

    def show(self, where: str, project: Project, answers: Answers, problems: Sequence[Problem]) -> None:
        """Show the present answers; ``where`` says how far along the step is."""
        shown = Shown(project, answers, problems)
        self._title.show(self._hint + where)
        for field in self.fields:
            field.show(shown)
        self._show_folded(shown)

    def _show_folded(self, shown: Shown) -> None:
        folded = [(f.line, f.summary(shown)) for f in self.fields if f.folded and f.display]
        if self._machine:
            answer = summary(shown.answers.plan, MACHINE.key)
            folded.append((self._machine, Folded(MACHINE.title, answer, MACHINE.help, key=MACHINE_KEY)))
        title = max((cell_len(said.title) for _, said in folded), default=0)
        room = max((cell_len(printable(said.answer)) for _, said in folded), default=0) or 1
        for line, said in folded:
            line.show(said, title, min(room, _ANSWER))

    async def unfold(self, place: Widget) -> None:
        """Show the field of that place in full, and the others in a line where they fold."""
        here = self.of(place)
        if self._folds and here.folded:
            for field in self.fields:
                if field is not here and not field.folded:
                    field.fold()
            await here.unfold()
            if here.shown:
                self._show_folded(here.shown)

    def of(self, place: Widget) -> FieldView:
        """The field that place belongs to."""
        return next(field for field in self.fields if place in field.stops)

    def stop(self, place: Widget | None, by: int) -> Widget | None:
        """Where the focus goes from a place in this form, forward or back; from None to the first or last."""
        stops = [stop for field in self.fields if field.display for stop in field.stops]
        here = stops.index(place) if place in stops else -1 if by > 0 else len(stops)
        ahead = stops[here + 1 :] if by > 0 else list(reversed(stops[:here]))
        return next(iter(ahead), None)

    def field(self, key: str) -> FieldView | None:
        """The field of that question, or None."""
        return next((field for field in self.fields if field.question.key == key), None)
