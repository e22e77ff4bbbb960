"""What a question and a step of the wizard are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core.catalog import short_name

if TYPE_CHECKING:
    from tui.core.choices import Choice
    from tui.core.plan import Plan
    from tui.core.project import Project
    from tui.core.proposal import Default

CHOICE, TEXT, SWITCH, LIST, LINES = "choice", "text", "switch", "list", "lines"
NONE = "none"
"""The text of an empty list."""


def _always(*_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class StepInfo:
    """One step of the wizard; its questions are those that name its key.

    ``shown`` tells whether a project has anything to answer there.
    """

    key: str
    title: str
    help: str
    shown: Callable[[Project], bool] = _always


def no_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """``kind`` is ``choice``, ``text``, ``switch``, ``list`` (words by comma) or ``lines`` (one each).

    ``one`` turns text into the answer, for a list into one item of it, or raises
    ``validate.Invalid``. ``step`` is empty for what the wizard does not ask. ``shown`` tells whether
    the question means anything for these other answers. ``saved`` tells whether the answers file
    keeps it: what belongs to a machine or may be secret is not kept. A ``choice`` with ``free`` takes
    other text too.
    """

    key: str
    title: str
    help: str
    kind: str
    one: Callable[[str], Any]
    default: Callable[[Project, Plan], Default]
    metavar: str
    step: str = ""
    free: bool = False
    saved: bool = True
    shown: Callable[[Project, Plan], bool] = _always
    choices: Callable[[Project, Plan], tuple[Choice, ...]] = no_choices

    @property
    def flag(self) -> str:
        return f"--{self.key}"

    @property
    def is_list(self) -> bool:
        return self.kind in (LIST, LINES)

    def parse(self, text: str) -> Any:
        """The answer that text means. Raises ``validate.Invalid`` with the reason."""
        return self.items(self._split(text)) if self.is_list else self.one(text)

    def items(self, texts: list[str]) -> tuple[Any, ...]:
        """The answer of a list from the texts of its items. Raises ``validate.Invalid``."""
        if texts == [NONE]:
            return ()
        return tuple(dict.fromkeys(self.one(text) for text in texts))

    def given(self, texts: list[str]) -> tuple[Any, ...]:
        """The answer of a list from a repeated flag. Raises ``validate.Invalid``."""
        return self.items(
            [item for text in texts for item in self._split(text)] if self.kind == LIST else texts
        )

    def text(self, answer: Any) -> str:
        """The answer as text that ``parse`` takes."""
        if self.kind == SWITCH:
            return "on" if answer else "off"
        if self.is_list:
            return (", " if self.kind == LIST else "\n").join(answer)
        return str(answer)

    def typed(self, answer: Any) -> str:
        """The answer as a person would type it: base images by their short names."""
        return short_name(answer) if self.key in ("builder", "runtime") else self.text(answer)

    def check(self, answer: Any) -> None:
        """Raises ``validate.Invalid`` for an answer that no text gives."""
        for part in answer if self.is_list else (self.text(answer),):
            self.one(part)

    def _split(self, text: str) -> list[str]:
        parts = re.split(r"[, ]", text) if self.kind == LIST else text.split("\n")
        return [part for part in parts if part]
