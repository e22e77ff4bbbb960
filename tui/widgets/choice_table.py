"""Choices as rows with columns: what each one is and costs. Moving the mark chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from tui.core.choices import Choice
from tui.widgets.choice_rows import INDENT, Row, State, filled, found, heading, layout, row_lines, says_all
from tui.widgets.glyphs import GLYPHS
from tui.widgets.lines import Lines

_FEWEST = 4
"""Rows that are shown however little room there is."""


class ChoiceTable(Lines, can_focus=True):
    """``value`` is the chosen row's, or none of them; the cursor may stand on a row that is blocked.

    Typing narrows the rows down where ``searches``. ``spare`` are the lines of the screen that other
    things need: the rows take the rest and scroll. ``allowed`` is asked before a row is chosen,
    ``not_found`` told what a person typed and no row holds.
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
        Binding("escape", "show_all", "show all", tooltip="Show all rows again"),
    ]

    hovered: reactive[int] = reactive(-1)

    class Chosen(Message):
        """A person chose a row."""

        def __init__(self, table: ChoiceTable, value: str) -> None:
            super().__init__()
            self.table, self.value = table, value

    class Looked(Message):
        """Other rows are in sight, or the cursor stands on another one."""

    def __init__(self, title: str, help: str = "", *, searches: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title, self._help, self._searches = title, help, searches
        self.spare = 0
        self.allowed: Callable[[str], bool] = lambda value: True
        self.not_found: Callable[[str], None] = lambda text: self.app.bell()
        self._rows: tuple[Row, ...] = ()
        self._choices: tuple[Choice, ...] = ()
        self._value = self._at = self._text = ""
        self._top = 0

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._value

    @property
    def at(self) -> str:
        """The value of the row the cursor is on."""
        return self._at

    @property
    def in_sight(self) -> list[str]:
        """Values of the rows on show."""
        shown = [index for index, _ in self._lines(self.size.width) if index >= 0]
        return [self._matching[index].choice.value for index in dict.fromkeys(shown)]

    @property
    def says_all(self) -> bool:
        """Whether the cursor's row holds the whole pitch of its choice."""
        choice = next((choice for choice in self._choices if choice.value == self._at), None)
        width = self.size.width
        return choice is None or says_all(choice, layout(self._title, self._choices, width), width)

    @property
    def _matching(self) -> Sequence[Row]:
        return found(self._rows, self._text)[0] if self._text else self._rows

    @property
    def _cursor(self) -> int | None:
        """Index of the cursor's row among those that match."""
        return next((i for i, row in enumerate(self._matching) if row.choice.value == self._at), None)

    def show(self, rows: Sequence[Row], value: str) -> None:
        """Show these rows with that value chosen."""
        if (tuple(rows), value) != (self._rows, self._value):
            if value != self._value:
                self._at = value
            self._rows, self._value = tuple(rows), value
            self._choices = tuple(row.choice for row in self._rows)
            self._follow()
            self.renew()

    # Drawing

    def lines(self, width: int) -> list[Content]:
        """Heading and rows."""
        return [line for _, line in self._lines(width)]

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """(row, line) pairs; what is no row has -1. Typing changes their number as little as can be."""
        top = [(-1, line) for line in self._heading(width)]
        body, room = self._body(width), self._room
        if self._text:
            top.append((-1, self._search_line(width)))
            height = len(self._rows) if len(self._rows) <= room else room - 1
            return [*top, *(body[self._top :][:height]), *[(-1, Content(""))] * (height - len(body))]
        if len(body) <= room:
            return [*top, *body]
        shown = body[self._top :][: room - 1]
        return [*top, *shown, (-1, self._rest_line(len(self._rows), shown[0][0], shown[-1][0], width))]

    def _heading(self, width: int) -> list[Content]:
        style = "bold $foreground" if self.has_focus else "$foreground"
        choices = self._choices
        return heading(self._title, self._help, choices, layout(self._title, choices, width), width, style)

    def _body(self, width: int) -> list[tuple[int, Content]]:
        at, lines = layout(self._title, self._choices, width), []
        for index, row in enumerate(self._matching):
            name = row.choice.value
            state = State(name == self._value, name == self._at, self.has_focus, index == self.hovered)
            lines += [(index, line) for line in row_lines(row, state, at, width)]
        return lines

    @property
    def _room(self) -> int:
        """Lines for rows; one more of them is only in the way."""
        return max(_FEWEST, self.app.size.height - self.spare) if self.spare else 10**6

    def _rest_line(self, count: int, first: int, last: int, width: int) -> Content:
        above = f"{GLYPHS.up} {first}  " if first else ""
        below = f"{GLYPHS.down} {count - last - 1}  " if last < count - 1 else ""
        hint = f"{GLYPHS.middot} type to search" if self._searches and self.has_focus else ""
        return filled(Content.styled(f"{' ' * INDENT}{above}{below}more {hint}", "$muted"), width)

    def _search_line(self, width: int) -> Content:
        return filled(
            Content.assemble(
                (f"{'/':<{INDENT}}", "bold $primary"),
                (self._text, "bold $foreground"),
                (f"{GLYPHS.block}  ", "$primary"),
                (f"{len(self._matching)} of {len(self._rows)}", "$muted"),
            ),
            width,
        )

    def _follow(self) -> None:
        """Scroll so that the cursor's row is in sight."""
        if not self.is_attached:
            return
        body, room = self._body(self.size.width), self._room
        shown = room if self._text or len(body) <= room else room - 1
        lines = [y for y, (index, _) in enumerate(body) if index == self._cursor]
        if lines:
            self._top = min(max(self._top, lines[-1] - shown + 1), lines[0])
        self._top = max(0, min(self._top, len(body) - shown))

    # Moving

    def action_move(self, by: int) -> None:
        """Go to another row, and choose it where that can be."""
        rows = self._matching
        now = self._cursor if self._cursor is not None else -1 if by > 0 else len(rows)
        target = min(max(0, now + by), len(rows) - 1)
        if not rows or target == now:
            raise SkipAction
        self._go(target)

    def action_page(self, by: int) -> None:
        """As many rows as are in sight, where not all of them are."""
        if len(self._body(self.size.width)) <= self._room:
            raise SkipAction
        self.action_move(by * max(1, self._room - 2))

    def _go(self, index: int) -> None:
        row = self._matching[index]
        self._at = row.choice.value
        if self._at != self._value and self.allowed(self._at):
            self._value = self._at
            self.post_message(self.Chosen(self, self._value))
        self._follow()
        self.renew()
        self.call_after_refresh(self._reveal)
        self.post_message(self.Looked())

    def stay(self) -> bool:
        """Back to the chosen row; True when the cursor was on another one, which cannot be taken."""
        away = self._at != self._value and self._cursor is not None
        self._at = self._value
        self._follow()
        self.renew()
        return away

    def _reveal(self) -> None:
        """Scroll the row into sight; with the first one, also the heading."""
        index = self._cursor
        line = next((y for y, (row, _) in enumerate(self._lines(self.size.width)) if row == index), 0)
        scroll = next((node for node in self.ancestors if isinstance(node, VerticalScroll)), None)
        if scroll is not None:
            top = self.region.y - scroll.content_region.y + round(scroll.scroll_y)
            shown = Region(0, top, 1, line + 1) if not index else Region(0, top + line, 1, 1)
            scroll.scroll_to_region(shown, animate=False, x_axis=False)

    # Searching

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys make sense now."""
        return bool(self._text) if action in ("erase", "show_all") else True

    def on_key(self, event: events.Key) -> None:
        """Letters search. Those that came too fast belong to what has the focus by now."""
        letter = event.character if event.is_printable else None
        focused = self.screen.focused
        if not self._searches or not letter or (letter == " " and not self._text):
            return
        event.stop()
        event.prevent_default()
        if focused is not None and focused is not self:
            focused.post_message(events.Key(event.key, event.character))
        else:
            self._search(self._text + letter)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted text is searched as a typed one is."""
        if self._searches and event.text.strip():
            event.stop()
            self._search(event.text.strip().splitlines()[0])

    def action_erase(self) -> None:
        """Take back a letter."""
        self._search(self._text[:-1])

    def action_show_all(self) -> None:
        """End the search; the choice stays."""
        self._search("")

    def _search(self, text: str) -> None:
        rows, best = found(self._rows, text, self._at) if text else (list(self._rows), None)
        if text and best is None:
            self.not_found(text)
            return
        self._text = text
        self._top = 0
        if best and best.choice.value != self._at:
            self._go(rows.index(best))
        self._follow()
        self.refresh(layout=True)
        self.refresh_bindings()
        self.post_message(self.Looked())

    # The mouse

    def _under(self, event: events.MouseEvent) -> int:
        offset = event.get_content_offset(self)
        lines = self._lines(self.size.width)
        return lines[offset.y][0] if offset is not None and 0 <= offset.y < len(lines) else -1

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        if (index := self._under(event)) >= 0:
            self._go(index)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what would be chosen."""
        index = self._under(event)
        self.hovered = index if index >= 0 and not self._matching[index].blocked else -1

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        most = len(self._body(self.size.width)) - self._room + (not self._text)
        if most > 0:
            event.stop()
            self._top = max(0, min(self._top + by, most))
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
        self._text = ""
        self._at = self._value
        self._follow()
        self.refresh(layout=True)
