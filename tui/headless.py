"""Build and run without a screen: one stream of events, one reader, signals that clean up."""

from __future__ import annotations

import asyncio
import signal
from contextlib import aclosing

from tui.cli import CANCELLED, DONE, FAILED
from tui.core.events import Cancelled, Exited, Finished, Notice, Started
from tui.core.plan import Plan
from tui.core.project import Project
from tui.engine import Engine
from tui.engine.requests import build_request, run_request
from tui.plain import JsonReader, PlainReader, Reader

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def carry_out(
    project: Project, plan: Plan, *, run_it: bool, as_json: bool, differing: tuple[str, ...]
) -> int:
    """Build the plan's image and run it if asked; the exit code. ``differing`` are stale files."""
    reader: Reader = JsonReader() if as_json else PlainReader()
    if differing:
        reader.show(
            Notice(
                f"{' and '.join(differing)} on disk {'differs' if len(differing) == 1 else 'differ'} "
                "from what is built; "
                "dockwright generate --diff shows how."
            )
        )
    return asyncio.run(_Job(project, plan, reader).carry_out(run_it))


class _Job:
    def __init__(self, project: Project, plan: Plan, reader: Reader) -> None:
        self._project, self._plan, self._reader = project, plan, reader
        self._engine: Engine | None = None
        self._container = ""
        self._stopping: asyncio.Task[None] | None = None

    async def carry_out(self, run_it: bool) -> int:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._interrupt, task)
        try:
            return await self._build_and_run(run_it)
        except asyncio.CancelledError:
            self._reader.show(Cancelled("run" if self._container else "build"))
            return CANCELLED
        finally:
            if self._engine:
                await self._engine.close()

    def _interrupt(self, task: asyncio.Task[int]) -> None:
        """The first signal asks a running container to end; anything else stops at once."""
        if self._container and self._engine and self._stopping is None:
            self._stopping = asyncio.create_task(self._engine.stop(self._container))
        else:
            task.cancel()

    async def _build_and_run(self, run_it: bool) -> int:
        from tui.engine.daemon.engine import DaemonEngine

        self._engine = DaemonEngine()
        finished = await self._build(self._engine)
        if finished is None:
            return FAILED
        return await self._run(self._engine, finished.image) if run_it else DONE

    async def _build(self, engine: Engine) -> Finished | None:
        finished = None
        async with aclosing(engine.build(build_request(self._project, self._plan))) as events:
            async for event in events:
                self._reader.show(event)
                if isinstance(event, Finished):
                    finished = event
        return finished

    async def _run(self, engine: Engine, image: str) -> int:
        code = FAILED
        async with aclosing(engine.run(run_request(self._plan, image))) as events:
            async for event in events:
                self._reader.show(event)
                if isinstance(event, Started):
                    self._container = event.container
                elif isinstance(event, Exited):
                    code = CANCELLED if event.requested else event.exit_code
        return code
