"""What a question offers while its other answers stay, and which of it a rule forbids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter

from tui.core.choices import Choice
from tui.core.plan import Plan, value
from tui.core.project import Project
from tui.core.questions import Question
from tui.core.rules import ERROR, Fix, Problem, blocked, enabling

_SLICE = 0.004
"""Seconds of judging in a row, a quarter of a frame."""


class Offer:
    """Judging a choice means trying it on all rules, so it is done once, and only where somebody looks."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.choices: tuple[Choice, ...] = ()
        self._plan = Plan()
        self._project: Project | None = None
        self._rests_on: object = None
        self._verdicts: dict[str, Problem | None] = {}
        self._before: dict[str, Problem | None] = {}
        self._fixes: dict[str, Fix | None] = {}

    def renew(self, project: Project, plan: Plan, problems: Sequence[Problem]) -> None:
        """Take in the present answers; what another answer to this question changes is known already."""
        key = self.question.key
        others = frozenset((other, value(plan, other)) for other in plan.answered if other != key)
        rests_on = others, frozenset(p.rule for p in problems if p.severity == ERROR)
        self._plan = plan
        if project is not self._project or rests_on != self._rests_on:
            self._project, self._rests_on = project, rests_on
            self.choices = self.question.choices(project, plan)
            self._before, self._verdicts = self._before | self._verdicts, {}
            self._fixes = {}

    def verdict(self, choice: str) -> Problem | None:
        """What forbids that choice, worked out if need be."""
        if choice not in self._verdicts and self._project is not None:
            answer = self.question.parse(choice)
            self._verdicts[choice] = blocked(self._project, self._plan, self.question.key, answer)
        return self._verdicts.get(choice)

    def known(self, choice: str) -> Problem | None:
        """What forbids that choice as far as is known; what was true before holds until it is judged."""
        return self._verdicts[choice] if choice in self._verdicts else self._before.get(choice)

    def fix(self, choice: str) -> Fix | None:
        """The change of another answer that lets a forbidden choice through, worked out if need be."""
        if choice not in self._fixes and self._project is not None:
            answer = self.question.parse(choice)
            self._fixes[choice] = enabling(self._project, self._plan, self.question.key, answer)
        return self._fixes.get(choice)

    def judge(self, choices: Iterable[str]) -> bool:
        """Work out some of these; True when all of them are."""
        until = perf_counter() + _SLICE
        for choice in choices:
            if choice not in self._verdicts:
                if perf_counter() > until:
                    return False
                self.verdict(choice)
        return True
