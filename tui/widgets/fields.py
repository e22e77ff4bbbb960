"""The kinds of questions on the screen: a text, a switch, a list of items."""

from __future__ import annotations

import shlex
from typing import Any

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from tui.core.plan import Plan, value
from tui.core.validate import Invalid
from tui.history import Answers
from tui.widgets.field_view import FieldTitle, FieldView, Shown
from tui.widgets.offered_items import OfferedItems
from tui.widgets.switch_line import SwitchLine
from tui.widgets.text_input import TextInput


class TextField(FieldView):
    """A line of text."""

    def controls(self) -> tuple[Widget, ...]:
        self.input = TextInput(compact=True, placeholder=self.question.metavar)
        return (FieldTitle(self.title, self.question.help), self.input)

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self.input,)

    @property
    def place(self) -> Widget:
        return self.input

    def show_parts(self, shown: Shown) -> None:
        super().show_parts(shown)
        self.write(shown.answers, self.text(shown.answers.plan))

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
            return bool(self.parse(text) == value(plan, self.question.key))
        except Invalid:
            return False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(self.question.key, event.value, self.parse))


class SwitchField(FieldView):
    """On or off."""

    def controls(self) -> tuple[Widget, ...]:
        self._switch = SwitchLine()
        return (FieldTitle(self.title, self.question.help), self._switch)

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self._switch,)

    def show_parts(self, shown: Shown) -> None:
        super().show_parts(shown)
        self._switch.show(value(shown.answers.plan, self.question.key))

    @on(SwitchLine.Switched)
    def _switched(self, event: SwitchLine.Switched) -> None:
        event.stop()
        self.post_message(self.Picked(self.question.key, event.on))


class ListField(TextField):
    """Items in a line of text; those the project shows are rows to take or leave."""

    def extras(self) -> tuple[Widget, ...]:
        self._offered = OfferedItems()
        return (self._offered,)

    @property
    def stops(self) -> tuple[Widget, ...]:
        return (self.input, self._offered) if self._choices else (self.input,)

    @property
    def _choices(self) -> tuple[object, ...]:
        shown = self.shown
        return self.question.choices(shown.project, shown.answers.plan) if shown else ()

    def show_parts(self, shown: Shown) -> None:
        super().show_parts(shown)
        choices = self.question.choices(shown.project, shown.answers.plan)
        self._offered.display = bool(choices)
        self._taken: tuple[str, ...] = value(shown.answers.plan, self.question.key)
        self._offered.show(choices, self._taken)

    @on(OfferedItems.Toggled)
    def _toggled(self, event: OfferedItems.Toggled) -> None:
        event.stop()
        rest = tuple(item for item in self._taken if item != event.item)
        self.post_message(self.Picked(self.question.key, (*rest, event.item) if event.taken else rest))


class LinesField(ListField):
    """Items that may hold commas: words as a shell takes them, in quotes where they hold blanks."""

    def text(self, plan: Plan) -> str:
        return shlex.join(value(plan, self.question.key))

    def parse(self, text: str) -> Any:
        try:
            return self.question.items(shlex.split(text))
        except ValueError as error:
            raise Invalid(f"{self.question.title}: a quote is not closed.") from error
