"""What is read of an image in its registry is what an engine reads of it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine import registry
from tests.engine.builds import engine_at
from tests.engine.conftest import combinations, find
from tests.engine.embedded import handmade
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.engine import EmbeddedEngine

BUILDER = "dockwright-test/small-builder:1"
"""Debian with what makes an image one that compiles Go and C, without the size of such an image."""

SMALL_BUILDER = """\
FROM debian:trixie-slim
ENV PATH=/usr/local/go/bin:$PATH GOPATH=/modules GOTOOLCHAIN=local
RUN mkdir -p /usr/local/go/bin && echo go1.27.3 > /usr/local/go/VERSION \\
 && for name in local/go/bin/go bin/gcc bin/g++ bin/git bin/ssh; do \\
      printf '#!/bin/sh\\n' > /usr/$name && chmod 755 /usr/$name || exit; done
"""

IMAGES = (
    "debian:trixie-slim",
    "alpine:3.24",
    "gcr.io/distroless/base-debian13:nonroot",
    BUILDER,
)

pytestmark = pytest.mark.usefixtures("docker_config")


@pytest.fixture
def small_builder(first_client: Any) -> Iterator[None]:
    said = list(
        first_client.build(fileobj=io.BytesIO(SMALL_BUILDER.encode()), tag=BUILDER, rm=True, decode=True)
    )
    assert not [line["error"] for line in said if "error" in line], said
    yield
    first_client.remove_image(BUILDER, force=True)


@pytest.mark.engine
@pytest.mark.usefixtures("small_builder")
@pytest.mark.parametrize("reference", IMAGES)
async def test_the_same_facts(
    reference: str, known: registry.Registry, first_client: docker.APIClient, tmp_path: Path
) -> None:
    there = f"{known.host}/{reference}"
    name, tag = there.rsplit(":", 1)
    first_client.tag(reference, name, tag)
    try:
        for answer in first_client.push(there, stream=True, decode=True):
            assert "error" not in answer, answer
    finally:
        first_client.remove_image(there)
    async with engine_at(find(combinations()[0][0]).url) as engine:
        by_docker = await engine.read_image(reference)
    found = await EmbeddedEngine(os.environ, tmp_path / "store").read_image(there)
    assert replace(found, reference=reference, size=by_docker.size) == by_docker
    if reference == BUILDER:
        assert (found.go, found.module_cache) == ("1.27.3", "/modules/pkg/mod")
        assert found.gcc and found.cxx and found.git and found.ssh


async def test_every_platform_of_an_index(known: registry.Registry, made: Blobs, tmp_path: Path) -> None:
    images = [
        handmade.image(made, platform.encode(), platform=platform)
        for platform in ("linux/amd64", "linux/arm64")
    ]
    handmade.put(known.host, "own", "1", made, *images, top=handmade.index(made, *images))
    found = await EmbeddedEngine(os.environ, tmp_path / "store").read_image(f"{known.host}/own:1")
    assert found.platforms == ("linux/amd64", "linux/arm64")


async def test_instructions_for_images_made_from_it(
    known: registry.Registry, made: Blobs, tmp_path: Path
) -> None:
    engine = EmbeddedEngine(os.environ, tmp_path / "store")
    for tag, told in (("plain", {"OnBuild": None}), ("triggers", {"OnBuild": ["RUN true"]})):
        there = handmade.put(known.host, "own", tag, made, handmade.image(made, b"a", told=told))
        assert (await engine.read_image(there)).onbuild == (tag == "triggers")


async def test_what_is_not_there(known: registry.Registry, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="none"):
        await EmbeddedEngine(os.environ, tmp_path / "store").read_image(f"{known.host}/none:1")
