"""Reads one stream of events beside the screen, which takes what came some twenty times a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from tui.core.events import Event, Failed

PENDING = 20_000
"""Events after which the reader waits for the screen."""
BREATH = 500
"""Events after which everything else gets its turn, however fast they come."""


class Inbox:
    """One reading task, cancelled exactly once: a second cancel would cut the engine's clean-up short."""

    def __init__(self, stream: AsyncGenerator[Event, None]) -> None:
        self._stream = stream
        self._events: asyncio.Queue[Event] = asyncio.Queue(PENDING)
        self._task = asyncio.create_task(self._read())
        self._closing = False

    @property
    def done(self) -> bool:
        """Nothing more will come."""
        return self._task.done() and self._events.empty()

    def take(self) -> list[Event]:
        """What came since the last time."""
        return [self._events.get_nowait() for _ in range(self._events.qsize())]

    async def close(self) -> None:
        """Stop the work behind the stream and wait until it has ended."""
        if not self._closing:
            self._closing = True
            self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self) -> None:
        try:
            count = 0
            async for event in self._stream:
                await self._events.put(event)
                count += 1
                if count % BREATH == 0:
                    await asyncio.sleep(0)
        except Exception as error:  # whatever it is, the person sees it and the screen goes on
            await self._events.put(_unexpected(error))
        finally:
            await self._stream.aclose()


def _unexpected(error: Exception) -> Failed:
    return Failed(
        what="dockwright stopped reading the engine because of a mistake of its own.",
        why=f"{type(error).__name__}: {error}",
        fix="Please report this with the text above.",
    )
