"""The one line at the bottom: the keys that make sense now. Each is also a button for the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.keys import format_key
from textual.widget import Widget

from tui.widgets.glyphs import GLYPHS

if TYPE_CHECKING:
    from textual.screen import Screen

GAP = 3
KEEP = "help"
"""Id of the binding that stays when there is no room: it leads to all the others."""


_NAMES = {
    "enter": "enter",
    "up": GLYPHS.up,
    "down": GLYPHS.down,
    "left": GLYPHS.left,
    "right": GLYPHS.right,
    "backspace": "backspace",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: what to press, what it does, and the key as Textual names it."""

    shown: str
    word: str
    key: str
    tooltip: str = ""
    id: str = ""

    @property
    def width(self) -> int:
        """Cells the entry takes."""
        return cell_len(self.shown) + 1 + cell_len(self.word)


class KeyBar(Widget):
    """Keys of the focused widget, the screen and the app, from their bindings (``show=True``)."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; padding: 0 2; background: $panel; color: $muted; }
    """
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hovered: Key | None = None

    def on_mount(self) -> None:
        """Follow the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    @property
    def keys(self) -> list[Key]:
        """The entries there is room for, in order."""
        found, actions = [], set()
        for _node, binding, enabled, tooltip in self.screen.active_bindings.values():
            if binding.show and enabled and binding.description and binding.action not in actions:
                actions.add(binding.action)
                found.append(
                    Key(shown_key(binding), binding.description, binding.key, tooltip, binding.id or "")
                )
        return fit(found, self.size.width)

    def render(self) -> Content:
        """Accent key, muted word."""
        entries = [self._entry(key) for key in self.keys]
        return Content(" " * GAP).join(entries)

    def _entry(self, key: Key) -> Content:
        word = "$foreground" if key == self._hovered else "$muted"
        return Content.assemble((key.shown, "bold $primary"), " ", (key.word, word))

    def _at(self, x: int) -> Key | None:
        start = 0
        for key in self.keys:
            if start <= x < start + key.width:
                return key
            start += key.width + GAP
        return None

    def _hover(self, key: Key | None) -> None:
        if key != self._hovered:
            self._hovered = key
            self.tooltip = key.tooltip if key and key.tooltip else None
            self.styles.pointer = "pointer" if key else "default"
            self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what would be pressed."""
        offset = event.get_content_offset(self)
        self._hover(self._at(offset.x) if offset else None)

    def on_leave(self) -> None:
        """Nothing would be pressed."""
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        """Press the key."""
        offset = event.get_content_offset(self)
        if offset is not None and (key := self._at(offset.x)) is not None:
            self.app.simulate_key(key.key)


def fit(keys: list[Key], width: int) -> list[Key]:
    """Leave out the last ones until the rest fits; the help key is never left out."""
    kept = list(keys)
    while sum(key.width + GAP for key in kept) - GAP > width:
        optional = [key for key in kept if key.id != KEEP]
        if not optional:
            break
        kept.remove(optional[-1])
    return kept


def shown_key(binding: Binding) -> str:
    """The key in words: ``ctrl+q``, ``shift+tab``, ``esc``, ``/``."""
    if binding.key_display:
        return binding.key_display
    modifiers, key = binding.parse_key()
    return "+".join((*modifiers, _NAMES.get(key) or format_key(key)))
