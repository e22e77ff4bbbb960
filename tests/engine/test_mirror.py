"""The product gets base images from a mirror, on every engine: nothing of them is in its store before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import project
from tests.cover.asserted import behaves, is_as_asked
from tests.cover.model import plan_of
from tests.cover.rows import Row
from tests.engine import registry
from tests.engine.builds import engine_at, finished
from tests.engine.conftest import Endpoint
from tests.engine.test_registry import PODMAN_PORT
from tui.engine.requests import build_request

pytestmark = pytest.mark.xdist_group("registry")

BUILDER, RUNTIME = "golang:1.27-alpine3.24", "gcr.io/distroless/static-debian13:nonroot"


async def test_a_row_is_built_from_a_mirror_alone(endpoint: Endpoint, client: Any, tmp_path: Path) -> None:
    with registry.running(tmp_path, PODMAN_PORT if endpoint.is_podman else 0, demands="nothing") as mirror:
        for name in (BUILDER, RUNTIME):
            await asyncio.to_thread(_moved, client, name, f"{mirror.host}/hub/{name}")
        answers = (
            ("builder", "golang-alpine3.24"),
            ("runtime", "distroless-static-debian13"),
            ("registry", f"{mirror.host}/hub"),
        )
        row = Row("http", answers)
        found = project(row.app)
        made = replace(plan_of(found, row), tag=trial.tag("mirror"))
        request = build_request(found, made)
        assert request.bases == tuple(f"{mirror.host}/hub/{name}" for name in (BUILDER, RUNTIME))
        try:
            async with engine_at(endpoint.url) as engine:
                image = finished([event async for event in engine.build(request)]).image
                seen = await trial.run(engine, client, row, made, image)
            await asyncio.to_thread(is_as_asked, client, made)
            behaves(row, made, seen)
        finally:
            for name in (made.tag, *request.bases):
                await asyncio.to_thread(_removed, client, name)


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
