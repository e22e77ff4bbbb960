"""A build's events folded into what is shown of it: groups of rows, counts, the end. Pure.

Both transports end in the same rows: BuildKit's own steps (which differ between them) are one row,
whatever writes the image is another, and the rest are the Dockerfile's instructions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tui.core import stepnames
from tui.core.events import (
    BuildStarted,
    Cancelled,
    CheckWarning,
    Event,
    Failed,
    Finished,
    Loaded,
    Notice,
    Pull,
    Step,
    StepProgress,
)

PREPARE = "prepare"
EXPORT = "export"
_PULL_STATUS = {"done": "done", "present": "cached", "failed": "failed"}
_CANCELLED = "context canceled"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of steps.

    ``status`` is ``waiting``, ``running``, ``cached``, ``done``, ``failed`` or ``stopped``;
    ``steps`` are the ids of the steps it stands for; ``started`` and ``completed`` are Unix times.
    """

    id: str
    title: str
    status: str
    name: str = ""
    note: str = ""
    steps: tuple[str, ...] = ()
    seconds: float | None = None
    current: int = 0
    total: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, under a title."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BuildState:
    """Everything a build has said so far. ``end`` is its last event, None while it goes on."""

    tag: str = ""
    engine: str = ""
    transport: str = ""
    pulls: Mapping[str, Pull] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    progress: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    warnings: tuple[CheckWarning, ...] = ()
    end: Finished | Failed | Cancelled | None = None


def advance(state: BuildState, event: Event) -> BuildState:
    """The state after one more event."""
    match event:
        case BuildStarted(tag=tag, engine=engine, transport=transport):
            return replace(state, tag=tag, engine=engine, transport=transport)
        case Pull():
            return replace(state, pulls={**state.pulls, event.reference: event})
        case Step():
            return replace(state, steps={**state.steps, event.id: _kept(state.steps.get(event.id), event)})
        case StepProgress(step=step, id=part, current=current, total=total):
            parts = {**state.progress.get(step, {}), part: (current, total)}
            return replace(state, progress={**state.progress, step: parts})
        case Notice(text=text):
            return replace(state, notices=(*state.notices, text))
        case Loaded(tag=tag, platform=platform):
            return replace(state, notices=(*state.notices, f"{tag} holds the image for {platform}."))
        case CheckWarning():
            return state if event in state.warnings else replace(state, warnings=(*state.warnings, event))
        case Finished() | Failed() | Cancelled():
            return replace(state, end=event)
    return state


def _kept(before: Step | None, event: Step) -> Step:
    """BuildKit may announce a step again as if it had not begun; what was seen of it stays."""
    return before if before and before.started and not event.started and not event.completed else event


def groups(state: BuildState) -> tuple[Group, ...]:
    """The rows in the order they are shown; groups without rows are left out."""
    stages: dict[str, list[tuple[int, Row]]] = {}
    prepare: list[Step] = []
    export: list[Step] = []
    for step in state.steps.values():
        name = stepnames.parse(step.name, step.stage)
        if name.stage:
            stages.setdefault(name.stage, []).append((name.number, _step_row(state, name, step)))
        else:
            (export if stepnames.is_export(name.text) else prepare).append(step)
    found = [
        Group("BASE IMAGES", tuple(_pull_row(pull, state) for pull in state.pulls.values())),
        Group("PREPARATION", _merged(state, PREPARE, "read Dockerfile and context", prepare)),
    ]
    *others, final = sorted(stages, key=stepnames.is_final) or [""]
    found += [Group(f"{stage.upper()} STAGE", _in_order(stages[stage])) for stage in others]
    last = _merged(state, EXPORT, "export image", export)
    found.append(Group("FINAL STAGE", _in_order(stages.get(final, [])) + last))
    return tuple(group for group in found if group.rows)


def _in_order(numbered: list[tuple[int, Row]]) -> tuple[Row, ...]:
    return tuple(row for _, row in sorted(numbered, key=lambda pair: pair[0]))


def row_of(state: BuildState, step: str) -> str:
    """The id of the row that stands for a step."""
    known = state.steps.get(step)
    if known is None:
        return step
    name = stepnames.parse(known.name, known.stage)
    if name.stage:
        return step
    return EXPORT if stepnames.is_export(name.text) else PREPARE


def started(state: BuildState, row: Row) -> float | None:
    """When the first of a row's steps began, Unix time."""
    times = [state.steps[step].started for step in row.steps if step in state.steps]
    return min((moment for moment in times if moment is not None), default=None)


def rows(found: Iterable[Group]) -> list[Row]:
    """All rows of all groups, in order."""
    return [row for group in found for row in group.rows]


def counts(found: Iterable[Group]) -> tuple[int, int, int]:
    """(done, all known, cached) of the build's rows; base images are not counted."""
    steps = [row for row in rows(found) if row.steps]
    cached = sum(row.status == "cached" for row in steps)
    done = cached + sum(row.status == "done" for row in steps)
    return done, len(steps), cached


def exported(found: Iterable[Group]) -> bool:
    """Whether the image is written, so that only measuring it is left."""
    return any(row.id == EXPORT and row.status in ("done", "cached") for row in rows(found))


def followed(found: Iterable[Group], before: str = "") -> str:
    """The id of the row to show: one that failed, else one that runs, and of several ``before``."""
    known = rows(found)
    for status in ("failed", "running"):
        matches = [row.id for row in known if row.status == status]
        if matches:
            return before if before in matches else matches[-1]
    return before


def _pull_row(pull: Pull, state: BuildState) -> Row:
    status = _PULL_STATUS.get(pull.state, "running" if state.end is None else "stopped")
    return Row(
        id=f"pull:{pull.reference}",
        title=stepnames.title(pull.reference),
        name=pull.reference,
        status=status,
        note="in store" if pull.state == "present" else "",
        seconds=pull.seconds or None,
        current=pull.current,
        total=pull.total or 0,
        error=pull.message if status == "failed" else "",
    )


def _step_row(state: BuildState, name: stepnames.StepName, step: Step) -> Row:
    current, total = _sum(state, (step,))
    return Row(
        id=step.id,
        title=stepnames.title(name.text),
        name=name.text,
        status=_status(step, state),
        note="cached" if step.cached else "",
        steps=(step.id,),
        seconds=_seconds((step,)),
        current=current,
        total=total,
        error=step.error,
    )


def _merged(state: BuildState, id: str, title: str, steps: list[Step]) -> tuple[Row, ...]:
    if not steps:
        return ()
    statuses = {_status(step, state) for step in steps}
    order = ("failed", "stopped", "running", "done", "cached", "waiting")
    status = next(status for status in order if status in statuses)
    if status in ("done", "cached") and "waiting" in statuses:
        status = "running" if state.end is None else "stopped"
    current, total = _sum(state, steps)
    error = next((step.error for step in steps if step.error), "")
    names = tuple(step.id for step in steps)
    return (Row(id, title, status, title, "", names, _seconds(steps), current, total, error),)


def _status(step: Step, state: BuildState) -> str:
    if step.error:
        return "stopped" if _CANCELLED in step.error else "failed"
    if step.completed is not None:
        return "cached" if step.cached else "done"
    if step.cached:
        return "cached"
    if step.started is None:
        return "waiting"
    return "running" if state.end is None else "stopped"


def _seconds(steps: Iterable[Step]) -> float | None:
    """From the first start to the last end, None while anything has started and not ended."""
    begun = [step for step in steps if step.started is not None]
    starts = [step.started for step in begun if step.started is not None]
    ends = [step.completed for step in begun if step.completed is not None]
    return max(0.0, max(ends) - min(starts)) if begun and len(ends) == len(begun) else None


def _sum(state: BuildState, steps: Iterable[Step]) -> tuple[int, int]:
    parts = [part for step in steps for part in state.progress.get(step.id, {}).values()]
    return sum(current for current, _ in parts), sum(total for _, total in parts)
