"""The application around the screens: the engine, the palette, themes, leaving."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from textual.app import SystemCommand

from tests.pilot import scenes
from tests.pilot.driving import enter, go_to, screen, shown
from tests.pilot.sample import PROJECT, WITH_CGO, connect_nowhere, wizard
from tests.pilot.scripted import ScriptedEngine
from tests.pilot.stage import until
from tui.app import DockwrightApp
from tui.core import validate
from tui.core.inspect import inspect
from tui.core.own_image import OwnImage
from tui.core.plan import answer, defaults
from tui.core.render import render
from tui.engine import Engine
from tui.history import History
from tui.screens.build import BuildScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.theme import DARK, LIGHT


def offered(app: DockwrightApp) -> dict[str, SystemCommand]:
    return {command.title: command for command in app.get_system_commands(app.screen)}


async def test_the_engine_is_looked_for_after_the_first_frame_and_shown() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "Docker 28.5" in shown(app)
        assert "● ready" in shown(app)


async def test_no_engine_is_said_and_the_questions_go_on() -> None:
    app = wizard(connect=connect_nowhere)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "no engine" in shown(app)
        await enter(pilot)
        assert screen(app).step == 1


async def test_the_palette_offers_what_makes_sense_now() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert not {"Undo", "Redo", "Go to Base image"} & offered(app).keys()
        await enter(pilot)
        await pilot.press("down")
        await pilot.pause()
        assert {"Undo", "Go to Project"} <= offered(app).keys()
        assert "Go to CGO" not in offered(app)
        offered(app)["Go to Project"].callback()
        await pilot.pause()
        assert screen(app).step == 0


async def test_comments_and_theme_are_switched_from_the_palette() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "# The Go release" in shown(app)
        offered(app)["Switch comments off"].callback()
        offered(app)["Use the light theme"].callback()
        await pilot.pause()
        assert "# The Go release" not in shown(app)
        assert app.theme == LIGHT
        assert screen(app).styles.background.hex == "#FBFCFD"
        offered(app)["Use the dark theme"].callback()
        await pilot.pause()
        assert app.theme == DARK
        assert screen(app).styles.background.hex == "#0E1318"


async def test_the_dockerfile_and_the_command_line_are_copied_from_the_palette() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        offered(app)["Copy the Dockerfile"].callback()
        assert app.clipboard == render(PROJECT, app.plan)[0].text
        offered(app)["Copy the command line"].callback()
        assert app.clipboard == "dockwright build /src/ping"


async def test_the_palette_opens_and_runs_a_command() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await pilot.press(*"go to project")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert screen(app).step == 0


async def test_help_lists_the_keys_of_the_screen_and_closes_without_a_loss() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        text = shown(app)
        for meaning in ("Confirm this step", "Apply the fix", "follow the project", "Leave dockwright"):
            assert meaning in text
        await pilot.press("escape")
        await pilot.pause()
        assert screen(app).step == 0


async def test_leaving_gives_what_was_reached() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("ctrl+q")
    assert app.return_value is not None
    assert app.return_value.plan == defaults(PROJECT)
    assert app.return_value.written == ()
    assert app.return_value.image == ""


async def test_leaving_asks_while_a_build_is_under_way_and_stops_it() -> None:
    engine = ScriptedEngine(builds=[scenes.building()])

    async def connect() -> Engine:
        return engine

    app = wizard(connect=connect)
    async with app.run_test(size=(120, 40)) as pilot:
        await go_to(pilot, "review")
        await pilot.press("o")
        while not isinstance(app.screen, BuildScreen) or not engine.opened:
            await pilot.pause(0.02)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, BuildScreen)
        assert engine.closed == 0
        await pilot.press("ctrl+q", "right", "enter")
    assert engine.closed == 1


@pytest.mark.parametrize("module", ["tui.app", "tui.screens.wizard"])
def test_the_first_frame_needs_neither_docker_nor_later_screens(module: str) -> None:
    late = ("docker", "tui.engine", "tui.screens.review", "tui.screens.build", "tui.screens.run", "pygments")
    code = f"import sys, {module}; print([name for name in {late!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_history_keeps_drafts_groups_changes_and_forgets_the_future_after_a_new_one() -> None:
    history = History(PROJECT, defaults(PROJECT))
    history.answer_text("tag", "x", validate.tag)
    history.answer_text("tag", "xY", validate.tag)
    draft = history.now.draft("tag")
    assert draft is not None
    assert draft.text == "xY"
    assert history.now.plan.tag == "x:latest"
    history.answer("cgo", True)
    history.undo()
    assert history.now.draft("tag") == draft
    assert not history.now.plan.cgo
    history.undo()
    assert history.now.plan == defaults(PROJECT)
    assert not history.can_undo
    history.redo()
    assert history.now.draft("tag") == draft
    history.follow("tag")
    assert history.now.draft("tag") is None
    assert not history.can_redo


def test_answers_given_on_the_command_line_are_shown_as_decided() -> None:
    plan = answer(PROJECT, defaults(PROJECT), "user", "1000:1000")
    assert History(PROJECT, plan).now.plan.answered == {"user"}


async def test_another_main_package_brings_its_own_ports_and_undo_takes_them_back(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/two\n\ngo 1.27\n")
    for name, port in (("api", 8080), ("worker", 9090)):
        folder = tmp_path / "cmd" / name
        folder.mkdir(parents=True)
        listen = f'http.ListenAndServe(":{port}", nil)'
        (folder / "main.go").write_text(f'package main\n\nimport "net/http"\n\nfunc main() {{ {listen} }}\n')
    app = wizard(inspect(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.plan.port == ("8080/tcp",)
        await pilot.press("down")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (app.plan.main, app.plan.port) == ("./cmd/worker", ("9090/tcp",))
        await pilot.press("ctrl+z")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert (app.plan.main, app.plan.port) == ("./cmd/api", ("8080/tcp",))


async def test_another_platform_brings_what_its_files_need_and_undo_takes_it_back(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/c\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    (tmp_path / "fast_s390x.go").write_text('package main\n\nimport "C"\n')
    app = wizard(inspect(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        for answer_now, cgo in (
            (partial(app.answer, "platform", ("linux/s390x",)), True),
            (app.action_undo, False),
        ):
            answer_now()
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert (app.project.cgo.required, app.plan.cgo) == (cgo, cgo)


async def test_an_own_image_is_read_by_a_key() -> None:
    engine = ScriptedEngine()

    async def connect() -> Engine:
        return engine

    app = wizard(PROJECT, answer(PROJECT, defaults(PROJECT), "runtime", "base:1"), connect)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        assert "Read the image" in shown(app)
        await pilot.press("f4")
        await until(pilot, lambda: "has no images" in shown(app))
        assert app.plan.image == ()
        engine.images["base:1"] = OwnImage(reference="base:1", platforms=("linux/amd64",), libc="none")
        await pilot.press("f4")
        await until(pilot, lambda: app.plan.image == ("base:1 platforms=linux/amd64 libc=none",))
        await until(pilot, lambda: "No problems" in shown(app))


async def test_a_recipe_is_taken_from_the_palette_and_undone_in_one_step() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        before = app.plan
        offered(app)["Recipe: Alpine"].callback()
        await pilot.pause()
        assert (app.plan.builder, app.plan.runtime) == ("golang-alpine3.24", "alpine-3.24")
        assert "FROM alpine:3.24" in shown(app)
        await pilot.press("ctrl+z")
        assert app.plan == before


async def test_what_of_a_recipe_does_not_fit_is_said() -> None:
    app = wizard(WITH_CGO)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        offered(app)["Recipe: Windows"].callback()
        await until(pilot, lambda: "does not fit here as it is" in shown(app))
