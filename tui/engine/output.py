"""Puts the pieces an application writes together to lines.

A Go panic arrives in dozens of pieces, and the pieces of stdout and stderr come mixed.
"""

from __future__ import annotations

import asyncio
import time
from codecs import getincrementaldecoder
from collections.abc import AsyncIterator, Awaitable, Callable

from tui.core.events import Log

LINGER = 0.2
"""Seconds an unfinished line is waited for, at most, before it is passed on as it is."""

LONGEST = 1 << 16
"""Characters of an unfinished line from which it is passed on at once."""

_TAIL = 8192

Put = Callable[[Log], Awaitable[None]]


class Printed:
    """Turns the bytes of both streams into text. ``tail`` is the end of it."""

    def __init__(self) -> None:
        self.tail = ""
        self._decoders = {stream: getincrementaldecoder("utf-8")("replace") for stream in (1, 2)}

    def add(self, stream: int, data: bytes, *, final: bool = False) -> Log | None:
        """The characters that are whole with these bytes; None while there are none."""
        text = self._decoders[stream].decode(data, final)
        self.tail = (self.tail + text)[-_TAIL:]
        return Log(text, stream, time.time()) if text else None


async def put_lines(pieces: AsyncIterator[Log], put: Put) -> None:
    """Put whole lines of each stream, and unfinished ones after LINGER and at the end."""
    lines = _Lines(put)
    flushing = asyncio.create_task(_flush_now_and_then(lines))
    try:
        async for piece in pieces:
            await lines.add(piece)
    finally:
        flushing.cancel()
    await lines.flush()


async def _flush_now_and_then(lines: _Lines) -> None:
    while True:
        await asyncio.sleep(LINGER)
        await lines.flush()


class _Lines:
    def __init__(self, put: Put) -> None:
        self._put = put
        self._unfinished: dict[int, Log] = {}
        self._order = asyncio.Lock()

    async def add(self, piece: Log) -> None:
        async with self._order:
            before = self._unfinished.pop(piece.stream, None)
            text = (before.text if before else "") + piece.text
            whole, newline, rest = ("", "", text) if "\n" not in piece.text else text.rpartition("\n")
            if newline:
                await self._put(Log(whole + newline, piece.stream, before.time if before else piece.time))
            if len(rest) > LONGEST:
                await self._put(Log(rest, piece.stream, piece.time))
            elif rest:
                began = before.time if before and not newline else piece.time
                self._unfinished[piece.stream] = Log(rest, piece.stream, began)

    async def flush(self) -> None:
        async with self._order:
            for stream, piece in list(self._unfinished.items()):
                await self._put(piece)
                del self._unfinished[stream]  # only now: putting may be cancelled
