"""Registries that accept a connection and never answer, as behind a firewall that drops packets."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.engine.builds import ALPINE, engine_at, failed, finished, request
from tests.engine.conftest import Endpoint
from tui.core.events import Event, Notice, Pull
from tui.engine.daemon import buildx


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a registry that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


async def test_a_frontend_is_not_waited_for(
    endpoint: Endpoint, transport: str, silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buildx, "FRONTEND_SECONDS", 2)
    wanted = request(tmp_path, f"# syntax={silent}/frontend:1\nFROM {ALPINE}\n", transport)
    seconds: list[float] = []
    async with engine_at(endpoint.url) as engine:
        for _ in "12":
            began = time.monotonic()
            events: list[Event] = [event async for event in engine.build(wanted)]
            seconds.append(time.monotonic() - began)
            finished(events)
            assert endpoint.is_podman or any(isinstance(event, Notice) for event in events)
    assert seconds[0] < 20
    assert seconds[1] < 8, "once is enough to know"


async def test_a_pull_that_hangs_can_be_cancelled(
    endpoint: Endpoint, transport: str, silent: str, tmp_path: Path
) -> None:
    base = f"{silent}/base:1"
    async with engine_at(endpoint.url) as engine:
        async with aclosing(
            engine.build(request(tmp_path, f"FROM {base}\n", transport, base=base))
        ) as events:
            async for event in events:
                if transport == "buildx" or isinstance(event, Pull):
                    break
            await asyncio.sleep(1)
            began = time.monotonic()
        assert time.monotonic() - began < 3


async def test_a_registry_that_is_not_there(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    base = "localhost:1/base:1"
    async with engine_at(endpoint.url) as engine:
        wanted = request(tmp_path, f"FROM {base}\n", transport, base=base)
        events = [event async for event in engine.build(wanted)]
    assert failed(events).what == "A registry could not be reached."
