"""From a base in a private registry to a pushed image, without an engine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.engine import registry
from tests.engine.embedded import handmade
from tests.engine.embedded.pulling import Told, pulled
from tests.engine.embedded.test_build import PROJECTS, built, image, wanted
from tui.core.events import Failed, Step
from tui.engine.embedded.blobs import Blobs


@pytest.fixture
def ping(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / "ping", tmp_path / "ping"))


async def test_from_a_private_base_to_a_pushed_image(
    ping: Path, tmp_path: Path, made: Blobs, blobs: Blobs, docker_config: Path
) -> None:
    with registry.running(tmp_path / "registry", demands="nothing") as known:
        port = int(known.host.rpartition(":")[2])
        base = handmade.image(made, b"of the base")
        handmade.put(known.host, "hub/alpine", "3.24", made, base)
    with registry.running(tmp_path / "registry", port) as known:
        request = wanted(
            ping,
            runtime="alpine",
            registry=f"{known.host}/hub",
            tag=f"{known.host}/team/ping:1",
            deliver="registry",
        )
        refused = (await built(request, tmp_path / "store"))[-1]
        assert isinstance(refused, Failed) and f"docker login {known.host}" in refused.fix

        (docker_config / "config.json").write_text(json.dumps(known.configuration))
        events = Told(await built(request, tmp_path / "store"))
        assert events.states == ["pulling", "done"]
        assert [step for step in events if isinstance(step, Step) and "pushing" in step.name]
        found, _ = pulled(f"{known.host}/team/ping:1", blobs)
        assert found.manifest.digest == image(events)
        assert found.layers[0] == base.layers[0] and len(found.layers) > 1


async def test_a_push_that_fails_leaves_the_image_here(ping: Path, tmp_path: Path) -> None:
    request = wanted(ping, tag="localhost:1/ping:1", deliver="registry")
    end = (await built(request, tmp_path / "store"))[-1]
    assert isinstance(end, Failed) and end.what == "localhost:1 cannot be reached." and end.why and end.fix
    assert [path for path in (tmp_path / "store").rglob("names/*") if path.is_file()]
