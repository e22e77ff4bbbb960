"""The image's health check, with the times and the rules of Docker's reference for HEALTHCHECK."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tui.core.events import Health
from tui.engine.embedded.running.launch import Launch
from tui.engine.embedded.running.process import Process
from tui.engine.threads import call

_SHELL = ("/bin/sh", "-c")
_NANO = 1e-9


@dataclass(frozen=True, slots=True)
class Check:
    """Times are seconds. Docker's defaults stand for what an image does not say."""

    words: tuple[str, ...]
    interval: float
    timeout: float
    start_period: float
    start_interval: float
    retries: int


def check_of(config: dict[str, Any]) -> Check | None:
    """The check an image's configuration asks for; None without one."""
    told = config.get("Healthcheck") or {}
    kind, *words = told.get("Test") or ["NONE"]
    if kind not in ("CMD", "CMD-SHELL") or not words:
        return None
    shell = tuple(config.get("Shell") or _SHELL) if kind == "CMD-SHELL" else ()
    return Check(
        words=(*shell, *words),
        interval=(told.get("Interval") or 0) * _NANO or 30.0,
        timeout=(told.get("Timeout") or 0) * _NANO or 30.0,
        start_period=(told.get("StartPeriod") or 0) * _NANO,
        start_interval=(told.get("StartInterval") or 0) * _NANO or 5.0,
        retries=told.get("Retries") or 3,
    )


async def watch(check: Check, launch: Callable[[], Launch], put: Callable[[Health], Awaitable[None]]) -> None:
    """Put the state whenever it changes, until cancelled. Raises OSError."""
    now = asyncio.get_running_loop().time
    ready_by = now() + check.start_period
    state, failures = "starting", 0
    await put(Health(state))
    while True:
        before = state
        await asyncio.sleep(
            check.start_interval if before == "starting" and now() < ready_by else check.interval
        )
        forgiven = before == "starting" and now() < ready_by
        if await _passes(check, await call(launch)):
            state, failures = "healthy", 0
        else:
            failures += not forgiven
            state = "unhealthy" if failures >= check.retries else before
        if state != before:
            await put(Health(state))


async def _passes(check: Check, launch: Launch) -> bool:
    process = Process(launch, quiet=True)
    try:
        async with asyncio.timeout(check.timeout):
            return await call(process.wait) == 0
    except TimeoutError:
        return False
    finally:
        process.kill()
