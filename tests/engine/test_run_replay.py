"""Recording an engine's events and replaying them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from tui.core.events import (
    BuildStarted,
    Event,
    Exited,
    Finished,
    ImageSize,
    LayerSize,
    Log,
    Published,
    Ready,
    Started,
)
from tui.engine import BuildRequest, Engine, EngineError, EngineInfo, RunRequest
from tui.engine.replay import Record, Recorder, Recording, ReplayEngine

INFO = EngineInfo("Docker", "28.5.2", "linux", "amd64", "unix:///var/run/docker.sock", "overlay2", None)
BUILD = (
    BuildStarted("ping:dev", "Docker 28.5.2", "api"),
    Finished("sha256:1", "ping:dev", 2.0, ImageSize(3, 2, 3, False, (LayerSize("COPY", 3, False),))),
)
RUN = (
    Started("id", "name", "ping:dev", (Published(8080, "tcp", "127.0.0.1", 8080, 8080),)),
    Log("listening → 🐳\n"),
    Ready("http://127.0.0.1:8080", 200, 0.3),
    Log("bye\n"),
    Exited(0, "It was stopped and ended cleanly.", requested=True),
)
BUILD_REQUEST = BuildRequest(Path(), "", "", "ping:dev", (), "")
RUN_REQUEST = RunRequest("sha256:1", "ping:dev")


def recording(build: Sequence[Event] = BUILD, run: Sequence[Event] = RUN, after: float = 0.0) -> Recording:
    parts = (("build", build), ("run", run))
    records = [Record(stream, after, event) for stream, events in parts for event in events]
    return Recording(INFO, tuple(records))


async def _stream(events: Sequence[Event]) -> AsyncGenerator[Event, None]:
    for event in events:
        await asyncio.sleep(0.01)
        yield event


async def test_what_is_recorded_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    with path.open("w", encoding="utf-8") as file:
        recorder = Recorder(file, INFO)
        assert [event async for event in recorder.record("build", _stream(BUILD))] == list(BUILD)
        assert [event async for event in recorder.record("run", _stream(RUN))] == list(RUN)
    loaded = Recording.load(path)
    assert loaded.engine == INFO
    assert [record.event for record in loaded.of("build")] == list(BUILD)
    assert [record.event for record in loaded.of("run")] == list(RUN)
    assert all(record.after >= 0.009 for record in loaded.records)


async def test_replays_a_build_as_an_engine() -> None:
    engine: Engine = ReplayEngine(recording(), speed=0)
    assert await engine.probe() == INFO
    assert [event async for event in engine.build(BUILD_REQUEST)] == list(BUILD)
    await engine.close()


async def test_the_end_of_a_run_waits_until_it_is_stopped() -> None:
    engine = ReplayEngine(recording(), speed=0)
    stream = engine.run(RUN_REQUEST)
    assert [await anext(stream) for _ in range(4)] == list(RUN[:4])
    end = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.05)
    assert not end.done()
    await engine.stop("id")
    assert await end == RUN[4]
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_stop_skips_what_is_left() -> None:
    engine = ReplayEngine(recording(after=60.0), speed=1000)
    stream = engine.run(RUN_REQUEST)
    assert await anext(stream) == RUN[0]
    await engine.stop("id")
    assert [event async for event in stream] == [RUN[4]]


async def test_the_next_run_plays_from_the_start() -> None:
    engine = ReplayEngine(recording(), speed=0)
    for _ in range(2):
        stream = engine.run(RUN_REQUEST)
        assert [await anext(stream) for _ in range(4)] == list(RUN[:4])
        await engine.stop("id")
        assert await anext(stream) == RUN[4]


async def test_a_scene_without_an_end_is_held_still() -> None:
    engine = ReplayEngine(recording(build=BUILD[:1], run=RUN[:2]), speed=0)
    build = engine.build(BUILD_REQUEST)
    assert await anext(build) == BUILD[0]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(build), 0.05)

    run = engine.run(RUN_REQUEST)
    assert [await anext(run) for _ in range(2)] == list(RUN[:2])
    await engine.stop("id")
    end = await anext(run)
    assert isinstance(end, Exited)
    assert end.requested


@pytest.mark.parametrize(("speed", "least", "most"), [(1.0, 0.8, 9.0), (10.0, 0.08, 0.7), (0.0, 0.0, 0.4)])
async def test_keeps_the_pauses_at_its_speed(speed: float, least: float, most: float) -> None:
    engine = ReplayEngine(recording(after=0.4), speed=speed)
    began = time.monotonic()
    assert len([event async for event in engine.build(BUILD_REQUEST)]) == 2
    assert least <= time.monotonic() - began < most


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense\n",
        '{"stream": "build"}\n',
        '{"engine": {"name": "Docker"}}\n',
        '{"stream": "build", "after": 0, "event": {"event": "unheard-of"}}\n',
        '{"stream": "build", "after": "x", "event": {"event": "cancelled"}}\n',
    ],
)
def test_a_broken_recording_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "session.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"session\.jsonl"):
        Recording.load(path)


async def test_what_was_not_recorded_is_said() -> None:
    engine = ReplayEngine(recording(), speed=0)
    for asked in (engine.read_image("a"), engine.digest("a"), engine.copy_out("a", "/b", Path("c"))):
        with pytest.raises(EngineError, match="only plays back a recording"):
            await asked
