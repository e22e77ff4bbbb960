"""Modules of a Git server that is reached by SSH, with the keys of this machine's agent.

It takes buildx to forward that; what the Engine API alone says is in test_private.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine.builds import build, failed, finished
from tests.engine.conftest import PATIENCE, Endpoint, combinations, find
from tests.engine.gitserver import requiring
from tests.engine.sshserver import SshServer, serving
from tui.core.events import Event
from tui.core.explain import explain
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine
NAMES = list(dict.fromkeys(name for name, transport in combinations() if transport == "buildx"))


@pytest.fixture(params=NAMES)
def builder(request: pytest.FixtureRequest) -> Endpoint:
    return find(request.param)


@pytest.fixture
def client(builder: Endpoint) -> Iterator[Any]:
    client = docker.APIClient(base_url=builder.url, timeout=PATIENCE, version="auto")
    yield client
    client.close()


@pytest.fixture
def server(tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SshServer]:
    folder = tmp_path / "git"
    folder.mkdir()
    gateway = client.inspect_network("bridge")["IPAM"]["Config"][0]["Gateway"]
    with serving(folder, gateway) as running:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(running.agent))
        monkeypatch.setenv("HOME", str(running.home))
        yield running


def planned(project: Project, server: SshServer) -> Plan:
    plan = defaults(project)
    given = {"private": server.address, "private-access": "ssh", "tag": "dockwright-test/private-ssh:1"}
    for key, text in given.items():
        plan = answer_text(project, plan, key, text)
    return plan


async def built(endpoint: Endpoint, project: Project, plan: Plan) -> list[Event]:
    return await build(endpoint, build_request(project, plan), keep=True)


async def test_the_agent_opens_a_known_server_and_leaves_nothing_in_the_image(
    builder: Endpoint, client: Any, server: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = requiring(tmp_path, server.module, server.direct)
    plan = planned(project, server)
    known = server.home / ".ssh" / "known_hosts"
    key = known.read_text()

    known.write_text("")
    refused = failed(await built(builder, project, plan))
    told = explain(refused.detail)
    assert told is not None and "known_hosts" in told.fix, refused

    known.write_text(key)
    image = finished(await built(builder, project, plan)).image
    container = client.create_container(image)["Id"]
    try:
        client.start(container)
        assert client.wait(container)["StatusCode"] == 0
        assert server.word.encode() in client.logs(container)
        assert key.split()[2] not in str(client.history(image)) + str(client.inspect_image(image))
    finally:
        client.remove_container(container, force=True)
        client.remove_image(image, force=True)
