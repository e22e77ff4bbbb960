"""What helps to decide on the row the cursor is on: why this one, why not, and why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content

from tui.core.choices import Choice
from tui.core.project import Project
from tui.core.questions import Question
from tui.core.rules import Fix, Problem
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.problem_line import FIX_KEY
from tui.widgets.reason import Reason, capital, decision, where, wrong

_LABEL = 9
_SEEN = 26
"""Cells of what stands at the place that shows it: the table above has the first claim on the lines."""


class Part(NamedTuple):
    """A paragraph and what it is about; without a label it takes the whole width."""

    label: str
    color: str
    text: Content


class Advice(Reason):
    """Stands under a table and follows its cursor; labels stand in a column of their own.

    It takes at ``least`` so many lines, and so moves nothing when it says something else.
    """

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self._parts: tuple[Part, ...] = ()
        self.least = 0

    def show_row(
        self,
        project: Project,
        answers: Answers,
        choices: tuple[Choice, ...],
        at: str,
        problem: Problem | None,
        fix: Fix | None,
        *,
        pitch: bool,
    ) -> None:
        """Advise on the choice with the value ``at``, which ``problem`` forbids and ``fix`` lets through.

        ``pitch`` says it again where the row has no room for it.
        """
        choice = next((choice for choice in choices if choice.value == at), None)
        self.set_class(self.question.key in answers.plan.answered, "-decided")
        if draft := answers.draft(self.question.key):
            self._parts = (Part("", "", wrong(draft.message)),)
        elif problem:
            self._parts = (Part("Why not", "$error", _forbidden(problem, fix)),)
        else:
            self._parts = tuple(self._said(project, answers, choices, choice, pitch))
        self.say(Content("\n").join(part.text for part in self._parts))

    def _said(
        self,
        project: Project,
        answers: Answers,
        choices: tuple[Choice, ...],
        choice: Choice | None,
        pitch: bool,
    ) -> Iterator[Part]:
        default = self.question.default(project, answers.plan)
        proposed = self.question.text(default.value)
        decided = self.question.key in answers.plan.answered
        if not decided or (choice and choice.value == proposed):
            seen = where(self.question, default, _SEEN)
            reason = Content.assemble(printable(capital(default.reason)), seen, ".")
            yield Part("Why", "$primary", reason)
        elif choice and (why := choice.why or (f"{capital(choice.pitch)}." if pitch else "")):
            yield Part("Why", "$primary", Content(printable(why)))
        if choice and choice.why_not:
            yield Part("Why not", "$warning", Content(printable(choice.why_not)))
        if decided:
            name = next((other.label for other in choices if other.value == proposed), proposed or "none")
            yield Part("", "", decision("" if choice and choice.value == proposed else name))

    def lines(self, width: int) -> list[Content]:
        """The paragraphs, wrapped beside their labels."""
        lines: list[Content] = []
        for label, color, text in self._parts:
            indent = _LABEL if label else 0
            first, *rest = text.wrap(max(10, width - indent)) or [Content("")]
            lines.append(Content.styled(f"{label:<{indent}}", color).append(first))
            lines += [line.pad_left(indent) for line in rest]
        return lines + [Content("")] * (self.least - len(lines))


def _forbidden(problem: Problem, fix: Fix | None) -> Content:
    why = printable(f"{problem.what} {problem.why}")
    if fix is None:
        return Content(why)
    way_out = (f" {printable(fix.label)}", "$foreground")
    return Content.assemble(f"{why}\n", (FIX_KEY, "bold $primary"), way_out)
