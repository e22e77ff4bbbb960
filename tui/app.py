"""The full-screen application: the answers, the engine, and the screens in their order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.reactive import var
from textual.screen import Screen
from textual.worker import get_current_worker

from tui.core.images import runtime_of
from tui.core.plan import Plan
from tui.core.project import NotAProject, Project
from tui.core.text import printable
from tui.hangup import on_hangup
from tui.history import Answers, History
from tui.theme import DARK, HORIZONTAL_BREAKPOINTS, THEMES, VERTICAL_BREAKPOINTS

if TYPE_CHECKING:
    from tui.core.embedded import Obstacle
    from tui.core.events import ImageSize
    from tui.core.recipes import Recipe
    from tui.engine import Engine, EngineInfo, EngineUnavailable

Connect = Callable[[], Awaitable["Engine"]]
"""Finds an engine. Raises EngineUnavailable."""


class EngineState(NamedTuple):
    """What is known of the engine: neither part while it is being looked for."""

    info: EngineInfo | None = None
    missing: EngineUnavailable | None = None


_DIALOG = 8
"""Columns around the text of a dialog."""


def _read_for(plan: Plan) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """What a project is read for: the program, the platforms and the build tags."""
    return plan.main, plan.platform, plan.build_tag


class Outcome(NamedTuple):
    """What a person leaves with: the answers, the files written, the image built (its tag)."""

    plan: Plan
    written: tuple[Path, ...] = ()
    image: str = ""


class DockwrightApp(App[Outcome], inherit_bindings=False):
    """``answer``, ``answer_text``, ``follow``, ``undo`` and ``redo`` are the only ways to change the plan."""

    TITLE = "dockwright"
    CSS_PATH = ["app.tcss", "screens/wizard.tcss"]
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = VERTICAL_BREAKPOINTS
    BINDINGS = [
        Binding(
            "ctrl+p", "command_palette", "commands", id="palette", tooltip="Everything that can be done now"
        ),
        Binding("ctrl+z", "undo", "undo", id="undo", tooltip="Take back the last answer"),
        Binding("ctrl+y", "redo", "redo", id="redo", show=False, tooltip="Give the answer taken back again"),
        Binding("f1", "help", "help", id="help", tooltip="What this screen is, and its keys"),
        Binding("f9", "project", "project", show=False, tooltip="What was read of the project, and where"),
        Binding("ctrl+q", "quit", "quit", id="quit", tooltip="Leave dockwright", priority=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]

    answers: var[Answers] = var(Answers(Plan()), init=False)
    engine_state: var[EngineState] = var(EngineState(), init=False)
    built: var[tuple[Plan, ImageSize | None] | None] = var(None, init=False)

    def __init__(self, project: Project, plan: Plan, connect: Connect, *, theme: str = DARK) -> None:
        super().__init__()
        self.project = project
        self.history = History(project, plan)
        self.set_reactive(DockwrightApp.answers, self.history.now)
        self._looked_at = _read_for(plan)
        self.engine: Engine | None = None
        self.written: tuple[Path, ...] = ()
        self.ended_by: signal.Signals | None = None
        self._connect = connect
        self._connecting = asyncio.Lock()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self._colors = self.get_css_variables()
        self.stylesheet.set_variables(self._colors)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again only when a colour changed: at the start that is half a frame's work."""
        colors = self.get_css_variables()
        if colors != self._colors:
            self._colors = colors
            super().refresh_css(animate)

    @property
    def plan(self) -> Plan:
        """The present plan."""
        return self.answers.plan

    @property
    def measured(self) -> ImageSize | None:
        """The size of the image built from exactly these answers, None when there is none."""
        return self.built[1] if self.built and self.built[0] == self.plan else None

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What keeps the engine that answers from carrying out the present plan."""
        from tui.core.embedded import obstacles

        info = self.engine_state.info
        return () if info is None or info.daemon else obstacles(self.project, self.plan)

    @property
    def outcome(self) -> Outcome:
        """What a person would leave with now."""
        return Outcome(self.plan, self.written, self.built[0].tag if self.built else "")

    def get_default_screen(self) -> Screen[Any]:
        """The wizard is the first screen; there is no other before it."""
        from tui.screens.wizard import WizardScreen

        return WizardScreen()

    def on_ready(self) -> None:
        """The first frame is there: now there is time to look for an engine."""
        self.find_engine()

    def on_mount(self) -> None:
        """A closed terminal or a polite kill ends the work in progress as quitting does."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError, ValueError, RuntimeError):  # not the main thread
            loop.add_signal_handler(signal.SIGTERM, self._end, signal.SIGTERM)
            if not self.is_headless:
                on_hangup(partial(loop.call_soon_threadsafe, self._end, signal.SIGHUP))

    def _end(self, number: signal.Signals) -> None:
        self.ended_by = number
        self.exit(self.outcome)

    async def on_unmount(self) -> None:
        """Give back the engine's connections."""
        if self.engine is not None:
            await self.engine.close()

    # The answers

    def answer(self, key: str, value: object) -> None:
        """Answer a question."""
        self.history.answer(key, value)
        self._show_answers()

    def answer_text(self, key: str, text: str, parse: Callable[[str], Any]) -> None:
        """Answer a question from text; what is no answer stays as a draft."""
        self.history.answer_text(key, text, parse)
        self._show_answers()

    def follow(self, key: str) -> None:
        """Let a question follow the project."""
        self.history.follow(key)
        self._show_answers()

    def take(self, plan: Plan) -> None:
        """Take several answers at once, as one step of undo."""
        self.history.take(plan)
        self._show_answers()

    def use_recipe(self, chosen: Recipe) -> None:
        """Take a recipe's answers, as one step of undo; say what of them cannot be here."""
        from tui.core.questions import question
        from tui.core.recipes import apply, missed

        self.take(apply(self.project, self.plan, chosen))
        other = ", ".join(question(key).title for key in missed(self.plan, chosen))
        if other:
            self.notify(f"It does not fit here as it is: {other}.", title=chosen.title, markup=False)

    def action_undo(self) -> None:
        """Take back the last answer."""
        self.history.undo()
        self._show_answers()

    def action_redo(self) -> None:
        """Give the answer taken back again."""
        self.history.redo()
        self._show_answers()

    def _show_answers(self) -> None:
        self.answers = self.history.now
        if _read_for(self.plan) != self._looked_at:
            self._looked_at = _read_for(self.plan)
            self.look_again()

    @work(exclusive=True, group="project", exit_on_error=False)
    async def look_again(self) -> str:
        """Ports, needs and cgo belong to the program that is built, and to where: read them for others.

        The result says why that cannot be, and what is known stays; it is empty where it was read.
        """
        from tui.core.inspect import inspect

        worker = get_current_worker()

        def goes_on(files: int) -> None:
            if worker.is_cancelled:
                raise asyncio.CancelledError

        try:
            main, platforms, tags = _read_for(self.plan)
            self.project = await asyncio.to_thread(inspect, self.project.root, main, goes_on, platforms, tags)
        except (NotAProject, OSError) as error:
            return str(error)
        self.history.adopt(self.project)
        self.set_reactive(DockwrightApp.answers, self.history.now)
        self.mutate_reactive(DockwrightApp.answers)  # other steps, even where no answer changes
        return ""

    def action_toggle_comments(self) -> None:
        """Switch the comments in the Dockerfile on or off."""
        self.history.settle()
        self.answer("comments", not self.plan.comments)

    # The engine

    async def connected(self) -> Engine:
        """The engine, looked for once. Raises EngineUnavailable."""
        async with self._connecting:
            if self.engine is None:
                self.engine = await self._connect()
            return self.engine

    @work(exclusive=True, group="engine", exit_on_error=False)
    async def find_engine(self) -> None:
        """Look for an engine, again if need be; ``engine_state`` tells what came of it."""
        from tui.engine import EngineUnavailable

        self.engine_state = EngineState()
        try:
            self.engine_state = EngineState(info=await (await self.connected()).probe())
        except EngineUnavailable as missing:
            self.engine_state = EngineState(missing=missing)

    @work(exclusive=True, group="images", exit_on_error=False)
    async def read_images(self) -> None:
        """Let the engine look into the plan's own base images; what it finds is an answer."""
        from tui.core.images import unread
        from tui.engine import EngineError
        from tui.engine.own_images import facts

        plan = self.plan
        self.notify(f"Reading {printable(', '.join(unread(plan)))}.", markup=False)
        try:
            found = await facts(await self.connected(), plan)
        except EngineError as error:
            self.notify(
                printable(str(error)), title="The image cannot be read", severity="error", markup=False
            )
            return
        self.history.settle()
        self.answer("image", (*self.plan.image, *found))

    # The way through the screens

    def go_to_step(self, step: int) -> None:
        """Go to a step of the wizard from any screen above it."""
        self.call_later(self._go_to_step, step)  # a screen cannot wait for its own end

    async def _go_to_step(self, step: int) -> None:
        from tui.screens.wizard import WizardScreen

        while not isinstance(self.screen, WizardScreen):
            await self.pop_screen()
        await self.screen.go(step)

    def note_written(self, paths: Iterable[Path]) -> None:
        """Remember what was written, for the transcript; the answers are on disk now."""
        self.history.note_written()
        self.written = tuple(dict.fromkeys((*self.written, *paths)))

    @work(exclusive=True, group="build", exit_on_error=False)
    async def build(self) -> None:
        """Build the present plan's image, run it, and come back here."""
        from tui.engine.requests import build_request, run_request, same_again
        from tui.screens.build import BuildScreen
        from tui.screens.run import Next, RunScreen

        assert self.engine is not None
        plan = self.plan
        first: float | None = None
        again: Next = "rebuild"
        base = runtime_of(plan).label
        while again == "rebuild":
            request = build_request(self.project, plan)
            finished = await self.push_screen_wait(BuildScreen(self.engine, request))
            if finished is None:
                return
            self.built = plan, finished.size
            run = run_request(plan, finished.image, same_again(self.project, plan))
            again = await self.push_screen_wait(RunScreen(self.engine, run, finished, first=first, base=base))
            first = first or finished.seconds

    def action_help(self) -> None:
        """Explain the screen on top."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_project(self) -> None:
        """Show all that was read of the project."""
        from tui.core.report import WIDTH, as_text
        from tui.screens.text import TextScreen

        if not isinstance(self.screen, TextScreen):
            text = as_text(self.project, min(WIDTH, self.size.width - _DIALOG))
            self.push_screen(TextScreen("What was read of the project", text))

    @property
    def busy(self) -> bool:
        """Something is under way that leaving would stop."""
        return any(getattr(screen, "busy", False) for screen in self.screen_stack)

    async def action_quit(self) -> None:
        """Leave, with what was reached. Asks once where something would be lost."""
        from tui.screens.confirm import ConfirmScreen
        from tui.screens.leaving import leave

        if isinstance(self.screen, ConfirmScreen) or not (self.busy or self.history.unwritten):
            self.exit(self.outcome)
        else:
            self.run_worker(leave(self), group="leave", exclusive=True, exit_on_error=False)

    def copy(self, text: str, what: str) -> None:
        """Put text on the clipboard and say so."""
        self.copy_to_clipboard(text)
        self.notify(f"{what} on the clipboard.", markup=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers everywhere; screens add their own."""
        from tui.screens.commands import everywhere

        return everywhere(self, screen)
