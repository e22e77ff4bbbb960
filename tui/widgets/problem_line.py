"""The one thing that matters about the answers: no problems, or the problem with its fix."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message

from tui.core.rules import ERROR, Fix, Problem
from tui.core.text import printable
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Paragraph

FIX_KEY = "f4"
UNREAD = "image-unread"
"""Rule of an own image nobody has read: an engine can."""
UNPINNED = "unpinned"
"""Rule of a base image without the digest that others have: an engine can look it up."""
DRAFT = "draft"
"""Rule of a text that is no answer: typing solves it, and nothing else."""


class ProblemLine(Paragraph):
    """The first of the problems given; a click applies its fix.

    Where no answer solves an error, the project has to change: then it can be read again. An own image
    nobody has read is read.
    """

    DEFAULT_CSS = """
    ProblemLine { padding: 0 2; }
    ProblemLine.-fixable:hover { background: $boost; }
    """

    class Grown(Message):
        """The problem takes more lines than the one before, or fewer."""

    class FixWanted(Message):
        """A person wants the fix of the shown problem; None reads again what its ``rule`` is about."""

        def __init__(self, fix: Fix | None, rule: str) -> None:
            super().__init__()
            self.fix, self.rule = fix, rule

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._problems: tuple[Problem, ...] | None = None
        self._where = ""

    @property
    def problem(self) -> Problem | None:
        """The problem on show."""
        return self._problems[0] if self._problems else None

    @property
    def can_fix(self) -> bool:
        """Whether there is something to press."""
        return self.problem is not None and bool(_way_out(self.problem))

    def fix(self) -> None:
        """Ask for it."""
        if self.problem is not None and self.can_fix:
            self.post_message(self.FixWanted(self.problem.fix, self.problem.rule))

    def show(self, problems: Sequence[Problem], where: str = "") -> None:
        """Show the first problem. ``where`` names its step when that is not the present one."""
        if (tuple(problems), where) == (self._problems, self._where):
            return
        self._problems, self._where = tuple(problems), where
        self.set_class(self.can_fix, "-fixable")
        self.say(_sentence(self.problem, where, len(problems) - 1) if self.problem else _NONE)

    def on_resize(self) -> None:
        """The questions may have to give way."""
        self.post_message(self.Grown())

    def on_click(self, event: events.Click) -> None:
        """Fix it."""
        self.fix()


_BY_ENGINE = {UNREAD: "Read the image", UNPINNED: "Look up its digest"}
_NONE = Content.assemble((f"{GLYPHS.done} ", "$success"), ("No problems with these answers.", "$muted"))


def _way_out(problem: Problem) -> str:
    if problem.fix:
        return problem.fix.label
    if problem.rule in _BY_ENGINE:
        return _BY_ENGINE[problem.rule]
    return "Read the project again" if problem.severity == ERROR and problem.rule != DRAFT else ""


def _sentence(problem: Problem, where: str, more: int) -> Content:
    error = problem.severity == ERROR
    sign, color = (GLYPHS.failed, "$error") if error else (GLYPHS.warning, "$warning")
    parts: list[Content | tuple[str, str]] = [
        (f"{sign} ", f"bold {color}"),
        (f"{where}: " if where else "", color),
        (printable(problem.what), color),
        (f" {printable(problem.why)}", "$muted"),
    ]
    if more > 0:
        parts.append((f"  and {more} more", "$muted"))
    if way_out := _way_out(problem):
        parts += [("\n", ""), (FIX_KEY, "bold $primary"), (f" {printable(way_out)}", "$foreground")]
    return Content.assemble(*parts)
