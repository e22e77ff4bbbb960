"""What Podman 4.3 printed for a build, as the steps BuildKit would have shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.engine.builds import reduced, request
from tui.core.events import Event, Notice, Step, StepLog
from tui.engine import EngineInfo
from tui.engine.daemon import api
from tui.engine.daemon.podman import PodmanTrace
from tui.engine.daemon.wire import EngineRefused

DOCKERFILE = """\
FROM --platform=$BUILDPLATFORM golang:1.27-alpine AS build
ARG TARGETOS
WORKDIR /src
COPY go.mod ./
RUN go mod download
FROM scratch
COPY --from=build /out/app /app
USER 65532
"""
LINES = [
    'time="2026-11-21T07:14:30Z" level=warning msg="missing \\"TARGETOS\\" build argument."\n',
    "[1/2] STEP 1/5: FROM golang:1.27-alpine AS build\n",
    "[1/2] STEP 2/5: ARG TARGETOS\n",
    "--> d8b50868cf6\n",
    "[1/2] STEP 3/5: WORKDIR /src\n",
    "--> Using cache 9e2efa5032655a7761dd6033dfe261b2d7159745bc844230e57e52565bf78bb7\n",
    "--> 9e2efa50326\n",
    "[1/2] STEP 4/5: COPY go.mod ./\n",
    "--> 080bab4b604\n",
    "[1/2] STEP 5/5: RUN go mod download\n",
    "go: no module dependencies to download\n",
    "--> 080bab4b604\n",
    "[2/2] STEP 1/3: FROM scratch\n",
    "[2/2] STEP 2/3: COPY --from=build /out/app /app\n",
    "--> 080bab4b605\n",
    "[2/2] STEP 3/3: USER 65532\n",
    "[2/2] COMMIT t:1\n",
    "--> 072ac8a38f6\n",
    "Successfully tagged docker.io/library/t:1\n",
    "072ac8a38f6608177c46fc549f70c4911f93efd4c752294eca52d63e21d5dfdf\n",
]


def folded(lines: list[str], error: str = "") -> list[Event]:
    trace = PodmanTrace(DOCKERFILE)
    return [event for line in lines for event in trace.events(line)] + list(trace.end(error))


def test_the_steps_buildkit_would_show() -> None:
    assert reduced(folded(LINES)) == [
        ("BUILD STAGE", "FROM golang:1.27-alpine", "done"),
        ("BUILD STAGE", "WORKDIR /src", "cached"),
        ("BUILD STAGE", "COPY go.mod ./", "done"),
        ("BUILD STAGE", "RUN go mod download", "done"),
        ("FINAL STAGE", "COPY /out/app /app", "done"),
    ]


def test_output_belongs_to_its_step() -> None:
    (log,) = [event for event in folded(LINES) if isinstance(event, StepLog)]
    assert (log.step, log.text) == ("podman:0:4", "go: no module dependencies to download\n")


def test_the_step_that_ran_is_the_one_that_failed() -> None:
    steps = {event.id: event for event in folded(LINES[:11], "exit status 1") if isinstance(event, Step)}
    assert {id: step.error for id, step in steps.items() if step.error} == {"podman:0:4": "exit status 1"}


async def test_a_cached_layer_removed_by_others_is_built_again_without_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race cannot be brought about at will; the answers are those Podman 4.3 gave."""
    asked: list[dict[str, str]] = []

    class Answers:
        def __init__(self, _: object) -> None:
            self.cancel = lambda: None

        def post(self, _: str, params: dict[str, str], *__: object) -> Iterator[dict[str, Any]]:
            asked.append(params)
            yield {"stream": "STEP 1/1: FROM scratch\n"}
            if len(asked) == 1:
                raise EngineRefused(api.CACHE_RACE)
            yield {"aux": {"ID": "sha256:0"}}

    monkeypatch.setattr(api, "Wire", Answers)
    monkeypatch.setattr(api, "fetch", lambda *_: None)
    client = SimpleNamespace(_proxy_configs=SimpleNamespace(get_environment=dict))
    info = EngineInfo("Podman", "4.3.1", "linux", "amd64", "unix:///p", "overlay", None)
    wanted = request(tmp_path, "FROM scratch\n", "api")
    events = [event async for event in api.build(client, wanted, info)]
    assert [params.get("nocache") for params in asked] == [None, "1"]
    assert [event.text.split(":")[0] for event in events if isinstance(event, Notice)] == [
        "Something else removed a layer Podman looked for in its cache"
    ]
