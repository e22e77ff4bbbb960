"""Whole builds by the embedded engine: what the compiler sees, what decides the result, what is said."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.embedded.golang import with_go, without_go
from tui.core.events import BuildStarted, Event, Failed, Finished, Loaded, Notice, Step, StepLog
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.engine import BuildRequest
from tui.engine.embedded.engine import EmbeddedEngine
from tui.engine.embedded.toolchain import find
from tui.engine.requests import build_request

PROJECTS = Path(__file__).parents[2] / "projects"


def wanted(root: Path, **answers: str) -> BuildRequest:
    project = inspect(root)
    plan = defaults(project)
    release = find("", "", with_go()).version
    for key, text in {"runtime": "scratch", "go": release, "engine": "embedded", **answers}.items():
        plan = answer_text(project, plan, key.replace("_", "-"), text)
    return build_request(project, plan)


async def built(request: BuildRequest, store: Path, environ: Mapping[str, str] | None = None) -> list[Event]:
    engine = EmbeddedEngine(environ or with_go(), store)
    async with aclosing(engine.build(request)) as events:
        return [event async for event in events]


def image(events: list[Event]) -> str:
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].image


def other_modes(root: Path) -> None:
    for path in below(root):
        path.chmod(0o700 if path.is_dir() else 0o600)
        path.touch()


def add_secrets(root: Path) -> None:
    for folder in {path.parent for path in root.rglob("*.html")}:
        (folder / ".env").write_text("SECRET=1")
        (folder / "server.key").write_text("secret")


def below(root: Path) -> list[Path]:
    return sorted(root.rglob("*"))


@pytest.fixture
def ping(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / "ping", tmp_path / "ping"))


async def test_the_events_are_those_of_any_engine(ping: Path, tmp_path: Path) -> None:
    events = await built(wanted(ping), tmp_path / "store")
    started, end = events[0], events[-1]
    assert isinstance(started, BuildStarted) and started.engine.startswith("the embedded engine and Go 1.")
    assert isinstance(end, Finished) and end.tag == "ping:dev" and end.size is not None
    assert end.size.compressed is not None and 0 < end.size.compressed < end.size.uncompressed
    steps = [event for event in events if isinstance(event, Step)]
    assert {step.id for step in steps if step.completed} == {step.id for step in steps}
    done = [step.name.partition("]")[0] for step in steps if step.completed]
    assert done == ["[internal", "[build 1/1", "[final 1/1"]


async def test_one_digest_whatever_the_machine(ping: Path, tmp_path: Path) -> None:
    """Another folder, other modes and times of files, and what a user told Go for everything else."""
    first = image(await built(wanted(ping), tmp_path / "store"))
    other = Path(shutil.copytree(ping, tmp_path / "elsewhere" / "deeper"))
    other_modes(other)
    settings = tmp_path / "goenv"
    settings.write_text("GOFLAGS=-tags=other -ldflags=-X=main.version=theirs\nGOAMD64=v3\nGOEXPERIMENT=\n")
    theirs = {
        **with_go(),
        "GOENV": str(settings),
        "GOAMD64": "v3",
        "GOFLAGS": "-race",
        "CGO_ENABLED": "1",
        "GOOS": "windows",
        "GOCACHE": str(tmp_path / "cache"),
        "GODEBUG": "http2client=0",
        "GOWORK": str(tmp_path / "none"),
    }
    assert image(await built(wanted(other, tag="ping:dev"), tmp_path / "other", theirs)) == first


async def test_a_change_changes_it(ping: Path, tmp_path: Path) -> None:
    first = image(await built(wanted(ping), tmp_path / "store"))
    greeting = ping / "internal" / "greeting" / "greeting.go"
    greeting.write_text(greeting.read_text().replace("Hello", "Bye"))
    assert image(await built(wanted(ping), tmp_path / "store")) != first


async def test_what_is_ignored_is_not_embedded(tmp_path: Path) -> None:
    app = Path(shutil.copytree(PROJECTS / "apps" / "embedded", tmp_path / "embedded"))
    first = image(await built(wanted(app), tmp_path / "store"))
    add_secrets(app)
    assert image(await built(wanted(app), tmp_path / "store")) == first


async def test_a_workspace_is_left_as_it_was(tmp_path: Path) -> None:
    root = Path(shutil.copytree(PROJECTS / "apps" / "workspace", tmp_path / "workspace"))
    before = below(root)
    image(await built(wanted(root / "server"), tmp_path / "store"))
    assert below(root) == before


async def test_several_platforms_are_one_name(ping: Path, tmp_path: Path) -> None:
    platforms = "linux/amd64, linux/arm64, linux/arm/v7"
    events = await built(wanted(ping, platform=platforms, health="http /"), tmp_path / "store")
    done = [event.name.partition("]")[0] for event in events if isinstance(event, Step) and event.completed]
    compiled = [f"[build {number}/6" for number in range(1, 7)]
    assert [name for name in done if name.startswith("[build")] == compiled
    assert [name for name in done if name.startswith("[final")] == ["[final 1/3", "[final 2/3", "[final 3/3"]
    loaded = [event.platform for event in events if isinstance(event, Loaded)]
    assert loaded == ["linux/amd64", "linux/arm64", "linux/arm/v7"]
    image(events)


async def test_what_does_not_compile(ping: Path, tmp_path: Path) -> None:
    (ping / "main.go").write_text("package main\n\nfunc main() { undefined() }\n")
    events = await built(wanted(ping), tmp_path / "store")
    end = events[-1]
    assert isinstance(end, Failed) and "undefined: undefined" in end.detail
    assert end.step in {event.id for event in events if isinstance(event, Step) and event.error}
    assert any("main.go:3" in event.text for event in events if isinstance(event, StepLog))


async def test_no_go(ping: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.engine.embedded.toolchain.find_spec", lambda name: None)
    (end,) = await built(wanted(ping), tmp_path / "store", without_go(tmp_path / "empty"))
    assert isinstance(end, Failed) and end.what == "There is no Go on this machine."
    assert "dockwright[go]" in end.fix


async def test_another_release_is_told(ping: Path, tmp_path: Path) -> None:
    request = wanted(ping)
    assert request.stages is not None
    stages = replace(request.stages, build=replace(request.stages.build, go="1.99"))
    events = await built(replace(request, stages=stages), tmp_path / "store")
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert "the Dockerfile's image brings 1.99" in notice.text
    image(events)


@pytest.mark.parametrize(
    ("app", "answers", "why"),
    [
        ("cgo", {}, "C code is compiled"),
        ("purego", {"runtime": "alpine-3.24"}, "loads C libraries"),
        ("http", {"runtime": "golang"}, "the builder image itself"),
        ("http", {"runtime": "alpine", "package": "git"}, "git would be installed"),
        ("http", {"builder": "golang-nanoserver", "runtime": "windows-nanoserver"}, "Windows"),
    ],
)
async def test_what_only_docker_can_is_said_before_anything_starts(
    app: str, answers: dict[str, str], why: str, tmp_path: Path
) -> None:
    (end,) = await built(wanted(PROJECTS / "apps" / app, **answers), tmp_path / "store")
    assert isinstance(end, Failed) and why in end.why and end.fix.endswith("build with Docker.")
    assert not (tmp_path / "store").exists()


async def test_a_setting_of_git_that_is_none(ping: Path, tmp_path: Path) -> None:
    request = wanted(ping, private="git.example.com", private_access="ssh")
    environ = {**with_go(), "GIT_CONFIG_COUNT": "many"}
    end = (await built(request, tmp_path / "store", environ))[-1]
    assert isinstance(end, Failed) and end.what == "GIT_CONFIG_COUNT is many, which is no number."
