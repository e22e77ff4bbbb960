"""Carries out ``tui.engine.Engine`` from a recording."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

from tui.core.events import Cancelled, Event, Exited, Failed, Finished
from tui.core.exitcodes import meaning
from tui.core.own_image import OwnImage
from tui.engine import BuildRequest, EngineError, EngineInfo, RunRequest
from tui.engine.replay.recording import Recording

BUILD_ENDS = (Finished, Failed, Cancelled)
RUN_ENDS = (Exited, Failed)
STOPPED = 143


_NOT_RECORDED = EngineError(
    "This engine only plays back a recording.",
    "Images were not recorded, only a build and a run.",
    "Use a real engine for it.",
)


class ReplayEngine:
    """Plays the recorded build and run.

    ``speed`` is how many times as fast as recorded; 0 leaves the pauses out. A stream whose
    recording stops before its last event stays there until it is closed: a scene held still. An
    end the person asked for waits until ``stop`` is called.
    """

    def __init__(self, recording: Recording, speed: float = 1.0) -> None:
        self._recording = recording
        self._scale = 1 / speed if speed else 0.0
        self._stopped = asyncio.Event()

    async def probe(self) -> EngineInfo:
        """The recorded engine."""
        return self._recording.engine

    async def build(self, request: BuildRequest) -> AsyncGenerator[Event, None]:
        """The recorded build, whatever is asked for."""
        for record in self._recording.of("build"):
            await asyncio.sleep(record.after * self._scale)
            yield record.event
            if isinstance(record.event, BUILD_ENDS):
                return
        await asyncio.Event().wait()

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """The recorded run, whatever is asked for."""
        self._stopped.clear()
        for record in self._recording.of("run"):
            event = record.event
            if isinstance(event, Exited) and event.requested:
                await self._stopped.wait()
            elif self._stopped.is_set():
                continue
            else:
                await self._pause(record.after)
            yield event
            if isinstance(event, RUN_ENDS):
                return
        await self._stopped.wait()
        yield Exited(STOPPED, meaning(STOPPED, requested=True), requested=True)

    async def stop(self, container: str) -> None:
        """Let the recorded end come."""
        self._stopped.set()

    async def read_image(self, reference: str, platform: str | None = None) -> OwnImage:
        """Not recorded."""
        raise _NOT_RECORDED

    async def digest(self, reference: str, platform: str | None = None) -> str:
        """Not recorded."""
        raise _NOT_RECORDED

    async def copy_out(self, image: str, path: str, target: Path) -> None:
        """Not recorded."""
        raise _NOT_RECORDED

    async def remove(self, tag: str) -> None:
        """Not recorded."""
        raise _NOT_RECORDED

    async def close(self) -> None:
        """Nothing is held."""

    async def _pause(self, seconds: float) -> None:
        """The recorded pause, which a stop ends early."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * self._scale):
                await self._stopped.wait()
