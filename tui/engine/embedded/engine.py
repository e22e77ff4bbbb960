"""The engine without a daemon."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, aclosing
from pathlib import Path
from typing import TypeVar

from tui.core import validate
from tui.core.embedded import Obstacle
from tui.core.events import BuildStarted, Event, Failed, Finished, Loaded, Notice
from tui.core.machine import architecture
from tui.core.own_image import OwnImage
from tui.core.text import printable
from tui.engine import BuildRequest, EngineInfo, EngineUnavailable, RunRequest
from tui.engine.embedded import failures, toolchain
from tui.engine.embedded.build import Build
from tui.engine.embedded.copy_out import copy_out
from tui.engine.embedded.delivery import deliver, refuse
from tui.engine.embedded.manifest import add_top
from tui.engine.embedded.oci import Image
from tui.engine.embedded.read_image import read
from tui.engine.embedded.registry.pull import digest
from tui.engine.embedded.running.run import run, stop
from tui.engine.embedded.sizes import image_size
from tui.engine.embedded.toolchain import Toolchain
from tui.engine.embedded.unpack import unpack
from tui.engine.embedded.workspace import Workspace
from tui.engine.threads import Stopped, call, stream

T = TypeVar("T")


def own_platform() -> str:
    """What runs here, as images name it; macOS' own machine is the Linux of the same processor."""
    return f"linux/{architecture()}"


def native_platform() -> str:
    """What a program is compiled for that runs here outside of an image; empty where images run."""
    return "" if sys.platform == "linux" else own_platform().replace("linux", sys.platform)


class EmbeddedEngine:
    """Carries out ``tui.engine.Engine`` with the Go of this machine; ``root`` is where it keeps images."""

    def __init__(self, environ: Mapping[str, str] = os.environ, root: Path | None = None) -> None:
        self._environ = environ
        self._workspace = Workspace(root)
        self._native: dict[str, Path] = {}

    async def probe(self) -> EngineInfo:
        """See Engine.probe. Raises EngineUnavailable where there is no Go."""
        found = await call(lambda: toolchain.find("", "", self._environ))
        system, _, architecture = own_platform().partition("/")
        return EngineInfo(
            "embedded, Go", found.version, system, architecture, "", "oci", buildx=None, daemon=False
        )

    async def toolchain(self, request: BuildRequest) -> Toolchain:
        """The Go that compiles it. Raises EngineUnavailable."""
        stages = request.stages
        wanted, needed = (stages.build.go, stages.needed) if stages else ("", "")
        return await call(lambda: toolchain.find(wanted, needed, self._environ))

    async def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        """See Engine.build. What it cannot carry out is said before anything starts."""
        stages = request.stages
        if stages is None or stages.obstacles:
            yield _refused(stages.obstacles if stages else ())
            return
        try:
            go = await self.toolchain(request)
        except EngineUnavailable as error:
            yield Failed(error.what, error.why, error.fix)
            return
        yield BuildStarted(request.tag, f"the embedded engine and Go {go.version}", "")
        if stages.build.versioned and not go.is_release(stages.build.go):
            yield Notice(
                f"The Go of this machine is {go.version}; the Dockerfile's image brings {stages.build.go}. "
                "The program may differ from the one Docker compiles."
            )
        build = Build(request, stages, go, self._workspace, self._environ)
        witness = failures.Witness()
        try:
            events: AsyncGenerator[Event, None] = stream(
                lambda emit: self._build(build, request, emit), build.cancel
            )
            async with aclosing(events):
                async for event in events:
                    witness.see(event)
                    yield event
        except failures.ERRORS as error:
            yield witness.explain(error)

    def _build(self, build: Build, request: BuildRequest, emit: Callable[[Event], None]) -> None:
        began, workspace = time.monotonic(), self._workspace
        platforms = request.platforms or (request.platform or own_platform(),)
        for where in request.deliver:
            refuse(where, self._environ)
        with workspace.names.in_use():
            made = build.images(platforms, emit, native_platform())
            images = [image for image, _ in made]
            top = add_top(workspace.blobs, images)
            workspace.names.put(request.tag, top)
        if build.native_program:
            self._native[top.digest] = build.native_program
        for where in request.deliver:
            with build.step("", f"exporting to {printable(where)}"):
                base = request.stages.final.base if request.stages else ""
                blobs, registries = workspace.blobs, build.registries
                deliver(where, images, request.tag, base, blobs, emit, build.check, registries, self._environ)
        sizes = [image_size(workspace.blobs, image, base) for image, base in made]
        if len(images) > 1:
            for image, size in zip(images, sizes, strict=True):
                emit(Loaded(image.manifest.digest, request.tag, image.platform, size))
        own = platforms.index(own_platform()) if own_platform() in platforms else 0
        emit(Finished(top.digest, request.tag, time.monotonic() - began, sizes[own]))
        workspace.names.collect()

    async def has(self, image: str) -> bool:
        """Whether an image of that tag or id is kept here."""
        return await call(lambda: self._workspace.has(image))

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """See Engine.run."""
        with ExitStack() as held:
            try:
                await call(lambda: held.enter_context(self._workspace.names.in_use()))
                image = await call(lambda: self._one(request.image, request.platform))
                root = await _checked(lambda check: unpack(self._workspace.blobs, image, check))
            except failures.ERRORS as error:
                yield failures.Witness().explain(error)
                return
            native = self._native.get(request.image)
            async with aclosing(run(request, root, image.config.get("config") or {}, native)) as events:
                async for event in events:
                    yield event

    def _one(self, name: str, platform: str | None) -> Image:
        """Of an image of several platforms the one that runs here, else the first."""
        images = self._workspace.images(name)
        return next((each for each in images if each.platform == (platform or own_platform())), images[0])

    async def stop(self, container: str) -> None:
        """See Engine.stop."""
        await stop(container)

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        """See Engine.read_image."""
        name = validate.image(reference)
        return await _checked(
            lambda check: read(name, platform or own_platform(), self._workspace.blobs, check)
        )

    async def digest(self, reference: str, platform: str | None = None) -> str:
        """See Engine.digest."""
        return await _checked(lambda check: digest(reference, platform, self._workspace.blobs, check))

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        """See Engine.copy_out."""
        blobs = self._workspace.blobs
        await _checked(lambda check: copy_out(blobs, self._one(image, None), path, target, check))

    async def remove(self, tag: str) -> None:
        """See Engine.remove."""
        await call(lambda: self._workspace.names.remove(tag))

    async def close(self) -> None:
        """Nothing is held."""


async def _checked(work: Callable[[Callable[[], None]], T]) -> T:
    """The result of blocking work that is given up with its reader: it gets the check that says so."""
    given_up = threading.Event()

    def check() -> None:
        if given_up.is_set():
            raise Stopped

    return await call(lambda: work(check), given_up.set)


def _refused(obstacles: tuple[Obstacle, ...]) -> Failed:
    return Failed(
        "The embedded engine cannot carry this plan out.",
        " ".join(obstacle.what for obstacle in obstacles),
        f"{obstacles[0].fix}, or build with Docker." if obstacles else "Build with Docker.",
    )
