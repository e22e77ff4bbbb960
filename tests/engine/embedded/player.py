"""Plays one run: JSON on stdin says what, JSON lines on stdout are the events."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.core.events import Event, Started, as_json
from tui.engine import RunRequest, relay
from tui.engine.embedded.running import how_it_runs, run, stop


async def play(told: dict[str, Any]) -> None:
    """``until`` names the event at which the stream is closed, ``stop`` the one that asks for the end."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    relay.GRACE = told.get("grace", relay.GRACE)
    request = RunRequest(
        "image", "image", **{name: _tuples(value) for name, value in told["request"].items()}
    )
    native = Path(told["native"]) if told.get("native") else None
    container = ""
    stops: list[asyncio.Task[None]] = []
    async with aclosing(run(request, Path(told["root"]), told["config"], native)) as events:
        async for event in events:
            _tell(event)
            if isinstance(event, Started):
                container = event.container
            if event.kind == told.get("stop") and not stops:
                stops.append(asyncio.create_task(stop(container)))
            if event.kind == told.get("until"):
                break
    await asyncio.gather(*stops)


def _tell(event: Event) -> None:
    print(json.dumps(as_json(event)), flush=True)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def main() -> None:
    told = json.load(sys.stdin)
    if told:
        asyncio.run(play(told))
    else:
        print(json.dumps(asdict(how_it_runs())))


if __name__ == "__main__":
    main()
