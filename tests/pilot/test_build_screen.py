"""The build screen: what it shows of a build, what the keys and the mouse do, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pilot import scenes
from tests.pilot.scripted import BUILD, Gate, Script, ScriptedEngine
from tests.pilot.stage import StageApp, press_in_bar, see, shown, until
from tui.core.events import Failed, Finished, StepLog
from tui.core.progress import BuildState
from tui.screens import build_view
from tui.screens.build import BuildScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.help import HelpScreen
from tui.widgets.log_pane import LogPane

SIZES = [(80, 24), (120, 40), (160, 50)]


def stage(*builds: Script, clean_up: float = 0.0, auto_run: bool = False) -> tuple[StageApp, ScriptedEngine]:
    engine = ScriptedEngine(builds=list(builds), clean_up=clean_up)
    return StageApp(BuildScreen(engine, BUILD, auto_run=auto_run)), engine


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_the_steps_and_the_log_of_the_one_that_runs(size: tuple[int, int]) -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=size) as pilot:
        await see(pilot, "building  ping:dev", "7 of 10 steps, 3 cached", "RUN go build ./cmd/server")
        await see(pilot, "github.com/acme/ping/cmd/server", "following")


async def test_finished_says_so_and_enter_runs_it() -> None:
    app, engine = stage(scenes.building())
    async with app.run_test(size=(120, 40), message_hook=app.messages.append) as pilot:
        engine.gate("compiled").set()
        await see(pilot, "10 of 10 steps")
        await see(pilot, "is built")
        assert {m.finished.tag for m in app.messages if isinstance(m, BuildScreen.Done)} == {"ping:dev"}
        await pilot.press("enter")
        await pilot.pause()
    (finished,) = app.results
    assert isinstance(finished, Finished) and finished.image == "sha256:0a1b2c"


async def test_it_goes_on_by_itself_unless_the_person_does_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.build.AUTO_RUN", 0.2)
    app, engine = stage(scenes.building(), auto_run=True)
    engine.gate("compiled").set()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.results))
    monkeypatch.setattr("tui.screens.build.AUTO_RUN", 1.5)
    app, engine = stage(scenes.building(), auto_run=True)
    engine.gate("compiled").set()
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "is built")
        await pilot.press("up")
        await pilot.pause(1.7)
        assert not app.results


async def test_a_chosen_step_stays_until_f() -> None:
    app, engine = stage(scenes.building())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("up")
        await pilot.pause(0.1)
        await see(pilot, "Done. It printed nothing.")
        engine.gate("compiled").set()
        await see(pilot, "is built")
        await see(pilot, "Done. It printed nothing.")
        await pilot.press("f")
        await until(
            pilot, lambda: "Done. It printed nothing." not in shown(app) or "export image" in shown(app)
        )


async def test_the_mouse_chooses_a_step() -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.click("#steps", offset=(6, 1))
        await pilot.pause(0.1)
        assert "github.com/acme/ping/cmd/server" not in shown(app)
        await see(pilot, "Done. It printed nothing.")


async def test_esc_asks_and_keeps_building_by_default() -> None:
    app, engine = stage(scenes.building(), clean_up=0.2)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert app.focused is not None and app.focused.id == "stay"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, BuildScreen))
        assert engine.closed == 0 and not app.results
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.results == [None])
        assert (engine.opened, engine.closed) == (1, 1)


async def test_it_is_cancelled_with_the_mouse_alone() -> None:
    app, engine = stage(scenes.building())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await press_in_bar(pilot, "cancel")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.click("#go")
        await until(pilot, lambda: app.results == [None])
        assert engine.closed == 1


async def test_help_on_top_does_not_hold_the_way_back() -> None:
    app, engine = stage(scenes.building(), clean_up=2.0)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "enter")
        await see(pilot, "cancelling")
        await pilot.press("f1")
        await until(pilot, lambda: engine.closed == 1)
        await pilot.pause(0.2)
        assert not app.results and isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await until(pilot, lambda: app.results == [None])


async def test_leaving_the_app_ends_the_build_first() -> None:
    app, engine = stage(scenes.building(), clean_up=0.3)
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("ctrl+q")
    assert (engine.opened, engine.closed) == (1, 1)


@pytest.mark.parametrize("size", SIZES)
async def test_a_failure_says_what_why_and_what_to_do(size: tuple[int, int]) -> None:
    app, engine = stage(scenes.broken(), scenes.building())
    async with app.run_test(size=size) as pilot:
        await see(pilot, "was not built", "The Go compiler refused the code.", "which nothing in that")
        await see(pilot, "Correct line 14", "Dockerfile, line 9", "undefined: sqlx")
        await pilot.press("r")
        await see(pilot, "building", "cmd/server")
        assert "refused" not in shown(app)
        assert (engine.opened, engine.closed) == (2, 1)


async def test_a_failure_leads_back_to_the_questions() -> None:
    app, _ = stage(scenes.broken())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "was not built")
        await pilot.press("e")
        await until(pilot, lambda: app.results == [None])


async def test_leaving_twice_leaves_one_screen() -> None:
    app, _ = stage(scenes.broken())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "was not built", "undefined: sqlx")
        screen, below = app.screen, app.screen_stack[0]
        assert isinstance(screen, BuildScreen)
        screen.action_back()
        screen.action_back()
        await until(pilot, lambda: bool(app.results))
        await pilot.pause(0.1)
        assert app.results == [None]
        assert app.screen is below


async def test_a_log_that_is_taken_away_may_still_draw_its_title() -> None:
    app, _ = stage(scenes.broken())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "undefined: sqlx")
        pane = app.screen.query_one(LogPane)
        await pane.remove()
        pane.flush()
        pane.update()


async def test_without_an_engine_its_own_words_are_the_log() -> None:
    app, _ = stage(scenes.unreachable())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "No container engine answers.")
        await see(pilot, "dial unix /var/run/docker.sock")


async def test_notices_and_warnings_stay_on_the_screen() -> None:
    app, _ = stage(scenes.noted())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "line 5: SecretsUsedInArgOrEnv")
        await see(pilot, "# syntax= line was left out")


async def test_a_mistake_in_the_engine_is_a_sentence_not_a_crash() -> None:
    def script() -> Script:
        yield from list(scenes.building())[:5]
        raise RuntimeError("surprise")

    app, _ = stage(script())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "RuntimeError: surprise")


async def test_the_whole_log_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.log_screen.user_log_path", lambda name: tmp_path / name)
    app, _ = stage(scenes.broken())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await see(pilot, "was not built")
        await pilot.press("s")
        await see(pilot, "Saved to")
    (path,) = (tmp_path / "dockwright").iterdir()
    text = path.read_text(encoding="utf-8")
    assert path.name.startswith("build-ping_dev-")
    assert "==> RUN --mount=type=cache,target=/go/pkg/mod go build" in text
    assert "internal/store/store.go:14:9: undefined: sqlx\n" in text
    assert "\x1b" not in text


async def test_copy_takes_the_log() -> None:
    app, _ = stage(scenes.broken())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "was not built")
        await pilot.press("c")
        assert app.clipboard.startswith("# github.com/acme/ping/internal/store\n")


async def test_search_in_the_log() -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("slash", *"acme")
        await see(pilot, "of 3 found")
        await pilot.press("enter", "n", "n")
        await see(pilot, "3 of 3 found")


async def test_f1_explains_the_screen_and_lists_its_keys() -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "cmd/server")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.pause()
        await see(pilot, "The image is being built.")
        await see(pilot, "Cancel the build (asks first)")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BuildScreen))


async def test_the_log_is_paged_while_the_steps_have_the_focus() -> None:
    lines = StepLog("b6", "".join(f"line {n}\n" for n in range(300)), 1, scenes.T0 + 5)
    app, _ = stage([*list(scenes.building())[:14], lines, Gate("on")])
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "line 299")
        await pilot.press("pageup")
        await see(pilot, "lines below")
        assert "line 299" not in shown(app)
        await pilot.press("end")
        await see(pilot, "line 299", "following")


async def test_the_log_alone_and_back() -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "BUILD STAGE")
        await pilot.press("v")
        await until(pilot, lambda: "BUILD STAGE" not in shown(app) and "internal/goarch" in shown(app))
        await pilot.press("v")
        await see(pilot, "BUILD STAGE")


@pytest.mark.parametrize("size", [(40, 10), (60, 20), (200, 60)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app, _ = stage(scenes.broken())
    async with app.run_test(size=size) as pilot:
        await see(pilot, "refused")
        await pilot.resize_terminal(20, 5)
        await pilot.pause(0.1)
        await pilot.resize_terminal(100, 30)
        await see(pilot, "undefined: sqlx")


def test_the_whole_instruction_is_shown() -> None:
    dockerfile = "FROM scratch\nRUN a \\\n    b \\\n    c\nUSER 1\n"
    text = build_view.outcome(BuildState(end=Failed("It failed.", line=2)), dockerfile).plain
    assert "Dockerfile, lines 2 to 4" in text
    assert "▌ RUN a \\\n▌     b \\\n▌     c" in text and "USER" not in text


async def test_nothing_spins_in_the_first_moment() -> None:
    now = scenes.T0
    engine = ScriptedEngine(builds=[scenes.building()])
    app = StageApp(BuildScreen(engine, BUILD, clock=lambda: now))
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "○ RUN go build ./cmd/server")
        now += 0.2
        await see(pilot, "● RUN go build" if app.animation_level == "none" else "⠹ RUN go build")


async def test_esc_ends_a_search_before_it_asks_to_cancel() -> None:
    app, _ = stage(scenes.building())
    async with app.run_test(size=(120, 40)) as pilot:
        await see(pilot, "cmd/server", "following")
        await pilot.press("slash", *"cmd", "enter")
        await see(pilot, "found")
        await pilot.press("escape")
        await see(pilot, "following")
        assert isinstance(app.screen, BuildScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
