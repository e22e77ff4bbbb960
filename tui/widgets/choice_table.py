"""Choices as rows with columns: what each one is and costs. Moving the mark chooses."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.message import Message

from tui.widgets.choice_lines import ChoiceLines
from tui.widgets.choice_rows import found
from tui.widgets.glyphs import GLYPHS
from tui.widgets.problem_line import FIX_KEY


class ChoiceTable(ChoiceLines, can_focus=True):
    """The cursor may stand on a row that is blocked; that one is not chosen.

    Typing narrows the rows down where ``searches``. ``allowed`` is asked before a row is chosen,
    ``fixable`` whether one that is blocked can be had with another answer changed, and ``not_found``
    is told what a person typed and no row holds.
    """

    BINDINGS = [
        Binding(
            "up", "move(-1)", "choose", key_display=GLYPHS.updown, tooltip="Choose the row above or below"
        ),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-1000)", show=False),
        Binding("end", "move(1000)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("backspace", "erase", show=False),
        Binding(FIX_KEY, "fix", "fix", tooltip="Choose this row, and change what forbids it"),
        Binding("escape", "show_all", "show all", tooltip="Show all rows again"),
    ]

    class Chosen(Message):
        """A person chose a row."""

        def __init__(self, table: ChoiceTable, value: str) -> None:
            super().__init__()
            self.table, self.value = table, value

    class Looked(Message):
        """Other rows are in sight, or the cursor stands on another one."""

    class FixWanted(Message):
        """A person wants the blocked row under the cursor."""

    def __init__(self, title: str, help: str = "", *, searches: bool = False, id: str | None = None) -> None:
        super().__init__(title, help, id=id)
        self._searches = searches
        self.allowed: Callable[[str], bool] = lambda value: True
        self.fixable: Callable[[str], bool] = lambda value: False
        self.not_found: Callable[[str], None] = lambda text: self.app.bell()

    # Moving

    def action_move(self, by: int) -> None:
        """Go to another row, and choose it where that can be."""
        rows = self.matching
        now = self.cursor if self.cursor is not None else -1 if by > 0 else len(rows)
        target = min(max(0, now + by), len(rows) - 1)
        if not rows or target == now:
            raise SkipAction
        self._go(target)

    def action_page(self, by: int) -> None:
        """As many rows as are in sight, where not all of them are."""
        if not self.hidden:
            raise SkipAction
        self.action_move(by * max(1, self.height - 1))

    def _go(self, index: int) -> None:
        row = self.matching[index]
        self.at = row.choice.value
        if self.at != self.value and self.allowed(self.at):
            self.value = self.at
            self.post_message(self.Chosen(self, self.value))
        self.follow()
        self.renew()
        self.call_after_refresh(self._reveal)
        self.post_message(self.Looked())

    @property
    def away(self) -> bool:
        """Whether the cursor is on another row than the chosen one."""
        return self.at != self.value and self.cursor is not None

    def stay(self) -> bool:
        """Back to the chosen row; True when the cursor was on another one, which cannot be taken."""
        away = self.away
        self.at = self.value
        self.follow()
        self.renew()
        return away

    def _reveal(self) -> None:
        """Scroll the row into sight; with the first one, also the heading."""
        index = self.cursor
        line = next((y for y, (row, _) in enumerate(self.numbered(self.size.width)) if row == index), 0)
        scroll = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if scroll is not None:
            top = self.region.y - scroll.content_region.y + round(scroll.scroll_y)
            shown = Region(0, top, 1, line + 1) if not index else Region(0, top + line, 1, 1)
            scroll.scroll_to_region(shown, animate=False, x_axis=False)

    # Searching

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        if action == "fix":
            return self.away and self.fixable(self.at)
        return bool(self.text) if action in ("erase", "show_all") else True

    def action_fix(self) -> None:
        """Ask for the row under the cursor."""
        self.post_message(self.FixWanted())

    def on_key(self, event: events.Key) -> None:
        """Letters search. Those that came too fast belong to what has the focus by now."""
        letter = event.character if event.is_printable else None
        focused = self.screen.focused
        if not self._searches or not letter or (letter == " " and not self.text):
            return
        event.stop()
        event.prevent_default()
        if focused is not None and focused is not self:
            focused.post_message(events.Key(event.key, event.character))
        else:
            self._search(self.text + letter)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted text is searched as a typed one is."""
        if self._searches and event.text.strip():
            event.stop()
            self._search(event.text.strip().splitlines()[0])

    def action_erase(self) -> None:
        """Take back a letter."""
        self._search(self.text[:-1])

    def action_show_all(self) -> None:
        """End the search; the choice stays."""
        self._search("")

    def _search(self, text: str) -> None:
        rows, best = found(self._rows, text, self.at) if text else (list(self._rows), None)
        if text and best is None:
            self.not_found(text)
            return
        self.text = text
        self.top = 0
        if best and best.choice.value != self.at:
            self._go(rows.index(best))
        self.follow()
        self.refresh(layout=True)
        self.refresh_bindings()
        self.post_message(self.Looked())

    # The mouse

    def _under(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        lines = self.numbered(self.size.width)
        return lines[offset.y][0] if offset is not None and 0 <= offset.y < len(lines) else -1

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        if (index := self._under(event)) >= 0:
            self._go(index)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what would be chosen."""
        index = self._under(event)
        self.hovered = index if index >= 0 and not self.matching[index].blocked else -1

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        if most := self.hidden:
            event.stop()
            self.top = max(0, min(self.top + by, most))
            self.renew()
            self.post_message(self.Looked())

    def on_leave(self) -> None:
        """Nothing would be chosen."""
        self.hovered = -1

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """End the search; the cursor goes back to the choice."""
        self.text = ""
        self.at = self.value
        self.follow()
        self.refresh(layout=True)
