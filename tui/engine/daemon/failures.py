"""A failed build as the Failed event a person can act on."""

from __future__ import annotations

import re

from docker.errors import DockerException
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from tui.core import stepnames
from tui.core.events import Event, Failed, Pull, Step, StepLog
from tui.core.explain import explain
from tui.core.ignore import BadPattern
from tui.core.stages import line_of
from tui.core.text import printable
from tui.engine import BuildRequest
from tui.engine.context import ContextError
from tui.engine.daemon.bases import platform_of
from tui.engine.daemon.wire import EngineLost, EngineRefused

ERRORS = (
    *(ContextError, BadPattern, EngineLost, EngineRefused),
    *(DockerException, RequestException, HTTPError, OSError),
)
"""What a build may end with besides Stopped and cancellation."""

TAIL = 16 * 1024
"""Characters of each step's log kept to find the cause in."""

_LINE = re.compile(r"^Dockerfile:(?P<line>\d+)$", re.MULTILINE)
_METADATA = re.compile(r"\[internal\] load metadata for (?:docker\.io/(?:library/)?)?(?P<image>\S+)")
"""How BuildKit names the step that asks for a base image."""
_EXIT = re.compile(r"exit (?:code|status):? (?P<code>\d+)")
_PREFIX = re.compile(r"^(?:ERROR: )?(?:failed to \w+: |rpc error: code = \w+ desc = )+")


class Witness:
    """Remembers of a build's events what explains its failure."""

    def __init__(self, request: BuildRequest) -> None:
        self._request = request
        self._image = ""
        self._logs: dict[str, str] = {}
        self._failed: Step | None = None

    def see(self, event: Event) -> None:
        """Take note of one event."""
        if isinstance(event, StepLog):
            self._logs[event.step] = (self._logs.get(event.step, "") + event.text)[-TAIL:]
        elif isinstance(event, Step) and event.error and "context canceled" not in event.error:
            self._failed = event
            if match := _METADATA.match(event.name):
                self._image = match["image"]
        elif isinstance(event, Pull) and event.state == "failed":
            self._image = event.reference

    def explain(self, error: Exception) -> Failed:
        """The failure in words, with the step and its line."""
        text = str(error)
        if isinstance(error, ContextError):
            return Failed(error.what, error.why, error.fix)
        if isinstance(error, BadPattern):
            return Failed("The .dockerignore cannot be read.", text)
        if isinstance(error, EngineLost):
            text = f"error during connect: {text}"
        step = self._failed.id if self._failed else ""
        log = self._logs.get(step, "")
        known = explain(log) or explain(text)
        detail = "\n".join(part for part in (log.strip(), text.strip()) if part)
        if known:
            return Failed(
                known.what, f"{self._missing()}{known.why}", known.fix, step, self._line(text), detail
            )
        return Failed(*self._in_general(text), step, self._line(text), detail)

    def _missing(self) -> str:
        """The base image that was asked for in vain, as a sentence."""
        if not self._image:
            return ""
        wanted = platform_of(self._request, self._image)
        return f"{printable(self._image)}{f' for {wanted}' if wanted else ''} is not in the engine's store. "

    def _line(self, text: str) -> int:
        if match := _LINE.search(text):
            return int(match["line"])
        if self._failed is None:
            return 0
        name = stepnames.parse(self._failed.name, self._failed.stage)
        return line_of(self._request.dockerfile, name.stage, name.number)

    def _in_general(self, text: str) -> tuple[str, str, str]:
        last = text.strip().splitlines()[-1] if text.strip() else "The engine gave no reason."
        reason = printable(_PREFIX.sub("", last))
        exit_code = _EXIT.search(text)
        if self._failed and exit_code:
            name = stepnames.title(stepnames.parse(self._failed.name).text)
            what = f"The step `{printable(name)}` failed with exit code {exit_code['code']}."
            return (
                what,
                "Its log says why.",
                "Correct what the log names, then build again.",
            )
        return "The build failed.", f"The engine says: {reason}", ""
