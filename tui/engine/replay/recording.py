"""Events on disk, as JSON lines.

The first line is ``{"engine": {…}}`` with the fields of EngineInfo. Every other line is
``{"stream": "build", "after": 0.25, "event": {…}}``: the stream it belongs to (``build`` or
``run``), the seconds since the line before it in that stream, and the event as in ``--json``.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from tui.core.events import Event, as_json, from_json
from tui.engine import EngineInfo


@dataclass(frozen=True, slots=True)
class Record:
    """One event, ``after`` seconds behind the one before."""

    stream: str
    after: float
    event: Event


@dataclass(frozen=True, slots=True)
class Recording:
    """What an engine said of itself and of a build and a run."""

    engine: EngineInfo
    records: tuple[Record, ...]

    @classmethod
    def load(cls, path: Path) -> Recording:
        """Read a file a Recorder wrote. Raises OSError, and ValueError naming the line it cannot read."""
        with path.open(encoding="utf-8") as lines:
            parsed = [_parse(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
        infos = [item for item in parsed if isinstance(item, EngineInfo)]
        if len(infos) != 1:
            raise ValueError(f"{path} has {len(infos)} lines that describe the engine; it takes one.")
        return cls(infos[0], tuple(item for item in parsed if isinstance(item, Record)))

    def of(self, stream: str) -> tuple[Record, ...]:
        """The records of one stream, in order."""
        return tuple(record for record in self.records if record.stream == stream)


class Recorder:
    """Writes the events that pass through it to an open text file."""

    def __init__(self, file: IO[str], engine: EngineInfo) -> None:
        self._file = file
        self._write({"engine": asdict(engine)})

    async def record(self, stream: str, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The same events; each is written as it passes."""
        last = time.monotonic()
        async with aclosing(events):
            async for event in events:
                now = time.monotonic()
                self._write({"stream": stream, "after": round(now - last, 3), "event": as_json(event)})
                last = now
                yield event

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _parse(path: Path, number: int, line: str) -> EngineInfo | Record:
    try:
        fields = json.loads(line)
        if "engine" in fields:
            return EngineInfo(**fields["engine"])
        return Record(str(fields["stream"]), float(fields["after"]), from_json(fields["event"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}:{number} is no line of a recording: {error}") from error
