"""Engines that die, connections that break and disks that fill up while an image is built."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine.builds import ALPINE, build, engine_at, failed, finished, gone, processes, request
from tests.engine.conftest import Endpoint, find
from tests.engine.test_build import cancel_seconds, new_marker, sleeping
from tests.engine.throwaway import Throwaway
from tui.core.events import Event, Notice, StepLog
from tui.engine import BuildRequest
from tui.plain import PlainReader

GONE = "The engine went away during the work."


class Proxy:
    """A socket in front of an engine's; ``drop`` breaks every connection.

    A request that holds ``unwanted`` breaks its own.
    """

    def __init__(self, path: Path, target: str, unwanted: bytes = b"") -> None:
        self._unwanted = unwanted
        self.url = f"unix://{path}"
        self._target = target.removeprefix("unix://")
        self._open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def drop(self) -> None:
        for connection in (self._listener, *self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._open += [near, far]
                for source, sink, unwanted in ((near, far, self._unwanted), (far, near, b"")):
                    threading.Thread(target=_copy, args=(source, sink, unwanted), daemon=True).start()


def _copy(source: socket.socket, sink: socket.socket, unwanted: bytes) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if unwanted and unwanted in data:
                source.shutdown(socket.SHUT_RDWR)
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


async def until_log_then(url: str, wanted: BuildRequest, act: Any) -> list[Event]:
    """All events of a build during which ``act()`` is called once, at its first output."""
    events: list[Event] = []
    async with engine_at(url) as engine, aclosing(engine.build(wanted)) as stream:
        async for event in stream:
            if isinstance(event, StepLog) and not any(isinstance(seen, StepLog) for seen in events):
                act()
            events.append(event)
    return events


async def test_a_broken_connection_is_said(endpoint: Endpoint, transport: str, tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    marker = new_marker()
    proxy = Proxy(tmp_path / "proxy.sock", endpoint.url)
    wanted = request(tmp_path / "context", sleeping(marker), transport)
    failure = failed(await until_log_then(proxy.url, wanted, proxy.drop))
    assert failure.what == GONE and failure.why and failure.fix
    assert await gone(marker, 10)


async def test_an_image_that_cannot_be_measured_is_built_all_the_same(
    endpoint: Endpoint, transport: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "context").mkdir()
    proxy = Proxy(tmp_path / "proxy.sock", endpoint.url, unwanted=b"/get HTTP/1.1")
    wanted = request(tmp_path / "context", f"FROM {ALPINE}\nWORKDIR /{new_marker()}\n", transport)
    events = await build(Endpoint(endpoint.name, proxy.url), wanted)
    done = finished(events)
    assert done.size is None and done.image.startswith("sha256:")
    assert "could not be measured" in events[-2].text if isinstance(events[-2], Notice) else False
    PlainReader().show(done)
    assert f"Built {wanted.tag} in " in (told := capsys.readouterr().err) and "size not measured" in told


KILLED = """
import asyncio, os
from pathlib import Path
from tui.engine import BuildRequest
from tui.engine.daemon.engine import DaemonEngine

async def build():
    folder, text, transport = (os.environ[name] for name in ("FOLDER", "DOCKERFILE", "TRANSPORT"))
    request = BuildRequest(Path(folder), text, "", "dockwright-test/killed:1", (), "", transport=transport)
    async for event in DaemonEngine().build(request):
        pass

asyncio.run(build())
"""


async def test_a_build_ends_with_a_dockwright_that_is_killed(
    endpoint: Endpoint, transport: str, tmp_path: Path
) -> None:
    marker = new_marker()
    (tmp_path / marker).mkdir()
    asked = {"FOLDER": str(tmp_path / marker), "DOCKERFILE": sleeping(marker), "TRANSPORT": transport}
    environ = os.environ | asked | {"DOCKER_HOST": endpoint.url}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, env=environ)
    try:
        deadline = time.monotonic() + 60
        while not processes(f"echo {marker}"):  # the step, not buildx, which has the folder's name
            assert time.monotonic() < deadline and process.returncode is None
            await asyncio.sleep(0.1)
    finally:
        process.kill()
        await process.wait()
    assert await gone(marker, cancel_seconds(endpoint))


@pytest.fixture
def throwaway() -> Iterator[Throwaway]:
    """An engine with 64 MB and the alpine image of the first engine that has it."""
    engine = Throwaway(64)
    try:
        source = docker.APIClient(base_url=find("docker-20.10").url, timeout=60)
        engine.client.load_image(b"".join(source.get_image(ALPINE)))
        source.close()
        yield engine
    finally:
        engine.kill()


@pytest.mark.engine
@pytest.mark.parametrize("way", ["buildx", "api"])
async def test_a_killed_engine_is_said(throwaway: Throwaway, way: str, tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    wanted = request(tmp_path / "context", sleeping(new_marker()), way)
    failure = failed(await until_log_then(throwaway.url, wanted, throwaway.kill))
    assert failure.what == GONE
    async with engine_at(throwaway.url) as engine:
        events = [event async for event in engine.build(wanted)]
    assert failed(events).what == "No container engine answers."


@pytest.mark.engine
@pytest.mark.parametrize("way", ["buildx", "api"])
async def test_a_full_disk_is_said(throwaway: Throwaway, way: str, tmp_path: Path) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "large").write_bytes(os.urandom(80_000_000))
    wanted = request(tmp_path / "context", f"FROM {ALPINE}\nCOPY large /large\n", way)
    failure = failed(await build(Endpoint("throwaway", throwaway.url), wanted))
    assert failure.what == "The engine's disk is full."
    assert "prune" in failure.fix
