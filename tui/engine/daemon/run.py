"""Runs an image as a stream of events, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from functools import partial
from weakref import WeakValueDictionary

import docker
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from tui.core.events import Event, Failed, Health, NotProbed, Published, Started
from tui.engine import EngineInfo, RunRequest, probe, relay
from tui.engine.daemon.address import Reach, reach
from tui.engine.daemon.container import Container
from tui.engine.daemon.wire import words
from tui.engine.output import put_lines
from tui.engine.probe import Target
from tui.engine.relay import NEVER_RAN, Put, explained, failure, follow, insist, live
from tui.engine.threads import call, stream

HEALTH_PAUSE = 1.0

BESIDE = (
    "Or dockwright cannot reach it: it runs in a container itself, whose 127.0.0.1 is not the engine's "
    "when the engine is outside."
)
"""Why an answer may be missing when dockwright itself runs in a container."""

ANSWER_SECONDS = 5
"""How long the engine may take for a call when everything is being given up."""

ENGINE_ERRORS = (DockerException, RequestException, HTTPError, OSError)

_NEVER_RAN = re.compile(
    r"(?:standard_init_linux\.go:\d+: )?(?:exec \S+|exec user process caused): (?:\"?)"
    r"(?:exec format error|no such file or directory|permission denied)\"?",
)
"""What the runtime, not the application, leaves as the only output."""

_running: WeakValueDictionary[str, Container] = WeakValueDictionary()


async def run(client: docker.APIClient, request: RunRequest, info: EngineInfo) -> AsyncGenerator[Event, None]:
    """Run an image; see Engine.run. Closing the stream stops and removes the container."""
    route = await call(lambda: reach(info.endpoint))
    container = Container(client, request, info, route)
    launch = asyncio.create_task(call(container.launch))
    try:
        try:
            started = await asyncio.shield(launch)
        except ImageNotFound as error:
            yield _no_image(request, error)
            return
        except ENGINE_ERRORS as error:
            yield failure("The container could not be started.", words(error))
            return
        _running[started.container] = container
        yield started
        async with aclosing(follow(lambda put: _live(container, started, route, put))) as events:
            async for event in events:
                yield event
    finally:
        await insist(_give_up(container, launch))


async def stop(client: docker.APIClient, container: str) -> None:
    """Ask a running container to end: SIGTERM, after GRACE seconds SIGKILL."""
    if running := _running.get(container):
        with suppress(*ENGINE_ERRORS):  # the stream says what became of it
            await call(running.stop)


async def _live(container: Container, started: Started, route: Reach, put: Put) -> None:
    """Follow a started container to its end."""
    watchers = [_follow_health(container, put), _probe(container, started, route, put)]
    await live(put, _follow_output(container, put), watchers, partial(_end, container, started))


async def _end(container: Container, started: Started, output: asyncio.Task[None]) -> Event:
    try:
        code = await call(container.wait)
        await output
        exited = await call(lambda: container.ended(code))
    except ENGINE_ERRORS as error:
        return _lost(container, started, error)
    words = container.printed.tail.strip()
    if code and _NEVER_RAN.fullmatch(words):
        return failure(NEVER_RAN, words)
    return explained(exited, words)


async def _follow_output(container: Container, put: Put) -> None:
    with suppress(*ENGINE_ERRORS):  # waiting for its end tells the same
        async with aclosing(stream(container.read_output)) as pieces:
            await put_lines(pieces, put)


async def _follow_health(container: Container, put: Put) -> None:
    last: str | None = None
    with suppress(*ENGINE_ERRORS):
        while (state := await call(container.health)) is not None:
            if state != last:
                await put(Health(state))
            last = state
            await asyncio.sleep(HEALTH_PAUSE)


async def _probe(container: Container, started: Started, route: Reach, put: Put) -> None:
    if why := _cannot_probe(started.published, route):
        await put(NotProbed(why))
        return
    own: tuple[str, ...] = ()
    if route.beside:
        with suppress(*ENGINE_ERRORS):
            own = await call(container.addresses)
    hosts = route.hosts if started.published[0].host == route.publish else ()
    targets = [
        Target(p.port, (*((host, p.host_port) for host in hosts), *((host, p.port) for host in own)))
        for p in started.published
        if p.protocol == "tcp"
    ]
    await probe.watch(targets, put, container.began, BESIDE if route.beside else "")


def _cannot_probe(published: tuple[Published, ...], route: Reach) -> str:
    """Why nothing can be asked for an answer; empty when it can."""
    if why := probe.unanswerable(published):
        return why
    if not route.hosts:
        first = next(p for p in published if p.protocol == "tcp")
        return route.unreachable.format(port=first.host_port)
    if published[0].host != route.publish:
        return (
            f"The engine's host does not have the address {route.publish} itself, so the ports are "
            f"published on its {published[0].host}, which only that machine can reach."
        )
    return ""


async def _give_up(container: Container, launch: asyncio.Task[Started]) -> None:
    """Stop and remove whatever is there, within a bounded time also when the engine is dead."""
    container.abandon()
    limit = relay.GRACE + ANSWER_SECONDS
    await asyncio.wait({launch}, timeout=limit)
    if launch.done():
        launch.exception()  # told already, or nobody is there to be told
    if container.id:
        with suppress(*ENGINE_ERRORS, TimeoutError):
            await asyncio.wait_for(call(container.discard), limit)


def _lost(container: Container, started: Started, error: Exception) -> Failed:
    return Failed(
        "The container can no longer be followed.",
        "The engine stopped answering, or the container was removed by someone else.",
        f"Once the engine answers again: {container.program} rm --force {started.name}",
        detail=words(error),
    )


def _no_image(request: RunRequest, error: Exception) -> Failed:
    return Failed(
        f"The image {request.tag or request.image} is not in this engine's store.",
        "It was removed since it was built, or was built with another engine.",
        "Build it again.",
        detail=words(error),
    )
