"""A question on the screen: its control, its reason, and the one line it folds to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import Question
from tui.core.rules import ERROR, Problem
from tui.history import Answers
from tui.widgets.choice_rows import titled
from tui.widgets.folded_line import Folded, FoldedLine
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines
from tui.widgets.reason import Reason, short_reason

Parse = Callable[[str], Any]


class Shown(NamedTuple):
    """What a form shows: the project, the answers, and what is wrong with them."""

    project: Project
    answers: Answers
    problems: Sequence[Problem]


class FieldTitle(Lines):
    """A question and its help, on one line where they fit."""

    DEFAULT_CSS = """
    FieldTitle { padding: 0 2; }
    """

    def __init__(self, title: str, help: str) -> None:
        super().__init__()
        self._title, self._help = title, help
        self._asked = False

    def mark(self, asked: bool) -> None:
        """Whether this is the question that is being answered."""
        if asked != self._asked:
            self._asked = asked
            self.refresh()

    def lines(self, width: int) -> list[Content]:
        """Title, then help."""
        style = "bold" if self._asked else ""
        return titled(self._title, self._help, width, style).wrap(max(10, width))


class FieldView(Vertical):
    """One question: its control shows the answer and says what a person does to it.

    A field that ``folds`` is one line until it is unfolded; its ``parts`` come into being then.
    ``others`` are the lines that the other questions need.
    """

    class Picked(Message):
        """A value was chosen."""

        def __init__(self, key: str, value: object) -> None:
            super().__init__()
            self.key, self.value = key, value

    class Typed(Message):
        """The text of the answer changed; ``parse`` gives what it means, or raises ``Invalid``."""

        def __init__(self, key: str, text: str, parse: Parse) -> None:
            super().__init__()
            self.key, self.text, self.parse = key, text, parse

    def __init__(self, question: Question, title: str, *, folds: bool) -> None:
        super().__init__(id=question.key, classes="-folded" if folds else "")
        self.question, self.title = question, title
        self.line = FoldedLine()
        self.reason = self.make_reason()
        self.parts = (*self.controls(), self.reason, *self.extras())
        self.shown: Shown | None = None
        self.others = 0

    def compose(self) -> ComposeResult:
        """One line, or all parts."""
        yield from (self.line,) if self.folded else self.parts

    def make_reason(self) -> Reason:
        """What says why."""
        return Reason(self.question)

    def controls(self) -> tuple[Widget, ...]:
        """The widgets that take the answer."""
        raise NotImplementedError

    def extras(self) -> tuple[Widget, ...]:
        """What stands under the reason."""
        return ()

    @property
    def stops(self) -> tuple[Widget, ...]:
        """Where the focus goes, in order."""
        raise NotImplementedError

    @property
    def place(self) -> Widget:
        """Where the focus goes when something is wrong with the answer."""
        return self.stops[0]

    @property
    def folded(self) -> bool:
        """True while the field is one line."""
        return self.has_class("-folded")

    async def unfold(self) -> None:
        """Show the whole question."""
        if self.folded:
            self.remove_class("-folded")
            if not self.reason.is_attached:
                await self.mount_all(self.parts)
            if self.shown:
                self.show_parts(self.shown)

    def fold(self) -> None:
        """Show the question in one line."""
        self.add_class("-folded")
        if not self.line.is_attached:
            self.mount(self.line, before=0)

    def show(self, shown: Shown) -> None:
        """Show the present answer, where the field is not folded."""
        self.shown = shown
        self.display = self.question.shown(shown.project, shown.answers.plan)
        if not self.folded:
            self.show_parts(shown)

    def show_parts(self, shown: Shown) -> None:
        """Show the present answer."""
        self.reason.show(shown.project, shown.answers)

    def summary(self, shown: Shown) -> Folded:
        """What the one line says."""
        project, answers, problems = shown
        key, sign = self.question.key, None
        reason = short_reason(project, answers, self.question)
        if draft := answers.draft(key):
            sign, reason = (GLYPHS.failed, "$error"), draft.message
        elif problem := next((problem for problem in problems if problem.key == key), None):
            error = problem.severity == ERROR
            sign = (GLYPHS.failed, "$error") if error else (GLYPHS.warning, "$warning")
            reason = problem.what
        return Folded(self.question.title, draft.text if draft else self.brief(shown), reason, sign)

    def brief(self, shown: Shown) -> str:
        """The answer in one line."""
        return self.text(shown.answers.plan)

    def text(self, plan: Plan) -> str:
        """The answer as a person types it here."""
        return self.question.text(value(plan, self.question.key))

    def parse(self, text: str) -> Any:
        """What a text typed here means. Raises ``Invalid``."""
        return self.question.parse(text)

    def on_descendant_focus(self) -> None:
        """This question is being answered."""
        self._mark(True)

    def on_descendant_blur(self) -> None:
        """Another one is."""
        self._mark(False)

    def _mark(self, asked: bool) -> None:
        for part in self.parts:
            if isinstance(part, FieldTitle):
                part.mark(asked)

    @on(FoldedLine.Clicked)
    async def _clicked(self, event: FoldedLine.Clicked) -> None:
        event.stop()
        self.post_message(self.Wanted(self))

    class Wanted(Message):
        """A person wants to answer this question."""

        def __init__(self, field: FieldView) -> None:
            super().__init__()
            self.field = field
