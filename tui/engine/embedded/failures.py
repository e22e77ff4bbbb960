"""What goes wrong without a daemon, as the Failed event a person can act on."""

from __future__ import annotations

from dataclasses import replace

from requests.exceptions import RequestException

from tui.core.events import Event, Failed, Step, StepLog
from tui.core.explain import Explanation, explain
from tui.core.ignore import BadPattern
from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.context import ContextError
from tui.engine.embedded.compile import CompileFailed

ERRORS = (EngineError, ContextError, BadPattern, RequestException, OSError)
"""What a build or a run may end with besides Stopped and cancellation."""

_TAIL = 16 * 1024
"""Characters of the compiler's output kept to find the cause in."""


_FULL = "disk-full"
"""The explanation that tells of a daemon's disk."""


def _explained(text: str) -> Explanation | None:
    known = explain(text)
    if known is None or known.key != _FULL:
        return known
    return replace(
        known,
        what="This machine's disk is full.",
        why="There is no room left for the program, the image or Go's caches.",
        fix="Make room, then build again: what is there already is used.",
    )


class Witness:
    """Remembers which step failed and what it printed."""

    def __init__(self) -> None:
        self._step = ""
        self._logs: dict[str, str] = {}

    def see(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, StepLog):
            self._logs[event.step] = (self._logs.get(event.step, "") + event.text)[-_TAIL:]
        elif isinstance(event, Step) and event.error:
            self._step = event.id

    def explain(self, error: Exception) -> Failed:
        """The failure in words, with the step that failed."""
        log = self._logs.get(self._step, "").strip()
        if isinstance(error, CompileFailed):
            if known := _explained(log):
                return Failed(known.what, known.why, known.fix, self._step, detail=log)
            fix = "Correct what it names, then build again."
            return Failed(error.what, "The compiler says why.", fix, self._step, detail=log)
        if isinstance(error, EngineError | ContextError):
            return Failed(error.what, error.why, error.fix, self._step, detail=log)
        if isinstance(error, BadPattern):
            return Failed("The .dockerignore cannot be read.", str(error), step=self._step)
        known = _explained(str(error))
        if known:
            return Failed(known.what, known.why, known.fix, self._step, detail=str(error))
        why = f"The machine says: {printable(str(error))}."
        return Failed("The image could not be made.", why, "", self._step, detail=log)
