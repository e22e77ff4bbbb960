"""The bridge from blocking calls to asyncio."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from tui.engine import threads

Emit = Callable[[int], None]


async def test_keeps_the_order_and_every_item() -> None:
    count = threads.LIMIT * 5

    def work(emit: Emit) -> None:
        for number in range(count):
            emit(number)

    assert [number async for number in threads.stream(work)] == list(range(count))


async def test_a_slow_reader_holds_the_worker_back() -> None:
    emitted: list[int] = []

    def work(emit: Emit) -> None:
        for number in range(threads.LIMIT * 3):
            emit(number)
            emitted.append(number)

    stream = threads.stream(work)
    await anext(stream)
    await asyncio.sleep(0.2)
    assert threads.LIMIT <= len(emitted) <= threads.LIMIT * 2
    await stream.aclose()


async def test_an_error_comes_after_the_items_before_it() -> None:
    def work(emit: Emit) -> None:
        emit(1)
        raise ValueError("broken")

    stream = threads.stream(work)
    assert await anext(stream) == 1
    with pytest.raises(ValueError, match="broken"):
        await anext(stream)


async def test_closing_cancels_a_blocked_worker() -> None:
    released, ended = threading.Event(), threading.Event()

    def work(emit: Emit) -> None:
        emit(1)
        released.wait(10)
        try:
            emit(2)
        except threads.Stopped:
            ended.set()
            raise

    stream = threads.stream(work, released.set)
    assert await anext(stream) == 1
    await stream.aclose()
    assert await asyncio.to_thread(ended.wait, 5)


async def test_closing_frees_a_worker_that_waits_for_room() -> None:
    ended = threading.Event()

    def work(emit: Emit) -> None:
        try:
            while True:
                emit(1)
        except threads.Stopped:
            ended.set()

    stream = threads.stream(work)
    await anext(stream)
    await asyncio.sleep(0.1)
    await stream.aclose()
    assert await asyncio.to_thread(ended.wait, 5)


async def test_cancelling_the_reader_cancels_the_work() -> None:
    cancelled = threading.Event()

    def work(emit: Emit) -> None:
        cancelled.wait(10)

    async def read() -> None:
        async for _ in threads.stream(work, cancelled.set):
            pass

    reader = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert await asyncio.to_thread(cancelled.wait, 5)


async def test_call_returns_and_raises() -> None:
    assert await threads.call(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await threads.call(lambda: 1 // 0)


def test_a_hung_call_does_not_keep_the_process_alive() -> None:
    program = (
        "import asyncio, time\n"
        "from tui.engine import threads\n"
        "async def main():\n"
        "    try: await asyncio.wait_for(threads.call(lambda: time.sleep(60)), 0.1)\n"
        "    except TimeoutError: print('gave up')\n"
        "asyncio.run(main())\n"
    )
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20)
    assert done.stdout == "gave up\n", done.stderr
    assert time.monotonic() - began < 10
