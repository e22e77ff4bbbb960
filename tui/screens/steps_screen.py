"""What the questions and the review share: the way through the steps, and the problem with its fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from tui.app import DockwrightApp
from tui.core.questions import MACHINE
from tui.core.rules import Problem
from tui.screens.header import show_header
from tui.widgets.header_bar import HeaderBar
from tui.widgets.problem_line import FIX_KEY, UNPINNED, UNREAD, ProblemLine
from tui.widgets.question_form import MACHINE_KEY
from tui.widgets.rail import Rail
from tui.widgets.size_estimate import size_note
from tui.widgets.step_strip import StepStrip
from tui.widgets.steps import step_views, title_of, way

MACHINE_BINDING = Binding(
    MACHINE_KEY, "machine", show=False, tooltip="Registry mirror, proxy, certificate, pinned images"
)
STEPS_BINDINGS = (
    Binding(FIX_KEY, "fix", "fix", tooltip="Apply the fix of the problem shown"),
    Binding("ctrl+c,super+c", "copy_text", show=False, system=True),
)


class StepsScreen(Screen[None], inherit_bindings=False):
    """Subclasses put :data:`STEPS_BINDINGS` among their own. ``visited`` holds keys of steps."""

    AUTO_FOCUS = None

    def __init__(self, visited: Iterable[str]) -> None:
        super().__init__()
        self.visited = set(visited)
        self._problems: tuple[Problem, ...] = ()

    @property
    def dockwright(self) -> DockwrightApp:
        """The application this screen belongs to."""
        return cast(DockwrightApp, self.app)

    @property
    def step(self) -> int:
        """Index of the present step."""
        raise NotImplementedError

    @property
    def here(self) -> str:
        """What is asked here, as problems of other questions call it."""
        return way(self.dockwright.project)[self.step].title

    def show_steps(self) -> None:
        """Show the steps with their answers, and the size."""
        app = self.dockwright
        views = step_views(app.project, app.answers, self._problems, self.step, self.visited)
        size = size_note(app.plan, app.measured)
        self.query_one(Rail).show(views, size)
        self.query_one(StepStrip).show(views, size)

    def show_header(self) -> None:
        """Show the project and the engine."""
        show_header(self.query_one(HeaderBar), self.dockwright)

    def show_problems(self, ordered: Sequence[Problem]) -> None:
        """Show the first of these problems; its step is named when it is another one."""
        where = title_of(self.dockwright.project, ordered[0].key) if ordered else self.here
        self.query_one(ProblemLine).show(ordered, where if where != self.here else "")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now; that for fixes is always explained."""
        if action == "fix" and self.is_mounted and not self.query_one(ProblemLine).can_fix:
            return None
        return True

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers wherever the answers are on show."""
        yield SystemCommand("Build machine: mirror, proxy, certificate", MACHINE.help, self.action_machine)
        yield SystemCommand(
            "Pin the base images", "Look up their digests, so that every build takes the same", self.pin
        )

    def action_machine(self, key: str = "") -> None:
        """Ask what this machine needs, that question first."""
        from tui.screens.machine import MachineScreen

        self.app.push_screen(MachineScreen(self.step, self.visited, key))

    def pin(self) -> None:
        """Look up the digests of the base images; they are an answer."""
        from tui.screens.pin import PinScreen

        self.app.push_screen(PinScreen(), self._take_pins)

    def _take_pins(self, pins: tuple[str, ...] | None) -> None:
        app = self.dockwright
        if pins:
            app.history.settle()
            app.answer("pin", pins)
            app.notify("Every build takes the same base images now.", title="Pinned")
        elif pins is not None:
            app.notify("No base image goes by a tag, so there is nothing to pin.")

    def action_fix(self) -> None:
        """Apply the fix of the problem shown."""
        self.query_one(ProblemLine).fix()

    @on(ProblemLine.FixWanted)
    def _fix(self, event: ProblemLine.FixWanted) -> None:
        app = self.dockwright
        if event.fix is None:
            if event.rule == UNREAD:
                app.read_images()
            elif event.rule == UNPINNED:
                self.pin()
            else:
                app.look_again()
            return
        app.history.settle()
        app.answer(event.fix.key, event.fix.value)
