"""The one bridge from blocking calls to asyncio.

Threads are daemon threads and belong to no pool: a call that never returns (a hung engine) does
not keep the process from ending.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

LIMIT = 1024
"""Items that may wait for the reader before the worker has to."""


class Stopped(Exception):
    """Raised inside a worker by its emit function once the reader has gone: end the work."""


class _Channel(Generic[T]):
    """Hands items from one thread to one event loop, at most LIMIT ahead of the reader."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._items: deque[T] = deque()
        self._room = threading.Semaphore(LIMIT)
        self._changed = asyncio.Event()
        self._closed = threading.Event()
        self.ended = False
        self.error: BaseException | None = None

    def emit(self, item: T) -> None:
        """Called in the thread: hand over one item, waiting for room. Raises Stopped."""
        if not self._closed.is_set():
            self._room.acquire()
        if self._closed.is_set():
            raise Stopped
        self._items.append(item)
        self._notify()

    def finish(self, error: BaseException | None) -> None:
        """Called in the thread: nothing more will come; ``error`` is raised to the reader."""
        self.error, self.ended = error, True
        self._notify()

    def close(self) -> None:
        """Called by the reader: the worker's next emit raises Stopped."""
        self._closed.set()
        self._room.release()

    async def read(self) -> list[T]:
        """All that is there, waiting for something; empty at the end."""
        while not self._items and not self.ended:
            await self._changed.wait()
            self._changed.clear()
        taken = [self._items.popleft() for _ in range(len(self._items))]
        if taken:
            self._room.release(len(taken))
        return taken

    def _notify(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._changed.set)
        except RuntimeError:  # the loop is closed: nobody reads any more
            self._closed.set()


async def stream(
    work: Callable[[Callable[[T], None]], None], cancel: Callable[[], None] = lambda: None
) -> AsyncGenerator[T, None]:
    """Yield what ``work(emit)`` emits in a thread of its own, in order.

    An exception of ``work`` is raised here after the items before it. Closing the generator or
    cancelling its reader calls ``cancel()``, in a thread too, which must make a blocked call of
    ``work`` return; from then on ``emit`` raises Stopped, which ``work`` lets through.
    """
    channel: _Channel[T] = _Channel(asyncio.get_running_loop())

    def run() -> None:
        try:
            work(channel.emit)
        except Stopped:
            channel.finish(None)
        except BaseException as error:
            channel.finish(error)
        else:
            channel.finish(None)

    _start(run)
    try:
        while items := await channel.read():
            for item in items:
                yield item
        if channel.error is not None:
            raise channel.error
    finally:
        channel.close()
        if not channel.ended:
            _start(cancel)


async def call(work: Callable[[], T], cancel: Callable[[], None] = lambda: None) -> T:
    """The result of a blocking call, made in a daemon thread. Its exceptions are raised here.

    ``cancel`` is as in ``stream``.
    """

    def emit_result(emit: Callable[[T], None]) -> None:
        emit(work())

    results = [result async for result in stream(emit_result, cancel)]
    return results[0]


def _start(target: Callable[[], None]) -> None:
    threading.Thread(target=target, name="dockwright-engine", daemon=True).start()
