"""Modules of a Git server that wants a password and shows a company's certificate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.builds import build, failed, finished
from tests.engine.conftest import Endpoint
from tests.engine.gitserver import PASSWORD, GitServer, requiring, serving
from tui.core.events import Event, StepLog
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.engine.requests import build_request


@pytest.fixture
def address(endpoint: Endpoint, client: Any) -> str:
    """Where a build reaches this machine."""
    # Podman's bridge is there only while a container runs, and its builds never get as far.
    if endpoint.is_podman:
        return "127.0.0.1"
    return str(client.inspect_network("bridge")["IPAM"]["Config"][0]["Gateway"])


@pytest.fixture
def server(tmp_path: Path, address: str) -> Iterator[GitServer]:
    folder = tmp_path / "git"
    folder.mkdir()
    with serving(folder, address) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: GitServer) -> Project:
    return requiring(tmp_path, server.module, server.direct, GIT_SSL_CAINFO=str(server.ca))


def planned(project: Project, server: GitServer, **answers: str) -> Plan:
    plan = defaults(project)
    given = {
        "private": server.address,
        "netrc": str(server.netrc),
        "ca-file": str(server.ca),
        "tag": "dockwright-test/private:1",
    }
    for key, text in (given | answers).items():
        plan = answer_text(project, plan, key, text)
    return plan


async def built(endpoint: Endpoint, project: Project, plan: Plan) -> list[Event]:
    return await build(endpoint, build_request(project, plan), keep=True)


async def test_the_password_and_the_certificate_reach_the_build_and_not_the_image(
    endpoint: Endpoint, transport: str, client: Any, project: Project, server: GitServer, tmp_path: Path
) -> None:
    plan = planned(project, server, transport=transport)
    if transport == "api":
        refused = failed(await built(endpoint, project, plan))
        assert "buildx" in f"{refused.what} {refused.why} {refused.fix}"
        return
    (tmp_path / "empty").write_text("")
    events = await built(endpoint, project, answer_text(project, plan, "netrc", str(tmp_path / "empty")))
    failed(events)
    log = "".join(event.text for event in events if isinstance(event, StepLog))
    assert "no secure protocol found for repository" in log

    image = finished(await built(endpoint, project, plan)).image
    assert PASSWORD not in str(client.history(image)) + str(client.inspect_image(image))
    container = client.create_container(image)["Id"]
    try:
        client.start(container)
        assert client.wait(container)["StatusCode"] == 0
        assert server.word.encode() in client.logs(container)
        exported = b"".join(client.export(container))
        assert PASSWORD.encode() not in exported
        assert server.ca.read_bytes().strip() not in exported
    finally:
        client.remove_container(container, force=True)
        client.remove_image(image, force=True)
