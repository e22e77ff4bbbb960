"""What the build machine needs: asked on request, from any step and the review, with the same rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.pilot.driving import SIZES, click_on, enter, go_to, shown
from tests.pilot.sample import PROJECT, connect_nowhere, wizard
from tests.pilot.scripted import ScriptedEngine
from tests.pilot.stage import press_in_bar, see, until
from tui.app import DockwrightApp
from tui.core.answers import command_line, to_toml
from tui.core.project import PrivateModule
from tui.core.render import render
from tui.engine import Engine
from tui.screens.machine import MachineScreen
from tui.screens.pin import PinScreen
from tui.screens.review import ReviewScreen
from tui.screens.wizard import WizardScreen
from tui.widgets.folded_line import FoldedLine
from tui.widgets.key_bar import KeyBar
from tui.widgets.problem_line import ProblemLine

GO, STATIC = "golang:1.27-trixie", "gcr.io/distroless/static-debian13:nonroot"
DIGESTS = {GO: "sha256:" + "a" * 64, STATIC: "sha256:" + "b" * 64}


def on_top(app: DockwrightApp) -> MachineScreen:
    assert isinstance(app.screen, MachineScreen)
    return app.screen


def on(engine: ScriptedEngine) -> DockwrightApp:
    """The wizard with that engine."""

    async def connect() -> Engine:
        return engine

    return wizard(connect=connect)


def dockerfile(app: DockwrightApp) -> str:
    return render(app.project, app.plan)[0].text


def problem(app: DockwrightApp) -> str:
    return app.screen.query_one(ProblemLine).text.plain


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", ["project", "base", "ports", "review"])
async def test_a_key_asks_it_from_everywhere_and_esc_returns(size: tuple[int, int], step: str) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await go_to(pilot, step)
        before = app.screen
        await pilot.press("f7")
        await see(pilot, "Registry mirror", "Proxy", "CA certificate", "Pinned digests")
        assert "Credentials file" not in shown(app)
        for key in ("escape", "f7", "f7", "enter"):
            await pilot.press(key)
            await pilot.pause()
            assert (app.screen is before) == (key != "f7" or isinstance(app.screen, type(before)))
        assert app.screen is before


async def test_the_ordinary_way_through_does_not_ask_it() -> None:
    app = wizard()
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(6):
            assert isinstance(app.screen, WizardScreen)
            assert app.screen.form.field("registry") is None
            await enter(pilot)
        assert isinstance(app.screen, ReviewScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_answers_show_in_the_files_the_command_line_and_the_line_that_leads_there(
    size: tuple[int, int],
) -> None:
    app = wizard()
    async with app.run_test(size=size) as pilot:
        await enter(pilot)
        await pilot.press("f7")
        await pilot.pause()
        await pilot.press(*"mirror.example.com/hub")
        await pilot.press("tab")
        await pilot.press(*"http://proxy:3128")
        await pilot.press("tab")
        await pilot.press(*"/etc/ca.pem")
        await pilot.pause()
        assert (app.plan.registry, app.plan.proxy) == ("mirror.example.com/hub", "http://proxy:3128")
        assert "FROM mirror.example.com/hub/gcr.io/distroless" in dockerfile(app)
        line = command_line(PROJECT, app.plan, "build")
        assert "--registry mirror.example.com/hub" in line
        assert "--proxy http://proxy:3128" in line
        saved = to_toml(PROJECT, app.plan)
        assert '\nregistry = "mirror.example.com/hub"\n' in saved
        assert '\nca-file = "/etc/ca.pem"\n' in saved
        assert "proxy" not in saved
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert (app.plan.ca_file, app.plan.proxy) == ("", "http://proxy:3128")
        await pilot.press("escape")
        await pilot.pause()
        assert "Registry mirror, Proxy" in shown(app) or size == (80, 24)


async def test_tab_goes_round_and_the_mouse_can_do_it_too() -> None:
    app = wizard()
    async with app.run_test(size=(160, 50)) as pilot:
        await enter(pilot)
        lines = [
            line
            for line in app.screen.query(FoldedLine)
            if line.parent is app.screen.query_one("QuestionForm")
        ]
        assert await pilot.click(lines[0])
        await pilot.pause()
        machine = on_top(app)
        first = machine.asked
        for key in ("registry", "proxy", "ca-file", "pin", "engine", "deliver"):
            assert machine.asked and machine.asked.question.key == key
            await pilot.press("tab")
            await pilot.pause()
        assert machine.asked is first
        await pilot.press("shift+tab")
        await pilot.pause()
        assert machine.asked and machine.asked.question.key == "deliver"
        await press_in_bar(pilot, "done")
        await pilot.pause()
        assert isinstance(app.screen, WizardScreen)


async def test_the_credentials_file_is_asked_where_private_modules_are() -> None:
    private = PrivateModule("git.acme.dev", "git.acme.dev/lib", PROJECT.mains[0].evidence)
    app = wizard(replace(PROJECT, private=(private,)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("f7")
        await see(pilot, "Credentials file")


async def test_text_that_is_no_answer_stays_is_named_everywhere_and_is_led_to() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        await pilot.press("f7", "tab")
        await pilot.pause()
        await pilot.press(*"no proxy")
        await pilot.pause()
        assert "Proxy has no valid answer yet" in problem(app)
        assert "Build machine:" not in problem(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "Build machine: Proxy has no valid answer yet" in problem(app)
        await pilot.press("enter")
        await pilot.pause()
        asked = on_top(app).asked
        assert asked and asked.question.key == "proxy"
        assert "no proxy" in shown(app)
        await pilot.press("f5", "escape")
        await pilot.pause()
        await enter(pilot)
        assert isinstance(app.screen, WizardScreen)
        assert app.screen.form.info.key == "cgo"


async def test_the_rail_leads_away_and_the_palette_leads_there() -> None:
    app = wizard()
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot, 2)
        titles = {command.title: command for command in app.get_system_commands(app.screen)}
        titles["Build machine: mirror, proxy, certificate"].callback()
        await pilot.pause()
        there = {command.title for command in app.get_system_commands(on_top(app))}
        assert "Build machine: mirror, proxy, certificate" not in there
        assert "Pin the base images" in there
        assert await pilot.click("Rail", offset=(6, 3))
        await until(pilot, lambda: isinstance(app.screen, WizardScreen))
        assert isinstance(app.screen, WizardScreen)
        assert app.screen.form.info.key == "project"


async def test_pinning_shows_how_far_it_is_and_is_one_step_of_undo() -> None:
    engine = ScriptedEngine(digests=DIGESTS)
    app = on(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter(pilot)
        await pilot.press("f7", "f8")
        await see(pilot, f"{GO}  asking", f"○ {STATIC}", "esc cancel")
        engine.gate(GO).set()
        await see(pilot, f"✓ {GO}  sha256:aaaaaaaaaaaa", f"{STATIC}  asking")
        assert not app.plan.pin
        engine.gate(STATIC).set()
        await until(pilot, lambda: isinstance(app.screen, MachineScreen))
        assert app.plan.pin == tuple(f"{name}@{digest}" for name, digest in DIGESTS.items())
        assert f"FROM {STATIC}@{DIGESTS[STATIC]}" in dockerfile(app)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert not app.plan.pin


async def test_an_image_chosen_after_pinning_is_said_and_pinned_on_a_key() -> None:
    debian = "debian:trixie-slim"
    engine = ScriptedEngine(digests=DIGESTS | {debian: "sha256:" + "c" * 64})
    for name in engine.digests:
        engine.gate(name).set()
    app = on(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await enter(pilot)
        await pilot.press("f7", "f8")
        await until(pilot, lambda: len(app.plan.pin) == 2)
        await pilot.press("escape")
        await pilot.pause()
        app.answer("runtime", "debian-slim-trixie")
        await until(pilot, lambda: f"{debian} has no pinned digest" in problem(app))
        assert "Look up its digest" in problem(app)
        await pilot.press("f4")
        await until(pilot, lambda: any(pin.startswith(debian) for pin in app.plan.pin))
        await until(pilot, lambda: "no pinned digest" not in problem(app))


async def test_pinning_can_be_cancelled_and_then_pins_nothing() -> None:
    engine = ScriptedEngine(digests=DIGESTS)
    app = on(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        {command.title: command for command in app.get_system_commands(app.screen)}[
            "Pin the base images"
        ].callback()
        engine.gate(GO).set()
        await see(pilot, f"{STATIC}  asking")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, WizardScreen))
        engine.gate(STATIC).set()
        await app.workers.wait_for_complete()
        assert not app.plan.pin
        assert not app.history.can_undo


@pytest.mark.parametrize("how", ["key", "mouse"])
async def test_a_registry_that_cannot_be_reached_is_said_and_asked_again_where_it_failed(how: str) -> None:
    engine = ScriptedEngine(digests={GO: DIGESTS[GO]})
    engine.gate(GO).set()
    engine.gate(STATIC).set()
    app = on(engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f7", "f8")
        await see(pilot, f"✓ {GO}", f"✗ {STATIC}", "The script has no images.", "r try again")
        assert not app.plan.pin
        await click_on(pilot, "#keys", "close")
        await until(pilot, lambda: isinstance(app.screen, MachineScreen))
        await pilot.press("f8")
        await see(pilot, "r try again")
        engine.digests = DIGESTS
        await (pilot.press("r") if how == "key" else click_on(pilot, "#keys", "try again"))
        await until(pilot, lambda: len(app.plan.pin) == 2)


async def test_without_an_engine_pinning_says_so() -> None:
    app = wizard(connect=connect_nowhere)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f7", "f8")
        await see(pilot, "No container engine answers.", "esc close")
        assert isinstance(app.screen, PinScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert on_top(app).query_one(KeyBar)
