"""One image for each of several platforms, built one after the other."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from tui.core.events import Event, Finished, Loaded
from tui.engine import BuildRequest, EngineInfo
from tui.engine.daemon.bases import fits, own_platform
from tui.engine.daemon.build import build
from tui.engine.daemon.connect import Connection
from tui.engine.daemon.failures import ERRORS, Witness
from tui.engine.threads import call


async def build_each(
    connection: Connection, request: BuildRequest, info: EngineInfo, unavailable: set[str]
) -> AsyncGenerator[Event, None]:
    """See Engine.build. The image of the engine's own platform, else of the first, is the result.

    An engine's store keeps one platform under a name, so each image gets a name of its own.
    """
    began = time.monotonic()
    finished = None
    for platform in _result_last(request.platforms, info):
        one = replace(request, platforms=(), platform=platform, tag=tag_of(request.tag, platform))
        finished = None
        async with aclosing(build(connection, one, info, unavailable)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    finished = event
                    yield Loaded(event.image, one.tag, platform, event.size)
                else:
                    yield event
        if finished is None:
            return
    assert finished is not None
    try:
        name, _, tag = request.tag.rpartition(":")
        await call(lambda: connection.client.tag(finished.image, name, tag))
    except ERRORS as error:
        yield Witness(request).explain(error)
        return
    yield replace(finished, tag=request.tag, seconds=time.monotonic() - began)


def tag_of(tag: str, platform: str) -> str:
    """``ping:dev-linux-arm-v7`` for ``ping:dev`` on ``linux/arm/v7``."""
    return f"{tag}-{platform.replace('/', '-')}"


def _result_last(platforms: tuple[str, ...], info: EngineInfo) -> list[str]:
    result = next((each for each in platforms if fits(own_platform(info), each)), platforms[0])
    return [each for each in platforms if each != result] + [result]
