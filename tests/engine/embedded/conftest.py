"""Stores, registries and stages of the tests without an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import registry
from tests.engine.embedded.stage import SANDBOXES, Stage, stage
from tui.engine.embedded.blobs import Blobs

_EACH = [(way, unprivileged) for way in SANDBOXES for unprivileged in (False, True)]


@pytest.fixture(
    scope="session", params=_EACH, ids=lambda pair: f"{pair[0]}-{'nobody' if pair[1] else 'self'}"
)
def _each(request: pytest.FixtureRequest) -> Iterator[Stage]:
    way, unprivileged = request.param
    with stage(way, unprivileged=unprivileged) as found:
        yield found


@pytest.fixture(scope="session", params=SANDBOXES)
def _nobodys(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stage(request.param, unprivileged=True) as found:
        yield found


@pytest.fixture(scope="session")
def _without() -> Iterator[Stage]:
    with stage("plain", unprivileged=True) as found:
        yield found


@pytest.fixture
def sandbox(_each: Stage) -> Iterator[Stage]:
    """Each way to a sandbox, as whoever runs the tests and as a user without privileges."""
    yield from _cleared(_each)


@pytest.fixture
def unprivileged(_nobodys: Stage) -> Iterator[Stage]:
    """Each way to a sandbox, as a user without privileges."""
    yield from _cleared(_nobodys)


@pytest.fixture
def plain(_without: Stage) -> Iterator[Stage]:
    """A machine where no sandbox can be made, as a user without privileges."""
    yield from _cleared(_without)


def _cleared(stage: Stage) -> Iterator[Stage]:
    stage.clear()
    yield stage
    assert stage.left() == []


@pytest.fixture
def made(tmp_path: Path) -> Blobs:
    """Where the tests' images are made."""
    return Blobs(tmp_path / "made")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """The store that is pulled into."""
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def known(tmp_path: Path) -> Iterator[registry.Registry]:
    """A registry that demands nothing."""
    with registry.running(tmp_path / "registry", demands="nothing") as started:
        yield started


@pytest.fixture
def docker_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker configuration of the test's own."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder
