"""What following a running program has in common on every engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any

from tui.core.events import Event, Exited, Failed
from tui.core.explain import explain
from tui.core.text import printable

GRACE = 10
"""Seconds between SIGTERM and SIGKILL."""

WAITING_EVENTS = 256
"""Events that may wait for the reader before reading the output pauses."""

LAST_WORDS = 1000
"""Characters at the end of the output in which the cause of a failure is looked for."""

NEVER_RAN = "The program in the image could not be executed."

Put = Callable[[Event | Exception], Awaitable[None]]


async def follow(life: Callable[[Put], Awaitable[None]]) -> AsyncGenerator[Event, None]:
    """Yield what ``life`` puts, up to Exited or Failed; an exception it puts is raised here.

    Closing the generator cancels ``life`` and waits for it.
    """
    events: asyncio.Queue[Event | Exception] = asyncio.Queue(WAITING_EVENTS)
    work = asyncio.ensure_future(life(events.put))
    try:
        while True:
            event = await events.get()
            if isinstance(event, Exception):
                raise event
            yield event
            if isinstance(event, Exited | Failed):
                return
    finally:
        work.cancel()
        await insist(asyncio.wait({work}))


async def live(
    put: Put,
    output: Coroutine[Any, Any, None],
    watchers: Iterable[Coroutine[Any, Any, None]],
    end: Callable[[asyncio.Task[None]], Awaitable[Event]],
) -> None:
    """Follow a started program to its end, which is put last: what ``end`` gives of the task of its output,
    or raises."""
    tasks = [asyncio.create_task(each) for each in (output, *watchers)]
    last: Event | Exception
    try:
        last = await end(tasks[0])
    except Exception as error:
        last = error
    finally:
        for task in tasks:
            task.cancel()
    await put(last)


async def insist(work: Awaitable[object]) -> None:
    """Await ``work`` to its end, also when this task is cancelled (again) meanwhile."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


def explained(exited: Exited, words: str) -> Exited:
    """With what the last words of its output mean, where it failed by itself and they are known."""
    known = explain(words[-LAST_WORDS:]) if exited.exit_code and not exited.requested else None
    return replace(exited, meaning=f"{exited.meaning} {known.what} {known.fix}") if known else exited


def failure(what: str, text: str, who: str = "The engine") -> Failed:
    """A failure in the words of whoever reported it, explained where they are known."""
    if known := explain(text):
        return Failed(known.what, known.why, known.fix, detail=text)
    return Failed(what, f"{who} says: {printable(text.strip())}", detail=text)
