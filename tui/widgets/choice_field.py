"""A question with choices: a table of them, and advice on the row the cursor is on."""

from __future__ import annotations

from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui.core.plan import value
from tui.core.rules import Fix
from tui.widgets.advice import Advice
from tui.widgets.choice_rows import Row
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.field_view import Shown
from tui.widgets.fields import TextField
from tui.widgets.lines import is_low
from tui.widgets.offer import Offer
from tui.widgets.reason import Reason
from tui.widgets.text_input import TextInput

_AROUND, _AROUND_LOW = 12, 10
"""Lines that belong to no question: header, steps, title, problem, keys, and the air between them."""
_ADVICE, _ADVICE_LOW = 8, 5
"""Lines of the advice, so that nothing moves when another row is looked at."""
_REASON = 2


class ChoiceField(TextField):
    """Rows to choose from; with ``free`` also a line for what is not among them."""

    class Enabled(Message):
        """A choice that was forbidden is wanted, and the change that lets it through."""

        def __init__(self, key: str, value: object, fix: Fix) -> None:
            super().__init__()
            self.key, self.value, self.fix = key, value, fix

    def controls(self) -> tuple[Widget, ...]:
        self._offer = Offer(self.question)
        self.table = ChoiceTable(self.title, self.question.help, searches=True)
        self.table.allowed = lambda choice: self._offer.verdict(choice) is None
        self.table.fixable = lambda choice: self._offer.fix(choice) is not None
        self.input = TextInput(compact=True, placeholder="or type another")
        if self.question.free:
            self.table.not_found = self.input.go_on
        return (self.table, self.input) if self.question.free else (self.table,)

    def make_reason(self) -> Reason:
        self.advice = Advice(self.question)
        return self.advice

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self.table, self.input) if self.question.free else (self.table,)

    @property
    def place(self) -> Widget:
        draft = self.shown and self.shown.answers.draft(self.question.key)
        return self.stops[-1] if draft else self.table

    def show_parts(self, shown: Shown) -> None:
        """The answer at once; which rows a rule forbids may take until after the next frame."""
        self._offer.renew(shown.project, shown.answers.plan, shown.problems)
        now = self.question.text(value(shown.answers.plan, self.question.key))
        self._fit()
        self._show_rows(now)
        self._advise()
        if self.question.free:
            known = any(choice.value == now for choice in self._offer.choices)
            self.write(shown.answers, "" if known else now)
        self.call_after_refresh(self._judge)

    def _fit(self) -> None:
        low, advises = is_low(self.app), any(choice.why for choice in self._offer.choices)
        self.advice.least = (_ADVICE_LOW if low else _ADVICE) if advises else _REASON
        around = _AROUND_LOW if low else _AROUND
        self.table.spare = around + self.advice.least + self.others + self.question.free

    def _show_rows(self, now: str) -> None:
        known = ((choice, self._offer.known(choice.value)) for choice in self._offer.choices)
        self.table.show([Row(choice, problem.what if problem else "") for choice, problem in known], now)

    def _advise(self) -> None:
        if self.shown:
            project, answers, _ = self.shown
            problem = self._offer.known(self.table.at)
            table, choices = self.table, self._offer.choices
            fix = self._offer.fix(table.at) if problem else None
            self.advice.show_row(project, answers, choices, table.at, problem, fix, pitch=not table.says_all)

    def _judge(self) -> None:
        """Judge the rows in sight, a few at a time so that no key has to wait."""
        if self.is_attached and not self.folded:
            done = self._offer.judge(self.table.in_sight)
            self._show_rows(self.table.value)
            self._advise()
            if not done:
                self.call_later(self._judge)

    def brief(self, shown: Shown) -> str:
        """The chosen row's label."""
        now = super().brief(shown)
        self._offer.renew(shown.project, shown.answers.plan, shown.problems)
        return next((choice.label for choice in self._offer.choices if choice.value == now), now)

    @on(ChoiceTable.Chosen)
    def _chosen(self, event: ChoiceTable.Chosen) -> None:
        event.stop()
        self.post_message(self.Picked(self.question.key, self.question.parse(event.value)))

    @on(ChoiceTable.Looked)
    def _looked(self, event: ChoiceTable.Looked) -> None:
        event.stop()
        self._judge()
        self.screen.refresh_bindings()

    @on(ChoiceTable.FixWanted)
    def _fix_wanted(self, event: ChoiceTable.FixWanted) -> None:
        event.stop()
        if fix := self._offer.fix(self.table.at):
            self.post_message(self.Enabled(self.question.key, self.question.parse(self.table.at), fix))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        event.prevent_default()  # an empty line is no answer here
        key = self.question.key
        if event.value:
            self.post_message(self.Typed(key, event.value, self.parse))
        elif self.shown and self._row_is_behind(self.shown):
            self.post_message(self.Picked(key, value(self.shown.answers.plan, key)))
        else:
            self.post_message(Reason.Follow(key))

    def _row_is_behind(self, shown: Shown) -> bool:
        """Whether a person chose a row, and the text that was emptied was never an answer."""
        key, (plan, _) = self.question.key, shown.answers
        known = any(choice.value == self.question.text(value(plan, key)) for choice in self._offer.choices)
        return known and key in plan.answered and shown.answers.draft(key) is not None
