"""A bare App that shows one screen with the product's themes and shared style."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from tui.screens.help import HelpScreen
from tui.theme import DARK, HORIZONTAL_BREAKPOINTS, THEMES, VERTICAL_BREAKPOINTS
from tui.widgets.key_bar import GAP, KeyBar

ROOT = Path(__file__).parents[2]


class StageApp(App[None]):
    """Pushes ``shown`` and keeps what it was dismissed with in ``results``."""

    CSS_PATH = ROOT / "tui" / "app.tcss"
    HORIZONTAL_BREAKPOINTS = HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = VERTICAL_BREAKPOINTS
    BINDINGS = [
        Binding("f1", "help", "help", id="help", tooltip="What this screen is, and its keys"),
        Binding("ctrl+q", "quit", "quit", id="quit", tooltip="Leave dockwright", priority=True),
    ]

    def __init__(self, shown: Screen[Any], theme: str = DARK) -> None:
        super().__init__()
        self.shown = shown
        self.results: list[Any] = []
        self.messages: list[Message] = []
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.results.append)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))


def shown(app: App[Any]) -> str:
    """The text on the screen."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[Any], condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something to become true."""
    for _ in range(int(seconds / 0.02)):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError("It did not become true. On the screen:\n" + shown(pilot.app))


async def see(pilot: Pilot[Any], *texts: str) -> None:
    """Wait until all of this is on the screen; a frame may hold a part of it only."""
    await until(pilot, lambda: all(text in shown(pilot.app) for text in texts))


async def press_in_bar(pilot: Pilot[Any], word: str) -> None:
    """Click an entry of the key bar."""
    bar = pilot.app.screen.query_one(KeyBar)
    start = bar.styles.padding.left
    for key in bar.keys:
        if key.word == word:
            assert await pilot.click(bar, offset=(start, 0))
            return
        start += key.width + GAP
    raise AssertionError(f"{word!r} is not among {[key.word for key in bar.keys]}")
