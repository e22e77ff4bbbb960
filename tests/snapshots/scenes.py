"""The scenes that are compared and exported: one App each, led to where the picture is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from tests.pilot import scenes
from tests.pilot.sample import MISSING, PROJECT, WITH_CGO, wizard
from tests.pilot.scripted import BUILD, RUN, SIZE, Script, ScriptedEngine
from tests.pilot.stage import StageApp, see, until
from tui.app import DockwrightApp
from tui.core.events import Finished
from tui.core.plan import Plan, answer, defaults
from tui.core.project import Project
from tui.engine import Engine
from tui.screens.build import BuildScreen
from tui.screens.run import RunScreen

SIZES = ((80, 24), (120, 40))
ON_DISK = Path("tests/snapshots/disk")
_FINISHED = Finished("sha256:0a1b2c", "ping:dev", 48.2, SIZE)
_LATER = scenes.T0 + 72

Lead = Callable[[Pilot[Any]], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """``app`` takes a theme's name; ``lead`` ends when the picture can be taken."""

    name: str
    app: Callable[[str], App[Any]]
    lead: Lead


async def _engine() -> Engine:
    return ScriptedEngine()


async def _no_engine() -> Engine:
    raise MISSING


def _wizard(
    project: Project = PROJECT, connect: Any = _engine, plan: Plan | None = None
) -> Callable[[str], App[Any]]:
    return lambda theme: wizard(project, plan, connect, theme)


async def _settled(pilot: Pilot[Any], frames: int = 6) -> None:
    """Wait until nothing is under way and that many frames in a row are the same."""
    seen: list[Any] = []

    def same() -> bool:
        seen.append([list(strip) for strip in pilot.app.screen._compositor.render_strips()])
        return len(seen) > frames and all(frame == seen[-1] for frame in seen[-frames:])

    await pilot.app.workers.wait_for_complete()
    await until(pilot, same)


def _pressing(*keys: str, shows: str) -> Lead:
    """Press the keys one after the other, then wait for the text."""

    async def lead(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DockwrightApp)
        await until(pilot, lambda: any(app.engine_state))
        for key in keys:
            await _settled(pilot, frames=2)
            await pilot.press(key)
        await see(pilot, shows)
        await _settled(pilot)

    return lead


def _building(script: Callable[[], Script]) -> Callable[[str], App[Any]]:
    def make(theme: str) -> App[Any]:
        engine = ScriptedEngine(builds=[script()])
        return StageApp(BuildScreen(engine, BUILD, auto_run=False, clock=lambda: _LATER), theme)

    return make


def _running(script: Callable[[], Script]) -> Callable[[str], App[Any]]:
    def make(theme: str) -> App[Any]:
        engine = ScriptedEngine(runs=[script()])
        shown = RunScreen(engine, RUN, _FINISHED, base="distroless static", clock=lambda: _LATER)
        return StageApp(shown, theme)

    return make


def _seeing(*texts: str) -> Lead:
    async def lead(pilot: Pilot[Any]) -> None:
        await see(pilot, *texts)
        await _settled(pilot)

    return lead


async def _leaving(pilot: Pilot[Any]) -> None:
    await _pressing("down", shows="Your answer")(pilot)
    await pilot.press("ctrl+q")
    await see(pilot, "Write and quit")


_ENTER = ("enter",)
_WITHOUT_IT = answer(WITH_CGO, defaults(WITH_CGO), "cgo", False)
SCENES = (
    Scene("project", _wizard(), _pressing(shows="1 of 7")),
    Scene("base-image", _wizard(), _pressing("enter", "down", shows="2 of 7")),
    Scene("base-image-search", _wizard(), _pressing("enter", *"alp", shows="of 2")),
    Scene("base-image-forbidden", _wizard(WITH_CGO), _pressing("enter", *"scratch", shows="no C library")),
    Scene("builder", _wizard(), _pressing("enter", "tab", "tab", shows="golang on bookworm")),
    Scene("details", _wizard(), _pressing(*_ENTER * 5, *["tab"] * 4, shows="6 of 7")),
    Scene("build-machine", _wizard(), _pressing("enter", "f7", "tab", *"http://proxy", shows="enter done")),
    Scene("pinning", _wizard(), _pressing("enter", "f7", "f8", shows="try again")),
    Scene("leaving", _wizard(replace(PROJECT, root=ON_DISK)), _leaving),
    Scene("cgo", _wizard(WITH_CGO), _pressing(*_ENTER * 2, shows="3 of 7")),
    Scene("cgo-problem", _wizard(WITH_CGO, plan=_WITHOUT_IT), _pressing(*_ENTER * 2, shows="f4")),
    Scene("user", _wizard(), _pressing(*_ENTER * 3, shows="4 of 7")),
    Scene("ports", _wizard(), _pressing(*_ENTER * 4, shows="5 of 7")),
    Scene("ports-invalid", _wizard(), _pressing(*_ENTER * 4, *"99999", shows="65535")),
    Scene("review", _wizard(), _pressing(*_ENTER * 6, shows="7 of 7")),
    Scene("review-diff", _wizard(replace(PROJECT, root=ON_DISK)), _pressing(*_ENTER * 6, shows="changed")),
    Scene("no-engine", _wizard(connect=_no_engine), _pressing(*_ENTER * 6, "o", shows="No container engine")),
    Scene("preview", _wizard(), _pressing("enter", "f2", shows="back to the question")),
    Scene("help", _wizard(), _pressing("enter", "f1", shows="f1")),
    Scene("build", _building(scenes.building), _seeing("following", "cmd/server")),
    Scene("build-failed", _building(scenes.broken), _seeing("was not built", "Go compiler refused")),
    Scene("run", _running(scenes.serving), _seeing("answered 200", "GET /health")),
    Scene("run-without-daemon", _running(scenes.without_daemon), _seeing("answered 200", "DIFFERENT")),
    Scene("run-ended", _running(scenes.crashed), _seeing("exit code 2")),
)
