"""Digests from a registry on loopback, and from the store when no registry answers."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.engine import images, registry
from tests.engine.builds import engine_at
from tests.engine.conftest import Endpoint
from tests.engine.test_registry import PODMAN_PORT, plugins
from tui.engine import EngineError

__all__ = ["plugins"]


async def digest(endpoint: Endpoint, reference: str, platform: str | None = None) -> str:
    async with engine_at(endpoint.url) as engine:
        return await engine.digest(reference, platform)


def pushed(client: Any, known: registry.Registry) -> tuple[str, str]:
    """A new image in the registry and in the store; its reference and its digest there."""
    repository = f"{known.host}/private/{uuid.uuid4().hex[:8]}"
    tag = images.load(client, images.layer(images.file("x", uuid.uuid4().bytes)))
    client.tag(tag, repository, "1")
    client.remove_image(tag, force=False)
    told = ""
    for line in client.push(repository, "1", auth_config=known.login, stream=True, decode=True):
        assert "error" not in line, line
        told += json.dumps(line)
    found = re.search(r"sha256:[0-9a-f]{64}", told)
    return f"{repository}:1", found[0] if found else ""


async def test_the_registry_is_asked_then_the_store(
    endpoint: Endpoint, client: Any, plugins: Path, tmp_path: Path
) -> None:
    with registry.running(tmp_path, PODMAN_PORT if endpoint.is_podman else 0) as known:
        (plugins / "config.json").write_text(json.dumps(known.configuration))
        reference, expected = pushed(client, known)
        known.granted.clear()
        found = await digest(endpoint, reference, "linux/amd64")
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", found)
        if not endpoint.is_podman:
            assert found == expected and known.granted
            with pytest.raises(EngineError, match="not made for linux/arm64"):
                await digest(endpoint, reference, "linux/arm64")
        assert await digest(endpoint, f"{reference}@{found}") == found
    try:
        assert await digest(endpoint, reference) == found, "the registry is gone, the store knows it"
    finally:
        client.remove_image(reference, force=True)
    with pytest.raises(EngineError) as refusal:
        await digest(endpoint, reference)
    assert reference in refusal.value.what and refusal.value.why and refusal.value.fix
