"""Docker or the embedded engine: whichever a request names, or whichever can."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TypeVar

from tui.core.embedded import AUTO, EMBEDDED
from tui.core.events import Event, Failed, Finished, Loaded, Notice
from tui.core.own_image import OwnImage
from tui.engine import BuildRequest, Engine, EngineInfo, EngineUnavailable, RunRequest
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.embedded.engine import EmbeddedEngine

T = TypeVar("T")


class ChosenEngine:
    """Carries out ``tui.engine.Engine`` by another one: ``auto`` takes Docker where one answers.

    An image is run by the engine it is asked of, else by the one that built it here, else by Docker where
    that has it: both may have an image of the same name.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ, home: Path | None = None) -> None:
        self._docker = DaemonEngine(environ, home)
        self._embedded = EmbeddedEngine(environ)
        self._builder: dict[str, Engine] = {}

    async def probe(self) -> EngineInfo:
        """See Engine.probe: what ``auto`` takes."""
        try:
            return await self._docker.probe()
        except EngineUnavailable as docker:
            try:
                return await self._embedded.probe()
            except EngineUnavailable as embedded:
                raise EngineUnavailable(docker.what, f"{docker.why} {embedded.what}", embedded.fix) from None

    async def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        """See Engine.build; a Notice says who builds when Docker was not there."""
        engine: Engine = self._docker
        if request.engine == EMBEDDED:
            engine = self._embedded
        elif request.engine == AUTO and request.deliver:
            yield Notice("The embedded engine builds: Docker keeps images in its own store alone.")
            engine = self._embedded
        elif request.engine == AUTO:
            try:
                await self._docker.probe()
            except EngineUnavailable as missing:
                if refused := await self._cannot(request, missing):
                    yield refused
                    return
                yield Notice(
                    f"{missing.what} {missing.why} The embedded engine builds the same image without Docker."
                )
                engine = self._embedded
        async with aclosing(engine.build(request)) as events:
            async for event in events:
                if isinstance(event, Finished | Loaded):
                    self._builder |= {event.image: engine, event.tag: engine}
                yield event

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """See Engine.run."""
        async with aclosing((await self._of(request.image, request.engine)).run(request)) as events:
            async for event in events:
                yield event

    async def stop(self, container: str) -> None:
        """See Engine.stop. Who does not know it does nothing."""
        await self._embedded.stop(container)
        await self._docker.stop(container)

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        """See Engine.read_image."""
        return await self._ask(lambda engine: engine.read_image(reference, platform))

    async def digest(self, reference: str, platform: str | None = None) -> str:
        """See Engine.digest."""
        return await self._ask(lambda engine: engine.digest(reference, platform))

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        """See Engine.copy_out."""
        await (await self._of(image)).copy_out(image, path, target)

    async def remove(self, tag: str) -> None:
        """See Engine.remove."""
        await (await self._of(tag)).remove(tag)
        self._builder.pop(tag, None)

    async def close(self) -> None:
        """See Engine.close."""
        await self._embedded.close()
        await self._docker.close()

    async def _cannot(self, request: BuildRequest, missing: EngineUnavailable) -> Failed | None:
        """Why nobody carries the build out when Docker is missing, None where the embedded engine can."""
        obstacles = request.stages.obstacles if request.stages else ()
        if obstacles:
            why = f"The embedded engine cannot carry this plan out: {obstacles[0].what}"
            fix = f"{obstacles[0].fix}, and the embedded engine builds it."
            return Failed(missing.what, f"{missing.why} {why}", f"{missing.fix} {fix}")
        try:
            await self._embedded.toolchain(request)
        except EngineUnavailable as go:
            return Failed(missing.what, f"{missing.why} {go.what} {go.why}", go.fix)
        return None

    async def _of(self, image: str, asked: str = AUTO) -> Engine:
        """Who runs that image, or gives away what is in it; see the class."""
        if asked != AUTO:
            return self._embedded if asked == EMBEDDED else self._docker
        if known := self._builder.get(image):
            return known
        if not await self._embedded.has(image):
            return self._docker
        with suppress(EngineUnavailable):
            if await self._docker.has(image):
                return self._docker
        return self._embedded

    async def _ask(self, question: Callable[[Engine], Awaitable[T]]) -> T:
        try:
            return await question(self._docker)
        except EngineUnavailable:
            return await question(self._embedded)
