"""What is read of an image in its registry is what an engine reads of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from tests.engine import registry
from tests.engine.builds import build, engine_at, finished, request, untag
from tests.engine.conftest import combinations, find
from tests.engine.embedded import handmade
from tui.core.own_image import OwnImage
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.engine import EmbeddedEngine

IMAGES = ("debian:trixie-slim", "alpine:3.24", "gcr.io/distroless/base-debian13:nonroot")
SMALL_BUILDER = """\
FROM debian:trixie-slim
ENV PATH=/usr/local/go/bin:$PATH GOPATH=/modules GOTOOLCHAIN=local
RUN mkdir -p /usr/local/go/bin && echo go1.27.3 > /usr/local/go/VERSION \\
 && for name in local/go/bin/go bin/gcc bin/g++ bin/git bin/ssh; do \\
      printf '#!/bin/sh\\n' > /usr/$name && chmod 755 /usr/$name || exit; done
"""
"""What makes an image one that compiles Go and C, without the size of such an image."""

pytestmark = pytest.mark.usefixtures("docker_config")


@pytest.mark.engine
@pytest.mark.parametrize("reference", IMAGES)
async def test_the_same_facts(
    reference: str, known: registry.Registry, first_client: docker.APIClient, tmp_path: Path
) -> None:
    found, by_docker = await read_both_ways(reference, known, first_client, tmp_path)
    assert found == by_docker


@pytest.mark.engine
async def test_the_same_facts_of_a_builder(
    known: registry.Registry, first_client: docker.APIClient, tmp_path: Path
) -> None:
    endpoint, wanted = find(combinations()[0][0]), request(tmp_path, SMALL_BUILDER, "api")
    finished(await build(endpoint, wanted, keep=True))
    try:
        found, by_docker = await read_both_ways(wanted.tag, known, first_client, tmp_path)
    finally:
        untag(endpoint.url, wanted.tag)
    assert found == by_docker
    assert (found.go, found.module_cache) == ("1.27.3", "/modules/pkg/mod")
    assert found.gcc and found.cxx and found.git and found.ssh


async def read_both_ways(
    reference: str, known: registry.Registry, client: docker.APIClient, folder: Path
) -> tuple[OwnImage, OwnImage]:
    """The facts of that image from the registry it is pushed to, then those from the engine.

    Only an engine knows the unpacked size; the former have it and the reference from the latter.
    """
    there = f"{known.host}/{reference}"
    name, tag = there.rsplit(":", 1)
    client.tag(reference, name, tag)
    try:
        for answer in client.push(there, stream=True, decode=True):
            assert "error" not in answer, answer
    finally:
        client.remove_image(there)
    async with engine_at(find(combinations()[0][0]).url) as engine:
        by_docker = await engine.read_image(reference)
    found = await EmbeddedEngine(os.environ, folder / "store").read_image(there)
    return replace(found, reference=reference, size=by_docker.size), by_docker


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
