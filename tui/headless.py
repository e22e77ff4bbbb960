"""Build, run and export without a screen: one stream of events, one reader, signals that clean up."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

from tui.cli import CANCELLED, DONE, FAILED
from tui.core.bare import files
from tui.core.events import Cancelled, Exited, Exported, Failed, Finished, Notice, Started
from tui.core.plan import Plan
from tui.core.project import Project
from tui.engine import BuildRequest, Engine, EngineError
from tui.engine.requests import build_request, export_request, run_request, same_again
from tui.plain import JsonReader, PlainReader, Reader

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def carry_out(
    project: Project, plan: Plan, *, run_it: bool, as_json: bool, differing: tuple[str, ...]
) -> int:
    """Build the plan's image and run it if asked; the exit code. ``differing`` are stale files."""
    job = _Job(as_json)
    if differing:
        job.reader.show(
            Notice(
                f"{' and '.join(differing)} on disk {'differs' if len(differing) == 1 else 'differ'} "
                "from what is built; "
                "dockwright generate --diff shows how."
            )
        )

    async def work(engine: Engine) -> int:
        finished = await job.build(engine, build_request(project, plan))
        if finished is None:
            return FAILED
        job.reader.show(finished)
        return await job.run(engine, project, plan, finished.image) if run_it else DONE

    return asyncio.run(job.carry_out(work))


def export(project: Project, plan: Plan, *, target: Path, as_json: bool) -> int:
    """Write the bare program for every platform of the plan; the exit code.

    ``target`` is a folder, or the file where there is one platform and one program.
    """
    job = _Job(as_json)

    async def work(engine: Engine) -> int:
        for platform in plan.platform or (None,):
            tag = f"dockwright-export:{uuid.uuid4().hex}"
            finished = await job.build(engine, export_request(project, plan, platform, tag))
            if finished is None:
                return FAILED
            try:
                for path, name in files(project, plan, platform):
                    to = _file(target, name)
                    await engine.copy_out(finished.image, path, to)
                    job.reader.show(_exported(to, platform))
            finally:
                await engine.remove(tag)
        return DONE

    return asyncio.run(job.carry_out(work))


def _file(target: Path, name: str) -> Path:
    return target / name if target.is_dir() else target


def _exported(file: Path, platform: str | None) -> Exported:
    return Exported(str(file), platform or "", file.stat().st_size)


class _Job:
    def __init__(self, as_json: bool) -> None:
        self.reader: Reader = JsonReader() if as_json else PlainReader()
        self._container = ""
        self._stopping: asyncio.Task[None] | None = None

    async def carry_out(self, work: Callable[[Engine], Awaitable[int]]) -> int:
        """What ``work`` gives, with signals that clean up and failures as events."""
        from tui.engine.choose import ChosenEngine

        task = asyncio.current_task()
        assert task is not None
        engine = ChosenEngine()
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._interrupt, engine, task)
        try:
            return await work(engine)
        except asyncio.CancelledError:
            self.reader.show(Cancelled("run" if self._container else "build"))
            return CANCELLED
        except EngineError as error:
            self.reader.show(Failed(error.what, error.why, error.fix))
            return FAILED
        finally:
            await engine.close()

    def _interrupt(self, engine: Engine, task: asyncio.Task[int]) -> None:
        """The first signal asks a running container to end; anything else stops at once."""
        if self._container and self._stopping is None:
            self._stopping = asyncio.create_task(engine.stop(self._container))
        else:
            task.cancel()

    async def build(self, engine: Engine, request: BuildRequest) -> Finished | None:
        """Show a build; its good end is left to the caller."""
        finished = None
        async with aclosing(engine.build(request)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    finished = event
                else:
                    self.reader.show(event)
        return finished

    async def run(self, engine: Engine, project: Project, plan: Plan, image: str) -> int:
        """Show a run; the exit code."""
        code = FAILED
        async with aclosing(engine.run(run_request(plan, image, same_again(project, plan)))) as events:
            async for event in events:
                self.reader.show(event)
                if isinstance(event, Started):
                    self._container = event.container
                elif isinstance(event, Exited):
                    code = CANCELLED if event.requested else event.exit_code
        return code
