"""Small builds for the tests: requests, their events, and what is left of them."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.engine.conftest import Endpoint, missing
from tui.core import progress
from tui.core.events import Event, Failed, Finished
from tui.engine import BuildRequest
from tui.engine.daemon.connect import Client
from tui.engine.daemon.engine import DaemonEngine

ALPINE = "alpine:3.24"
STATIC = "gcr.io/distroless/static-debian13:nonroot"
E = TypeVar("E", bound=Event)


def request(context: Path, dockerfile: str, transport: str, **changes: Any) -> BuildRequest:
    """A build of ``dockerfile`` with a tag of its own; ``bases`` are separated by spaces."""
    bases = changes.pop("bases", changes.get("base", ALPINE))
    return BuildRequest(
        context=context,
        dockerfile=dockerfile,
        dockerignore=changes.pop("dockerignore", ""),
        tag=changes.pop("tag", f"dockwright-test/build:{uuid.uuid4().hex[:12]}"),
        bases=tuple(bases.split()),
        builder=changes.pop("base", ALPINE),
        transport=transport,
        **changes,
    )


@asynccontextmanager
async def engine_at(url: str, **environ: str) -> AsyncGenerator[DaemonEngine, None]:
    """A DaemonEngine on one endpoint."""
    engine = DaemonEngine({**os.environ, "DOCKER_HOST": url, **environ})
    try:
        yield engine
    finally:
        await engine.close()


async def build(endpoint: Endpoint, wanted: BuildRequest, keep: bool = False) -> list[Event]:
    """All events of one build. Its tag is removed from the engine unless it is to be kept."""
    async with engine_at(endpoint.url) as engine:
        if wanted.transport == "buildx" and (await engine.probe()).buildx is None:
            missing("the docker CLI has no buildx 0.13 or newer")
        events = [event async for event in engine.build(wanted)]
    if isinstance(events[-1], Finished) and not keep:
        await asyncio.to_thread(untag, endpoint.url, wanted.tag)
    return events


def untag(url: str, tag: str) -> None:
    """Remove that name from the engine at that address, and the image when it has no other."""
    client: Any = Client(base_url=url, version="auto", timeout=60)
    client.remove_image(tag, force=True)
    client.close()


def only(events: list[Event], kind: type[E]) -> E:
    """The one event of that kind."""
    found = [event for event in events if isinstance(event, kind)]
    assert len(found) == 1, [event for event in events if isinstance(event, Failed)] or events
    return found[0]


def finished(events: list[Event]) -> Finished:
    """The good end, which must be the last event."""
    assert isinstance(events[-1], Finished), events[-1]
    return only(events, Finished)


def failed(events: list[Event]) -> Failed:
    """The bad end, which must be the last event."""
    assert isinstance(events[-1], Failed), events[-1]
    return only(events, Failed)


def reduced(events: list[Event]) -> list[tuple[str, str, str]]:
    """(group, title, status) of the Dockerfile's own steps."""
    state = progress.BuildState()
    for event in events:
        state = progress.advance(state, event)
    own = (progress.PREPARE, progress.EXPORT)
    return [
        (group.title, row.title, row.status)
        for group in progress.groups(state)
        for row in group.rows
        if row.steps and row.id not in own
    ]


async def gone(marker: str, seconds: float) -> bool:
    """Whether no process of this machine has ``marker`` in its command line, in time."""
    deadline = time.monotonic() + seconds
    while processes(marker):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


def processes(marker: str) -> list[int]:
    """The processes of this machine whose command line holds ``marker``, but this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in command and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found
