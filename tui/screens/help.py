"""F1: what this screen is, and its keys, from the bindings that work on it now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.widgets.key_bar import Key, shown_key


class HelpLine(Static):
    """A key and what it does."""

    DEFAULT_CSS = "HelpLine:hover { background: $boost; }"

    def __init__(self, key: Key, width: int) -> None:
        super().__init__(
            Content.assemble((key.shown.ljust(width + 3), "bold $primary"), (key.word, "$foreground"))
        )
        self.key = key


class HelpScreen(ModalScreen[None]):
    """Help for ``screen``: its ``HELP`` text, then every key with its tooltip or description."""

    CSS = """
    HelpScreen .dialog { width: 72; }
    HelpScreen #about { margin-bottom: 1; }
    HelpScreen #close { color: $muted; margin-top: 1; }
    HelpScreen.-short .dialog, HelpScreen.-low .dialog { padding: 0 3; }
    """
    BINDINGS = [
        Binding("escape,f1,q", "dismiss_help", "close", show=False),
    ]
    AUTO_FOCUS = ".dialog"

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._about = (screen.HELP or "").strip()
        self._keys = keys_of(screen)

    def compose(self) -> ComposeResult:
        """Text, then one line per key."""
        width = max((len(key.shown) for key in self._keys), default=0)
        with VerticalScroll(classes="dialog"):
            if self._about:
                yield Static(self._about, id="about", markup=False)
            yield Static("KEYS", classes="label")
            for help_key in self._keys:
                yield HelpLine(help_key, width)
            yield Static("esc closes this", id="close")

    def action_dismiss_help(self) -> None:
        """Back to the screen below."""
        if self.is_active:
            self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click on a key presses it, one elsewhere closes: for those with the mouse only."""
        line = event.widget
        self.action_dismiss_help()
        if isinstance(line, HelpLine):
            self.app.call_later(self.app.simulate_key, line.key.key)


def keys_of(screen: Screen[Any]) -> list[Key]:
    """One entry per action, in the order of the key bar, with all the keys that lead to it."""
    found: dict[str, Key] = {}
    for _node, binding, _enabled, tooltip in screen.active_bindings.values():
        meaning = tooltip or (binding.description if binding.show else "")
        if binding.system or not meaning:
            continue
        shown = shown_key(binding)
        before = found.get(binding.action)
        if before is None:
            found[binding.action] = Key(shown, meaning, binding.key)
        elif shown not in before.shown.split():
            found[binding.action] = replace(before, shown=f"{before.shown} {shown}")
    return list(found.values())
