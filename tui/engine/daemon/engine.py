"""The engine behind a Docker or Podman socket."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.errors import ImageNotFound

from tui.core import validate
from tui.core.events import Event, Failed
from tui.core.explain import explain
from tui.core.own_image import OwnImage
from tui.core.text import printable
from tui.engine import BuildRequest, EngineError, EngineInfo, EngineUnavailable, RunRequest
from tui.engine.daemon import buildx, run
from tui.engine.daemon.build import build
from tui.engine.daemon.connect import Connection, candidates, open_engine
from tui.engine.daemon.copy_out import copy_out
from tui.engine.daemon.digest import digest
from tui.engine.daemon.failures import ERRORS
from tui.engine.daemon.platforms import build_each
from tui.engine.daemon.read_image import read
from tui.engine.daemon.wire import Wire, words
from tui.engine.threads import call


@dataclass(frozen=True, slots=True)
class _Link:
    connection: Connection
    info: EngineInfo


class DaemonEngine:
    """Carries out ``tui.engine.Engine``. Connects at the first use, again after an engine was lost."""

    def __init__(self, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> None:
        self._environ, self._home = environ, home or Path.home()
        self._link: _Link | None = None
        self._unavailable_frontends: set[str] = set()

    async def probe(self) -> EngineInfo:
        """See Engine.probe: asks the engine each time."""
        return (await self._connect()).info

    async def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        """See Engine.build."""
        try:
            link = await self._connect()
        except EngineUnavailable as error:
            yield Failed(error.what, error.why, error.fix)
            return
        way = build_each if request.platforms else build
        events = way(link.connection, request, link.info, self._unavailable_frontends)
        async with aclosing(events):
            async for event in events:
                yield event

    async def has(self, image: str) -> bool:
        """Whether the store has an image of that tag or id. Raises EngineError."""
        client: Any = (await self._connect()).connection.client
        with _explained(f"Whether there is {printable(image)} is not known."):
            try:
                await call(lambda: client.inspect_image(image))
            except ImageNotFound:
                return False
            return True

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """See Engine.run."""
        try:
            link = await self._connect()
        except EngineUnavailable as error:
            yield Failed(error.what, error.why, error.fix)
            return
        events = run.run(link.connection.client, request, link.info)
        async with aclosing(events):
            async for event in events:
                yield event

    async def stop(self, container: str) -> None:
        """See Engine.stop."""
        if self._link is not None:
            await run.stop(self._link.connection.client, container)

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        """See Engine.read_image."""
        name = validate.image(reference)
        link = await self._connect()
        client, wire = link.connection.client, Wire(link.connection.client)
        with _explained(f"{name} cannot be read."):
            return await call(lambda: read(client, wire, name, platform, link.info), wire.cancel)

    async def digest(self, reference: str, platform: str | None = None) -> str:
        """See Engine.digest."""
        name = validate.image(reference)
        link = await self._connect()
        with _explained(f"The digest of {name} is not known.", f"Pull {name} once, then ask again."):
            return await call(lambda: digest(link.connection.client, name, platform))

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        """See Engine.copy_out."""
        link = await self._connect()
        with _explained(f"{printable(path)} cannot be copied to {target}."):
            await call(lambda: copy_out(link.connection.client, image, path, target))

    async def remove(self, tag: str) -> None:
        """See Engine.remove."""
        link = await self._connect()
        with _explained(f"{printable(tag)} cannot be removed."):
            await call(lambda: link.connection.client.remove_image(tag))

    async def close(self) -> None:
        """See Engine.close."""
        if self._link is not None:
            await call(self._link.connection.close)
        self._link = None

    async def _connect(self) -> _Link:
        """The engine that answers now: the one before if it still does."""
        if self._link is not None:
            if await call(self._link.connection.answers):
                return self._link
            await self.close()
        self._link = await call(self._open)
        return self._link

    def _open(self) -> _Link:
        connection = open_engine(candidates(self._environ, self._home))
        return _Link(connection, _describe(connection))


@contextmanager
def _explained(what: str, fix: str = "") -> Iterator[None]:
    """What goes wrong as EngineError. ``fix`` is for what nobody has an explanation of."""
    try:
        yield
    except ERRORS as error:
        text = words(error)
        if known := explain(text):
            raise EngineError(what, f"{known.what} {known.why}", known.fix) from error
        raise EngineError(what, f"The engine says: {printable(text)}", fix) from error


def _describe(connection: Connection) -> EngineInfo:
    version = connection.client.version()
    components = [str(part.get("Name", "")) for part in version.get("Components") or ()]
    podman = any("podman" in name.lower() for name in components)
    return EngineInfo(
        name="Podman" if podman else "Docker",
        version=str(version["Version"]),
        os=str(version["Os"]),
        architecture=str(version["Arch"]),
        endpoint=connection.candidate.host,
        store=str(connection.client.info()["Driver"]),
        buildx=None if podman else buildx.usable_version(connection.candidate),
    )
