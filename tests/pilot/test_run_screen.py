"""The run screen: address, state, size and log of the container, and how it ends."""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.pilot import scenes
from tests.pilot.scripted import RUN, SIZE, Gate, Script, ScriptedEngine
from tests.pilot.stage import StageApp, press_in_bar, see, shown, until
from tui.core.events import Finished, ImageSize, Listening, Log, Notice, Published, Ready
from tui.core.running import NO_CONTAINER
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpLine, HelpScreen
from tui.screens.run import RunScreen
from tui.screens.text import TextScreen
from tui.widgets.log_pane import SearchInput

SIZES = [(80, 24), (120, 40), (160, 50)]


def stage(
    *runs: Script, size: ImageSize | None = SIZE, first: float | None = None, clean_up: float = 0.0
) -> tuple[StageApp, ScriptedEngine]:
    engine = ScriptedEngine(runs=list(runs), clean_up=clean_up)
    finished = Finished("sha256:0a1b2c", "ping:dev", 48.2, size)
    return StageApp(RunScreen(engine, RUN, finished, first=first, base="distroless static")), engine


@pytest.mark.parametrize("size", SIZES)
async def test_it_answers(size: tuple[int, int]) -> None:
    app, _ = stage(scenes.serving())
    async with app.run_test(size=size) as pilot:
        await see(pilot, "GET /health")
        await see(pilot, "● http://127.0.0.1:8080  answered 200 after 0.3 s")
        await see(pilot, "8.9 MB on disk     about 3.6 MB to download")
        await see(pilot, "99.1 % smaller")
        await see(pilot, "listening on :8080")


async def test_a_process_of_ones_own_is_not_said_to_be_another_users() -> None:
    told = "It does not run in a container but as a process of yours."
    started = replace(scenes.STARTED, hardening=(NO_CONTAINER,))
    app, _ = stage([Notice(told), started])
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "not in a container", "It does not run in a container")
        assert "user 65532" not in shown(app)


OWN_NETWORK = replace(scenes.STARTED, published=(Published(8080, "tcp", "", 8080, 8080),))


@pytest.mark.parametrize("size", [(80, 24), (110, 36)])
async def test_what_differs_from_docker_is_seen_without_scrolling(size: tuple[int, int]) -> None:
    told = [
        "Port 80 will be refused. " * 5,
        "The network is this machine's own. " * 4,
        "It has one user. " * 7,
    ]
    script = [*map(Notice, told), OWN_NETWORK, Listening(8080, ("::",), open=True), Log("listening\n")]
    app, _ = stage(script)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "listening")
        await see(pilot, "Port 8080 is open to the local network: it listens on every address")
        seen = " ".join(shown(app).encode("ascii", "ignore").decode().split())
        for text in told:
            assert " ".join(text.split()) in seen, seen


async def test_a_port_only_this_machine_reaches_is_no_warning() -> None:
    app, _ = stage([OWN_NETWORK, Listening(8080, ("127.0.0.1",), open=False)])
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "port 8080/tcp on 127.0.0.1")
        assert "DIFFERENT" not in shown(app)


async def test_the_card_says_what_is_in_it_and_how_it_runs() -> None:
    app, _ = stage(scenes.serving(), first=91.0)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        lines = [line[:60].strip() for line in shown(app).splitlines()]
        named = {line[:20].strip(): line[20:].split("█")[0].strip() for line in lines if "█" in line}
        assert named == {"COPY server": "6.6 MB", "distroless static": "2.3 MB"}
        await see(pilot, "127.0.0.1:8080 → 8080/tcp")
        await see(pilot, "user 65532:65532", "read-only", "no capabilities", "no new privileges")
        assert [line.split()[-1] for line in lines if line.startswith(("first build", "this build"))] == [
            "1:31",
            "s",
        ]


async def test_what_was_not_measured_is_no_number() -> None:
    unknown = replace(SIZE, compressed=None, single_stage=None, engine=2_200_000)
    app, _ = stage(scenes.serving(), size=unknown)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        text = shown(app)
        assert "smaller" not in text and "about" not in text
        await see(pilot, "– to download")
        await see(pilot, "the engine itself says 2.2 MB")


async def test_an_image_without_a_measured_size_says_so() -> None:
    app, _ = stage(scenes.serving(), size=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        await see(pilot, "not measured")
        assert "on disk" not in shown(app)


async def test_a_moved_port_and_an_unprobed_server_are_explained() -> None:
    app, _ = stage(scenes.moved())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "running, not probed")
        await see(pilot, "It publishes no TCP port")
        await see(pilot, "127.0.0.1:49153 → 8080/tcp")
        await see(pilot, "port 8080 was taken, so it is published on 49153")
        assert "open" not in [key.word for key in app.screen.query_one("KeyBar").keys]  # type: ignore[attr-defined]


async def test_x_stops_it_and_the_exit_code_is_told_in_words() -> None:
    app, engine = stage(scenes.serving())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("x")
        await see(pilot, "exit code 0")
        assert engine.stopped == ["c0ffee"]
        await see(pilot, "It was stopped and ended cleanly. It ran for 3.0 s.")
        await see(pilot, "GET /health")
        await pilot.press("escape")
        await until(pilot, lambda: app.results == ["back"])


@pytest.mark.parametrize("size", SIZES)
async def test_it_crashes_and_keeps_its_last_words(size: tuple[int, int]) -> None:
    app, _ = stage(scenes.crashed(), scenes.serving())
    async with app.run_test(size=size) as pilot:
        await see(pilot, "exit code 2")
        await see(pilot, "A Go panic or fatal error")
        await see(pilot, "main.main()")
        await pilot.press("r")
        await see(pilot, "answered 200")
        assert "main.main()" not in shown(app)


async def test_it_cannot_start() -> None:
    app, _ = stage(scenes.refused())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "did not start", "stat:")
        text = shown(app)
        await see(pilot, "The container could not be started.")
        await see(pilot, "check the name of the binary")
        assert "stat:nosuchfileordirectory" in "".join(
            "".join(line[62:].split()) for line in text.splitlines()
        )


async def test_restart_ends_the_old_container_before_the_new_one() -> None:
    app, engine = stage(scenes.serving(), clean_up=0.2)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("r")
        await until(pilot, lambda: engine.opened == 2)
        assert engine.closed == 1
        await see(pilot, "answered 200")


async def test_quitting_while_it_restarts_starts_nothing_new() -> None:
    app, engine = stage(scenes.serving(), clean_up=1.0)
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("r")
        await see(pilot, "is stopping")
        app.exit()
    await asyncio.sleep(0.1)
    assert (engine.opened, engine.closed) == (1, 1)


async def test_esc_asks_since_it_stops_the_container() -> None:
    app, engine = stage(scenes.serving(), clean_up=0.2)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        assert engine.closed == 0
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.results == ["back"])
        assert engine.closed == 1


async def test_rebuild_with_the_mouse_alone() -> None:
    app, engine = stage(scenes.serving())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "GET /health")
        await press_in_bar(pilot, "rebuild")
        await until(pilot, lambda: app.results == ["rebuild"])
        assert engine.closed == 1


async def test_quitting_stops_the_container_first() -> None:
    app, engine = stage(scenes.serving(), clean_up=0.3)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("ctrl+q")
    assert (engine.opened, engine.closed) == (1, 1)


def opened_by(opened: list[str]) -> Callable[[str], bool]:
    def open_url(url: str) -> bool:
        opened.append(url)
        return True

    return open_url


async def test_o_opens_only_what_a_browser_can(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened_by(opened))
    app, _ = stage(scenes.serving())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "answered 200")
        await pilot.press("o")
        assert opened == ["http://127.0.0.1:8080"]
    app, _ = stage([scenes.STARTED, Ready("javascript:alert(1)", None, 0.1)])
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "answered")
        await pilot.press("o")
        assert len(opened) == 1


async def test_d_shows_the_docker_run_line_and_copies_it() -> None:
    app, _ = stage(scenes.serving())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "GET /health")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, TextScreen))
        await pilot.pause()
        await see(pilot, "--cap-drop ALL")
        await pilot.press("enter")
        assert app.clipboard == scenes.STARTED.command


async def test_escape_codes_of_the_application_never_reach_the_terminal() -> None:
    app, _ = stage([scenes.STARTED, Log("\x1b]0;owned\x07\x1b[2Jboo\x1b[31m!\n", 1, 1.0), Gate("on")])
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "boo!")
        assert "owned" not in shown(app) and "\x1b" not in shown(app)


async def test_every_key_can_be_clicked_even_where_the_bar_is_short() -> None:
    app, _ = stage(scenes.serving())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "GET /health")
        await press_in_bar(pilot, "help")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        (line,) = [line for line in app.screen.query(HelpLine) if line.key.word == "Search the log"]
        line.scroll_visible(animate=False)
        await pilot.pause()
        await pilot.click(line)
        await until(pilot, lambda: isinstance(app.focused, SearchInput))


async def test_esc_ends_a_search_before_it_leads_back() -> None:
    app, engine = stage(scenes.serving())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "answered 200", "GET /health", "following")
        await pilot.press("slash", *"GET", "enter")
        await see(pilot, "3 found")
        await pilot.press("escape")
        await see(pilot, "following")
        assert isinstance(app.screen, RunScreen) and not engine.stopped
        await pilot.press("escape")
        await see(pilot, "Stop ping:dev and go back?")
