"""Why a question has its answer: the project's reason, or a person's decision; or what is wrong."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from tui.core.defaults import Default
from tui.core.plan import value
from tui.core.project import Project
from tui.core.questions import Question
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Paragraph

FOLLOW_KEY = "f5"


class Reason(Paragraph):
    """Stands under a question's control. A click on it lets the question follow the project again."""

    DEFAULT_CSS = """
    Reason { padding: 0 1 0 2; color: $muted; }
    Reason:hover.-decided { background: $boost; }
    """

    class Follow(Message):
        """A person wants the project's own answer."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, project: Project, question: Question, heading: str = "") -> None:
        super().__init__()
        self._heading = f"{heading}\n" if heading else ""
        self._project, self._question = project, question
        self._shown: tuple[object, ...] = ()

    def show(self, answers: Answers) -> None:
        """Explain the present answer."""
        key = self._question.key
        default = self._question.default(self._project, answers.plan)
        draft, decided = answers.draft(key), key in answers.plan.answered
        facts = (draft, decided, default, value(answers.plan, key))
        if facts == self._shown:
            return
        self._shown = facts
        self.set_class(decided, "-decided")
        if draft:
            self.say(Content.styled(f"{GLYPHS.failed} {printable(draft.message)}", "$error"))
            return
        said = _decided(default, self._proposal(default, answers)) if decided else _proposed(default)
        said = said.stylize_before("$foreground") if self._heading else said
        self.say(Content.assemble((self._heading, "$primary"), said))

    def _proposal(self, default: Default, answers: Answers) -> str:
        text = self._question.text(default.value)
        choices = self._question.choices(self._project, answers.plan)
        return printable(next((choice.label for choice in choices if choice.value == text), text) or "none")

    def on_click(self, event: events.Click) -> None:
        """Follow the project."""
        if self.has_class("-decided"):
            self.post_message(self.Follow(self._question.key))


def _capital(reason: str) -> str:
    """A sentence's first letter, unless it starts with a file's name."""
    return reason if "." in reason.split(" ")[0] else reason[:1].upper() + reason[1:]


def _proposed(default: Default) -> Content:
    return Content.assemble(printable(_capital(default.reason)), *_where(default), ".")


def _decided(default: Default, name: str) -> Content:
    return Content.assemble(
        ("Your answer.", "$foreground"),
        f" The project suggests {name}: {printable(default.reason)}",
        *_where(default),
        ".\n",
        (FOLLOW_KEY, "bold $primary"),
        (" follow the project", "$foreground"),
    )


def _where(default: Default) -> list[tuple[str, str]]:
    return [(f" ({printable(str(default.evidence))})", "$secondary")] if default.evidence else []
