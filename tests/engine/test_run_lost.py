"""The engine goes away, or stops answering, while a container runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine import actors
from tests.engine.actors import Stage
from tests.engine.conftest import Endpoint
from tui.core.events import Event, Failed, Log
from tui.engine import relay as relays
from tui.engine.daemon import run as runs


@pytest.fixture
def stage(endpoint: Endpoint, client: Any) -> Iterator[Stage]:
    stage = Stage(endpoint, client)
    yield stage
    for name in stage.containers():  # what could not be removed without the engine
        client.remove_container(name, force=True)
    stage.assert_empty()


class Relay:
    """A socket between the client and the engine, which can be cut or frozen."""

    def __init__(self, engine: str) -> None:
        self._engine = engine.removeprefix("unix://")
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_cut = False

    async def open(self, path: Path) -> None:
        self._server = await asyncio.start_unix_server(self._accept, path)

    def freeze(self) -> None:
        """Nothing passes any more, and nothing is closed."""
        for task in self._tasks:
            task.cancel()

    def cut(self) -> None:
        """Every connection breaks, and so does every new one."""
        self.freeze()
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    def close(self) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._engine)
        self._writers |= {writer, back}
        if self._is_cut:
            self.cut()
            return
        for source, target in ((reader, back), (there, writer)):
            self._tasks.add(asyncio.create_task(self._pass_on(source, target)))

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
            target.write_eof()


@asynccontextmanager
async def relayed(stage: Stage, short_path: Path) -> AsyncIterator[tuple[Relay, Stage]]:
    relay = Relay(stage.endpoint.url)
    await relay.open(short_path / "engine.sock")
    url = f"unix://{short_path / 'engine.sock'}"
    client = await asyncio.to_thread(docker.APIClient, base_url=url, version="auto", timeout=60)
    try:
        yield relay, Stage(stage.endpoint, client)
    finally:
        relay.close()
        client.close()


async def test_a_lost_engine_is_said_in_words(stage: Stage, short_path: Path) -> None:
    async with relayed(stage, short_path) as (relay, actor):

        async def cut(event: Event) -> bool:
            if isinstance(event, Log):
                relay.cut()
            return False

        began = time.monotonic()
        tag = await asyncio.to_thread(actors.image, stage.client)
        await actor.play("wait", until=cut, image_tag=tag)
    failed = actor.only(Failed)
    assert actor.events[-1] is failed
    assert failed.what.endswith(".")
    assert failed.why.endswith(".")
    assert "docker rm --force dockwright-" in failed.fix or "podman rm --force dockwright-" in failed.fix
    assert time.monotonic() - began < 15


async def test_a_frozen_engine_does_not_hold_up_the_end(
    stage: Stage, short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "GRACE", 1)
    monkeypatch.setattr(runs, "ANSWER_SECONDS", 1)
    async with relayed(stage, short_path) as (relay, actor):

        async def freeze(event: Event) -> bool:
            if isinstance(event, Log):
                relay.freeze()
            return isinstance(event, Log)

        tag = await asyncio.to_thread(actors.image, stage.client)
        began = time.monotonic()
        await actor.play("wait", until=freeze, image_tag=tag)
        assert time.monotonic() - began < 10
