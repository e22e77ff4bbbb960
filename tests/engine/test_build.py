"""Building on real engines, over every transport each has."""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.engine import images
from tests.engine.builds import (
    ALPINE,
    STATIC,
    build,
    engine_at,
    failed,
    finished,
    gone,
    only,
    processes,
    reduced,
    request,
)
from tests.engine.conftest import Endpoint, combinations, find
from tui.core.events import BuildStarted, Notice, Step, StepLog
from tui.engine import BuildRequest

STAGES = f"""
FROM {ALPINE} AS build
WORKDIR /src
COPY go.mod ./
RUN --mount=type=cache,target=/cache echo begun > /out
COPY . .
RUN --mount=type=cache,target=/cache cat main.go >> /out

FROM {STATIC}
COPY --from=build /out /out
USER 65532:65532
ENTRYPOINT ["cat", "/out"]
"""
STEPS = [
    ("BUILD STAGE", f"FROM {ALPINE}"),
    ("BUILD STAGE", "WORKDIR /src"),
    ("BUILD STAGE", "COPY go.mod ./"),
    ("BUILD STAGE", "RUN echo begun > /out"),
    ("BUILD STAGE", "COPY . ."),
    ("BUILD STAGE", "RUN cat main.go >> /out"),
    ("FINAL STAGE", f"FROM {STATIC}"),
    ("FINAL STAGE", "COPY /out /out"),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "go.mod").write_text("module x\n")
    (tmp_path / "main.go").write_text(f"package main // {uuid.uuid4().hex}\n")
    return tmp_path


def staged(project: Path, transport: str) -> BuildRequest:
    return request(project, STAGES, transport, bases=f"{ALPINE} {STATIC}")


async def test_builds_what_was_asked(endpoint: Endpoint, transport: str, client: Any, project: Path) -> None:
    wanted = staged(project, transport)
    events = await build(endpoint, wanted, keep=True)
    done = finished(events)
    assert only(events, BuildStarted).transport == transport
    assert client.inspect_image(wanted.tag)["Id"] == done.image
    assert done.size is not None and done.size.uncompressed > 0 and 0 < done.seconds < 120
    client.remove_image(done.image, force=True)


async def test_the_steps_are_the_same_everywhere(
    endpoint: Endpoint, transport: str, client: Any, project: Path
) -> None:
    """The bases are nobody else's: BuildKit shows a step it shares with another build by that one's name,
    and what that one needs with it."""
    key = uuid.uuid4().hex[:8]
    bases = {ALPINE: f"dockwright-test/alpine:{key}", STATIC: f"dockwright-test/static:{key}"}
    text = STAGES
    for base, name in bases.items():
        images.changed(client, base, name)
        text = text.replace(base, name)
    wanted = [request(project, text, transport, bases=" ".join(bases.values())) for _ in "12"]
    first, second = [reduced(await build(endpoint, each, keep=True)) for each in wanted]
    for tag in [*bases.values(), *(each.tag for each in wanted)]:
        client.remove_image(tag, force=not endpoint.is_podman)

    named = {f"FROM {name}": f"FROM {base}" for base, name in bases.items()}
    assert [(group, named.get(title, title)) for group, title, _ in first] == STEPS
    assert [step[:2] for step in second] == [step[:2] for step in first]
    assert {status for _, _, status in first} <= {"done", "cached"}
    settled = [status for _, title, status in second if not title.startswith("FROM")]
    assert settled == ["cached"] * 6


async def test_only_the_given_texts_count(endpoint: Endpoint, transport: str, project: Path) -> None:
    """The project's own Dockerfile and .dockerignore are neither used nor touched."""
    own = {
        "Dockerfile": "FROM nothing-of-this\n",
        "Dockerfile.dockerignore": "*\n",
        ".dockerignore": "*\n",
        "secret.pem": "private",
        ".dockwright.Dockerfile.dockerignore": "*\n",
    }
    for name, text in own.items():
        (project / name).write_text(text)
    before = state(project)
    check = "test -f go.mod -a ! -e secret.pem"
    dockerfile = f"FROM {ALPINE}\nWORKDIR /src\nCOPY . .\nRUN {check} && ls -A\n"
    finished(await build(endpoint, request(project, dockerfile, transport, dockerignore="*.pem\n")))
    assert state(project) == before


def state(folder: Path) -> dict[str, tuple[str, int]]:
    return {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in folder.iterdir()}


async def test_an_empty_dockerignore_leaves_nothing_out(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    (project / ".dockerignore").write_text("go.mod\n")
    dockerfile = f"FROM {ALPINE}\nCOPY go.mod /\n"
    finished(await build(endpoint, request(project, dockerfile, transport)))


async def test_a_failed_step_is_named_with_its_line(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    text = uuid.uuid4().hex
    dockerfile = f"FROM {ALPINE}\n\nRUN true\nRUN echo {text}; \\\n    exit 7\n"
    events = await build(endpoint, request(project, dockerfile, transport))
    failure = failed(events)
    steps = {event.id: event for event in events if isinstance(event, Step)}
    assert steps[failure.step].error and "exit 7" in steps[failure.step].name
    assert failure.line == 4
    assert "exit code 7" in failure.what and failure.why and failure.fix
    assert text in failure.detail
    logs = "".join(event.text for event in events if isinstance(event, StepLog))
    assert text in logs


@pytest.mark.parametrize(
    ("dockerfile", "words"),
    [
        (f"FROM {ALPINE}\nCOPY nowhere /\n", "/nowhere is not in the build context."),
        (f"FROM {ALPINE}\nRUN exec /not/there\n", ""),
        ("FROM localhost:1/no/image:1\n", ""),
        (f"FROM {ALPINE}\nRUN sh -c 'echo missing go.sum entry >&2; exit 1'\n", "go.sum lacks an entry"),
    ],
)
async def test_failures_are_explained(
    endpoint: Endpoint, transport: str, project: Path, dockerfile: str, words: str
) -> None:
    base = "localhost:1/no/image:1" if "localhost:1" in dockerfile else ALPINE
    failure = failed(await build(endpoint, request(project, dockerfile, transport, base=base)))
    assert failure.what.startswith(words)
    assert failure.what and failure.why and failure.fix, failure


async def test_a_frontend_that_cannot_be_had_is_left_out(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    if endpoint.is_podman:
        return  # buildah takes the line for a comment
    dockerfile = f"# syntax=localhost:1/no/frontend:1\nFROM {ALPINE}\nRUN exit 3\n"
    began = time.monotonic()
    events = await build(endpoint, request(project, dockerfile, transport))
    assert "localhost:1/no/frontend:1" in only(events, Notice).text
    assert failed(events).line == 3, "line numbers stay"
    assert [event for event in events if isinstance(event, Step) and "resolve image" in event.name] == []
    assert time.monotonic() - began < 10


async def test_closing_the_stream_leaves_no_process(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    marker = new_marker()
    async with engine_at(endpoint.url) as engine:
        async with aclosing(engine.build(request(project, sleeping(marker), transport))) as events:
            async with asyncio.timeout(60):
                async for event in events:
                    if isinstance(event, StepLog) and "begun" in event.text:
                        break
            assert processes(marker), "the step runs on this machine"
        assert await gone(marker, cancel_seconds(endpoint))
    assert not leftovers(marker)


async def test_closing_the_stream_of_a_step_that_prints_without_end(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    marker = new_marker()
    seconds = "8" if endpoint.is_podman else "99"
    step = f"timeout {seconds} sh -c 'while true; do echo {marker}; done' || true"
    async with engine_at(endpoint.url) as engine:
        wanted = request(project, f"FROM {ALPINE}\nRUN {step}\n", transport)
        async with aclosing(engine.build(wanted)) as events, asyncio.timeout(60):
            count = 0
            async for event in events:
                count += isinstance(event, StepLog)
                if count == 3:  # there are not many more: BuildKit clips what a step prints
                    break
            assert count == 3 and processes(marker)
        assert await gone(marker, cancel_seconds(endpoint))


async def test_cancelling_the_reader_leaves_no_process(
    endpoint: Endpoint, transport: str, project: Path
) -> None:
    marker, begun = new_marker(), asyncio.Event()

    async def read() -> None:
        async with engine_at(endpoint.url) as engine:
            async for event in engine.build(request(project, sleeping(marker), transport)):
                if isinstance(event, StepLog):
                    begun.set()

    reader = asyncio.create_task(read())
    await asyncio.wait_for(begun.wait(), 60)
    assert processes(marker)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    assert await gone(marker, cancel_seconds(endpoint))


def cancel_seconds(endpoint: Endpoint) -> float:
    """Podman 4.3 lets the step that runs end by itself; only what comes after it is cancelled."""
    return 12 if endpoint.is_podman else 3


def new_marker() -> str:
    return f"dockwright-{uuid.uuid4().hex}"


def sleeping(marker: str) -> str:
    """Two steps with the marker in their command lines; the second one must not be reached."""
    steps = (f"echo begun; sleep 9; echo {marker}", f"sleep 99; echo {marker}")
    return f"FROM {ALPINE}\n" + "".join(f"RUN {step}\n" for step in steps)


def leftovers(marker: str) -> list[Path]:
    """What is left of the Dockerfiles that were laid out for buildx."""
    found = Path(tempfile.gettempdir()).glob("dockwright-*/Dockerfile")
    return [path for path in found if marker in path.read_text()]


@pytest.mark.slow
@pytest.mark.engine
async def test_a_step_silent_for_90_seconds_survives(tmp_path: Path) -> None:
    """On every engine and transport at once: the waiting is the same for all."""

    async def slept(name: str, transport: str) -> float:
        step = f"sleep 90; echo {uuid.uuid4().hex}"  # BuildKit would do the same step only once
        dockerfile = f"FROM {ALPINE}\nRUN {step}\n"
        events = await build(find(name), request(tmp_path, dockerfile, transport))
        finished(events)
        last = [event for event in events if isinstance(event, Step) and step in event.name][-1]
        assert last.started is not None and last.completed is not None
        return last.completed - last.started

    seconds = await asyncio.gather(*(slept(*pair) for pair in combinations()))
    assert all(89 < each < 120 for each in seconds), seconds
