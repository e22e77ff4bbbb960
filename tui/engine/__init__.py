"""What an engine does: probe, build, run, stop. Its result is a stream of events.

Whoever carries it out lives in a folder of its own: ``daemon`` (a Docker or Podman socket) and
``replay`` (recorded events).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.core.build_stage import BuildStage
    from tui.core.embedded import Obstacle
    from tui.core.events import Event
    from tui.core.final_image import FinalImage
    from tui.core.own_image import OwnImage


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """The engine that answered. ``name`` is ``Docker`` or ``Podman``, ``store`` ``overlay2`` …

    Without a ``daemon`` it is the embedded engine, whose ``version`` is Go's.
    """

    name: str
    version: str
    os: str
    architecture: str
    endpoint: str
    store: str
    buildx: str | None
    """Version of a usable buildx (0.13 or newer), else None."""
    daemon: bool = True


class EngineError(Exception):
    """The engine cannot do it. The parts are sentences: what happened, why, what to do."""

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(" ".join(part for part in (what, why, fix) if part))
        self.what, self.why, self.fix = what, why, fix


class EngineUnavailable(EngineError):
    """No engine answers."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One build. ``dockerfile`` and ``dockerignore`` are texts: nothing is read from the project
    for them. ``bases`` are the references of every ``FROM``; ``builder`` is the one that compiles.
    ``transport`` is ``auto``, ``buildx`` or ``api``. ``platform`` is ``linux/arm64`` or None for the
    engine's own, ``os`` is ``linux`` or ``windows``: what the engine's containers must be.

    ``target`` is the stage to build, empty for the last. ``build_args`` are (name, value); the proxy
    variables among them leave no trace in the image. ``secrets`` are (id, file) and ``ssh`` forwards
    the agent: both need buildx. Several ``platforms`` are built one after the other, each with a tag of
    its own (``ping:dev-linux-arm64``); the engine's own, else the first, gets ``tag`` too.

    ``engine`` is ``auto``, ``docker`` or ``embedded``; ``stages`` and ``deliver`` are for the last. Of
    what ``deliver`` names, ``oci:FOLDER``, ``archive:FILE``, ``engine`` and ``registry`` get the image.
    """

    context: Path
    dockerfile: str
    dockerignore: str
    tag: str
    bases: tuple[str, ...]
    builder: str
    platform: str | None = None
    platforms: tuple[str, ...] = ()
    transport: str = "auto"
    os: str = "linux"
    target: str = ""
    build_args: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, Path], ...] = ()
    ssh: bool = False
    stages: Stages | None = None
    engine: str = "auto"
    deliver: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One container. ``ports`` are (port, protocol); ``user`` is ``uid:gid``.

    ``writable`` leaves the root file system writable, ``writable_dirs`` become a tmpfs owned by
    ``user``. ``engine`` is as in a BuildRequest, ``again`` a command for a shell that does the same
    without a daemon.
    """

    image: str
    tag: str
    ports: tuple[tuple[int, str], ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    user: str = "65532:65532"
    writable: bool = False
    writable_dirs: tuple[str, ...] = ()
    platform: str | None = None
    engine: str = "auto"
    again: str = ""


@dataclass(frozen=True, slots=True)
class Stages:
    """What the Dockerfile says, for an engine that carries it out without one.

    ``needed`` is the Go version the modules ask for, empty for any. ``obstacles`` are what only a
    daemon can do.
    """

    build: BuildStage
    final: FinalImage
    needed: str
    obstacles: tuple[Obstacle, ...]


class Engine(Protocol):
    """Streams end with Finished, Failed or Cancelled (build) and Exited or Failed (run).

    Closing a stream (``aclose`` or cancelling the task that reads it) stops the work: a build's
    processes end, a container is stopped and removed.
    """

    async def probe(self) -> EngineInfo:
        """Say which engine answers. Raises EngineUnavailable."""
        ...

    def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        """Build an image."""
        ...

    def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """Run an image; the stream ends when the container has ended and is removed."""
        ...

    async def stop(self, container: str) -> None:
        """Ask a container to end (SIGTERM, then SIGKILL); ``run``'s stream then says Exited."""
        ...

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        """What is in an image, pulled when it is not in the store; nothing of it is run.

        ``platform`` is None for the engine's own. Raises EngineError, and Invalid for what is no
        reference.
        """
        ...

    async def digest(self, reference: str, platform: str | None = None) -> str:
        """``sha256:…`` of what the reference names in its registry, for every platform it has.

        Without the registry it is what the store has noted. Raises as ``read_image``.
        """
        ...

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        """Copy one file out of an image of the store; ``target`` is there whole or not at all.

        Links in the image are followed inside it. Whether it may be executed is kept. Raises
        EngineError and OSError.
        """
        ...

    async def remove(self, tag: str) -> None:
        """Take a tag away, and the image with its last one. Raises EngineError."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
