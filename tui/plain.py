"""The event stream as lines of text or JSON, for pipes, logs and CI."""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import singledispatchmethod
from typing import Protocol, TextIO

from tui.core import stepnames, units
from tui.core.events import (
    BuildStarted,
    Cancelled,
    CheckWarning,
    Event,
    Exited,
    Exported,
    Failed,
    Finished,
    Health,
    ImageSize,
    Listening,
    Loaded,
    Log,
    Notice,
    NotProbed,
    Pull,
    Ready,
    Started,
    Step,
    StepLog,
    as_json,
)
from tui.core.running import where
from tui.core.text import printable


class Reader(Protocol):
    """Shows one event after the other."""

    def show(self, event: Event) -> None: ...


class JsonReader:
    """One JSON object a line on stdout."""

    def show(self, event: Event) -> None:
        print(json.dumps(as_json(event)), flush=True)


class PlainReader:
    """Sentences on stderr; the application's own output and the image's id on stdout."""

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}

    @singledispatchmethod
    def show(self, event: Event) -> None:
        """Events that matter only on a screen."""

    @show.register
    def _(self, event: BuildStarted) -> None:
        way = f", by {event.transport}" if event.transport else ""
        _say(f"Building {event.tag} with {event.engine}{way}.")

    @show.register
    def _(self, event: Notice) -> None:
        _say(f"note: {event.text}")

    @show.register
    def _(self, event: Pull) -> None:
        if event.state == "done":
            _say(f"✓ pull {event.reference}  {units.size(event.current)}  {units.seconds(event.seconds)}")
        elif event.state == "failed":
            _say(f"✗ pull {event.reference}: {event.message}")

    @show.register
    def _(self, event: Step) -> None:
        before = self._steps.get(event.id)
        self._steps[event.id] = event
        if event.completed is None or (before and before.completed):
            return
        took = (
            "cached" if event.cached else units.seconds(event.completed - (event.started or event.completed))
        )
        step = stepnames.parse(event.name, event.stage)
        if step.stage or event.error:
            _say(f"{'✗' if event.error else '✓'} {step.stage:<8} {stepnames.title(step.text)}  {took}")

    @show.register
    def _(self, event: StepLog) -> None:
        for line in event.text.splitlines():
            _say(f"    {line}")

    @show.register
    def _(self, event: CheckWarning) -> None:
        where = f"Dockerfile line {event.line}: " if event.line else ""
        _say(f"warning: {where}{event.text} {event.detail} {event.url}".rstrip())

    @show.register
    def _(self, event: Finished) -> None:
        _say(f"Built {event.tag} in {units.seconds(event.seconds)}: {size_text(event.size)}.")
        print(event.image, flush=True)

    @show.register
    def _(self, event: Loaded) -> None:
        _say(f"Loaded {event.tag} for {event.platform}: {size_text(event.size)}.")

    @show.register
    def _(self, event: Exported) -> None:
        where = f" for {event.platform}" if event.platform else ""
        _say(f"Wrote {event.path}{where}: {units.size(event.bytes)}.")
        print(event.path, flush=True)

    @show.register
    def _(self, event: Failed) -> None:
        _say(" ".join(part for part in (event.what, event.why, event.fix) if part))
        for line in event.detail.splitlines():
            _say(f"    {line}")

    @show.register
    def _(self, event: Cancelled) -> None:
        _say(f"The {event.what} was cancelled.")

    @show.register
    def _(self, event: Started) -> None:
        _say(f"Running {event.tag} as {event.name}: {', '.join(event.hardening)}.")
        for port in event.published:
            if not port.host:
                _say(f"  port {port.port}/{port.protocol} of this machine")
                continue
            moved = f" ({port.wanted} was taken)" if port.host_port != port.wanted else ""
            _say(f"  {port.host}:{port.host_port} → {port.port}/{port.protocol}{moved}")

    @show.register
    def _(self, event: Ready) -> None:
        answer = "answers" if event.status is None else f"answers {event.status}"
        _say(f"{event.url} {answer} after {units.seconds(event.seconds)}.")

    @show.register
    def _(self, event: Listening) -> None:
        reached = "open to the local network" if event.open else "reached from this machine only"
        _say(f"Port {event.port} is {reached}: it listens on {where(event)}.")

    @show.register
    def _(self, event: NotProbed) -> None:
        _say(f"Running, not probed: {event.why}")

    @show.register
    def _(self, event: Health) -> None:
        _say(f"Health check: {event.state}.")

    @show.register
    def _(self, event: Log) -> None:
        stream = sys.stderr if event.stream == 2 else sys.stdout
        stream.write(_checked(event.text, stream))
        stream.flush()

    @show.register
    def _(self, event: Exited) -> None:
        _say(f"Ended with exit code {event.exit_code}: {event.meaning}")


def size_text(size: ImageSize | None) -> str:
    """``8.9 MB on disk, 3.6 MB to download``."""
    if size is None:
        return "size not measured"
    about = "" if size.compressed_exact else "about "
    return f"{units.size(size.uncompressed)} on disk, {about}{units.size(size.compressed)} to download"


def _say(text: str) -> None:
    print(printable(text), file=sys.stderr, flush=True)


def _checked(text: str, stream: TextIO) -> str:
    """What an application prints reaches a terminal without control sequences, a file as it is."""
    if not stream.isatty():
        return text
    return "".join(c if c in "\n\t" or c.isprintable() else printable(c) for c in text)


def colours(stream: TextIO) -> bool:
    """Whether a stream may get colours: a terminal that has them, and nobody said NO_COLOR."""
    environment = os.environ
    return (
        stream.isatty()
        and environment.get("TERM", "") not in {"", "dumb"}
        and not environment.get("NO_COLOR")
    )


def columns(stream: TextIO) -> int:
    """How wide text for that stream may be: the terminal's width up to 100, else 80."""
    return max(40, min(shutil.get_terminal_size().columns, 100)) if stream.isatty() else 80
