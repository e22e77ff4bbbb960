"""The build: its steps, the log of one of them, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from tui.core import progress
from tui.core.events import Event, Failed, Finished, StepLog
from tui.core.progress import BuildState, Row
from tui.core.text import printable
from tui.engine import BuildRequest, Engine
from tui.screens import build_view as view
from tui.screens.confirm import ConfirmScreen
from tui.screens.log_screen import END_SEARCH, LOG_BINDINGS, Clock, LogScreen
from tui.widgets.header_bar import HeaderBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.log_pane import LogPane
from tui.widgets.meter import Meter
from tui.widgets.spool import Spool
from tui.widgets.step_list import StepList

AUTO_RUN = 1.5
"""Seconds a finished build is shown before its image is run, unless the person does something."""


class BuildScreen(LogScreen[Finished | None]):
    """Builds at once. Dismissed with Finished when the image shall run, with None to go back."""

    CSS_PATH = "build.tcss"
    LOG_NAME = "build"
    HELP = (
        "The image is being built. On the left are the base images and the steps of the Dockerfile, on the "
        "right is what the chosen step printed: the one that runs, until you choose another.\n"
        "What is done stays in the build cache, so the next build is faster."
    )
    BINDINGS = [
        Binding("enter", "run", "run it", id="run", tooltip="Run the image"),
        END_SEARCH,
        Binding("escape", "cancel", "cancel", id="cancel", tooltip="Cancel the build (asks first)"),
        Binding("r", "again", "build again", id="again", tooltip="Build again from the start"),
        Binding("escape,e", "back", "change answers", id="back", tooltip="Back; all answers are kept"),
        *LOG_BINDINGS,
    ]

    @dataclass
    class Done(Message):
        """The image is in the store."""

        finished: Finished

    def __init__(
        self, engine: Engine, request: BuildRequest, *, auto_run: bool = True, clock: Clock = time.time
    ) -> None:
        super().__init__(tag=request.tag, clock=clock)
        self.engine, self.request, self.auto_run = engine, request, auto_run
        self.state = BuildState()
        self._spools: dict[str, Spool] = {}
        self._chosen = ""
        self._shown = ""
        self._base = 0.0
        self._began = self._elapsed = 0.0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Steps and what belongs to them; the outcome and the log."""
        yield HeaderBar()
        with Container(id="body"):
            with Vertical(id="steps-side"):
                yield StepList(self.clock, id="steps")
                with VerticalScroll(id="notes-box", can_focus=False):
                    yield Static(id="notes", markup=False)
                yield Meter(id="meter")
            with Vertical(id="log-side"):
                with VerticalScroll(id="outcome-box", can_focus=False):
                    yield Static(id="outcome", markup=False)
                yield LogPane(self._stamp, id="log")
        yield KeyBar()

    async def on_mount(self) -> None:
        """Start."""
        self.query_one(StepList).focus()
        await self.action_again()

    # What came

    def receive(self, events: list[Event]) -> None:
        """Fold events into the state, logs into their spools, and show it."""
        before = self.state
        for event in events:
            if isinstance(event, StepLog):
                self._spool(progress.row_of(self.state, event.step)).append(event.text, event.time)
            else:
                self.state = progress.advance(self.state, event)
        if self.state.end is None:
            self._elapsed = self.clock() - self._began
        elif before.end is None:
            self._end()
        if self.state is not before or self.state.end is None:
            self._show()

    def _end(self) -> None:
        for spool in self._spools.values():
            spool.end()
        end = self.state.end
        if isinstance(end, Failed):
            self._explain(end)
        if isinstance(end, Finished):
            self._elapsed = end.seconds
            self.post_message(self.Done(end))
            if self.auto_run:
                self._timer = self.set_timer(AUTO_RUN, self.action_run)
        self.refresh_bindings()

    def _explain(self, failed: Failed) -> None:
        """Where the failed step printed nothing, the engine's own words stand in its log."""
        spool = self._spool(progress.row_of(self.state, failed.step))
        if failed.detail and not len(spool):
            spool.append(failed.detail + "\n")

    def _show(self) -> None:
        groups = progress.groups(self.state)
        rows = {row.id: row for row in progress.rows(groups)}
        failed = self.state.end.step if isinstance(self.state.end, Failed) else ""
        wanted = self._chosen or (progress.row_of(self.state, failed) if failed else "")
        row = rows.get(wanted or progress.followed(groups, self._shown))
        self._shown = row.id if row is not None else ""
        self._show_log(row)
        steps = self.query_one(StepList)
        steps.show(groups, self._shown)
        if steps.animated:
            steps.refresh()
        done, total, _ = progress.counts(groups)
        self.query_one(Meter).show(done, total, view.color(self.state))
        self.query_one(HeaderBar).show(
            *view.header(self.state, self.tag, self._elapsed, leaving=self.leaving)
        )
        self._fill("notes", view.notes(self.state))
        self.set_class(isinstance(self.state.end, Failed), "-failed")
        self.set_class(self.state.end is not None and not rows, "-bare")
        self._fill("outcome", view.outcome(self.state, self.request.dockerfile))

    def _show_log(self, row: Row | None) -> None:
        key = row.id if row is not None else ""
        self._base = (progress.started(self.state, row) if row is not None else None) or 0.0
        title = printable(row.title) if row is not None else "Log"
        self.pane.show(title, self._spool(key), view.placeholder(row), live=self.state.end is None)

    def _fill(self, name: str, content: Content) -> None:
        static = self.query_one(f"#{name}", Static)
        if static.content != content:
            static.update(content)
            self.query_one(f"#{name}-box").set_class(bool(content), "-filled")

    def _spool(self, row: str) -> Spool:
        if row not in self._spools:
            self._spools[row] = Spool()
        return self._spools[row]

    def _stamp(self, moment: float) -> str:
        return f"{max(0.0, moment - (self._base or moment)):6.1f}  "

    def log_parts(self) -> Iterator[str]:
        """Every step's log under its name."""
        for row in progress.rows(progress.groups(self.state)):
            yield f"==> {printable(row.name or row.title)}\n"
            if row.id in self._spools:
                yield from self._spools[row.id].text()

    # What the person does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        ended = self.state.end is not None
        finished = isinstance(self.state.end, Finished)
        match action:
            case "run":
                return finished
            case "cancel":
                return not ended and not self.leaving
            case "again":
                return ended and not finished
            case "back":
                return ended
        return super().check_action(action, parameters)

    @property
    def can_follow(self) -> bool:
        """Another step was chosen, or an earlier line."""
        return bool(self._chosen) or super().can_follow

    def touched(self) -> None:
        """Whoever uses the screen wants to stay on it."""
        if self._timer is not None:
            self._timer.stop()

    @on(StepList.Chosen)
    def _choose(self, event: StepList.Chosen) -> None:
        self.touched()
        self._chosen = event.row
        self._show()
        self.refresh_bindings()

    def action_follow(self) -> None:
        """The step that runs, and its newest lines."""
        self._chosen = ""
        self._show()
        super().action_follow()
        self.refresh_bindings()

    async def action_again(self) -> None:
        """Build, from the start."""
        await self.close_stream()
        self.state, self._chosen, self._shown, self._began = BuildState(), "", "", self.clock()
        self._spools = {}
        await self.read(self.engine.build(self.request))
        self._show()
        self.refresh_bindings()

    def action_run(self) -> None:
        """Go on to running it."""
        if isinstance(self.state.end, Finished):
            self.finish(self.state.end)

    def action_back(self) -> None:
        """Back to the questions."""
        self.finish(None)

    def action_cancel(self) -> None:
        """Ask, then cancel."""
        question = ConfirmScreen(
            "Cancel the build?",
            {"stay": "Keep building", "go": "Cancel it"},
            detail="What is done so far stays in the build cache.",
        )
        self.app.push_screen(question, self._cancel)

    def _cancel(self, answer: str | None) -> None:
        if answer == "go" and self.state.end is None:
            self.leave(None)
