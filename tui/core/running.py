"""A container's events folded into what is shown of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.core.events import Event, Exited, Failed, Health, Listening, Notice, NotProbed, Ready, Started
from tui.core.text import printable

NO_CONTAINER = "not in a container"
"""The word of hardening for a program that runs as a process of one's own."""

_EVERY = frozenset({"0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class RunState:
    """Everything a run has said so far; parts are None until they are said."""

    started: Started | None = None
    ready: Ready | None = None
    listening: tuple[Listening, ...] = ()
    not_probed: NotProbed | None = None
    health: str = ""
    notices: tuple[str, ...] = ()
    end: Exited | Failed | None = None

    @property
    def phase(self) -> str:
        """``starting``, ``waiting`` for an answer, ``answering``, ``running``, ``exited`` or ``failed``."""
        if self.end is not None:
            return "exited" if isinstance(self.end, Exited) else "failed"
        if self.started is None:
            return "starting"
        if self.ready is not None:
            return "answering"
        return "running" if self.not_probed is not None else "waiting"


def where(found: Listening) -> str:
    """The addresses in words."""
    if _EVERY.isdisjoint(found.hosts):
        return ", ".join(map(printable, found.hosts))
    return "every address of this machine"


def advance(state: RunState, event: Event) -> RunState:
    """The state after one more event."""
    match event:
        case Started():
            return replace(state, started=event)
        case Ready():
            return replace(state, ready=event)
        case Listening():
            return replace(state, listening=(*state.listening, event))
        case NotProbed():
            return replace(state, not_probed=event)
        case Health(state=health):
            return replace(state, health=health)
        case Notice(text=text):
            return replace(state, notices=(*state.notices, text))
        case Exited() | Failed():
            return replace(state, end=event)
    return state
