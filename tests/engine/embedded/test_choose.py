"""Who carries a build out: Docker where one answers, else the embedded engine where it can, and why."""

from __future__ import annotations

import os
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine import actors
from tests.engine.conftest import combinations, find
from tests.engine.embedded.golang import with_go
from tests.engine.embedded.test_build import PROJECTS, wanted
from tui.core.events import BuildStarted, Event, Failed, Finished, Notice, Started
from tui.engine import BuildRequest, RunRequest
from tui.engine.choose import ChosenEngine

PING, CGO = PROJECTS / "ping", PROJECTS / "apps" / "cgo"
NOWHERE = "unix:///nowhere/docker.sock"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home without a docker configuration; what the embedded engine keeps lies in it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    # What Go has compiled stays known.
    monkeypatch.setenv("GOCACHE", os.environ.get("GOCACHE", str(cache / "go-build")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


async def told(request: BuildRequest, home: Path, host: str = NOWHERE) -> list[Event]:
    """What is told until the build begins or fails."""
    engine = ChosenEngine({**with_go(), "DOCKER_HOST": host}, home)
    events: list[Event] = []
    async with aclosing(engine.build(request)) as stream:
        async for event in stream:
            events.append(event)
            if isinstance(event, BuildStarted):
                break
    await engine.close()
    return events


async def test_without_docker_the_embedded_engine_builds_and_says_why(home: Path) -> None:
    engine = ChosenEngine({**with_go(), "DOCKER_HOST": NOWHERE}, home)
    async with aclosing(engine.build(wanted(PING, engine="auto"))) as stream:
        notice, started, *_, end = [event async for event in stream]
    assert isinstance(notice, Notice) and notice.text.startswith("No container engine answers.")
    assert "The embedded engine builds" in notice.text
    assert isinstance(started, BuildStarted) and started.engine.startswith("the embedded engine and Go ")
    assert isinstance(end, Finished), end
    assert (home / "cache").is_dir()
    await engine.remove(end.tag)


async def test_without_docker_a_plan_nobody_can_carry_out_says_both_reasons(home: Path) -> None:
    (end,) = await told(wanted(CGO, engine="auto", runtime="debian-slim-trixie"), home)
    assert isinstance(end, Failed) and "/nowhere/docker.sock" in f"{end.what} {end.why}"
    assert "The embedded engine cannot carry this plan out: C code is compiled" in end.why
    assert "Switch CGO off, and the embedded engine builds it." in end.fix


async def test_docker_that_was_asked_for_is_not_replaced(home: Path) -> None:
    (end,) = await told(wanted(PING, engine="docker"), home)
    assert isinstance(end, Failed) and "/nowhere/docker.sock" in f"{end.what} {end.why}"


@pytest.mark.engine
@pytest.mark.parametrize("asked", ["auto", "docker"])
async def test_docker_that_answers_is_taken(asked: str, home: Path) -> None:
    name, _ = combinations()[0]
    *_, started = await told(wanted(PING, engine=asked, tag="dockwright-test/choose:1"), home, find(name).url)
    assert isinstance(started, BuildStarted) and "embedded" not in started.engine, started
    assert not (home / "cache").exists()


@pytest.mark.engine
async def test_the_embedded_engine_is_taken_where_it_was_asked_for(home: Path) -> None:
    name, _ = combinations()[0]
    request = replace(wanted(PING, engine="embedded"), tag="dockwright-test/choose:1")
    started, *_ = await told(request, home, find(name).url)
    assert isinstance(started, BuildStarted) and "the embedded engine" in started.engine


async def first_words(engine: ChosenEngine, request: RunRequest) -> type[Event]:
    """The kind of the first event of a run: without a daemon it is what differs."""
    async with aclosing(engine.run(request)) as events:
        first: Event = await anext(events)
        return type(first)


@pytest.mark.engine
async def test_of_two_images_of_one_name_the_right_one_is_run(home: Path, first_client: Any) -> None:
    name, _ = combinations()[0]
    tag = f"dockwright-test/twice-{os.urandom(4).hex()}:1"
    environ = {**with_go(), "DOCKER_HOST": find(name).url}
    builder, later = ChosenEngine(environ, home), ChosenEngine(environ, home)
    first_client.tag(actors.image(first_client), tag)
    try:
        async with aclosing(builder.build(replace(wanted(PING), tag=tag))) as events:
            made = [event async for event in events][-1]
        assert isinstance(made, Finished), made
        by_name = RunRequest(tag, tag, args=("exit", "0"))
        assert await first_words(builder, by_name) is Notice, "who built it last here"
        assert await first_words(later, by_name) is Started, "as auto builds: Docker where it answers"
        assert await first_words(later, replace(by_name, engine="embedded")) is Notice
        assert await first_words(builder, replace(by_name, engine="docker")) is Started
        assert await first_words(later, replace(by_name, image=made.image)) is Notice, "Docker has no such id"
        await builder.remove(tag)
        assert await first_words(builder, by_name) is Started
    finally:
        first_client.remove_image(tag, force=True)
        await builder.close()
        await later.close()
