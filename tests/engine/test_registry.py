"""A base image in a registry that demands a token, with and without the user's login."""

from __future__ import annotations

import io
import json
import os
import tarfile
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.engine import registry
from tests.engine.builds import build, failed, finished, request
from tests.engine.conftest import Endpoint
from tui.core.events import Event, Pull

pytestmark = pytest.mark.xdist_group("registry")  # of its tests one at a time has Podman's port

PODMAN_PORT = 5077
"""The one Podman is told to speak plain HTTP with (tests/engine/machine)."""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker configuration of the test's own, with the plugins of the real one."""
    real = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    config = tmp_path / "config"
    config.mkdir()
    if (real / "cli-plugins").is_dir():
        (config / "cli-plugins").symlink_to(real / "cli-plugins")
    monkeypatch.setenv("DOCKER_CONFIG", str(config))
    return config


async def test_a_registry_that_demands_a_token(
    endpoint: Endpoint, transport: str, client: Any, plugins: Path, tmp_path: Path
) -> None:
    context = tmp_path / "context"
    context.mkdir()
    with registry.running(tmp_path, PODMAN_PORT if endpoint.is_podman else 0) as known:
        base = _pushed(client, known)
        dockerfile = f"FROM {base}\nCOPY --from={base} /data /copy\n"
        wanted = request(context, dockerfile, transport, base=base)

        known.granted.clear()
        refused = failed(await build(endpoint, wanted))
        assert known.refused or endpoint.is_podman
        assert refused.what == "The registry does not let you have a base image."
        assert "docker login" in refused.fix

        (plugins / "config.json").write_text(json.dumps(known.configuration))
        events = await build(endpoint, wanted)
        finished(events)
        assert known.granted
        if transport == "api":
            assert _pulls(events) == ["pulling", "done"]
            assert _pulls(await build(endpoint, wanted)) == ["present"]
            client.remove_image(base, force=True)


def _pulls(events: list[Event]) -> list[str]:
    states = [event.state for event in events if isinstance(event, Pull)]
    return [state for number, state in enumerate(states) if number == 0 or state != states[number - 1]]


def _pushed(client: Any, known: registry.Registry) -> str:
    """A new image that is in the registry and no longer in the engine's store."""
    repository = f"{known.host}/private/{uuid.uuid4().hex[:8]}"
    data, archive = os.urandom(300_000), io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo("data")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    imported = json.loads(client.import_image_from_data(archive.getvalue()))["status"]
    client.tag(imported, repository, "1")
    for line in client.push(repository, "1", auth_config=known.login, stream=True, decode=True):
        assert "error" not in line, line
    client.remove_image(f"{repository}:1", force=True)
    return f"{repository}:1"
