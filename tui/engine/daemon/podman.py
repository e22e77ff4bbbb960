"""The text Podman's builder (buildah) prints, as the events BuildKit would have sent.

Only the instructions BuildKit shows as steps become steps, with BuildKit's names, so that the same
Dockerfile reduces to the same steps on both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace

from tui.core.dockerfile import base_of
from tui.core.events import Event, Notice, Step, StepLog
from tui.core.stages import STEP_KEYWORDS, read

_STEP = re.compile(r"(?:\[(?P<stage>\d+)/\d+\] )?STEP (?P<number>\d+)/\d+: (?P<text>.*)", re.DOTALL)
_RESULT = re.compile(r"--> (?P<cached>Using cache )?")
_COMMIT = re.compile(r"(?:\[\d+/\d+\] )?COMMIT\b")
_ENDING = re.compile(r"Successfully (?:tagged|built) |[0-9a-f]{64}\s*$")
_WARNING = re.compile(r'time="[^"]*" level=(?P<level>\w+) msg=(?P<text>.*)', re.DOTALL)


class PodmanTrace:
    """Folds the lines of one build into events."""

    def __init__(self, dockerfile: str) -> None:
        self._stages = read(dockerfile)
        self._done = {stage.name: 0 for stage in self._stages}
        self._step: Step | None = None

    def events(self, text: str) -> Iterator[Event]:
        """The events of one ``{"stream": text}`` line."""
        if match := _STEP.match(text):
            yield from self.end()
            yield from self._begin(int(match["stage"] or 1) - 1, match["text"].strip())
        elif match := _RESULT.match(text):
            if match["cached"] and self._step:
                self._step = replace(self._step, cached=True)
        elif _COMMIT.match(text):
            yield from self.end()
        elif match := _WARNING.match(text):
            if match["level"] in ("error", "fatal"):
                yield Notice(f"Podman says: {match['text'].strip()}")
        elif self._step and not _ENDING.match(text):
            yield StepLog(self._step.id, text, 1, time.time())

    def end(self, error: str = "") -> Iterator[Event]:
        """The step that ran is over."""
        if self._step:
            yield replace(self._step, completed=time.time(), error=error)
        self._step = None

    def _begin(self, index: int, text: str) -> Iterator[Event]:
        stage = self._stages[index]
        keyword, _, rest = text.partition(" ")
        if keyword == "FROM" and stage.has_image:
            text = f"FROM {base_of(rest)}"
        elif keyword not in STEP_KEYWORDS:
            return
        self._done[stage.name] = number = self._done[stage.name] + 1
        name = f"[{stage.name} {number}/{len(stage.lines)}] {text}"
        self._step = Step(f"podman:{index}:{number}", name, stage.name, started=time.time())
        yield self._step
