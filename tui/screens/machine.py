"""What the build machine and its network need, asked on request from any step and from the review."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding
from textual.widget import Widget

from tui.core.questions import MACHINE, StepInfo
from tui.screens.form_screen import FORM_BINDINGS, FormScreen
from tui.screens.steps_screen import MACHINE_BINDING
from tui.widgets.steps import StepChosen


class MachineScreen(FormScreen, inherit_bindings=False):
    """Opened from ``step``, at the question ``key`` if one is given. Closing it loses no answer."""

    HELP = (
        "What stands between this machine and the images: a mirror before the registries, a proxy, a "
        "company's certificate. Most machines need none of it. Pinned digests make every build take the "
        "same base images; without them a tag follows the image's fixes. Without Docker the embedded engine "
        "builds and runs, and can hand the image over as files or to a registry."
    )
    BINDINGS = [
        Binding("enter,escape,f7", "close", "done", key_display="enter", priority=True, tooltip="Back"),
        Binding("tab", "field(1)", "next field", show=False, tooltip="The next field"),
        Binding("shift+tab", "field(-1)", "field before", show=False, tooltip="The field before"),
        Binding("f8", "pin", "pin images", tooltip="Look up the digests of the base images"),
        *(binding for binding in FORM_BINDINGS if binding is not MACHINE_BINDING),
    ]

    def __init__(self, step: int, visited: Iterable[str], key: str = "") -> None:
        super().__init__(visited)
        self._step, self._key = step, key

    @property
    def step(self) -> int:
        """The step it was opened from."""
        return self._step

    @property
    def here(self) -> str:
        """What is asked here."""
        return MACHINE.title

    def first(self) -> StepInfo:
        """The questions that are no step."""
        return MACHINE

    @property
    def place(self) -> Widget | None:
        """The question it was opened for."""
        field = self.form.field(self._key)
        return field.place if field else super().place

    async def action_field(self, by: int) -> None:
        """The next field, or the one before; after the last one the first."""
        await self.enter(self.form.stop(self.focused, by) or self.form.stop(None, by))

    def action_pin(self) -> None:
        """Look up the digests of the base images."""
        self.pin()

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dockwright.history.settle()
        if self.is_active:
            self.dismiss(None)

    @on(StepChosen)
    def _step_chosen(self, event: StepChosen) -> None:
        self.dockwright.go_to_step(event.step)

    def commands(self) -> Iterable[SystemCommand]:
        """What the palette offers on this screen, but for itself."""
        return (each for each in super().commands() if each.callback != self.action_machine)
