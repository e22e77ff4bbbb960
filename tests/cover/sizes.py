"""Prints how large one server becomes in every image: ``python -m tests.cover.sizes``.

The application answers as the one of Docker's guide for Go does. It is built with the official image
on the engine that ``DOCKER_HOST`` or the docker CLI's context names; the table is Markdown.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

from tests.cover.applications import project
from tests.cover.model import errors, plan, why_not_built
from tests.cover.rows import Row
from tui.core import catalog
from tui.core.events import Failed, Finished, ImageSize
from tui.core.plan import Plan
from tui.engine.daemon.engine import DaemonEngine
from tui.engine.requests import build_request

APP, TAG = "echo", "dockwright-test/sizes:measured"


def plans() -> list[tuple[str, Plan]]:
    """Labels of the runtimes that can be had here, the single stage first, with the plan for each."""
    found = []
    for runtime in sorted(catalog.runtimes(), key=lambda entry: not entry.single_stage):
        row = Row(APP, (("runtime", runtime.id),))
        if not errors(row) and not why_not_built(project(APP), plan(row)):
            found.append((runtime.label, replace(plan(row), tag=TAG)))
    return found


async def measured(engine: DaemonEngine, made: Plan) -> ImageSize:
    """The size of that plan's image. Raises SystemExit with the reason when it cannot be built."""
    async with aclosing(engine.build(build_request(project(APP), made))) as events:
        async for event in events:
            if isinstance(event, Failed):
                raise SystemExit(f"{event.what} {event.why} {event.fix}")
            if isinstance(event, Finished) and event.size:
                return event.size
    raise SystemExit("The image was built and could not be measured.")


async def table() -> list[str]:
    """The lines of the table."""
    lines = ["| image | uncompressed | compressed | of the single stage |", "|---|---:|---:|---:|"]
    engine, single = DaemonEngine(), 0
    try:
        for label, made in plans():
            size = await measured(engine, made)
            single = single or size.uncompressed
            share = f"{100 * size.uncompressed / single:.1f} %"
            lines.append(
                f"| {label} | {_megabytes(size.uncompressed)} | {_megabytes(size.compressed)} | {share} |"
            )
    finally:
        await engine.close()
    return lines


def _megabytes(size: int | None) -> str:
    return "–" if size is None else f"{size / 1e6:.1f} MB"


if __name__ == "__main__":
    print("\n".join(asyncio.run(table())))
