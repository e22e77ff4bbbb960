"""Every state of the answers, oldest first, so that undo and redo lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from tui.core.plan import Plan, answer, follow, unanswer, value
from tui.core.project import Project
from tui.core.validate import Invalid


class Draft(NamedTuple):
    """Text a person typed that is no answer yet; ``message`` says why."""

    text: str
    message: str


class Answers(NamedTuple):
    """The plan, and the drafts as (question key, draft) pairs. A draft never changes the plan."""

    plan: Plan
    drafts: tuple[tuple[str, Draft], ...] = ()

    def draft(self, key: str) -> Draft | None:
        """The draft of that question, or None."""
        return next((draft for drafted, draft in self.drafts if drafted == key), None)


class History:
    """``now`` is the present state. Changes to one question in a row are one step of undo."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self.project = project
        self.now = Answers(plan)
        self._past: list[Answers] = []
        self._future: list[Answers] = []
        self._open = ""
        self._written = self._given

    @property
    def _given(self) -> dict[str, Any]:
        return {key: value(self.now.plan, key) for key in self.now.plan.answered}

    @property
    def unwritten(self) -> bool:
        """Whether a person's answers differ from those at the start, or when they were written last."""
        return self._given != self._written

    def note_written(self) -> None:
        """The present answers are on disk."""
        self._written = self._given

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def answer(self, key: str, value: Any) -> None:
        """Answer a question."""
        self._record(key, answer(self.project, self.now.plan, key, value), None)

    def answer_text(self, key: str, text: str, parse: Callable[[str], Any]) -> None:
        """Answer a question with what ``parse`` makes of a text; where it raises Invalid, keep a draft."""
        try:
            self.answer(key, parse(text))
        except Invalid as error:
            self._record(key, self.now.plan, Draft(text, str(error)))

    def follow(self, key: str) -> None:
        """Let a question follow the project again."""
        self._record(key, unanswer(self.project, self.now.plan, key), None)

    def take(self, plan: Plan) -> None:
        """Another set of answers, as one step of undo; texts that were no answers go."""
        self.settle()
        self._enter("set", Answers(plan))

    def adopt(self, project: Project) -> None:
        """Follow another look at the project; no step of undo, since nobody answered anything."""
        self.project = project
        self.now = self.now._replace(plan=follow(project, self.now.plan))

    def settle(self) -> None:
        """What comes next is a step of undo of its own."""
        self._open = ""

    def undo(self) -> None:
        """Back to the state before the last change."""
        self._travel(self._past, self._future)

    def redo(self) -> None:
        """Forward to the state before the last undo."""
        self._travel(self._future, self._past)

    def _travel(self, source: list[Answers], target: list[Answers]) -> None:
        if source:
            target.append(self.now)
            self.now = source.pop()
        self.settle()

    def _record(self, key: str, plan: Plan, draft: Draft | None) -> None:
        kept = tuple(pair for pair in self.now.drafts if pair[0] != key)
        self._enter(key, self.now._replace(plan=plan, drafts=(*kept, (key, draft)) if draft else kept))

    def _enter(self, key: str, new: Answers) -> None:
        if new == self.now:
            return
        if key != self._open:
            self._past.append(self.now)
        self._open = key
        self._future.clear()
        self.now = new
