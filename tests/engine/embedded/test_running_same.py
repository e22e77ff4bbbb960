"""A run without an engine says the same as one on Docker."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine import actors, conftest
from tests.engine.embedded.stage import Stage
from tui.core.events import Event, Exited, Failed, Log
from tui.engine.daemon.run import stop

PLAYS: dict[str, tuple[str, ...]] = {
    "ended well": ("exit", "0"),
    "own code": ("exit", "3"),
    "error": ("exit", "1"),
    "panic": ("panic",),
    "words": ("say", "a b", "$x"),
    "read-only": ("write", "/tmp/a", "/b"),
    "missing file": ("read", "/etc/config.yaml"),
    "half a character": ("pieces",),
    "polite": ("polite",),
    "no handler": ("wait",),
}
STOPPED = ("polite", "wait")


@pytest.mark.engine
@pytest.mark.parametrize("args", PLAYS.values(), ids=PLAYS)
async def test_the_end_is_the_same(unprivileged: Stage, first_client: Any, args: tuple[str, ...]) -> None:
    docker = actors.Stage(conftest.find(conftest.combinations()[0][0]), first_client)
    stopped = args[0] in STOPPED

    async def ask_to_stop(event: Event) -> bool:
        if stopped and isinstance(event, Log) and "waiting" in event.text:
            await stop(first_client, docker.inspect()["Id"])
        return False

    await docker.play(*args, until=ask_to_stop)
    unprivileged.play(*args, stop="log" if stopped else None)
    assert _told(unprivileged.events) == _told(docker.events)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("dockerfile", "config", "content", "mode"),
    [
        (actors.GONE, {"Entrypoint": ["/gone"]}, b"", 0o755),
        (actors.PLAIN, {}, b"this is no program", 0o755),
        (actors.PLAIN, {}, b"this is no program", 0o644),
        (actors.PLAIN.replace('/actor"]', 'actor"]'), {"Entrypoint": ["actor"]}, b"", 0o755),
    ],
    ids=["gone", "format", "permission", "not in PATH"],
)
async def test_the_failure_is_the_same(
    unprivileged: Stage, first_client: Any, dockerfile: str, config: Any, content: bytes, mode: int
) -> None:
    docker = actors.Stage(conftest.find(conftest.combinations()[0][0]), first_client)
    await docker.play(image_tag=actors.image(first_client, dockerfile, content, mode))
    (unprivileged.root / "actor").write_bytes(content)
    (unprivileged.root / "actor").chmod(mode)
    unprivileged.play(config=config)
    failed, expected = unprivileged.only(Failed), docker.only(Failed)
    assert (failed.what, failed.why, failed.fix) == (expected.what, expected.why, expected.fix)


def _told(events: list[Event]) -> tuple[str, str, int, str, bool]:
    text = ["".join(e.text for e in events if isinstance(e, Log) and e.stream == stream) for stream in (1, 2)]
    end = events[-1]
    assert isinstance(end, Exited)
    trace = text[1].partition("goroutine")[0]  # addresses follow
    return text[0], trace, end.exit_code, end.meaning, end.requested
