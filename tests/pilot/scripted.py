"""An engine that plays a script: events in order, with gates that the test opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tui.core.events import Event, Exited, ImageSize, LayerSize
from tui.core.own_image import OwnImage
from tui.engine import BuildRequest, EngineError, EngineInfo, RunRequest


@dataclass(frozen=True)
class Gate:
    """The script goes on when the test opens the gate of this name."""

    name: str


Script = Iterable["Event | Gate"]


INFO = EngineInfo("Docker", "28.5.2", "linux", "amd64", "unix:///run/docker.sock", "overlay2", "0.29.1")


UNSCRIPTED = EngineError("The script has no images.")


@dataclass
class ScriptedEngine:
    """Plays ``builds`` and ``runs``, one script per call, the last one again and again.

    A run whose script is over waits until it is stopped and then says Exited. ``closed`` counts the
    streams that were closed or ended, each after ``clean_up`` seconds. Each of ``digests`` waits for the
    gate of its image.
    """

    builds: list[Script] = field(default_factory=list)
    runs: list[Script] = field(default_factory=list)
    clean_up: float = 0.0
    info: EngineInfo = INFO
    opened: int = 0
    closed: int = 0
    stopped: list[str] = field(default_factory=list)
    images: dict[str, OwnImage] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    requests: list[BuildRequest | RunRequest] = field(default_factory=list)
    _gates: dict[str, asyncio.Event] = field(default_factory=dict)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def gate(self, name: str) -> asyncio.Event:
        return self._gates.setdefault(name, asyncio.Event())

    async def probe(self) -> EngineInfo:
        return self.info

    async def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        script = self.builds.pop(0) if len(self.builds) > 1 else self.builds[0]
        async for event in self._play(script):
            yield event

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        self.requests.append(request)
        self._stop.clear()
        script = list(self.runs.pop(0) if len(self.runs) > 1 else self.runs[0])
        ends = any(isinstance(event, Exited) for event in script)
        async for event in self._play(script, wait=not ends):
            yield event
        if not ends:
            yield Exited(0, "It was stopped and ended cleanly.", requested=True, seconds=3.0)

    async def _play(self, script: Script, wait: bool = False) -> AsyncGenerator[Event, None]:
        self.opened += 1
        try:
            for event in script:
                if isinstance(event, Gate):
                    await self.gate(event.name).wait()
                else:
                    yield event
            if wait:
                await self._stop.wait()
        finally:
            await asyncio.sleep(self.clean_up)
            self.closed += 1

    async def stop(self, container: str) -> None:
        self.stopped.append(container)
        self._stop.set()

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        if reference not in self.images:
            raise UNSCRIPTED
        return self.images[reference]

    async def digest(self, reference: str, platform: str | None = None) -> str:
        if reference not in self.digests:
            raise UNSCRIPTED
        await self.gate(reference).wait()
        return self.digests[reference]

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        raise UNSCRIPTED

    async def remove(self, tag: str) -> None:
        raise UNSCRIPTED

    async def close(self) -> None:
        return None


DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG GO_VERSION=1.27

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod go build -trimpath -o /out/server ./cmd/server

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/server /usr/local/bin/server
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/server"]
"""

BUILD = BuildRequest(
    context=Path("/src/ping"),
    dockerfile=DOCKERFILE,
    dockerignore=".git\n",
    tag="ping:dev",
    bases=("golang:1.27-trixie", "gcr.io/distroless/static-debian13:nonroot"),
    builder="golang:1.27-trixie",
)
RUN = RunRequest(image="sha256:0a1b2c", tag="ping:dev", ports=((8080, "tcp"),))
SIZE = ImageSize(
    uncompressed=8_900_000,
    compressed=3_600_000,
    engine=8_900_000,
    compressed_exact=False,
    layers=(
        LayerSize("FROM", 1_500_000, base=True),
        LayerSize("FROM", 800_000, base=True),
        LayerSize("COPY /out/server /usr/local/bin/server # buildkit", 6_600_000, base=False),
    ),
    single_stage=968_800_000,
)
