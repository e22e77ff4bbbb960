"""A build's state as what the screen shows of it. No widgets: state in, parts and text out."""

from __future__ import annotations

from textual.content import Content

from tui.core import progress, units
from tui.core.events import Cancelled, Failed, Finished
from tui.core.progress import BuildState, Row
from tui.core.text import printable
from tui.screens.outcome import problem, remark, sentences
from tui.widgets.glyphs import GLYPHS
from tui.widgets.header_bar import Part
from tui.widgets.header_bar import state as dot

SOURCE_LINES = 8
PLACEHOLDERS = {
    "waiting": "Waits for the steps before it.",
    "running": "Nothing printed yet.",
    "cached": "Nothing had to be done: it was there from an earlier build.",
    "done": "Done. It printed nothing.",
    "stopped": "Stopped before it was done.",
    "failed": "It failed without printing anything.",
}


_ENDS = {
    Finished: ("is built", "done", "$success"),
    Failed: ("was not built", "failed", "$error"),
    Cancelled: ("was cancelled", "cancelled", "$muted"),
}


def header(
    state: BuildState, tag: str, elapsed: float, *, leaving: bool = False
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """(left, right) of the header; ``leaving`` while the build is being cancelled."""
    name = Part(printable(tag), "bold $foreground", keep=3)
    groups = progress.groups(state)
    done, total, cached = progress.counts(groups)
    steps = f"{done} of {total} steps" + (f", {cached} cached" if cached else "")
    counts = (Part(steps),) if total else ()
    if state.end is None:
        if progress.exported(groups):
            counts = (Part("measuring the image"),)
        clock = Part(units.clock(elapsed), "bold $foreground", keep=3)
        word = "cancelling" if leaving else "building"
        return (Part(word, "$foreground", keep=2), name), (clock, *counts)
    sentence, word, color = _ENDS[type(state.end)]
    took = Part(units.seconds(elapsed), "bold $foreground", keep=3)
    return (name, Part(sentence, "$foreground", keep=2)), (dot(word, color), took, *counts)


def color(state: BuildState) -> str:
    """The colour of how it stands."""
    return _ENDS[type(state.end)][2] if state.end is not None else "$primary"


def notes(state: BuildState) -> Content:
    """Check warnings, then notices, one paragraph each."""
    found = []
    for warning in state.warnings:
        where = f"line {warning.line}: " if warning.line else ""
        found.append(
            Content.assemble(
                (f"{GLYPHS.warning} ", "bold $warning"), (where, "$muted"), sentences(warning.text)
            )
        )
    found += [Content.styled(f"{GLYPHS.middot} {sentences(text)}", "$muted") for text in state.notices]
    return Content("\n").join(found)


def outcome(state: BuildState, dockerfile: str) -> Content:
    """How the build ended, empty while it goes on and when all is well."""
    match state.end:
        case Failed(what=what, why=why, fix=fix, line=line):
            return Content("\n").join([problem(what, why, fix), *_source(dockerfile, line)])
        case Cancelled():
            return remark(
                "The build was cancelled. What was done so far is in the build cache.", color="$muted"
            )
    return Content()


def _source(dockerfile: str, line: int) -> list[Content]:
    """The instruction that begins at a line of the Dockerfile, when the line is known."""
    lines = dockerfile.splitlines()
    if not 0 < line <= len(lines):
        return []
    last = line
    while lines[last - 1].rstrip().endswith("\\") and last < len(lines):
        last += 1
    shown = lines[line - 1 : min(last, line - 1 + SOURCE_LINES)]
    where = str(line) if last == line else f"{line} to {last}"
    return [
        Content(),
        Content.assemble(
            ("Dockerfile, line " if last == line else "Dockerfile, lines ", "$muted"), (where, "bold")
        ),
        *(Content.assemble((f"{GLYPHS.bar} ", "$primary"), printable(text)) for text in shown),
    ]


def placeholder(row: Row | None) -> str:
    """What an empty log of this row means."""
    if row is None:
        return "Waiting for the engine."
    return sentences(row.error) or PLACEHOLDERS[row.status]
