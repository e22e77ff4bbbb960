"""One question to the engine and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.engine import Engine
from tui.engine.choose import ChosenEngine

T = TypeVar("T")


def ask(work: Callable[[Engine], Awaitable[T]]) -> T:
    """What ``work`` gets from the engine. Raises EngineError."""

    async def asked() -> T:
        engine = ChosenEngine()
        try:
            return await work(engine)
        finally:
            await engine.close()

    return asyncio.run(asked())
