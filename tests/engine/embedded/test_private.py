"""Modules of a Git server that wants a password and shows a company's certificate, without a daemon."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.embedded.golang import with_go
from tests.engine.embedded.test_build import built, image
from tests.engine.gitserver import PASSWORD, GitServer, requiring, serving
from tui.core.events import Failed, StepLog
from tui.core.plan import answer_text, defaults
from tui.core.project import Project
from tui.engine import BuildRequest
from tui.engine.embedded.engine import EmbeddedEngine
from tui.engine.requests import build_request


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    folder = tmp_path / "git"
    folder.mkdir()
    with serving(folder, "127.0.0.1") as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, server: GitServer) -> Project:
    return requiring(tmp_path, server.module, server.direct, GIT_SSL_CAINFO=str(server.ca))


def wanted(project: Project, server: GitServer, netrc: Path) -> BuildRequest:
    plan = defaults(project)
    given = {"private": server.address, "netrc": str(netrc), "ca-file": str(server.ca), "runtime": "scratch"}
    for key, text in given.items():
        plan = answer_text(project, plan, key, text)
    return build_request(project, plan)


def said(program: Path) -> str:
    return subprocess.run([program], capture_output=True, text=True, check=True).stderr


async def test_the_password_and_the_certificate_reach_go_and_not_the_image(
    project: Project, server: GitServer, tmp_path: Path
) -> None:
    empty, store, program = tmp_path / "empty", tmp_path / "store", tmp_path / "program"
    empty.touch()
    environ = {**with_go(), "HOME": str(tmp_path / "home"), "GOMODCACHE": str(tmp_path / "modules")}
    environ |= {"GOFLAGS": "-modcacherw", "GOCACHE": str(tmp_path / "cache")}
    events = await built(wanted(project, server, empty), store, environ)
    assert isinstance(events[-1], Failed)
    log = "".join(event.text for event in events if isinstance(event, StepLog))
    assert "could not read Username" in log or "no secure protocol found" in log, log

    made = image(await built(wanted(project, server, server.netrc), store, environ))
    await EmbeddedEngine(environ, store).copy_out(made, "/usr/local/bin/app", program)
    assert server.word in said(program)
    for path in (Path(folder) / name for folder, _, names in os.walk(store / "blobs") for name in names):
        assert PASSWORD.encode() not in path.read_bytes()
