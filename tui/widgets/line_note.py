"""What a line of a generated file is for, and which answer it comes from."""

from __future__ import annotations

from textual.content import Content

from tui.core.plan import Plan
from tui.core.questions import question
from tui.core.render import LineNote
from tui.widgets.lines import Paragraph


class LineNoteView(Paragraph):
    """The note of the lines a person looks at."""

    DEFAULT_CSS = """
    LineNoteView { height: 6; padding: 1 2; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[LineNote | None, bool] | None = None

    def show(self, note: LineNote | None, plan: Plan) -> None:
        """Show a note; none leaves the place empty."""
        decided = note is not None and note.key in plan.answered
        if (note, decided) != self._shown:
            self._shown = note, decided
            self.say(_text(note, decided) if note else Content(""))


def _text(note: LineNote, decided: bool) -> Content:
    lines = str(note.first) if note.first == note.last else f"{note.first}–{note.last}"
    source = "from your answer" if decided else "from the proposed answer"
    return Content.assemble(
        (f"{lines}  ", "$primary"), note.text, "\n", (f"{source}  ", "$muted"), question(note.key).title
    )
