"""What the tests of the wizard's screens do again and again."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from tui.app import DockwrightApp, Outcome
from tui.screens.wizard import WizardScreen
from tui.widgets.steps import way

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


async def go_to(pilot: Driver, step: str) -> None:
    """Press enter until that step is the present one, the review included."""
    app = pilot.app
    assert isinstance(app, DockwrightApp)
    for info in way(app.project):
        if info.key == step:
            return
        await enter(pilot)
    raise AssertionError(f"There is no step {step}.")


async def ask(pilot: Driver, key: str) -> None:
    """Give a question of the present step the focus."""
    app = pilot.app
    assert isinstance(app, DockwrightApp)
    asked = screen(app).form.field(key)
    assert asked is not None
    await screen(app).enter(asked.stops[0])
    await pilot.pause()


async def enter(pilot: Driver, times: int = 1) -> None:
    for _ in range(times):
        await pilot.press("enter")
    await pilot.pause()


async def click_on(pilot: Driver, selector: str, text: str) -> None:
    """Click a word that a widget shows."""
    widget = pilot.app.screen.query_one(selector)
    lines = [widget.render_line(y).text for y in range(widget.size.height)]
    y = next(y for y, line in enumerate(lines) if text in line)
    await pilot.click(widget, offset=(widget.gutter.left + lines[y].index(text) + 1, y))
    await pilot.pause()
