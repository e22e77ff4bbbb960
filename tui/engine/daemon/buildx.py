"""Building with ``docker buildx build``, followed through its raw JSON progress."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import signal
import subprocess
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from tui.core import dockerfile
from tui.core.events import Event, Notice, Step
from tui.engine import BuildRequest
from tui.engine.daemon import trace
from tui.engine.daemon.connect import Candidate
from tui.engine.daemon.wire import EngineRefused

OLDEST = (0, 13)
"""The first buildx with ``--progress=rawjson``."""

VERSION_SECONDS = 10
FRONTEND_SECONDS = 10
"""How long to wait for a registry to name the frontend's image before building without it."""

CHUNK = 256 * 1024
LAST_LINES = 80
"""Lines of plain text kept for the failure."""

TERM_SECONDS = 1.5
"""How long buildx may take to end by itself when it is cancelled."""

_NO_LONGER_THAN_US = """
exec 3<&0 </dev/null
(read -r _ <&3; kill -TERM 0) >/dev/null 2>&1 &
exec "$@" 3<&-
"""
"""Runs a command whose group gets SIGTERM when the pipe from here closes: also when we are killed."""

_VERSION = re.compile(r"buildx\s+v?((\d+)\.(\d+)\.\d+)")
_RESOLVE = "resolve image config for "
"""How BuildKit names the step that asks for the frontend's image."""


_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY")


class FrontendUnavailable(Exception):
    """The image of the ``# syntax=`` line cannot be had."""


def usable_version(candidate: Candidate) -> str | None:
    """The version of a buildx that can be used with this engine, None without one. Blocking."""
    command = ("docker", "buildx", "version")
    try:
        done = subprocess.run(
            command, stdin=DEVNULL, capture_output=True, timeout=VERSION_SECONDS, env=_environment(candidate)
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(done.stdout.decode(errors="replace"))
    return match[1] if match and (int(match[2]), int(match[3])) >= OLDEST else None


async def build(
    candidate: Candidate, request: BuildRequest, unavailable: set[str]
) -> AsyncGenerator[Event, None]:
    """Build. ``unavailable`` remembers frontends that could not be had. Raises EngineRefused."""
    frontend = dockerfile.frontend(request.dockerfile)
    if frontend is None:
        attempt = _attempt(candidate, request, request.dockerfile)
    elif frontend in unavailable:
        attempt = _without(frontend, candidate, request)
    else:
        attempt = _with(frontend, candidate, request, unavailable)
    async with aclosing(attempt) as events:
        async for event in events:
            yield event


async def _with(
    frontend: str, candidate: Candidate, request: BuildRequest, unavailable: set[str]
) -> AsyncGenerator[Event, None]:
    """Nothing is told until the frontend is there, so that a second attempt starts clean."""
    try:
        async with aclosing(_attempt(candidate, request, request.dockerfile)) as events:
            for event in await _until_resolved(events):
                yield event
            async for event in events:
                yield event
    except FrontendUnavailable:
        unavailable.add(frontend)
        async with aclosing(_without(frontend, candidate, request)) as events:
            async for event in events:
                yield event


async def _until_resolved(events: AsyncGenerator[Event, None]) -> list[Event]:
    """What comes until the frontend's image is known. Raises FrontendUnavailable."""
    told: list[Event] = []
    now = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(None) as patience:
            async for event in events:
                told.append(event)
                if not isinstance(event, Step) or not event.name.startswith(_RESOLVE):
                    continue
                if event.error:
                    raise FrontendUnavailable
                if event.completed:
                    break
                patience.reschedule(now() + FRONTEND_SECONDS)
    except TimeoutError:
        raise FrontendUnavailable from None
    return told


async def _without(frontend: str, candidate: Candidate, request: BuildRequest) -> AsyncGenerator[Event, None]:
    yield Notice(
        f"Built without the line `# syntax={frontend}`, with the engine's own frontend: its image cannot be "
        "had from the registry. The file keeps the line."
    )
    text = dockerfile.without_frontend(request.dockerfile)
    async with aclosing(_attempt(candidate, request, text)) as events:
        async for event in events:
            yield event


async def _attempt(candidate: Candidate, request: BuildRequest, text: str) -> AsyncGenerator[Event, None]:
    """One run of buildx with the given Dockerfile, which lies outside the project while it runs."""
    said: deque[str] = deque(maxlen=LAST_LINES)
    with tempfile.TemporaryDirectory(prefix="dockwright-") as folder:
        file = Path(folder) / "Dockerfile"
        file.write_text(text)
        # An empty file would count as none, and the project's own .dockerignore would be used.
        (Path(folder) / "Dockerfile.dockerignore").write_text(request.dockerignore + "\n#\n")
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", _NO_LONGER_THAN_US, "sh", *_command(request, file)),
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=PIPE,
            env=_told(candidate, request),
            start_new_session=True,
        )
        assert process.stdin is not None and process.stderr is not None
        try:
            async for line in _lines(process.stderr):
                if line.startswith(b"{"):
                    for event in trace.from_json(json.loads(line)):
                        yield event
                else:
                    said.append(line.decode(errors="replace"))
            if await process.wait():
                raise EngineRefused("\n".join(said))
        finally:
            await _end(process)
            process.stdin.close()


def _command(request: BuildRequest, file: Path) -> list[str]:
    options = [("--platform", request.platform)] if request.platform else []
    options += [("--target", request.target)] if request.target else []
    options += [("--build-arg", _argument(name, value)) for name, value in request.build_args]
    options += [("--secret", _csv(f"id={id}", f"src={file.absolute()}")) for id, file in request.secrets]
    options += [("--ssh", "default")] if request.ssh else []
    return [
        *("docker", "buildx", "build", "--progress=rawjson", "--load", "--provenance=false"),
        *("--file", str(file), "--tag", request.tag, *chain(*options), str(request.context.absolute())),
    ]


def _argument(name: str, value: str) -> str:
    """Proxies come from the environment: others see the words of a process, and these may hold a password."""
    return name if name in _PROXIES else f"{name}={value}"


def _told(candidate: Candidate, request: BuildRequest) -> Mapping[str, str]:
    """The environment with the proxies of the build, which the way to the engine itself does not take."""
    changed = dict(_environment(candidate))
    proxies = {name: value for name, value in request.build_args if name in _PROXIES}
    engine = urlsplit(candidate.host).hostname
    if proxies and engine:
        changed["NO_PROXY"] = ",".join(filter(None, (changed.get("NO_PROXY"), engine)))
    return changed | proxies


def _csv(*fields: str) -> str:
    """The fields as buildx reads them: a path may hold commas and quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Lines of any length."""
    rest = b""
    while piece := await reader.read(CHUNK):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line
    if rest:
        yield rest


async def _end(process: Process) -> None:
    """End buildx and what it started, if it still runs: politely, then at once."""
    if process.returncode is not None:
        return
    try:
        _signal(process, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(_drained(process), TERM_SECONDS)
    finally:
        if process.returncode is None:
            _signal(process, signal.SIGKILL)
            with suppress(TimeoutError):
                await asyncio.wait_for(_drained(process), TERM_SECONDS)


async def _drained(process: Process) -> None:
    """Wait for the end; asyncio does not see it while output is left unread."""
    assert process.stderr is not None
    while await process.stderr.read(CHUNK):
        pass
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _environment(candidate: Candidate) -> Mapping[str, str]:
    """This process's environment, changed so that the docker CLI uses the engine we found."""
    changed = dict(os.environ)
    for name, value in candidate.cli:
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return changed
