"""A program that plays what a test asks for, its images, and a stage to run it on."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

from tests.engine import images
from tests.engine.conftest import Endpoint, missing
from tui.core.events import Event, Log, Started
from tui.engine import EngineInfo, RunRequest
from tui.engine.daemon.container import LABEL
from tui.engine.daemon.run import run

SOURCE = Path(__file__).parent / "programs" / "actor"
WAIT = 60.0

PLAIN = 'FROM scratch\nCOPY actor /actor\nUSER 65532:65532\nENTRYPOINT ["/actor"]\n'
HEALTHY = PLAIN + 'HEALTHCHECK --interval=1s --timeout=5s CMD ["/actor", "healthy"]\n'
GONE = PLAIN.replace('["/actor"]', '["/gone"]')
NOBODY = PLAIN.replace("65532:65532", "somebody")

E = TypeVar("E", bound=Event)


@functools.cache
def program() -> bytes:
    """The actor, built once on this machine."""
    command = go()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "actor"
        subprocess.run(
            [command, "build", "-trimpath", "-ldflags=-s -w", "-o", target, "."],
            cwd=SOURCE,
            env=os.environ | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"},
            check=True,
        )
        return target.read_bytes()


def image(client: Any, dockerfile: str = PLAIN, content: bytes | None = None, mode: int = 0o755) -> str:
    """The tag of an image made of ``dockerfile`` and ``content`` as its file ``actor``."""
    content = program() if content is None else content
    return images.kept(client, "dockwright-test/actor", dockerfile, images.file("actor", content, mode))


class Stage:
    """Runs actors on one engine. ``events`` of the last run are kept while it runs."""

    def __init__(self, endpoint: Endpoint, client: Any) -> None:
        self.endpoint, self.client = endpoint, client
        self.events: list[Event] = []

    def stream(self, *args: str, image_tag: str = "", **settings: Any) -> AsyncGenerator[Event, None]:
        """The events of an actor with these arguments; ``settings`` are RunRequest's."""
        tag = image_tag or image(self.client)
        name = "Podman" if self.endpoint.is_podman else "Docker"
        info = EngineInfo(name, "0", "linux", "amd64", self.endpoint.url, "", None)
        return run(self.client, RunRequest(image=tag, tag=tag, args=args, **settings), info)

    async def play(
        self, *args: str, until: Callable[[Event], Awaitable[bool]] | None = None, **settings: Any
    ) -> list[Event]:
        """All events, or those up to the first for which ``until`` says so: then it is closed."""
        self.events = []
        async with asyncio.timeout(WAIT), aclosing(self.stream(*args, **settings)) as stream:
            async for event in stream:
                self.events.append(event)
                if until is not None and await until(event):
                    break
        return self.events

    def only(self, kind: type[E]) -> E:
        """The one event of that kind."""
        found = [event for event in self.events if isinstance(event, kind)]
        assert len(found) == 1, self.events
        return found[0]

    def output(self, stream: int | None = None) -> str:
        """What was printed, on one stream or on both."""
        return "".join(e.text for e in self.events if isinstance(e, Log) and stream in (None, e.stream))

    def inspect(self) -> dict[str, Any]:
        """What the engine says of the running container."""
        return dict(self.client.inspect_container(self.only(Started).container))

    def containers(self) -> list[str]:
        """The containers dockwright, as this process, has left on the engine."""
        found = self.client.containers(all=True, filters={"label": f"{LABEL}={os.getpid()}"})
        return [container["Names"][0] for container in found]

    def assert_empty(self, seconds: float = 5.0) -> None:
        """Nothing is left, at the latest after some seconds."""
        deadline = time.monotonic() + seconds
        while (left := self.containers()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == []


def free_port() -> int:
    """A port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def go() -> str:
    root = os.environ.get("DOCKWRIGHT_TEST_GO")
    found = str(Path(root) / "bin" / "go") if root else shutil.which("go")
    if found is None:
        missing("there is no Go toolchain (DOCKWRIGHT_TEST_GO is not set)")
    return found
