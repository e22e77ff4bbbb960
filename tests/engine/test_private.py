"""Modules of a Git server that wants a password and shows a company's certificate."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.builds import engine_at, failed, finished
from tests.engine.conftest import Endpoint, missing
from tests.engine.gitserver import PASSWORD, USER, GitServer, serving
from tui.core.events import Event, StepLog
from tui.core.inspect import inspect
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.engine.requests import build_request

MAIN = """\
package main

import greet "{module}"

func main() {{ println(greet.Word()) }}
"""


@pytest.fixture
def server(tmp_path: Path, endpoint: Endpoint, client: Any) -> Iterator[GitServer]:
    # Podman's bridge is there only while a container runs, and its builds never get as far.
    address = (
        "127.0.0.1"
        if endpoint.is_podman
        else client.inspect_network("bridge")["IPAM"]["Config"][0]["Gateway"]
    )
    folder = tmp_path / "git"
    folder.mkdir()
    with serving(folder, address) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: GitServer) -> Project:
    """A program that requires the private module, with its go.sum."""
    tree = os.environ.get("DOCKWRIGHT_TEST_GO")
    if not tree:
        missing("DOCKWRIGHT_TEST_GO names no Go tree")
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "go.mod").write_text(f"module example.com/app\n\ngo 1.27\n\nrequire {server.module} v1.0.0\n")
    (folder / "main.go").write_text(MAIN.format(module=server.module))
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": f"{tree}/bin:/usr/bin:/bin",
        "HOME": str(home),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.https://{USER}:{PASSWORD}@{server.address}/.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://{server.address}/",
        "GOPRIVATE": server.address,
        "GIT_SSL_CAINFO": str(server.ca),
        "GOFLAGS": "-modcacherw",
        "GOTOOLCHAIN": "local",
    }
    subprocess.run(["go", "mod", "tidy"], cwd=folder, env=environment, check=True, capture_output=True)
    return inspect(folder)


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
    async with engine_at(endpoint.url) as engine:
        return [event async for event in engine.build(build_request(project, plan))]


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
