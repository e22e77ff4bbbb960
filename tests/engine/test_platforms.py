"""Building for a platform the engine cannot run, and without a network."""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.engine import actors, images
from tests.engine.builds import ALPINE, build, engine_at, failed, finished, request
from tests.engine.conftest import Endpoint
from tui.core.events import Failed, Pull
from tui.engine import RunRequest
from tui.engine.daemon.bases import fits

FOREIGN = "linux/arm64"
CROSS = f"""
FROM --platform=$BUILDPLATFORM {ALPINE} AS build
ARG TARGETOS
ARG TARGETARCH
RUN test "$TARGETOS/$TARGETARCH" = {FOREIGN} && echo {{key}} > /key
COPY actor /actor
FROM {{base}}
COPY --from=build /actor /actor
ENTRYPOINT ["/actor"]
"""


@functools.cache
def foreign_program() -> bytes:
    """The actor for the foreign platform, cross-compiled here."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "actor"
        subprocess.run(
            [actors.go(), "build", "-trimpath", "-ldflags=-s -w", "-o", target, "."],
            cwd=actors.SOURCE,
            env=os.environ
            | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "GOARCH": "arm64"},
            check=True,
        )
        return target.read_bytes()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    (tmp_path / "actor").write_bytes(foreign_program())
    (tmp_path / "actor").chmod(0o755)
    return tmp_path


async def test_a_cross_built_image_says_its_platform_and_running_it_fails_in_words(
    endpoint: Endpoint, transport: str, client: Any, context: Path
) -> None:
    dockerfile = CROSS.format(key=uuid.uuid4().hex, base="scratch")
    wanted = request(context, dockerfile, transport, platform=FOREIGN)
    done = finished(await build(endpoint, wanted, keep=True))
    try:
        image = client.inspect_image(done.image)
        assert (image["Os"], image["Architecture"]) == ("linux", "arm64")
        async with engine_at(endpoint.url) as engine:
            for platform in (FOREIGN, None):
                asked = RunRequest(image=done.image, tag=wanted.tag, platform=platform)
                events = [event async for event in engine.run(asked)]
                assert isinstance(events[-1], Failed), events
                assert events[-1].what == "The program was made for another processor or system."
                assert events[-1].fix
    finally:
        client.remove_image(wanted.tag, force=True)


async def test_a_base_of_the_wanted_platform_is_used(
    endpoint: Endpoint, transport: str, client: Any, context: Path
) -> None:
    base = images.load(client, images.layer(images.file("base")), f"{FOREIGN}/v8")
    dockerfile = CROSS.format(key=uuid.uuid4().hex, base=base)
    wanted = request(context, dockerfile, transport, bases=f"{ALPINE} {base}", platform=FOREIGN)
    try:
        events = await build(endpoint, wanted, keep=True)
        done = finished(events)
        assert {event.state for event in events if isinstance(event, Pull)} <= {"present"}
        layers = client.inspect_image(base)["RootFS"]["Layers"]
        image = client.inspect_image(done.image)
        assert image["Architecture"] == "arm64"
        assert image["RootFS"]["Layers"][: len(layers)] == layers
        client.remove_image(wanted.tag, force=True)
    finally:
        client.remove_image(base, force=True)


async def test_a_base_of_another_platform_is_not_taken_for_the_wanted_one(
    endpoint: Endpoint, transport: str, client: Any, context: Path
) -> None:
    """Containerd's store would give the other platform's files out under the wanted name."""
    base = f"localhost:1/other:{uuid.uuid4().hex[:12]}"
    client.tag(ALPINE, *base.rsplit(":", 1))
    dockerfile = CROSS.format(key=uuid.uuid4().hex, base=base)
    wanted = request(context, dockerfile, transport, bases=f"{ALPINE} {base}", platform=FOREIGN)
    try:
        failure = failed(await build(endpoint, wanted))
        assert f"{base} for {FOREIGN} is not in the engine's store." in failure.why
        assert failure.fix
    finally:
        client.remove_image(base, force=not endpoint.is_podman)


async def test_every_stage_that_builds_takes_the_engines_own_platform(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    """As with a front end's stage beside the Go one."""
    node = f"localhost:1/node:{uuid.uuid4().hex[:12]}"
    client.tag(ALPINE, *node.rsplit(":", 1))
    dockerfile = (
        f"ARG NODE={node}\nFROM --platform=$BUILDPLATFORM $NODE AS ui\nRUN echo {uuid.uuid4().hex} > /ui\n"
        f"FROM --platform=$BUILDPLATFORM {ALPINE} AS build\nCOPY --from=ui /ui /ui\nRUN cat /ui > /out\n"
        "FROM scratch\nCOPY --from=build /out /out\n"
    )
    wanted = request(tmp_path, dockerfile, transport, bases=f"{ALPINE} {node}", platform=FOREIGN)
    try:
        finished(await build(endpoint, wanted))
    finally:
        client.remove_image(node, force=not endpoint.is_podman)


async def test_what_is_in_the_store_needs_no_registry(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    """The base's registry does not exist, so any attempt to ask it would fail."""
    base = f"localhost:1/kept:{uuid.uuid4().hex[:12]}"
    client.tag(ALPINE, *base.rsplit(":", 1))
    dockerfile = f"FROM {base} AS a\nRUN echo {uuid.uuid4().hex} > /a\nFROM {base}\nCOPY --from=a /a /\n"
    try:
        finished(await build(endpoint, request(tmp_path, dockerfile, transport, base=base)))
    finally:
        client.remove_image(base, force=not endpoint.is_podman)


async def test_a_base_that_is_missing_offline_is_named(
    endpoint: Endpoint, transport: str, tmp_path: Path
) -> None:
    base = "localhost:1/missing:1"
    failure = failed(await build(endpoint, request(tmp_path, f"FROM {base}\n", transport, base=base)))
    assert failure.what == "A registry could not be reached."
    assert failure.why.startswith(f"{base} is not in the engine's store.")


@pytest.mark.parametrize(
    ("wanted", "found", "expected"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/arm", "linux/arm/v7", True),
        ("linux/arm/v7", "linux/arm/v7", True),
        ("linux/arm/v7", "linux/arm/v6", False),
        ("linux/arm", "linux/arm64", False),
        ("linux/arm64", "linux/amd64", False),
    ],
)
def test_which_image_serves_a_platform(wanted: str, found: str, expected: bool) -> None:
    assert fits(wanted, found) is expected
