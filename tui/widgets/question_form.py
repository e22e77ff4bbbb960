"""The questions of one step, each with its control and its reason."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import STEPS, Question, StepInfo, questions_of
from tui.core.rules import blocked
from tui.core.validate import Invalid
from tui.history import Answers
from tui.widgets.choice_table import ChoiceTable, Row, titled
from tui.widgets.lines import Lines
from tui.widgets.list_field import FoundItems, Item
from tui.widgets.reason import Reason
from tui.widgets.text_input import TextInput

_LEADING = {"base": ("runtime", "builder", "go")}
"""The order on screen, where it is not the order the answers depend on each other."""


class FieldTitle(Lines):
    """A question and its help, on one line where they fit."""

    DEFAULT_CSS = """
    FieldTitle { padding: 0 2; }
    """

    def __init__(self, title: str, help: str) -> None:
        super().__init__()
        self._title, self._help = title, help

    def lines(self, width: int) -> list[Content]:
        """Title, then help."""
        return titled(self._title, self._help, width, "").wrap(max(10, width))


class FieldView(Vertical):
    """One question: its control shows the answer and says what a person does to it."""

    HEADING = ""
    PLACEHOLDER = ""

    class Picked(Message):
        """A value was chosen."""

        def __init__(self, key: str, value: object) -> None:
            super().__init__()
            self.key, self.value = key, value

    class Typed(Message):
        """The text of the answer changed."""

        def __init__(self, key: str, text: str) -> None:
            super().__init__()
            self.key, self.text = key, text

    def __init__(self, project: Project, question: Question, step: StepInfo, *, folds: bool = False) -> None:
        super().__init__(id=question.key, classes="-folds" if folds else "")
        self.project, self.question = project, question
        self.title = "" if question.title == step.title else question.title
        self.input = TextInput(compact=True, placeholder=self.PLACEHOLDER)
        self._reason = Reason(project, question, "" if folds else self.HEADING)

    def compose(self) -> ComposeResult:
        """Control, then reason."""
        yield from self.controls()
        yield self._reason
        yield from self.extras()

    def controls(self) -> Iterator[Widget]:
        """The widgets that take the answer."""
        raise NotImplementedError

    def extras(self) -> Iterator[Widget]:
        """What stands under the reason."""
        yield from ()

    def show(self, answers: Answers) -> None:
        """Show the present answer."""
        self._reason.show(answers)

    def write(self, answers: Answers, text: str) -> None:
        """Put the draft, else the text, into the input; it is not rewritten while a person types it."""
        draft = answers.draft(self.question.key)
        wanted = draft.text if draft else text
        typed = not draft and self.input.has_focus and self._means(self.input.value, answers.plan)
        if self.input.value != wanted and not typed:
            with self.prevent(Input.Changed):
                self.input.value = wanted

    def _means(self, text: str, plan: Plan) -> bool:
        try:
            return bool(self.question.parse(text) == value(plan, self.question.key))
        except Invalid:
            return False

    @property
    def stops(self) -> tuple[Widget, ...]:
        """Where the focus goes, in order."""
        return (self.input,)


class TextField(FieldView):
    """A line of text."""

    def controls(self) -> Iterator[Widget]:
        yield FieldTitle(self.title, self.question.help)
        yield self.input

    def show(self, answers: Answers) -> None:
        super().show(answers)
        self.write(answers, self.question.text(value(answers.plan, self.question.key)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.question.key, event.value))


class ChoiceField(FieldView):
    """Rows to choose from; with ``free`` also a line for what is not among them."""

    HEADING = "Why this one"
    PLACEHOLDER = "or type another"

    def controls(self) -> Iterator[Widget]:
        folds = self.has_class("-folds")
        self.table = ChoiceTable(self.title, self.question.help, folds=folds)
        yield self.table
        if self.question.free:
            yield self.input

    def show(self, answers: Answers) -> None:
        super().show(answers)
        key, plan = self.question.key, answers.plan
        now = self.question.text(value(plan, key))
        choices = self.question.choices(self.project, plan)
        self.table.show([Row(choice, self._blocked(plan, choice.value, now)) for choice in choices], now)
        if self.question.free:
            self.write(answers, "" if any(choice.value == now for choice in choices) else now)

    def _blocked(self, plan: Plan, choice: str, now: str) -> str:
        if choice == now:
            return ""
        problem = blocked(self.project, plan, self.question.key, self.question.parse(choice))
        return problem.what if problem else ""

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self.table, self.input) if self.question.free else (self.table,)

    @on(ChoiceTable.Chosen)
    def _chosen(self, event: ChoiceTable.Chosen) -> None:
        event.stop()
        self.post_message(self.Picked(self.question.key, self.question.parse(event.value)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value:
            self.post_message(self.Typed(self.question.key, event.value))
        else:
            self.post_message(Reason.Follow(self.question.key))


class ListField(TextField):
    """Items in a line of text; those the project shows are rows to take or leave."""

    def extras(self) -> Iterator[Widget]:
        self._found = FoundItems(_found(self.project))
        self._found.display = bool(_found(self.project))
        yield self._found

    def show(self, answers: Answers) -> None:
        super().show(answers)
        self._taken: tuple[str, ...] = value(answers.plan, self.question.key)
        self._found.show(self._taken)

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self.input, self._found)

    @on(FoundItems.Toggled)
    def _toggled(self, event: FoundItems.Toggled) -> None:
        event.stop()
        rest = tuple(item for item in self._taken if item != event.item)
        self.post_message(self.Picked(self.question.key, (*rest, event.item) if event.taken else rest))


_FIELDS: dict[str, type[FieldView]] = {
    "text": TextField,
    "choice": ChoiceField,
    "switch": ChoiceField,
    "list": ListField,
}


def _found(project: Project) -> tuple[Item, ...]:
    ports = {f"{port.port}/{port.protocol}": port.evidence for port in project.ports}
    return tuple(ports.items())


class StepTitle(Lines):
    """What a step is about, and how far along it is."""

    DEFAULT_CSS = """
    StepTitle { margin: 0 2 1 2; }
    """

    def __init__(self, title: str, help: str, step: int) -> None:
        super().__init__()
        self._title, self._help, self._where = title, help, f"{step + 1} of {len(STEPS) + 1}"

    def say(self, help: str) -> None:
        """Replace the help."""
        self._help = help
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        """Title and position, then the help."""
        gap = max(2, width - len(self._title) - len(self._where))
        title = Content.assemble((self._title, "bold"), " " * gap, (self._where, "$muted"))
        return [title, Content.styled(self._help, "$muted")]


class QuestionForm(VerticalScroll, can_focus=False):
    """One step: what it is about, and its questions."""

    def __init__(self, project: Project, step: int) -> None:
        super().__init__()
        self.step = step
        info = STEPS[step]
        asked = {question.key: question for question in questions_of(info.key)}
        keys = _LEADING.get(info.key, tuple(asked))
        self.fields = tuple(
            _FIELDS[asked[key].kind](
                project, asked[key], info, folds=key in keys[1:] and info.key in _LEADING
            )
            for key in keys
        )

    def compose(self) -> ComposeResult:
        """Title, help, fields."""
        info = STEPS[self.step]
        yield StepTitle(info.title, info.help, self.step)
        yield from self.fields

    def show(self, answers: Answers) -> None:
        """Show the present answers."""
        for field in self.fields:
            field.show(answers)

    def stop(self, place: Widget | None, by: int) -> Widget | None:
        """Where the focus goes from a place in this form, forward or back; from None to the first or last."""
        stops = [stop for field in self.fields for stop in field.stops]
        here = stops.index(place) if place in stops else -1 if by > 0 else len(stops)
        ahead = stops[here + 1 :] if by > 0 else reversed(stops[:here])
        return next((stop for stop in ahead if stop.display), None)

    def field(self, key: str) -> FieldView | None:
        """The field of that question, or None."""
        return next((field for field in self.fields if field.question.key == key), None)
