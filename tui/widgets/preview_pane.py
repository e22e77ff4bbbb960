"""The generated files, live: tabs, the text, and the note of the line under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.core.plan import Plan
from tui.core.render import File, LineNote
from tui.widgets.code_view import CodeView
from tui.widgets.file_tabs import FileTabs
from tui.widgets.line_note import LineNoteView
from tui.widgets.syntax import syntax_of


class PreviewPane(Vertical):
    """Shows one of the files. It never jumps: a change keeps the place it is scrolled to."""

    DEFAULT_CSS = """
    PreviewPane { background: $surface; }
    PreviewPane CodeView { height: 1fr; background: $surface; scrollbar-background: $surface; }
    """

    def __init__(self, *, focusable: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.code = CodeView(focusable=focusable)
        self._tabs, self._note = FileTabs(), LineNoteView()
        self._files: tuple[File, ...] = ()
        self._plan = Plan()
        self._asked: tuple[str, ...] = ()
        self.chosen = 0

    def compose(self) -> ComposeResult:
        """Tabs, text, note."""
        yield self._tabs
        yield self.code
        yield self._note

    def show(self, files: Sequence[File], plan: Plan, asked: Sequence[str] = ()) -> None:
        """Show these files. Without a line to look at, the note is of a question in ``asked``."""
        first = not self._files
        self._files, self._plan, self._asked = tuple(files), plan, tuple(asked)
        lines, syntax = self.file.text.splitlines(), syntax_of(self.file.path)
        if first:
            self.code.show(lines, syntax)
        else:
            self.code.update_lines(lines, syntax)
        self._refresh_tabs()
        self._explain()

    @property
    def file(self) -> File:
        """The file on show."""
        return self._files[self.chosen]

    def choose(self, index: int) -> None:
        """Show another file, from its top."""
        self.chosen = index % len(self._files)
        self.code.show(self.file.text.splitlines(), syntax_of(self.file.path))
        self._refresh_tabs()
        self._explain()

    def forget_line(self) -> None:
        """Nobody looks at a certain line any more."""
        self.code.cursor = -1

    def _refresh_tabs(self) -> None:
        self._tabs.show([file.path for file in self._files], self.chosen, self.code.changed.sentence())

    def _explain(self) -> None:
        self._note.show(self._note_now(), self._plan)

    def _note_now(self) -> LineNote | None:
        notes, cursor = self.file.notes, self.code.cursor
        if cursor >= 0:
            return next((note for note in notes if note.first <= cursor + 1 <= note.last), None)
        if changed := self.code.changed.lines:
            line = min(changed) + 1
            return next((note for note in notes if note.first <= line <= note.last), None)
        return next((note for key in self._asked for note in notes if note.key == key), None)

    @on(FileTabs.Chosen)
    def _tab_chosen(self, event: FileTabs.Chosen) -> None:
        event.stop()
        self.choose(event.index)

    @on(CodeView.CursorMoved)
    def _cursor_moved(self, event: CodeView.CursorMoved) -> None:
        event.stop()
        self._explain()

    @on(CodeView.Unmarked)
    def _unmarked(self, event: CodeView.Unmarked) -> None:
        event.stop()
        self._refresh_tabs()
