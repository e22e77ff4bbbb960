"""Reads a plan's own base images, so that the rules know what is in them."""

from __future__ import annotations

from dataclasses import replace

from tui.core.images import unread
from tui.core.own_image import OwnImage
from tui.core.plan import Plan
from tui.core.references import named
from tui.engine import Engine


async def facts(engine: Engine, plan: Plan) -> tuple[str, ...]:
    """A line of facts for each own image nobody read yet. Raises EngineError."""
    return tuple([(await _read(engine, plan, each)).text() for each in unread(plan)])


async def _read(engine: Engine, plan: Plan, reference: str) -> OwnImage:
    """The image as it is for the plan's platforms; a builder compiles on the engine's own, but for C code."""
    wanted = plan.platform if reference == plan.runtime or plan.cgo else ()
    found = [await engine.read_image(named(plan, reference), each) for each in wanted or (None,)]
    platforms = tuple(dict.fromkeys(each for image in found for each in image.platforms))
    return replace(found[0], reference=reference, platforms=platforms)
