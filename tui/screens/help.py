"""F1: what this screen is, and its keys, from the bindings that work on it now."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui.widgets.key_bar import shown_key


class HelpScreen(ModalScreen[None]):
    """Help for ``screen``: its ``HELP`` text, then every key with its tooltip or description."""

    CSS = """
    HelpScreen .dialog { width: 72; }
    HelpScreen #about { margin-bottom: 1; }
    HelpScreen #close { color: $muted; margin-top: 1; }
    """
    BINDINGS = [
        Binding("escape,f1,q", "dismiss_help", "close", show=False),
    ]
    AUTO_FOCUS = ".dialog"

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self._about = (screen.HELP or "").strip()
        self._keys = keys_of(screen)

    def compose(self) -> ComposeResult:
        """Text, then one line per key."""
        width = max((len(shown) for shown, _ in self._keys), default=0)
        with VerticalScroll(classes="dialog"):
            if self._about:
                yield Static(self._about, id="about", markup=False)
            yield Static("KEYS", classes="label")
            for shown, meaning in self._keys:
                yield Static(
                    Content.assemble((shown.ljust(width + 3), "bold $primary"), (meaning, "$foreground"))
                )
            yield Static("esc closes this", id="close")

    def action_dismiss_help(self) -> None:
        """Back to the screen below."""
        self.dismiss(None)

    def on_click(self) -> None:
        """A click anywhere closes it, for those with the mouse only."""
        self.dismiss(None)


def keys_of(screen: Screen[object]) -> list[tuple[str, str]]:
    """(keys as shown, what they do), one line per action, in the order of the key bar."""
    keys: dict[str, list[str]] = {}
    meanings: dict[str, str] = {}
    for _node, binding, enabled, tooltip in screen.active_bindings.values():
        meaning = tooltip or (binding.description if binding.show else "")
        if enabled and not binding.system and meaning:
            keys.setdefault(binding.action, []).append(shown_key(binding))
            meanings.setdefault(binding.action, meaning)
    return [(" ".join(dict.fromkeys(keys[action])), meanings[action]) for action in keys]
