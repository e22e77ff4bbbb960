"""Steps that depend on the project, what is in the way of going on, and leaving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.pilot.driving import SIZES, Driver, ask, enter, go_to, screen, shown
from tests.pilot.sample import PROJECT, WITH_CGO, wizard
from tests.pilot.stage import until
from tui import core
from tui.app import DockwrightApp
from tui.core.plan import answer, defaults
from tui.core.project import Project
from tui.screens.confirm import ConfirmScreen
from tui.screens.review import ReviewScreen
from tui.screens.wizard import WizardScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.problem_line import ProblemLine


@pytest.fixture
def only_with_cgo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step CGO is asked only where the project needs C."""
    steps = tuple(
        replace(step, shown=lambda project: project.cgo.required) if step.key == "cgo" else step
        for step in core.questions.STEPS
    )
    monkeypatch.setattr(core.questions, "STEPS", steps)


def words(app: DockwrightApp) -> list[str]:
    return [key.word for key in app.screen.query_one(KeyBar).keys]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("only_with_cgo")
async def test_a_step_this_project_has_not_is_neither_shown_nor_counted(size: tuple[int, int]) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot, 2)
        assert "3 of 6" in shown(app)
        assert "Who the program runs as" in shown(app)
        assert "CGO" not in shown(app).splitlines()[1]
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert "Go to CGO" not in titles
        await go_to(pilot, "review")
        assert isinstance(app.screen, ReviewScreen)
        assert "6 of 6" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert screen(app).form.info.key == "details"


@pytest.mark.usefixtures("only_with_cgo")
async def test_another_look_at_the_project_may_bring_a_step_and_take_it_away() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        assert screen(app).form.info.key == "user"
        adopt(app, WITH_CGO)
        await pilot.pause()
        assert "4 of 7" in shown(app)
        assert screen(app).form.info.key == "user"
        await pilot.press("alt+left")
        await pilot.pause()
        assert screen(app).form.info.key == "cgo"
        adopt(app, PROJECT)
        await until(pilot, lambda: screen(app).form.info.key == "project")
        assert "1 of 6" in shown(app)


def adopt(app: DockwrightApp, project: Project) -> None:
    app.project = project
    app.history.adopt(project)
    app.set_reactive(DockwrightApp.answers, app.history.now)
    app.mutate_reactive(DockwrightApp.answers)


async def test_an_error_of_a_rule_blocks_forward_at_its_step_and_never_back() -> None:
    app = wizard(WITH_CGO, answer(WITH_CGO, defaults(WITH_CGO), "cgo", False))
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        assert screen(app).form.info.key == "cgo", "an error of a later step blocks nothing yet"
        await enter(pilot, 2)
        assert screen(app).form.info.key == "cgo"
        assert "fix" in words(app)
        await pilot.press("alt+left")
        await pilot.pause()
        assert screen(app).form.info.key == "base"
        await screen(app).go(5)
        assert screen(app).form.info.key == "cgo"
        await pilot.press("f4")
        await pilot.pause()
        assert app.plan.cgo
        assert "fix" not in words(app)
        await enter(pilot)
        assert screen(app).form.info.key == "user"


async def test_where_no_answer_solves_an_error_the_project_can_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.27\n\nrequire golang.org/x/text v0.30.0\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    app = wizard(core.inspect.inspect(tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "go.sum" in screen(app).query_one(ProblemLine).text.plain
        await enter(pilot)
        assert screen(app).step == 0
        (tmp_path / "go.sum").write_text("golang.org/x/text v0.30.0/go.mod h1:x=\n")
        await pilot.press("f4")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "No problems" in screen(app).query_one(ProblemLine).text.plain
        await enter(pilot)
        assert screen(app).step == 1


# Leaving


async def changed(pilot: Driver) -> ConfirmScreen:
    """Answer something, then want to quit."""
    await ask(pilot, "binary")
    await pilot.press(*"pong", "ctrl+q")
    await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
    assert isinstance(pilot.app.screen, ConfirmScreen)
    return pilot.app.screen


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return replace(PROJECT, root=tmp_path)


async def test_leaving_with_answers_that_are_nowhere_asks_and_staying_loses_nothing(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await changed(pilot)
        assert "dockwright.toml" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)
        assert app.plan.binary == "pong"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "right", "enter")
    assert app.return_value is not None
    assert app.return_value.plan.binary == "pong"
    assert list(project.root.iterdir()) == []


async def test_leaving_can_write_first_and_says_what_it_replaces(project: Project) -> None:
    (project.root / "Dockerfile").write_text("FROM scratch\n")
    app = wizard(project)
    async with app.run_test(size=(120, 40)) as pilot:
        await changed(pilot)
        assert "Dockerfile.bak" in shown(app)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value is not None
    assert {path.name for path in app.return_value.written} == {
        "Dockerfile",
        ".dockerignore",
        "dockwright.toml",
    }
    assert (project.root / "Dockerfile.bak").read_text() == "FROM scratch\n"


async def test_answers_that_were_written_or_taken_back_are_not_asked_about(project: Project) -> None:
    for way in ("undo", "write"):
        app = wizard(project)
        async with app.run_test(size=(120, 40)) as pilot:
            await ask(pilot, "binary")
            await pilot.press(*"pong")
            await pilot.pause()
            if way == "write":
                await go_to(pilot, "review")
                await app.workers.wait_for_complete()
            await pilot.press("w" if way == "write" else "ctrl+z")
            await app.workers.wait_for_complete()
            await pilot.press("ctrl+q")
        assert app.return_value is not None


async def test_answers_that_cannot_be_written_are_said_to_be_so(project: Project) -> None:
    app = wizard(replace(WITH_CGO, root=project.root))
    async with app.run_test(size=(120, 40)) as pilot:
        app.answer("cgo", False)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert "cannot be written" in shown(app)
        assert "Write and quit" not in shown(app)
        await pilot.press("right", "enter")
    assert app.return_value is not None


async def test_the_key_bar_of_the_review_says_what_its_button_says(project: Project) -> None:
    app = wizard(project)
    async with app.run_test(size=(160, 50)) as pilot:
        await go_to(pilot, "review")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert {"write and build", "build only"} <= set(words(app))
        await pilot.press("w")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "build" in words(app)
        assert not {"write and build", "build only"} & set(words(app))
