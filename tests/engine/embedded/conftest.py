"""Stores and registries of the tests without an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import registry
from tui.engine.embedded.blobs import Blobs


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
