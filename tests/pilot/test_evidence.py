"""Where a proposal was seen: said beside it, and opened in the person's own editor."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pilot.driving import SIZES, ask, click_on, enter, screen, shown
from tests.pilot.sample import PROJECT, WITH_CGO, wizard
from tests.pilot.stage import press_in_bar, see, until
from tui.app import DockwrightApp
from tui.core.inspect import inspect
from tui.core.project import Evidence
from tui.widgets.key_bar import KeyBar
from tui.widgets.reason import Reason

PING = Path(__file__).parents[1] / "projects" / "ping"


@pytest.fixture
def ping(tmp_path: Path) -> DockwrightApp:
    """The wizard on a copy of the example."""
    return wizard(inspect(Path(shutil.copytree(PING, tmp_path / "ping"))))


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for an editor with a window: it records its words, then runs ``does``."""
    program = tmp_path / "code"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{tmp_path}/got"\n. "{tmp_path}/does"\n')
    program.chmod(0o755)
    (tmp_path / "does").write_text("")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(program))
    return tmp_path


def words(app: DockwrightApp) -> list[str]:
    return [key.word for key in app.screen.query_one(KeyBar).keys]


def told(app: DockwrightApp) -> list[str]:
    """The messages on the screen."""
    return [message.message for message in app._notifications]


@pytest.mark.parametrize("size", SIZES)
async def test_the_key_is_offered_only_where_the_project_shows_something(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "code" in words(app)
        await ask(pilot, "binary")
        assert "code" not in words(app)
        await pilot.press("f6")
        assert screen(app).asked is not None
        await enter(pilot, 4)
        assert "code" in words(app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_place_is_said_with_what_stands_there_and_how_many_more(
    size: tuple[int, int],
) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot, 4)
        said = " ".join(screen(app).query_one("#port Reason", Reason).text.plain.split())
        assert said.endswith("9090/tcp (cmd/server/main.go:41 http.ListenAndServe, and 1 more).")
        commands = {c.title: str(c.help) for c in app.get_system_commands(app.screen)}
        assert commands["Open the code, place 1 of 2"].startswith("cmd/server/main.go:41")
        assert commands["Open the code, place 2 of 2"].startswith("internal/metrics/metrics.go:22")


async def test_what_the_reason_says_already_is_not_said_twice() -> None:
    app = wizard(WITH_CGO)
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        said = screen(app).query_one("#cgo Reason", Reason).text.plain
        assert said.count("go-sqlite3") == 1


async def test_text_of_the_project_is_never_read_as_markup() -> None:
    seen = Evidence("cmd/[bold]x/main.go", 3, "http.Get(a[/tmp/x], [/])")
    app = wizard(replace(PROJECT, ports=(replace(PROJECT.ports[0], evidence=seen),)))
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 4)
        await see(pilot, "cmd/[bold]x/main.go:3")
        await pilot.press("ctrl+p")
        await pilot.press(*"open the code")
        await see(pilot, "http.Get(a[/tmp/x], [/])")


@pytest.mark.parametrize("how", ["key", "mouse", "link", "link of an answer"])
async def test_an_editor_with_a_window_opens_beside_the_wizard(
    ping: DockwrightApp, window: Path, how: str
) -> None:
    async with ping.run_test(size=(160, 50)) as pilot:
        await enter(pilot, 4)
        if how == "link of an answer":
            await pilot.press("9", "0", "9", "0")
            await pilot.pause()
        if how == "key":
            await pilot.press("f6")
        elif how == "mouse":
            await press_in_bar(pilot, "code")
        else:
            await click_on(pilot, "#port Reason", "main.go")
        answered = ping.plan.port
        await until(pilot, (window / "got").exists)
        await ping.workers.wait_for_complete()
        first = ping.project.ports[0].evidence
        wanted = ["--wait", "--goto", f"{window}/ping/{first.file}:{first.line}"]
        assert (window / "got").read_text().split() == wanted
        assert "5 of 7" in shown(ping)
        assert ping.plan.port == answered == (("9090/tcp",) if "answer" in how else ("8080/tcp",))


async def test_a_file_that_was_changed_is_read_again_and_answers_stay(
    ping: DockwrightApp, window: Path
) -> None:
    (window / "does").write_text('sed -i s/8080/8181/ "${3%:*}"\n')
    async with ping.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "tag")
        await pilot.press("end", "x")
        await enter(pilot, 4)
        await pilot.press("f6")
        await see(pilot, "8181/tcp")
        assert told(ping) == ["main.go changed, so the project is read again."]
        assert ping.plan.port == ("8181/tcp",)
        assert ping.plan.tag.endswith("x")


async def test_a_project_that_cannot_be_read_after_the_change_is_said(
    ping: DockwrightApp, window: Path
) -> None:
    (window / "does").write_text('echo nonsense >"${3%:*}"\n')
    async with ping.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        before = ping.answers
        await ask(pilot, "go")
        await pilot.press("f6")
        await until(pilot, lambda: "What was known before stays." in " ".join(told(ping)))
        assert "has no module line" in " ".join(told(ping))
        assert ping.answers == before


async def test_the_place_that_is_clicked_is_the_one_that_opens(ping: DockwrightApp, window: Path) -> None:
    async with ping.run_test(size=(160, 50)) as pilot:
        await enter(pilot, 4)
        await click_on(pilot, "#health Reason", "main.go")
        await until(pilot, (window / "got").exists)
        await ping.workers.wait_for_complete()
        wanted = f":{ping.project.health[0].evidence.line}\n"
        assert wanted != f":{ping.project.ports[0].evidence.line}\n"
        assert (window / "got").read_text().endswith(wanted)


async def test_a_file_that_was_only_looked_at_is_not_read_again(ping: DockwrightApp, window: Path) -> None:
    async with ping.run_test(size=(120, 40)) as pilot:
        before = ping.project
        await pilot.press("f6")
        await until(pilot, (window / "got").exists)
        await ping.workers.wait_for_complete()
        assert ping.project is before
        assert not told(ping)


@pytest.mark.parametrize(
    ("editor", "does", "sentence"),
    [
        ("no-such-editor", "", "EDITOR names no-such-editor"),
        ("vi 'half", "", "EDITOR is no command"),
        ("", "exit 3\n", "ended with exit code 3"),
        (sys.executable, "", "this one cannot be handed over"),
    ],
    ids=["missing", "no command", "failing", "no terminal"],
)
async def test_what_stands_in_the_way_is_said_and_nothing_is_lost(
    ping: DockwrightApp,
    window: Path,
    monkeypatch: pytest.MonkeyPatch,
    editor: str,
    does: str,
    sentence: str,
) -> None:
    if editor:
        monkeypatch.setenv("EDITOR", editor)
    (window / "does").write_text(does)
    async with ping.run_test(size=(120, 40)) as pilot:
        before = ping.answers
        await pilot.press("f6")
        await until(pilot, lambda: sentence in " ".join(told(ping)))
        assert ping.answers == before
        assert "1 of 7" in shown(ping)


async def test_a_file_that_is_gone_is_said(ping: DockwrightApp, window: Path) -> None:
    (ping.project.root / ping.project.mains[0].evidence.file).unlink()
    async with ping.run_test(size=(120, 40)) as pilot:
        await pilot.press("f6")
        await until(pilot, lambda: told(ping) == ["main.go is not there any more, or cannot be read."])
        assert not (window / "got").exists()
