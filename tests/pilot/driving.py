"""What the tests of the wizard's screens do again and again."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from tui.app import DockwrightApp, Outcome
from tui.screens.wizard import WizardScreen

Driver = Pilot[Outcome]
SIZES = [(80, 24), (120, 40), (160, 50)]


def screen(app: DockwrightApp) -> WizardScreen:
    assert isinstance(app.screen, WizardScreen)
    return app.screen


def shown(app: DockwrightApp) -> str:
    """Everything on the screen as text."""
    lines = app.screen._compositor.render_strips(app.size)
    return "\n".join("".join(segment.text for segment in line) for line in lines)


def field(app: DockwrightApp, key: str) -> Input:
    return screen(app).query_one(f"#{key} Input", Input)


async def enter(pilot: Driver, times: int = 1) -> None:
    for _ in range(times):
        await pilot.press("enter")
    await pilot.pause()
