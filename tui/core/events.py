"""What happens while an image is built and run, as small typed values.

Engines emit these, and the screens, the plain output and ``--json`` read them: three readers of
one stream. Times are seconds (float) unless a name says otherwise; sizes are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import NoneType
from typing import Any, ClassVar, get_args, get_type_hints


@dataclass(frozen=True, slots=True)
class Event:
    """Base of every event. ``kind`` is its name in ``--json``."""

    kind: ClassVar[str] = "event"


@dataclass(frozen=True, slots=True)
class BuildStarted(Event):
    """The engine accepted the build. ``transport`` is ``buildx`` or ``api``, empty without a daemon."""

    kind: ClassVar[str] = "build-started"
    tag: str
    engine: str
    transport: str


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """Something a person should know that is no problem: what was done differently, and why."""

    kind: ClassVar[str] = "notice"
    text: str


@dataclass(frozen=True, slots=True)
class Pull(Event):
    """State of one base image's download; a later one for the same reference replaces it.

    ``state`` is ``pulling``, ``done``, ``present`` (already in the store) or ``failed``.
    ``total`` is None while the registry has not said.
    """

    kind: ClassVar[str] = "pull"
    reference: str
    state: str
    current: int = 0
    total: int | None = None
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Step(Event):
    """State of one build step; a later one with the same ``id`` replaces it.

    ``started`` and ``completed`` are Unix times, None until they happen. ``stage`` is the
    Dockerfile's stage name (``build``, ``stage-1`` …), empty for BuildKit's own steps.
    """

    kind: ClassVar[str] = "step"
    id: str
    name: str
    stage: str = ""
    cached: bool = False
    started: float | None = None
    completed: float | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class StepProgress(Event):
    """Bytes or items done inside a step (context transfer, layers). ``total`` 0 is unknown."""

    kind: ClassVar[str] = "step-progress"
    step: str
    id: str
    current: int
    total: int


@dataclass(frozen=True, slots=True)
class StepLog(Event):
    """Text a step printed, as it came: may hold several lines, a part of one, or escape codes.

    ``stream`` is 1 for stdout, 2 for stderr.
    """

    kind: ClassVar[str] = "step-log"
    step: str
    text: str
    stream: int = 1
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckWarning(Event):
    """A finding of BuildKit's Dockerfile checks. ``line`` is 1-based, 0 when not given."""

    kind: ClassVar[str] = "warning"
    text: str
    detail: str = ""
    url: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class LayerSize:
    """One layer: the instruction that made it and the bytes of its tar."""

    instruction: str
    bytes: int
    base: bool


@dataclass(frozen=True, slots=True)
class ImageSize:
    """How large an image is; the same meaning on both of Docker's image stores.

    ``uncompressed`` is the sum of the layers' tars, ``compressed`` what a registry would
    transfer (``compressed_exact`` is False when it was measured by compressing the layers here),
    ``engine`` is what the engine itself calls the image's size. ``single_stage`` is the size of
    the builder image plus this image's own layers, None when the builder is not in the store.
    """

    uncompressed: int
    compressed: int | None
    engine: int
    compressed_exact: bool = True
    layers: tuple[LayerSize, ...] = ()
    single_stage: int | None = None


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The image is in the store. ``image`` is its id (``sha256:…``), ``seconds`` the whole build.

    ``size`` is None when it could not be measured; a Notice before it says why.
    """

    kind: ClassVar[str] = "finished"
    image: str
    tag: str
    seconds: float
    size: ImageSize | None


@dataclass(frozen=True, slots=True)
class Loaded(Event):
    """One of several platforms' images is in the store under a name of its own; others may follow.

    Finished comes after the last and names the one that carries the wanted tag.
    """

    kind: ClassVar[str] = "loaded"
    image: str
    tag: str
    platform: str
    size: ImageSize | None


@dataclass(frozen=True, slots=True)
class Exported(Event):
    """A program was written to ``path``. ``platform`` is empty for the engine's own; ``bytes`` its size."""

    kind: ClassVar[str] = "exported"
    path: str
    platform: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Nothing more will come. ``what`` happened, ``why``, and what to do (``fix``), as sentences.

    ``step`` is the id of the step that failed, ``line`` its Dockerfile line (0 unknown), ``detail``
    the raw text of the engine.
    """

    kind: ClassVar[str] = "failed"
    what: str
    why: str = ""
    fix: str = ""
    step: str = ""
    line: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """The person stopped it."""

    kind: ClassVar[str] = "cancelled"
    what: str = "build"


@dataclass(frozen=True, slots=True)
class Published:
    """One published port. ``host_port`` differs from ``wanted`` when that one was taken.

    ``host`` is empty where nothing is published because the program has this machine's own network.
    """

    port: int
    protocol: str
    host: str
    host_port: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The container runs. ``hardening`` names what was switched on, as short words."""

    kind: ClassVar[str] = "started"
    container: str
    name: str
    tag: str
    published: tuple[Published, ...] = ()
    hardening: tuple[str, ...] = ()
    command: str = ""


@dataclass(frozen=True, slots=True)
class Ready(Event):
    """The application answered. ``status`` is the HTTP status, None for other protocols."""

    kind: ClassVar[str] = "ready"
    url: str
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Listening(Event):
    """Where a program listens that has this machine's own network: ``hosts`` are addresses of it, and
    ``open`` tells whether others than this machine reach one."""

    kind: ClassVar[str] = "listening"
    port: int
    hosts: tuple[str, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class NotProbed(Event):
    """It runs, and whether it answers is not known; ``why`` says why."""

    kind: ClassVar[str] = "not-probed"
    why: str


@dataclass(frozen=True, slots=True)
class Health(Event):
    """The image's own health check changed: ``starting``, ``healthy`` or ``unhealthy``."""

    kind: ClassVar[str] = "health"
    state: str


@dataclass(frozen=True, slots=True)
class Log(Event):
    """Text the application printed: whole lines, or one that stays unfinished for a while.

    It holds escape codes as they came. ``stream`` is 1 for stdout, 2 for stderr; ``time`` Unix.
    """

    kind: ClassVar[str] = "log"
    text: str
    stream: int = 1
    time: float = 0.0


@dataclass(frozen=True, slots=True)
class Exited(Event):
    """The container ended. ``meaning`` explains the code in words; ``requested`` when we stopped it.

    ``oom_killed`` says whether it was for want of memory, None when the engine does not know.
    """

    kind: ClassVar[str] = "exited"
    exit_code: int
    meaning: str
    requested: bool = False
    seconds: float = 0.0
    oom_killed: bool | None = None


def as_json(event: Event) -> dict[str, Any]:
    """The event as JSON-ready values, with its kind under ``event``."""
    return {"event": event.kind} | {f.name: _plain(getattr(event, f.name)) for f in fields(event)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


EVENTS: tuple[type[Event], ...] = (
    BuildStarted,
    Notice,
    Pull,
    Step,
    StepProgress,
    StepLog,
    CheckWarning,
    Finished,
    Loaded,
    Exported,
    Failed,
    Cancelled,
    Started,
    Ready,
    Listening,
    NotProbed,
    Health,
    Log,
    Exited,
)
_KINDS = {event.kind: event for event in EVENTS}


def from_json(record: Mapping[str, Any]) -> Event:
    """The event ``as_json`` wrote. Fields this version does not know are left out.

    Raises ValueError for an unknown kind and TypeError when a field without a default is missing.
    """
    kind = record.get("event")
    if kind not in _KINDS:
        raise ValueError(f"There is no event of the kind {kind!r}.")
    event = _restore(_KINDS[kind], record)
    assert isinstance(event, Event)
    return event


def _restore(form: Any, value: Any) -> Any:
    """``value`` as the annotated type ``form``: JSON knows neither tuples nor dataclasses."""
    if isinstance(value, list):
        return tuple(_restore(get_args(form)[0], item) for item in value)
    if isinstance(value, Mapping):
        form = next((kind for kind in get_args(form) if kind is not NoneType), form)
        hints = get_type_hints(form)
        known = {f.name: value[f.name] for f in fields(form) if f.name in value}
        return form(**{name: _restore(hints[name], item) for name, item in known.items()})
    return value
