"""Rebuild time and image size, on a real engine with a real Go toolchain."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench.report import row, spread
from tui.core.events import Failed, Finished
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.engine import BuildRequest, Engine, EngineUnavailable
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.requests import build_request

PING = Path(__file__).parents[1] / "projects" / "ping"
_EDITED = Path("internal") / "greeting" / "greeting.go"
_REBUILDS, _UNCACHED = 7, 2
_RUN = uuid.uuid4().hex
"""Part of every edit, so that nothing is found in a cache that an earlier run has filled."""
_WITHOUT_CACHE_MOUNTS = """\
FROM golang:1.27-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/ping .
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
ENTRYPOINT ["/usr/local/bin/ping"]
"""


def measure() -> Iterator[str]:
    """Rows for the rebuild and the size; one line with the reason where there is no engine or no Go."""
    go = go_command()
    if not go.exists():
        yield f"rebuild and size: not measured, there is no Go toolchain at {go} (set DOCKWRIGHT_TEST_GO)"
        return
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(PING, Path(folder) / "ping"))
        try:
            yield from asyncio.run(_measure(project, go))
        except EngineUnavailable as missing:
            yield f"rebuild and size: not measured. {missing}"


async def _measure(folder: Path, go: Path) -> list[str]:
    project = inspect(folder)
    plan = answer_text(project, defaults(project), "tag", "dockwright-bench:ping")
    engine = DaemonEngine()
    try:
        await engine.probe()
        request = build_request(project, plan)
        plain = replace(request, dockerfile=_WITHOUT_CACHE_MOUNTS)
        scratch = build_request(project, answer_text(project, plan, "runtime", "scratch"))
        bare: list[float] = []
        stream: list[float] = []
        build: list[float] = []
        for number in range(_REBUILDS + 1):
            edit(folder, number)
            taken = go_build(go, folder)
            began = time.perf_counter()
            finished = await build_once(engine, request)
            if number:
                bare.append(taken)
                build.append(finished.seconds)
                stream.append(time.perf_counter() - began)
        uncached = []
        for number in range(_UNCACHED):
            edit(folder, 100 + number)
            uncached.append((await build_once(engine, plain)).seconds)
        size = (await build_once(engine, scratch)).size
        assert size is not None, "the image was not measured"
        go_build(go, folder)
        binary = (folder.parent / "out").stat().st_size
    finally:
        await engine.close()
    return [
        row(
            "rebuild / warm bare go build",
            median(build) / median(bare),
            "×",
            2.2,
            f"{spread(build)} / {spread(bare)}",
        ),
        row(
            "rebuild with its sizes / warm bare go build",
            median(stream) / median(bare),
            "×",
            2.2,
            spread(stream),
        ),
        row(
            "rebuild / the same without cache mounts",
            median(build) / median(uncached),
            "×",
            1,
            spread(uncached),
        ),
        row(
            "image on scratch less its binary",
            (size.uncompressed - binary) / 1e6,
            "MB",
            0.3,
            f"{size.uncompressed / 1e6:.2f} MB − {binary / 1e6:.2f} MB",
        ),
    ]


def go_command() -> Path:
    """The go command of the toolchain the tests use."""
    return Path(os.environ.get("DOCKWRIGHT_TEST_GO", "/usr/local/go")) / "bin" / "go"


def edit(folder: Path, number: object) -> None:
    """Change one line of the program."""
    file = folder / _EDITED
    file.write_text((PING / _EDITED).read_text().replace('"Hello, "', f'"Hello {number} {_RUN}, "'))


def go_build(go: Path, folder: Path) -> float:
    """Seconds a bare build takes."""
    environment = os.environ | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": ""}
    argv = [str(go), "build", "-trimpath", "-ldflags=-s -w", "-o", str(folder.parent / "out"), "."]
    began = time.perf_counter()
    subprocess.run(argv, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


async def build_once(engine: Engine, request: BuildRequest) -> Finished:
    """The end of a build. Raises RuntimeError when it fails."""
    async with aclosing(engine.build(request)) as events:
        async for event in events:
            if isinstance(event, Finished):
                return event
            if isinstance(event, Failed):
                raise RuntimeError(f"{event.what} {event.why} {event.detail}")
    raise RuntimeError("The build ended without a result.")
