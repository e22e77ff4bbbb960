"""A build from its request to Finished or Failed, over whichever transport it goes."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from tui.core.events import BuildStarted, Event, Finished, Notice
from tui.core.text import printable
from tui.engine import BuildRequest, EngineInfo
from tui.engine.daemon import api, bases, buildx, sizes
from tui.engine.daemon.connect import Connection
from tui.engine.daemon.failures import ERRORS, Witness
from tui.engine.daemon.refusals import refusal
from tui.engine.daemon.wire import Client, words
from tui.engine.threads import call


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
    client: Client = connection.client
    by_buildx = _with_buildx(connection, request, unavailable)
    events = api.build(client, request, info) if use_api else by_buildx
    try:
        async with aclosing(events):
            async for event in events:
                witness.see(event)
                yield event
        image = await call(lambda: str(client.inspect_image(request.tag)["Id"]))
    except ERRORS as error:
        yield witness.explain(error)
        return
    seconds, size = time.monotonic() - began, None
    try:
        size = await call(lambda: sizes.measure(client, image, request.builder, request.bases))
    except ERRORS as error:
        yield Notice(f"The image is built; how large it is could not be measured: {printable(words(error))}")
    yield Finished(image, request.tag, seconds, size)


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
