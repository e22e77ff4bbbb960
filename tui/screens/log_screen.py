"""What the build and the run screen share: a stream that is read, and a log that can be used."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar, TypeVar

from platformdirs import user_log_path
from textual import on
from textual.binding import Binding
from textual.screen import Screen

from tui.core.events import Event
from tui.screens.inbox import Inbox
from tui.widgets.log_pane import LogPane

Result = TypeVar("Result")
Clock = Callable[[], float]

COPY_LINES = 2000
"""Lines a terminal's clipboard can be expected to take."""
RATE = 1 / 20

END_SEARCH = Binding(
    "escape", "end_search", "end search", id="end-search", tooltip="End the search of the log"
)
"""Stands before what else esc does on a screen."""

LOG_BINDINGS = [
    Binding("slash", "search", "search", id="search", tooltip="Search the log"),
    Binding("n", "jump(False)", "next", id="next", tooltip="The next match"),
    Binding("N", "jump(True)", "previous", id="previous", tooltip="The match before"),
    Binding("f,end", "follow", "follow", id="follow", tooltip="Follow the newest lines again"),
    Binding("pageup", "page(-1)", show=False, id="page-up", tooltip="Scroll the log up"),
    Binding("pagedown", "page(1)", show=False, id="page-down", tooltip="Scroll the log down"),
    Binding("c", "copy_log", "copy", id="copy", tooltip="Copy the selected text, or the log"),
    Binding("s", "save_log", "save log", id="save", tooltip="Save the log to a file and say where"),
    # An answer taken back from here would change unseen.
    Binding("ctrl+z,ctrl+y", "nothing", show=False, system=True),
    Binding("v", "only_log", "log only", id="only", tooltip="Give the log the whole screen, and back"),
]


class LogScreen(Screen[Result]):
    """Subclasses take events in :meth:`receive` and put :data:`LOG_BINDINGS` among their own."""

    LOG_NAME: ClassVar[str] = "log"

    def __init__(self, *, tag: str, clock: Clock = time.time) -> None:
        super().__init__()
        self.tag = tag
        self.clock = clock
        self.inbox: Inbox | None = None
        self.leaving = False
        self._gone = False
        self._left: Callable[[], object] | None = None

    @property
    def pane(self) -> LogPane:
        """The log."""
        return self.query_one(LogPane)

    @property
    def busy(self) -> bool:
        """Something is under way that leaving would stop."""
        return self.inbox is not None and not self.inbox.done

    def receive(self, events: list[Event]) -> None:
        """Take in what came, an empty list included: twenty times a second."""
        raise NotImplementedError

    def log_parts(self) -> Iterator[str]:
        """The whole log as it is saved."""
        yield from self.pane.view.spool.text()

    def touched(self) -> None:
        """The person uses the log."""

    async def read(self, stream: AsyncGenerator[Event, None]) -> None:
        """Read this stream from now on; what the one before did has ended first."""
        await self.close_stream()
        if self._gone:
            await stream.aclose()
        else:
            self.inbox = Inbox(stream)

    async def close_stream(self) -> None:
        """End what is under way and wait for its end."""
        if self.inbox is not None:
            await self.inbox.close()

    async def on_mount(self) -> None:
        """Take events in batches."""
        self.set_interval(RATE, self._tick)

    def leave(self, result: Result) -> None:
        """End what is under way, then dismiss with ``result`` as soon as nothing lies on top."""
        if not self.leaving:
            self.leaving = True
            self.run_worker(self._leave(result), group="leave", exit_on_error=False)
            self.refresh_bindings()

    async def _leave(self, result: Result) -> None:
        await self.close_stream()
        self._left = partial(self.finish, result)
        self.on_screen_resume()

    def finish(self, result: Result) -> None:
        """Dismiss, once: a key pressed twice reaches a screen that is already gone."""
        if self.is_active:
            self.dismiss(result)

    def on_screen_resume(self) -> None:
        """What lay on top is gone."""
        if self._left is not None:
            self._left()

    async def on_unmount(self) -> None:
        """Nothing is left behind, whichever way the screen goes."""
        self._gone = True
        await self.close_stream()

    def _tick(self) -> None:
        self.receive(self.inbox.take() if self.inbox is not None else [])
        self.pane.flush()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        if not self.is_mounted:
            return True
        if action == "jump":
            return self.pane.searching
        if action == "end_search":
            return self.pane.search_open
        if action == "follow":
            return self.can_follow
        return True

    @property
    def can_follow(self) -> bool:
        """Whether following is off, so that it can be switched on."""
        return not self.pane.view.follow

    def action_search(self) -> None:
        """Type what to look for."""
        self.touched()
        self.pane.open_search()

    def action_end_search(self) -> None:
        """Back to the log as it was."""
        self.pane.close_search()

    def action_jump(self, back: bool) -> None:
        """Next or previous match."""
        self.pane.jump(back=back)

    def action_follow(self) -> None:
        """To the end, and stay there."""
        self.pane.view.action_follow()

    def action_nothing(self) -> None:
        """The app's undo does not reach the answers from here."""

    def action_page(self, by: int) -> None:
        """Scroll the log by nearly its height."""
        view = self.pane.view
        view.scroll_relative(y=by * max(1, view.size.height - 2), animate=False)

    def action_only_log(self) -> None:
        """The log alone, and back."""
        self.touched()
        self.toggle_class("-only-log")

    def action_copy_log(self) -> None:
        """What is selected, else the log's last lines."""
        self.touched()
        selected = self.get_selected_text()
        if selected:
            self.app.copy_to_clipboard(selected)
            self.notify("Copied the selected text.", markup=False)
            return
        spool = self.pane.view.spool
        start = max(0, len(spool) - COPY_LINES)
        self.app.copy_to_clipboard("".join(spool.text(start)))
        rest = f" of {len(spool):,}; s saves all of them" if start else ""
        self.notify(f"Copied the last {len(spool) - start:,} lines{rest}.", markup=False)

    async def action_save_log(self) -> None:
        """All of it, to a file of its own."""
        self.touched()
        path = log_path(f"{self.LOG_NAME}-{self.tag}", self.clock())
        try:
            await asyncio.to_thread(_write, path, self.log_parts())
        except OSError as error:
            self.notify(
                f"The log could not be saved to {path}: {error.strerror}.", severity="error", markup=False
            )
        else:
            self.notify(f"Saved to {path}", timeout=10, markup=False)

    @on(LogPane.Changed)
    def _log_changed(self) -> None:
        if not self.pane.view.follow:
            self.touched()
        self.refresh_bindings()


def log_path(name: str, moment: float) -> Path:
    """Where a log is saved: the user's log directory, never the project."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(moment))
    return user_log_path("dockwright") / f"{safe}-{stamp}.log"


def _write(path: Path, parts: Iterator[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(parts)
