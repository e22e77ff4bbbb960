"""A log with its title above and a search line below."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.widgets.glyphs import GLYPHS
from tui.widgets.header_bar import GAP
from tui.widgets.log_view import LogView, Stamp
from tui.widgets.spool import Spool
from tui.widgets.text_input import TextInput


class SearchInput(TextInput):
    """Where the search text is typed; enter goes to the log with it, esc ends the search."""

    BINDINGS = [
        Binding("enter", "submit", "find", tooltip="Go to the first match"),
        Binding("escape", "end_search", "close", tooltip="End the search"),
    ]

    class Ended(Message):
        """The person no longer searches."""

    def action_end_search(self) -> None:
        """Close."""
        self.post_message(self.Ended())


class LogPane(Vertical):
    """``title`` says whose log it is; ``placeholder`` what an empty one means."""

    DEFAULT_CSS = """
    LogPane { padding: 1 0 0 2; background: $background; }
    LogPane #log-title { height: 2; padding: 0 2 1 0; text-wrap: nowrap; }
    LogPane:focus-within #log-title { color: $primary; }
    LogPane #log-empty { display: none; color: $muted; height: auto; padding: 0 2 0 0; }
    LogPane #log-search { display: none; height: 1; background: $background; padding: 0; }
    LogPane.-empty #log-empty { display: block; }
    LogPane.-searching #log-search { display: block; }
    """

    class Changed(Message):
        """Whether it follows or searches has changed, and with it the keys that make sense."""

    def __init__(self, stamp: Stamp, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = LogView(stamp, id="log-view")
        # Held, since the title may still be drawn when the screen has let go of them.
        self._heading = Static(id="log-title", markup=False)
        self._nothing = Static(id="log-empty", markup=False)
        self._title = ""
        self._live = True
        self._wants_jump = False
        self._followed = False

    def compose(self) -> ComposeResult:
        """Title, log or the reason there is none, search."""
        yield self._heading
        yield self._nothing
        yield self.view
        yield SearchInput(placeholder="search the log", id="log-search", select_on_focus=False)

    def show(self, title: str, spool: Spool, placeholder: str, *, live: bool = True) -> None:
        """Show a log; ``live`` while more may come."""
        self._title, self._live = title, live
        if spool is not self.view.spool:
            self.view.show(spool)
        self._nothing.update(Content(placeholder))
        self.update()

    def flush(self) -> None:
        """Take in what came since."""
        begun = self.has_class("-empty") and len(self.view.spool) > 0
        if self.view.flush() or begun:
            if self._wants_jump and self.view.jump():
                self._wants_jump = False
            self.update()

    def update(self) -> None:
        """Redraw the title line."""
        self.set_class(not len(self.view.spool), "-empty")
        status = Content.styled(self._status(), "$muted")
        width = self._heading.size.width
        title = Content.styled(self._title, "bold")
        title = title.truncate(max(1, width - status.cell_length - GAP), ellipsis=True)
        gap = " " * max(GAP, width - title.cell_length - status.cell_length)
        self._heading.update(Content.assemble(title, gap, status))

    def _status(self) -> str:
        view = self.view
        if view.search is not None:
            total = len(view.search.lines)
            if not total:
                return "not found"
            at = view.search.position(view.found) if view.found is not None else 0
            return f"{at} of {total:,} found" if at else f"{total:,} found"
        if view.spool.full:
            return "disk full, log incomplete"
        if not len(view.spool):
            return ""
        if not self._live:
            return "1 line" if len(view.spool) == 1 else f"{len(view.spool):,} lines"
        return "following" if view.follow else f"{view.lines_below:,} lines below {GLYPHS.down}"

    @property
    def searching(self) -> bool:
        """Whether a search is on."""
        return self.view.search is not None

    @property
    def search_open(self) -> bool:
        """Whether there is a search to end, be it without a text."""
        return self.searching or self.has_class("-searching")

    def open_search(self) -> None:
        """Type what to look for."""
        self._followed = self.view.follow or (self._followed and self.searching)
        self.add_class("-searching")
        self.query_one(SearchInput).focus()

    def close_search(self) -> None:
        """No marks, no search line; it follows again if it did before."""
        self.remove_class("-searching")
        self.query_one(SearchInput).value = ""
        self.view.find("")
        if self._followed:
            self.view.action_follow()
        self.update()
        self.post_message(self.Changed())

    def jump(self, *, back: bool = False) -> None:
        """The next or the previous match."""
        self.view.jump(back=back)
        self.update()

    @on(SearchInput.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.view.find(event.value)
        self._wants_jump = bool(event.value) and not self.view.jump()
        self.update()
        self.post_message(self.Changed())

    @on(SearchInput.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.remove_class("-searching")
        self.view.focus()

    @on(SearchInput.Ended)
    def _ended(self, event: SearchInput.Ended) -> None:
        event.stop()
        self.close_search()
        self.view.focus()

    @on(LogView.FollowChanged)
    def _follow_changed(self, event: LogView.FollowChanged) -> None:
        event.stop()
        self.update()
        self.post_message(self.Changed())

    def on_resize(self) -> None:
        """The title line has the pane's width."""
        self.call_after_refresh(self.update)
