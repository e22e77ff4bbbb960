"""How large the image will be: an estimate with what it rests on, or what the last build measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.core import units
from tui.core.choices import about
from tui.core.images import builder_of, runtime_of
from tui.core.plan import Plan

if TYPE_CHECKING:
    from tui.core.events import ImageSize


class SizeNote(NamedTuple):
    """``label`` says estimate or measured; ``size`` is the figure; ``beside`` what it compares with."""

    label: str
    size: str
    beside: str
    source: str
    short: str


def size_note(plan: Plan, measured: ImageSize | None) -> SizeNote:
    """The measured size when there is one for this plan, else the catalog's."""
    builder = builder_of(plan)
    if measured is not None:
        single = f"single stage about {units.size(measured.single_stage)}" if measured.single_stage else ""
        size = units.size(measured.uncompressed)
        return SizeNote("SIZE, MEASURED", size, single, "by the last build", size)
    runtime = runtime_of(plan)
    if runtime.size is None:
        return SizeNote("SIZE", "known after a build", "", "", "size not known yet")
    base = f"{about(runtime.size)} + your program"
    single = "" if runtime.single_stage else f"single stage {about(builder.size)}"
    return SizeNote(
        "SIZE, ABOUT", base, single, f"sizes of {runtime.date}", f"about {about(runtime.size)} + program"
    )
