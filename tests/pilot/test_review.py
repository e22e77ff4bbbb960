"""The review: nothing before a person says so, then exactly what it said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button, Static

from tests.pilot import scenes
from tests.pilot.driving import SIZES, Driver, ask, enter, go_to, shown
from tests.pilot.sample import MISSING, PROJECT, connect_nowhere, wizard
from tests.pilot.scripted import INFO, ScriptedEngine
from tests.pilot.stage import until
from tui.app import DockwrightApp
from tui.core.project import Note, Project
from tui.core.render import render
from tui.core.rules import problems
from tui.engine import BuildRequest, Engine
from tui.screens.build import BuildScreen
from tui.screens.review import ReviewScreen
from tui.screens.run import RunScreen
from tui.screens.wizard import WizardScreen
from tui.widgets.choice_table import ChoiceTable
from tui.widgets.code_view import CodeView
from tui.widgets.rail import Rail

NAMES = {"Dockerfile", ".dockerignore", "dockwright.toml"}
OLD = "FROM golang:1.27\nCMD server\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return replace(PROJECT, root=tmp_path)


async def review(pilot: Driver) -> ReviewScreen:
    await go_to(pilot, "review")
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    assert isinstance(pilot.app.screen, ReviewScreen)
    return pilot.app.screen


async def settle(pilot: Driver) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def break_it(pilot: Driver) -> None:
    """Answers that do not go together, given behind the review's back."""
    app = pilot.app
    assert isinstance(app, DockwrightApp)
    app.answer("cgo", True)
    app.answer("runtime", "distroless-static-debian13")
    await settle(pilot)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def said(screen: ReviewScreen, id: str) -> str:
    """What that part of the screen says, empty when it is hidden."""
    part = screen.query_one(f"#{id}", Static)
    return str(part.render()) if part.display else ""


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_what_will_be_written_and_built_and_writes_nothing(
    size: tuple[int, int], project: Project
) -> None:
    app = wizard(project)
    async with app.run_test(size=size) as pilot:
        screen = await review(pilot)
        text = shown(app)
        assert "Write 3 files to" in text
        assert all(name in text for name in NAMES)
        assert "server:dev" in text
        assert "dockwright build" in text
        assert screen.query_one("#build-button").has_focus
    assert names(project.root) == set()


async def test_w_writes_the_files_says_so_and_stays(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await pilot.press("w")
        await settle(pilot)
        assert app.screen is screen
        assert names(project.root) == NAMES
        dockerfile = render(project, app.plan)[0].text
        assert (project.root / "Dockerfile").read_text() == dockerfile
        assert "Wrote Dockerfile, .dockerignore, dockwright.toml." in said(screen, "result")
        assert "unchanged" in shown(app)
        await pilot.press("ctrl+q")
    assert app.return_value is not None
    assert {path.name for path in app.return_value.written} == NAMES


async def test_a_file_that_is_replaced_is_named_shown_as_a_diff_and_kept(project: Project) -> None:
    (project.root / "Dockerfile").write_text(OLD)
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        assert screen.query_one("#files").has_focus, "enter must not replace a file by itself"
        text = shown(app)
        assert "-FROM golang:1.27" in text
        assert "+# syntax=docker/dockerfile:1" in text
        assert "kept as Dockerfile.bak" in text
        await pilot.press("w")
        await settle(pilot)
        assert (project.root / "Dockerfile.bak").read_text() == OLD
        assert "What was there is now Dockerfile.bak." in said(screen, "result")


async def test_choosing_a_file_shows_it(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await pilot.click(screen.query_one(ChoiceTable), offset=(4, 2))
        await pilot.pause()
        assert "**/.git" in shown(app)
        await pilot.press("down")
        await pilot.pause()
        assert "version = 1" in shown(app)


async def test_a_narrow_terminal_shows_the_file_on_a_key_and_goes_back_with_it(project: Project) -> None:
    (project.root / "Dockerfile").write_text(OLD)
    app = wizard(project)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await review(pilot)
        assert "-FROM golang:1.27" not in shown(app)
        for back in ("f2", "escape"):
            await pilot.press("f2")
            await pilot.pause()
            assert "-FROM golang:1.27" in shown(app)
            await pilot.press("down", "down")
            await pilot.press(back)
            await pilot.pause()
            assert app.screen is screen
            assert not screen.query_one(CodeView).region


async def test_write_and_build_builds_exactly_what_was_written_then_runs(project: Project) -> None:
    engine = ScriptedEngine(builds=[scenes.building()], runs=[scenes.serving()])

    async def connect() -> Engine:
        return engine

    app = wizard(project, connect=connect)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await pilot.press("enter")
        while not isinstance(app.screen, BuildScreen):
            await pilot.pause(0.02)
        request = engine.requests[0]
        assert isinstance(request, BuildRequest)
        assert request.dockerfile == (project.root / "Dockerfile").read_text()
        assert request.dockerignore == (project.root / ".dockerignore").read_text()
        engine.gate("compiled").set()
        while app.built is None:
            await pilot.press("enter")
            await pilot.pause(0.05)
        while not isinstance(app.screen, RunScreen):
            await pilot.pause(0.02)
        assert app.measured is not None
        await pilot.press("escape")
        await pilot.pause(0.1)
        if app.screen is not screen:
            await pilot.press("right", "enter")
        while app.screen is not screen:
            await pilot.pause(0.02)
        await settle(pilot)
        assert "SIZE, MEASURED" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)
        assert "SIZE, MEASURED" in shown(app)
        assert "8.9 MB" in shown(app)
        app.answer("runtime", "scratch")
        await pilot.pause()
        assert "SIZE, ABOUT" in shown(app)


async def test_build_only_writes_nothing(project: Project) -> None:
    engine = ScriptedEngine(builds=[scenes.building()])

    async def connect() -> Engine:
        return engine

    app = wizard(project, connect=connect)
    async with app.run_test(size=(120, 40)) as pilot:
        await review(pilot)
        await pilot.press("o")
        while not isinstance(app.screen, BuildScreen):
            await pilot.pause(0.02)
    assert names(project.root) == set()


@pytest.mark.parametrize("size", SIZES)
async def test_without_an_engine_it_says_what_is_missing_and_still_writes(
    size: tuple[int, int], project: Project
) -> None:
    app = wizard(project, connect=connect_nowhere)
    async with app.run_test(size=size) as pilot:
        screen = await review(pilot)
        assert "no engine" in shown(app)
        await pilot.press("b")
        await settle(pilot)
        assert app.screen is screen
        assert names(project.root) == NAMES
        text = said(screen, "engine")
        assert all(part in text for part in (MISSING.what, MISSING.why, MISSING.fix))


async def test_what_only_docker_can_is_said_where_there_is_none(project: Project) -> None:
    info = replace(INFO, name="embedded, Go", version="1.27.3", daemon=False)

    async def connect() -> Engine:
        return ScriptedEngine(info=info)

    app = wizard(project, connect=connect)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        assert "embedded, Go 1.27" in shown(app) and not said(screen, "engine")
        app.answer("runtime", "golang")
        await settle(pilot)
        text = said(screen, "engine")
        assert "the embedded engine cannot build this" in text and "the builder image itself" in text
        assert "or start Docker" in text and "r find engine" in shown(app)
        app.answer("runtime", "scratch")
        await settle(pilot)
        assert not said(screen, "engine")


async def test_an_engine_that_was_started_meanwhile_is_found_on_a_key(project: Project) -> None:
    engine = ScriptedEngine(builds=[scenes.building()])
    running = False

    async def connect() -> Engine:
        if not running:
            raise MISSING
        return engine

    app = wizard(project, connect=connect)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        assert MISSING.what in shown(app)
        running = True
        await pilot.press("r")
        await settle(pilot)
        assert MISSING.what not in shown(app)
        assert "Docker 28.5" in shown(app)
        assert not said(screen, "engine")


async def test_an_error_forbids_writing_and_building_and_leads_to_its_step(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await break_it(pilot)
        assert "distroless static has no C library" in shown(app)
        assert all(button.disabled for button in screen.query(Button))
        await pilot.press("w", "b", "o")
        await settle(pilot)
        assert app.screen is screen
        assert names(project.root) == set()
        await pilot.press("g")
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)
        assert app.screen.step == 1


async def test_a_fix_applies_on_the_review_too(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await break_it(pilot)
        assert all(button.disabled for button in screen.query(Button))
        await pilot.press("f4")
        await settle(pilot)
        assert not problems(app.project, app.plan)
        assert not any(button.disabled for button in screen.query(Button))


async def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        (project.root / "Dockerfile").symlink_to("elsewhere")
        await pilot.press("b")
        await settle(pilot)
        assert app.screen is screen
        assert "is a symbolic link" in said(screen, "result")
        assert "The files are on disk." not in shown(app)
    assert names(project.root) == {"Dockerfile"}


async def test_a_link_in_the_way_shows_normally_and_w_says_what_is_wrong(project: Project) -> None:
    (project.root / "real").write_text(OLD)
    (project.root / "Dockerfile").symlink_to("real")
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        assert "Write 3 files to" in shown(app)
        assert "-FROM golang:1.27" in shown(app)
        await pilot.press("w")
        await settle(pilot)
        assert "is a symbolic link" in said(screen, "result")
        assert "The files are on disk." not in shown(app)
    assert names(project.root) == {"Dockerfile", "real"}
    assert (project.root / "real").read_text() == OLD


async def test_what_cannot_be_read_is_not_taken_for_up_to_date(project: Project) -> None:
    (project.root / "Dockerfile").symlink_to("Dockerfile")
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        await pilot.press("w")
        await settle(pilot)
        assert "cannot be read" in said(screen, "result")
        assert "are on disk." not in shown(app) and "up to date" not in shown(app)
        assert not screen.query_one("#only-button", Button).disabled


async def test_enter_builds_only_where_an_engine_is(project: Project) -> None:
    app = wizard(project, connect=connect_nowhere)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        assert screen.query_one("#write-button").has_focus


async def test_with_every_file_on_disk_it_only_offers_to_build(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await review(pilot)
        button = screen.query_one("#build-button", Button)
        assert str(button.label) == "Write and build"
        await pilot.press("w")
        await settle(pilot)
        assert str(button.label) == "Build"
        assert not screen.query_one("#only-button").display


async def test_the_command_line_is_copied(project: Project) -> None:
    app = wizard(project)
    app.answer("port", ("9000/tcp",))
    async with app.run_test(size=(120, 40)) as pilot:
        await review(pilot)
        await pilot.press("c")
        await pilot.pause()
        assert app.clipboard == f"dockwright build {project.root} --port 9000/tcp"


async def test_back_and_the_rail_lead_to_the_questions_with_every_answer(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "binary")
        await pilot.press(*"pong")
        await review(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)
        assert app.screen.step == 5
        await enter(pilot)
        await pilot.click(Rail, offset=(6, 3))
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)
        assert app.screen.step == 0
        assert app.plan.binary == "pong"


async def test_notes_on_the_project_are_announced_and_shown_with_all_that_was_read(project: Project) -> None:
    vendor = Note("vendor/ has no modules.txt, so Go refuses it: run go mod vendor, or delete vendor/.")
    app = wizard(replace(project, notes=(vendor,)))
    async with app.run_test(size=(80, 24)) as pilot:
        await review(pilot)
        assert "1 note on the project" in " ".join(shown(app).split())
        await pilot.press("f9")
        await until(pilot, lambda: "github.com/acme/ping" in shown(app))
        assert "cmd/server/main.go:41" in shown(app)
        await pilot.press(*["pagedown"] * 5)
        await until(pilot, lambda: "no modules.txt" in shown(app))
        await pilot.press("escape")
        assert isinstance(app.screen, ReviewScreen)
