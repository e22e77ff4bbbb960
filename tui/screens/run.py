"""The running container: its address and state, its log, its size, and how it ended."""

from __future__ import annotations

import time
import webbrowser
from typing import Literal
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Static

from tui.core import running
from tui.core.events import Event, Failed, Finished, Log
from tui.core.running import RunState
from tui.engine import Engine, RunRequest
from tui.screens import run_view as view
from tui.screens.confirm import ConfirmScreen
from tui.screens.log_screen import END_SEARCH, LOG_BINDINGS, Clock, LogScreen
from tui.screens.text import TextScreen
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.log_pane import LogPane
from tui.widgets.size_card import SizeCard
from tui.widgets.spool import Spool

Next = Literal["back", "rebuild"]


class RunScreen(LogScreen[Next]):
    """Runs at once. Dismissed with ``back`` to the questions or ``rebuild``; the container has ended then.

    ``finished`` is the build it comes from, ``first`` the seconds of the first build where that was
    another one, ``base`` the name of the runtime image.
    """

    CSS_PATH = "run.tcss"
    LOG_NAME = "run"
    AUTO_FOCUS = "#log-view"
    HELP = (
        "Your application runs in a container of the finished image. On the left is how large the image is, "
        "what is in it and what the container may do, on the right is what the application prints.\n"
        "Leaving this screen stops the container and removes it. The image stays."
    )
    BINDINGS = [
        Binding("o", "open", "open", id="open", tooltip="Open the address in the browser"),
        Binding("r", "restart", "restart", id="restart", tooltip="Stop it and run it again"),
        Binding("x", "stop", "stop", id="stop", tooltip="Stop it: SIGTERM, then SIGKILL"),
        Binding(
            "d", "command", "command", id="command", tooltip="The same as a command for a shell, to copy"
        ),
        Binding("b", "rebuild", "rebuild", id="rebuild", tooltip="Stop it and build the image again"),
        END_SEARCH,
        Binding(
            "escape", "back", "back", id="back", tooltip="Stop it and go back to the questions (asks first)"
        ),
        *LOG_BINDINGS,
    ]

    def __init__(
        self,
        engine: Engine,
        request: RunRequest,
        finished: Finished | None = None,
        *,
        first: float | None = None,
        base: str = "base image",
        clock: Clock = time.time,
    ) -> None:
        super().__init__(tag=request.tag, clock=clock)
        self.engine, self.request, self.finished = engine, request, finished
        self.state = RunState()
        self._first, self._base = first, base
        self._spool = Spool()
        self._stopping = False

    def compose(self) -> ComposeResult:
        """The card; the outcome and the log."""
        size = self.finished.size if self.finished else None
        seconds = self.finished.seconds if self.finished else None
        yield HeaderBar()
        with Container(id="body"):
            with VerticalScroll(id="card"):
                yield Static(id="differences", markup=False)
                yield SizeCard(size, self._base, id="size")
                yield Static(view.times(seconds, self._first), id="times", markup=False)
                yield Static(id="how", markup=False)
            with Vertical(id="log-side"):
                with VerticalScroll(id="outcome-box", can_focus=False):
                    yield Static(id="outcome", markup=False)
                yield LogPane(_stamp, id="log")
        yield KeyBar()

    async def on_mount(self) -> None:
        """Start."""
        await self._start()

    async def _start(self) -> None:
        await self.close_stream()
        self.state, self._spool, self._stopping = RunState(), Spool(), False
        await self.read(self.engine.run(self.request))
        self._show()

    # What came

    def receive(self, events: list[Event]) -> None:
        """Fold events into the state, the log into its spool, and show it."""
        before = self.state
        for event in events:
            if isinstance(event, Log):
                self._spool.append(event.text, event.time)
            else:
                self.state = running.advance(self.state, event)
        if self.state is not before:
            if self.state.end is not None:
                self._end()
            self._show()

    def _end(self) -> None:
        self._spool.end()
        end = self.state.end
        if isinstance(end, Failed) and end.detail and not len(self._spool):
            self._spool.append(end.detail + "\n")

    def _show(self) -> None:
        self.query_one(HeaderBar).show(*view.header(self.state, self.tag, self._stopping))
        differences = view.differences(self.state)
        self.query_one("#differences", Static).update(differences)
        self.query_one("#differences").display = bool(differences)
        self.query_one("#how", Static).update(view.how_it_runs(self.state, self.request.user))
        self.set_class(self.state.end is not None, "-ended")
        outcome = view.outcome(self.state, self._stopping)
        self.query_one("#outcome", Static).update(outcome)
        self.query_one("#outcome-box").set_class(bool(outcome), "-filled")
        empty = "It printed nothing." if self.state.end is not None else "It has printed nothing yet."
        self.pane.show("Logs", self._spool, empty, live=self.state.end is None)
        self.refresh_bindings()

    # What the person does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        match action:
            case "open":
                return self.url is not None
            case "stop":
                return self.state.started is not None and self.state.end is None and not self._stopping
            case "restart" | "rebuild" | "back":
                return not self.leaving
            case "command":
                return bool(self.state.started and self.state.started.command)
        return super().check_action(action, parameters)

    @property
    def url(self) -> str | None:
        """The address a browser can open, None where there is none."""
        ready = self.state.ready
        if ready is None or self.state.end is not None or urlsplit(ready.url).scheme not in ("http", "https"):
            return None
        return ready.url

    def action_open(self) -> None:
        """In the browser; where there is none, the address is at least on the clipboard."""
        if self.url is None:
            return
        if not webbrowser.open(self.url):
            self.app.copy_to_clipboard(self.url)
            self.notify(f"No browser could be opened. {self.url} is on the clipboard.", markup=False)

    def action_command(self) -> None:
        """Show the line."""
        if self.state.started is not None:
            self.app.push_screen(TextScreen("The same from a shell", self.state.started.command))

    def action_stop(self) -> None:
        """Ask the application to end."""
        self._stopping = True
        self._show()
        self.run_worker(self._stop(), group="stop", exit_on_error=False)

    async def _stop(self) -> None:
        if self.state.started is not None:
            await self.engine.stop(self.state.started.container)

    def action_restart(self) -> None:
        """Run it again."""
        self._stopping = self.state.end is None
        self._show()
        self.run_worker(self._start(), group="start", exclusive=True, exit_on_error=False)

    def action_rebuild(self) -> None:
        """Build it again."""
        self.leave("rebuild")

    def action_back(self) -> None:
        """Ask while it runs, since leaving stops it."""
        if self.state.end is not None:
            self.leave("back")
            return
        question = ConfirmScreen(
            f"Stop {self.tag} and go back?",
            {"stay": "Keep it running", "go": "Stop and go back"},
            detail="The container is stopped and removed. The image stays.",
        )
        self.app.push_screen(question, lambda answer: self.leave("back") if answer == "go" else None)

    def leave(self, result: Next) -> None:
        """Stop it first, and say so."""
        self._stopping = self.state.end is None
        self._show()
        super().leave(result)


def _stamp(moment: float) -> str:
    return time.strftime("%H:%M:%S  ", time.localtime(moment))
