"""One row on a real engine: built, run as it would be shipped, asked, and removed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from docker.errors import APIError, NotFound

from tests.cover.applications import APPLICATIONS
from tests.cover.model import MIRROR, REAL_IMAGES, THROUGH_MIRROR, plan, program
from tests.cover.rows import Row
from tests.engine.conftest import FOUND, Endpoint, combinations, missing
from tui.core.events import (
    CheckWarning,
    Event,
    Exited,
    Failed,
    Finished,
    Health,
    Log,
    NotProbed,
    Ready,
    Started,
)
from tui.core.plan import Plan
from tui.engine import BuildRequest, Engine, probe
from tui.engine.daemon.connect import Client
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.ports import LOOPBACK
from tui.engine.requests import run_request

SHARES = {
    ("docker-20.10", "buildx"): 3,
    ("docker-20.10", "api"): 2,
    ("docker-28", "buildx"): 3,
    ("docker-28", "api"): 2,
    ("docker-28-containerd", "buildx"): 1,
    ("podman", "api"): 1,
}
"""How many of a dozen compiled programs are built where."""

WITH_C = {
    "golang-trixie": ("docker-20.10", "buildx"),
    "golang-bookworm": ("docker-28", "buildx"),
    "chainguard-go": ("docker-28-containerd", "buildx"),
}
"""Where a builder compiles C code: its objects are kept apart, so that each engine would begin anew."""

ANSWER_SECONDS = 30
SECOND = 1_000_000_000
"""In nanoseconds, as configurations of images have it."""

_USER = re.compile(r"uid=(\d+) gid=(\d+)")


@dataclass(slots=True)
class Observed:
    """What came of a run. ``answer`` is the application's JSON, or its text and status."""

    started: Started | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    failed: Failed | None = None
    exited: Exited | None = None
    not_probed: NotProbed | None = None
    health: str = ""

    @property
    def text(self) -> str:
        """Everything it said, and everything said about it."""
        told = [self.output, json.dumps(self.answer)]
        told += [f"{self.failed.what} {self.failed.detail}"] if self.failed else []
        told += [self.not_probed.why] if self.not_probed else []
        told += [self.health]
        return "\n".join(told)


def machine(row: Row) -> tuple[str, str]:
    """The engine's name and the transport: the same for all rows that share a compiled program."""
    there = combinations()
    made = plan(row)
    if made.cgo and (chosen := WITH_C.get(made.builder)) in there and chosen:
        return chosen
    shares = [pair for pair, share in SHARES.items() if pair in there for _ in range(share)]
    return shares[zlib.crc32(program(row).encode()) % len(shares)] if shares else (FOUND, "auto")


def tag(name: str) -> str:
    """A name of its own for an image of the cover."""
    return f"dockwright-test/cover:{re.sub('[^a-z0-9._-]+', '-', name)[-120:].lstrip('._-')}"


def output(client: Any, image: str, program: tuple[str, ...] = (), **settings: Any) -> str:
    """What ``program``, or the image's own, prints until it ends by itself, or why it cannot start."""
    container = client.create_container(image, entrypoint=list(program) or None, **settings)["Id"]
    try:
        client.start(container)
        client.wait(container, timeout=ANSWER_SECONDS)
        return str(client.logs(container).decode())
    except APIError as error:
        return str(error.explanation)
    finally:
        client.remove_container(container, force=True)


def published(reference: str) -> str:
    """The name under which a base image is published, whichever mirror it comes from."""
    return reference.removeprefix(f"{MIRROR}/")


def _prepare(client: Any, request: BuildRequest) -> None:
    """Make sure that the base images are there, also under the mirror's name, if that is none."""
    for reference in () if THROUGH_MIRROR else request.bases:
        own = published(reference)
        try:
            client.inspect_image(own)
        except NotFound:
            if not REAL_IMAGES:
                missing(f"the engine has no {own}")
            client.pull(own)
        if own != reference:
            name, _, version = reference.rpartition(":")
            client.tag(own, name, version)


def _hurried(request: BuildRequest) -> BuildRequest:
    """With health checks that come soon, and patience on a machine that is busy."""
    often = request.dockerfile.replace("--interval=30s --timeout=5s", "--interval=200ms --timeout=30s")
    return replace(request, dockerfile=often)


def hurried(config: dict[str, Any]) -> dict[str, Any]:
    """The same of an image's configuration."""
    inside = config["config"]
    check = inside.get("Healthcheck") or {}
    if (check.get("Interval"), check.get("Timeout")) != (30 * SECOND, 5 * SECOND):
        return config
    often = {**check, "Interval": SECOND // 5, "Timeout": 30 * SECOND}
    return {**config, "config": {**inside, "Healthcheck": often}}


async def built(engine: DaemonEngine, request: BuildRequest) -> Finished | Failed:
    """The end of that build. A finding of BuildKit's checks is an error."""
    end: Event | None = None
    async with aclosing(engine.build(_hurried(request))) as events:
        async for event in events:
            assert not isinstance(event, CheckWarning), event
            end = event
    assert isinstance(end, Finished | Failed), end
    return end


def _is_over(seen: Observed, awaits_health: bool) -> bool:
    """Whether nothing more is to be seen of a server."""
    asked = bool(seen.answer or seen.not_probed)
    return asked and not (awaits_health and seen.health in ("", "starting"))


async def run(engine: Engine, client: Any, row: Row, made: Plan, image: str, query: str = "") -> Observed:
    """Run it hardened, ask it, stop it. Podman has no health checks without systemd's timers.

    ``client`` is None where its network is this process's own.
    """
    seen, stopping = Observed(), False
    info = await engine.probe()
    awaits_health = made.health != "none" and info.name != "Podman"
    application = APPLICATIONS[row.app]
    async with aclosing(engine.run(run_request(made, image))) as events:
        async for event in events:
            if isinstance(event, Started):
                seen.started = event
                if application.speaks == "udp":
                    address = await asyncio.to_thread(_own_address, client, event.container)
                    reply = await asyncio.to_thread(_ask_udp, address, application.port)
                    seen.answer = _told(reply)
            elif isinstance(event, Log):
                seen.output += event.text
            elif isinstance(event, Ready | NotProbed) and application.speaks == "http":
                assert seen.started is not None
                container = seen.started.container
                if isinstance(event, NotProbed):
                    event = await _probed_inside(client, container, application.port)
                if isinstance(event, Ready):
                    seen.answer = await asyncio.to_thread(get, event.url + query)
                else:
                    seen.not_probed = event
            elif isinstance(event, Health) and awaits_health:
                seen.health = event.state
            elif isinstance(event, Exited):
                seen.exited = event
            elif isinstance(event, Failed):
                seen.failed = event
            if seen.started and not stopping and _is_over(seen, awaits_health):
                stopping = True
                await engine.stop(seen.started.container)
    if application.speaks == "output" and seen.exited:
        seen.answer = _told(seen.output) | {"status": seen.exited.exit_code}
    return seen


async def _probed_inside(client: Any, container: str, port: int) -> Ready | NotProbed:
    """What is not published is reached in the engine's own network."""
    address = await asyncio.to_thread(_own_address, client, container)
    found: asyncio.Queue[Event] = asyncio.Queue()
    target = probe.Target(port, ((address, port),))
    watching = asyncio.create_task(probe.watch([target], found.put, time.monotonic()))
    event = await found.get()
    watching.cancel()
    assert isinstance(event, Ready | NotProbed), event
    return event


def _own_address(client: Any, container: str) -> str:
    """Its address in the engine's network; empty when it has ended."""
    if client is None:
        return LOOPBACK
    try:
        settings = client.inspect_container(container)["NetworkSettings"]
    except NotFound:
        return ""
    addresses = [settings.get("IPAddress"), *(net["IPAddress"] for net in settings["Networks"].values())]
    return next((str(address) for address in addresses if address), "")


def get(url: str) -> dict[str, Any]:
    """The JSON at that address, else status and text.

    Another engine may take the port for a moment: Podman leads it to its container before it sees that it is
    taken.
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as reply:
                return dict(json.load(reply))
        except urllib.error.HTTPError as error:
            return {"status": error.code, "text": error.read().decode()}
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _ask_udp(host: str, port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.5)
        for _ in range(2 * ANSWER_SECONDS):
            try:
                asking.sendto(b"ping", (host, port))
                return asking.recv(1500).decode()
            except (TimeoutError, ConnectionRefusedError):
                continue
    raise AssertionError(f"no packet came back from {host}:{port}")


def _told(text: str) -> dict[str, Any]:
    match = _USER.search(text)
    user = {"uid": int(match[1]), "gid": int(match[2])} if match else {}
    return {"text": text, **user}


_engines: dict[str, DaemonEngine] = {}


def _engine_at(url: str) -> DaemonEngine:
    """One for all rows: it remembers that no registry has the Dockerfile's frontend."""
    return _engines.setdefault(url, DaemonEngine({**os.environ, "DOCKER_HOST": url}))


async def close() -> None:
    """Give back what the rows shared."""
    for engine in _engines.values():
        await engine.close()
    _engines.clear()


@asynccontextmanager
async def image_of(
    endpoint: Endpoint, request: BuildRequest
) -> AsyncGenerator[tuple[DaemonEngine, Any, Finished | Failed], None]:
    """The product's engine and the SDK's client there, and how the build ended. Its image is removed."""
    client: Any = Client(base_url=endpoint.url, version="auto", timeout=60)
    engine = _engine_at(endpoint.url)
    try:
        await asyncio.to_thread(_prepare, client, request)
        yield engine, client, await built(engine, request)
    finally:
        with suppress(NotFound):
            await asyncio.to_thread(client.remove_image, request.tag, force=True)
        client.close()
