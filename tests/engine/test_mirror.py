"""The product gets base images from a mirror: under these names the engine has none of them before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docker
import pytest

from tests.cover import trial
from tests.cover.applications import project
from tests.cover.asserted import behaves, is_as_asked
from tests.cover.model import plan_of
from tests.cover.rows import Row
from tests.engine import registry
from tests.engine.builds import engine_at, finished
from tests.engine.conftest import PATIENCE, combinations, find
from tests.engine.test_registry import PODMAN_PORT
from tui.engine.requests import build_request

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("registry")]

NAMES = list(dict.fromkeys(name for name, _ in combinations() if name in (combinations()[0][0], "podman")))
"""One of Docker and the other kind: each unpacks a Go image of 240 MB for it."""

BUILDER, RUNTIME = "golang:1.27-alpine3.24", "gcr.io/distroless/static-debian13:nonroot"


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory, first_client: Any) -> Iterator[str]:
    """What is put before the names of the base images, which were pushed there."""
    folder = tmp_path_factory.mktemp("mirror")
    with registry.running(folder, PODMAN_PORT, demands="nothing") as running:
        for name in (BUILDER, RUNTIME):
            _moved(first_client, name, f"{running.host}/hub/{name}")
        yield f"{running.host}/hub"


@pytest.mark.parametrize("name", NAMES)
async def test_a_row_is_built_from_a_mirror_alone(name: str, mirror: str) -> None:
    endpoint = find(name)
    client: Any = docker.APIClient(base_url=endpoint.url, version="auto", timeout=PATIENCE)
    chosen = (("builder", "golang-alpine3.24"), ("runtime", "distroless-static-debian13"))
    row = Row("http", (*chosen, ("registry", mirror)))
    found = project(row.app)
    made = replace(plan_of(found, row), tag=trial.tag("mirror"))
    request = build_request(found, made)
    assert request.bases == tuple(f"{mirror}/{name}" for name in (BUILDER, RUNTIME))
    try:
        async with engine_at(endpoint.url) as engine:
            built = finished([event async for event in engine.build(request)]).image
            seen = await trial.run(engine, client, row, made, built)
        await asyncio.to_thread(is_as_asked, client, made)
        behaves(row, made, seen)
    finally:
        for image in (made.tag, *request.bases):
            await asyncio.to_thread(_removed, client, image)
        client.close()


def _moved(client: Any, name: str, mirrored: str) -> None:
    """Push that image there, and forget the name."""
    repository, _, tag = mirrored.rpartition(":")
    assert client.tag(name, repository, tag)
    said = list(client.push(repository, tag, stream=True, decode=True))
    assert not [line["error"] for line in said if "error" in line], said
    client.remove_image(mirrored)


def _removed(client: Any, name: str) -> None:
    if client.images(name):
        client.remove_image(name, force=True)
