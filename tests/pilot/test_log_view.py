"""The log: any length, any bytes, alive while it grows, and its text can be taken out."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import Input

from tests.pilot.stage import shown
from tui.theme import DARK, THEMES
from tui.widgets.ansi import Look, pieces, plain
from tui.widgets.log_pane import LogPane
from tui.widgets.log_search import LogSearch
from tui.widgets.spool import LONGEST, Spool


@pytest.fixture
def spool() -> Iterator[Spool]:
    made = Spool()
    yield made
    made.close()


class PaneApp(App[None]):
    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self.spool = spool
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK

    def compose(self) -> ComposeResult:
        yield Input(id="echo")
        yield LogPane(lambda moment: time.strftime("%H:%M:%S  ", time.gmtime(moment)), id="pane")

    def on_mount(self) -> None:
        self.pane.show("Logs", self.spool, "Nothing yet.")
        self.set_interval(1 / 20, self.pane.flush)

    @property
    def pane(self) -> LogPane:
        return self.query_one("#pane", LogPane)


def test_lines_come_in_parts_and_overwrite_themselves(spool: Spool) -> None:
    for part in ("one\ntw", "o\r\n", " 10 %\r 20 %\r", "100 %\nlast"):
        spool.append(part)
    assert spool.lines(0, 9) == ["one", "two", "100 %", "last"]
    assert (len(spool), spool.complete) == (4, 3)
    spool.end()
    assert spool.complete == 4


def test_a_line_without_end_is_cut(spool: Spool) -> None:
    spool.append("x" * (3 * LONGEST + 5))
    assert [len(line) for line in spool.lines(0, 9)] == [LONGEST] * 3 + [5]


def test_each_line_keeps_its_time(spool: Spool) -> None:
    spool.append("one\ntwo", 1_700_000_000.0)
    spool.append(" more\nthree\n", 1_700_000_002.5)
    assert [round(spool.time(n) - 1_700_000_000, 1) for n in range(3)] == [0.0, 0.0, 2.5]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[1;1Hhome", "home"),
        ("a\x1b[", "a"),
        ("bell\x07 back\x08space \x9b31mc1", "bell backspace c1"),
        ("\x1bPdevice control\x1b\\x", "x"),
        ("rtl \u202egnp.exe", "rtl gnp.exe"),
        ("tab\tstop", "tab     stop"),
        ("\x1b[?25l⠋ working", "⠋ working"),
    ],
)
def test_nothing_but_text_reaches_the_terminal(raw: str, text: str) -> None:
    assert plain(raw) == text
    assert "".join(piece for piece, _ in pieces(raw)).expandtabs() == text


def test_colours_become_data() -> None:
    found = list(pieces("a\x1b[1;31mb\x1b[38;5;208mc\x1b[48;2;1;2;3md\x1b[38;2;9;8;7me\x1b[mf"))
    assert found == [
        ("a", Look()),
        ("b", Look(color=1, bold=True)),
        ("c", Look(color=(255, 135, 0), bold=True)),
        ("d", Look(color=(255, 135, 0), bold=True)),
        ("e", Look(color=(9, 8, 7), bold=True)),
        ("f", Look()),
    ]


def test_search_goes_around_both_ends(spool: Spool) -> None:
    spool.append("Error one\nfine\nan \x1b[31mERR\x1b[0mor two\nfine\n")
    search = LogSearch(spool, "error")
    while search.scan():
        pass
    assert list(search.lines) == [0, 2]
    assert (search.after(0), search.after(2), search.before(0)) == (2, 0, 2)
    assert search.spans("Error: an error") == [(0, 5), (10, 15)]
    spool.append("error three\n")
    search.scan()
    assert list(search.lines) == [0, 2, 4]


async def test_it_follows_until_the_person_scrolls_up(spool: Spool) -> None:
    spool.append("".join(f"line {n}\n" for n in range(200)))
    app = PaneApp(spool)
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.pane.view
        view.focus()
        await pilot.pause()
        assert "line 199" in shown(app) and "following" in shown(app)
        await pilot.press("up", "up")
        await pilot.pause(0.4)
        assert not view.follow
        assert "lines below" in shown(app)
        spool.append("new\n")
        await pilot.pause(0.1)
        assert "line 199" not in shown(app) and "new" not in shown(app)
        await pilot.press("end")
        await pilot.pause(0.1)
        assert view.follow and "new" in shown(app)


async def test_search_marks_and_jumps(spool: Spool) -> None:
    spool.append("".join(f"line {n}\n" for n in range(500)))
    app = PaneApp(spool)
    async with app.run_test(size=(60, 20)) as pilot:
        app.pane.open_search()
        await pilot.press(*"line 123")
        await pilot.pause(0.1)
        assert "line 123" in shown(app)
        assert "1 of 1 found" in shown(app)
        await pilot.press("enter")
        assert app.focused is app.pane.view
        app.pane.close_search()
        await pilot.pause()
        assert "found" not in shown(app)


async def test_the_selected_text_has_no_escape_codes_and_no_times(spool: Spool) -> None:
    spool.append("\x1b[32mgreen\x1b[0m line\nsecond line\nthird\n", 1_700_000_000.0)
    app = PaneApp(spool)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        view = app.pane.view
        found = view.get_selection(Selection(Offset(6, 0), Offset(6, 1)))
        assert found is not None and found[0] == "line\nsecond"
        everything = view.get_selection(Selection(None, None))
        assert everything is not None and everything[0] == "green line\nsecond line\nthird"


async def test_wide_lines_go_on_in_the_next_row(spool: Spool) -> None:
    spool.append("a" * 70 + "END\nnext\n" + "日本" * 30 + "\n", 1_700_000_000.0)
    app = PaneApp(spool)
    async with app.run_test(size=(63, 20)) as pilot:
        await pilot.pause()
        view = app.pane.view
        room = view.size.width - 10
        assert view.virtual_size.height == -(-73 // room) + 1 + -(-120 // room)
        rows = [line.strip() for line in shown(app).splitlines() if "END" in line or "next" in line]
        assert rows == ["a" * (70 - room) + "END", "22:13:20  next"]
        found = view.get_selection(Selection(Offset(68, 0), Offset(2, 1)))
        assert found is not None and found[0] == "aaEND\nne"
        await pilot.resize_terminal(120, 20)
        await pilot.pause()
        assert "a" * 70 + "END" in shown(app)


async def test_dragging_with_the_mouse_selects(spool: Spool) -> None:
    spool.append("first line\nsecond line\n", 1_700_000_000.0)
    app = PaneApp(spool)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        view = app.pane.view
        await pilot.mouse_down(view, offset=(10, 0))
        await pilot.hover(view, offset=(16, 1))
        await pilot.mouse_up(view, offset=(16, 1))
        await pilot.pause()
        assert app.screen.get_selected_text() in ("first line\nsecond", "first line\nsecond ")


async def test_100_000_lines_and_the_screen_stays_alive(spool: Spool) -> None:
    app = PaneApp(spool)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        app.query_one("#echo").focus()
        for batch in range(100):
            spool.append(
                "".join(f"\x1b[33m{batch}.{n}\x1b[0m some text of a build log\n" for n in range(1000))
            )
            if batch % 10 == 0:
                await pilot.press("x")
                await pilot.pause()
        await pilot.pause(0.1)
        assert app.query_one("#echo", Input).value == "x" * 10
        assert "99.999 some text" in shown(app)
        assert len(spool) == 100_000
