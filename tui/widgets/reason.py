"""Why a question has its answer: the project's reason, or a person's decision; or what is wrong."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from tui.core.plan import value
from tui.core.project import Project
from tui.core.proposal import Default
from tui.core.questions import Question
from tui.core.text import printable
from tui.history import Answers
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Paragraph

FOLLOW_KEY = "f5"
_NOTHING = Content("")


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

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def show(self, project: Project, answers: Answers) -> None:
        """Explain the present answer."""
        decided = self.question.key in answers.plan.answered
        self.set_class(decided, "-decided")
        if draft := answers.draft(self.question.key):
            self.say(wrong(draft.message))
            return
        default = self.question.default(project, answers.plan)
        if decided:
            why = Content.assemble(f": {printable(default.reason)}", where(self.question, default))
            name = self.question.text(default.value)
            same = default.value == value(answers.plan, self.question.key)
            self.say(decision("" if same else name or "none", why))
        else:
            self.say(Content.assemble(printable(capital(default.reason)), where(self.question, default), "."))

    def on_click(self, event: events.Click) -> None:
        """Follow the project; a place that is named opens instead."""
        if self.has_class("-decided") and "@click" not in event.style.meta:
            self.post_message(self.Follow(self.question.key))


def short_reason(project: Project, answers: Answers, question: Question) -> str:
    """The reason in one line of plain text."""
    if question.key in answers.plan.answered:
        return "Your answer."
    return f"{capital(question.default(project, answers.plan).reason)}."


def capital(reason: str) -> str:
    """A sentence's first letter, unless it starts with a file's name."""
    return reason if "." in reason.split(" ")[0] else reason[:1].upper() + reason[1:]


def wrong(message: str) -> Content:
    """What is wrong with a text that is no answer."""
    return Content.styled(f"{GLYPHS.failed} {printable(message)}", "$error")


def decision(name: str, why: Content = _NOTHING) -> Content:
    """That a person decided; ``name`` is what the project would take, empty for the same."""
    return Content.assemble(
        ("Your answer.", "$foreground"),
        f" The project suggests {printable(name) or 'it too'}",
        why,
        ". ",
        (FOLLOW_KEY, "bold $primary"),
        (" follow the project", "$foreground"),
    )


def where(question: Question, default: Default, most: int = 60) -> Content:
    """The first place that shows it, with what stands there in at most so many cells, and how many more do.

    Empty without any.
    """
    if not default.seen:
        return _NOTHING
    first, *rest = default.seen
    shown = "" if first.why in default.reason else f" {printable(first.why)}"
    why = Content(shown).truncate(most, ellipsis=True)
    more = f", and {len(rest)} more" if rest else ""
    place = (printable(str(first)), f"@click=screen.open_evidence('{question.key}')")
    return Content.assemble(" (", place, why, f"{more})")
