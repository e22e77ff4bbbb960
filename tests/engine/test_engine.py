"""DaemonEngine as a whole: what it says of itself, what it needs, what it does without."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from tests.engine.builds import ALPINE, build, engine_at, failed, finished, request
from tests.engine.conftest import Endpoint
from tui.core.events import BuildStarted
from tui.engine import Engine, EngineUnavailable
from tui.engine.daemon import buildx
from tui.engine.daemon.connect import Candidate
from tui.engine.daemon.engine import DaemonEngine


def test_is_an_engine() -> None:
    engine: Engine = DaemonEngine()
    assert engine


async def test_probe(endpoint: Endpoint) -> None:
    async with engine_at(endpoint.url) as engine:
        info = await engine.probe()
        assert await engine.probe() == info
    assert info.name == ("Podman" if endpoint.is_podman else "Docker")
    assert re.match(r"\d+\.\d+", info.version)
    assert (info.os, info.endpoint) == ("linux", endpoint.url)
    assert info.store and info.architecture
    if endpoint.is_podman:
        assert info.buildx is None


async def test_no_engine_is_said_and_fails_a_build(tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/none.sock"
    async with engine_at(url) as engine:
        with pytest.raises(EngineUnavailable):
            await engine.probe()
        events = [event async for event in engine.build(request(tmp_path, "FROM scratch\n", "auto"))]
    failure = failed(events)
    assert len(events) == 1 and failure.what and failure.why and failure.fix


async def test_a_cli_without_buildx(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Debian's docker.io without docker-buildx: ``docker`` is there, ``docker buildx`` is not."""
    fake_docker(tmp_path, "echo \"docker: 'buildx' is not a docker command.\" >&2; exit 1", monkeypatch)
    dockerfile = f"FROM {ALPINE}\nRUN true\n"
    async with engine_at(endpoint.url) as engine:
        assert (await engine.probe()).buildx is None
        events = [event async for event in engine.build(request(tmp_path, dockerfile, "buildx"))]
        assert failed(events) == events[0] and "--transport api" in failed(events).fix
    events = await build(endpoint, request(tmp_path, dockerfile, "auto"))
    assert isinstance(events[0], BuildStarted) and events[0].transport == "api"
    finished(events)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo github.com/docker/buildx v0.29.1 abc", "0.29.1"),
        ("echo github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3", "0.13.1"),
        ("echo github.com/docker/buildx v1.0.0 abc", "1.0.0"),
        ("echo github.com/docker/buildx v0.12.9 abc", None),
        ("echo 'podman-docker: buildah 1.28.2'", None),
        ("exit 1", None),
    ],
)
def test_which_buildx_is_usable(
    script: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_docker(tmp_path, script, monkeypatch)
    assert buildx.usable_version(Candidate("unix:///x", "DOCKER_HOST")) == expected


def test_without_a_cli(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert buildx.usable_version(Candidate("unix:///x", "DOCKER_HOST")) is None


def fake_docker(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a ``docker`` that does this first on PATH."""
    program = folder / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
