"""Pieces of output become lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from tui.core.events import Log
from tui.engine import output
from tui.engine.output import put_lines


async def _pieces(pieces: Sequence[Log | float]) -> AsyncIterator[Log]:
    """Those pieces, with pauses where there are numbers."""
    for piece in pieces:
        if isinstance(piece, Log):
            yield piece
        else:
            await asyncio.sleep(piece)


async def _put_together(*pieces: Log | float) -> list[Log]:
    got: list[Log] = []

    async def put(event: Log) -> None:
        await asyncio.sleep(0)
        got.append(event)

    await put_lines(_pieces(pieces), put)
    return got


async def test_a_line_in_pieces_is_one() -> None:
    got = await _put_together(
        Log("panic: ", 2, 1.0), Log("on", 2, 2.0), Log(" purpose\n\tmain", 2, 3.0), Log("()\n", 2, 4.0)
    )
    assert got == [Log("panic: on purpose\n", 2, 1.0), Log("\tmain()\n", 2, 3.0)]


async def test_the_streams_do_not_mix() -> None:
    got = await _put_together(Log("out", 1), Log("err", 2), Log("put\n", 1), Log("or\n", 2))
    assert got == [Log("output\n", 1), Log("error\n", 2)]


async def test_several_lines_stay_together() -> None:
    assert await _put_together(Log("a\nb\nc\n", 1)) == [Log("a\nb\nc\n", 1)]


async def test_an_unfinished_line_comes_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LINGER", 0.02)
    got = await _put_together(Log("name? ", 1, 1.0), 0.2, Log("thanks\n", 1, 2.0))
    assert got == [Log("name? ", 1, 1.0), Log("thanks\n", 1, 2.0)]


async def test_an_unfinished_line_comes_at_the_end() -> None:
    got = await _put_together(Log("a", 1), Log("b", 2))
    assert got == [Log("a", 1), Log("b", 2)]


async def test_an_endless_line_is_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "LONGEST", 10)
    got = await _put_together(*[Log("x" * 6, 1)] * 4)
    assert [len(event.text) for event in got] == [12, 12]


async def test_an_error_of_the_source_is_raised_after_what_came_before() -> None:
    async def broken() -> AsyncIterator[Log]:
        yield Log("a\n", 1)
        raise OSError("gone")

    got: list[Log] = []

    async def put(event: Log) -> None:
        got.append(event)

    with pytest.raises(OSError, match="gone"):
        await put_lines(broken(), put)
    assert got == [Log("a\n", 1)]


async def test_nothing_is_lost_when_the_reader_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The source may end while an unfinished line is being passed on."""
    monkeypatch.setattr(output, "LINGER", 0.01)
    got: list[Log] = []

    async def put(event: Log) -> None:
        await asyncio.sleep(0.1)
        got.append(event)

    await put_lines(_pieces([Log("a", 1), 0.05]), put)
    assert got == [Log("a", 1)]
