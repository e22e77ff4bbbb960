"""Runs an unpacked image on this machine as a stream of events, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from tui.core.events import Event, Notice, NotProbed, Published, Started
from tui.engine import RunRequest, probe
from tui.engine.embedded.running import health, notices
from tui.engine.embedded.running.folder import own_folder
from tui.engine.embedded.running.health import Check, check_of
from tui.engine.embedded.running.launch import Launch
from tui.engine.embedded.running.listening import listening
from tui.engine.embedded.running.prepare import Run, prepare, prepare_check
from tui.engine.embedded.running.process import Process
from tui.engine.embedded.running.program import NotExecutable
from tui.engine.embedded.running.sandbox import Sandbox
from tui.engine.embedded.running.ways import LAUNCHERS, NOT_EXECUTED, Way, how_it_runs
from tui.engine.output import put_lines
from tui.engine.ports import LOOPBACK
from tui.engine.probe import Target
from tui.engine.relay import LAST_WORDS, NEVER_RAN, Put, explained, failure, follow, insist, live
from tui.engine.threads import call, stream

_IN_USE = re.compile(r"(?::(?P<port>\d+): )?bind: address already in use")
_NO_SANDBOX = re.compile(r"(?:(?:bwrap|unshare|setpriv|mount|enter): .*\n?)+")
_SYSTEM = "The system"

_running: WeakValueDictionary[str, Process] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A run that is about to start. ``used`` are ports of it that others listen on."""

    way: Way
    run: Run
    box: Sandbox
    launch: Launch
    check: Check | None
    used: tuple[int, ...]
    notices: tuple[str, ...]


async def run(
    request: RunRequest, root: Path, config: dict[str, Any], native: Path | None = None
) -> AsyncGenerator[Event, None]:
    """Run the image whose files lie in ``root``, ``config`` being its configuration (``Env``, ``User`` …).

    Folders to mount on are made in ``root`` where it lacks them. ``native`` is the same program compiled for
    this machine, for where it can only be a plain process. Closing the stream ends everything.
    """
    identity = secrets.token_hex(6)
    held = ExitStack()
    making = asyncio.create_task(call(lambda: _ready(held, request, root, config, native, identity)))
    process: Process | None = None
    try:
        try:
            ready = await asyncio.shield(making)
            for text in ready.notices:
                yield Notice(text)
            process = Process(ready.launch)
            await call(process.await_program)
        except NotExecutable as error:
            yield failure(NEVER_RAN, str(error), _SYSTEM)
            return
        except OSError as error:
            yield failure("The program could not be started.", str(error), _SYSTEM)
            return
        _running[identity] = process
        started = _started(identity, ready)
        yield started
        living = partial(_live, process, ready, started)
        async with aclosing(follow(living)) as events:
            async for event in events:
                yield event
    finally:
        await insist(_give_up(making, process, held))


async def stop(container: str) -> None:
    """Ask a running program to end: SIGTERM, after GRACE seconds SIGKILL."""
    if process := _running.get(container):
        await call(process.stop)


def _ready(
    held: ExitStack,
    request: RunRequest,
    root: Path,
    config: dict[str, Any],
    native: Path | None,
    identity: str,
) -> _Ready:
    folder = held.enter_context(own_folder())
    way = how_it_runs()
    run = Run(request, root.absolute(), config, str(native or ""), identity, folder)
    box = prepare(run, way)
    check = check_of(config)
    used = notices.taken(request)
    told = tuple(notices.differences(request, way, box, check, used))
    return _Ready(way, run, box, _launch(way, box, folder / "program"), check, used, told)


def _launch(way: Way, box: Sandbox, folder: Path) -> Launch:
    folder.mkdir(exist_ok=True)
    return LAUNCHERS[way.name](box, folder)


def _started(identity: str, ready: _Ready) -> Started:
    request = ready.run.request
    return Started(
        identity,
        f"dockwright-{identity}",
        request.tag,
        tuple(Published(port, protocol, "", port, port) for port, protocol in request.ports),
        notices.hardening(ready.way, ready.box),
        request.again,
    )


async def _live(process: Process, ready: _Ready, started: Started, put: Put) -> None:
    """Follow a started program to its end."""
    watchers = [_follow_health(ready, put), _probe(process, ready, started, put)]
    await live(put, _follow_output(process, put), watchers, partial(_end, process))


async def _follow_output(process: Process, put: Put) -> None:
    async with aclosing(stream(process.read_output)) as pieces:
        await put_lines(pieces, put)


async def _follow_health(ready: _Ready, put: Put) -> None:
    if (check := ready.check) is None:
        return
    box = await call(lambda: prepare_check(ready.run, ready.way, ready.box, check))
    await health.watch(check, lambda: _launch(ready.way, box, ready.run.folder / "health"), put)


async def _probe(process: Process, ready: _Ready, started: Started, put: Put) -> None:
    if why := probe.unanswerable(started.published):
        await put(NotProbed(why))
        return
    tcp = [p.port for p in started.published if p.protocol == "tcp" and p.port not in ready.used]
    if not tcp:
        await put(NotProbed("Others listened on its ports before it was started: an answer would be theirs."))
        return

    async def answered(event: Event) -> None:
        await put(event)
        for port in tcp:
            if found := await call(partial(listening, port)):
                await put(found)

    await probe.watch([Target(port, ((LOOPBACK, port),)) for port in tcp], answered, process.began)


async def _end(process: Process, output: asyncio.Task[None]) -> Event:
    code = await call(process.wait)
    await output
    words = process.printed.tail.strip()
    if code and (never := NOT_EXECUTED.fullmatch(words)):
        return failure(NEVER_RAN, f"exec {never[1]}: {never[2].lower()}", _SYSTEM)
    if code and not process.ran and _NO_SANDBOX.fullmatch(words):
        return failure("The sandbox to run it in could not be made.", words, _SYSTEM)
    exited = process.ended(code)
    if code and not exited.requested and (used := _IN_USE.search(words[-LAST_WORDS:])):
        return replace(exited, meaning=f"{exited.meaning} {_in_use(used['port'])}")
    return explained(exited, words)


def _in_use(port: str | None) -> str:
    named = f"Port {port}" if port else "A port of its"
    return (
        f"{named} is in use: another program of this machine, whose network it shares, listens on it; which "
        f"one cannot be told. End that one (`ss -ltnp` names yours), or let this one listen on another port."
    )


async def _give_up(making: asyncio.Task[_Ready], process: Process | None, held: ExitStack) -> None:
    await asyncio.wait({making})
    if not making.cancelled():
        making.exception()  # told already, or nobody is there to be told
    if process is not None:
        await call(process.discard)
    await call(held.close)
