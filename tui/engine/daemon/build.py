"""A build from its request to Finished or Failed, over whichever transport it goes."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui.core.events import BuildStarted, Event, Finished, ImageSize
from tui.engine import BuildRequest, EngineInfo
from tui.engine.daemon import api, bases, buildx, sizes
from tui.engine.daemon.connect import Connection
from tui.engine.daemon.failures import ERRORS, Witness
from tui.engine.daemon.refusals import refusal
from tui.engine.daemon.threads import call
from tui.engine.daemon.wire import Client


async def build(
    connection: Connection, request: BuildRequest, info: EngineInfo, unavailable: set[str]
) -> AsyncGenerator[Event, None]:
    """See Engine.build. ``unavailable`` remembers frontend images that could not be had."""
    if refused := refusal(request, info):
        yield refused
        return
    use_api = request.transport == "api" or info.buildx is None
    yield BuildStarted(request.tag, f"{info.name} {info.version}", "api" if use_api else "buildx")
    began = time.monotonic()
    witness = Witness(request)
    if use_api:
        events = api.build(connection.client, request, info)
    else:
        events = _with_buildx(connection, request, unavailable)
    try:
        async with aclosing(events):
            async for event in events:
                witness.see(event)
                yield event
        seconds = time.monotonic() - began
        image, size = await call(lambda: _measured(connection.client, request))
        yield Finished(image, request.tag, seconds, size)
    except ERRORS as error:
        yield witness.explain(error)


async def _with_buildx(
    connection: Connection, request: BuildRequest, unavailable: set[str]
) -> AsyncGenerator[Event, None]:
    for part in (
        bases.correct(connection.client, request),
        buildx.build(connection.candidate, request, unavailable),
    ):
        async with aclosing(part) as events:
            async for event in events:
                yield event


def _measured(client: Client, request: BuildRequest) -> tuple[str, ImageSize]:
    image = str(client.inspect_image(request.tag)["Id"])
    return image, sizes.measure(client, image, request.builder, request.bases)
