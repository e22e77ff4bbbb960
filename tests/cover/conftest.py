"""What the tests of the cover share."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.cover import trial
from tests.cover.beside import Beside, beside
from tests.engine.conftest import first_client
from tui.engine.daemon import sizes

__all__ = ["first_client"]


@pytest.fixture(autouse=True)
def no_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measuring exports every image whole, and is proven elsewhere."""
    monkeypatch.setattr(sizes, "measure", lambda *_: None)


@pytest.fixture(scope="session", autouse=True)
def shared_engines() -> Iterator[None]:
    yield
    asyncio.run(trial.close())


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside | None]:
    """The embedded engine; None where it cannot be compared and need not be."""
    there = shutil.which("docker-registry") and os.environ.get("DOCKWRIGHT_TEST_GO")
    if not there and not os.environ.get("DOCKWRIGHT_REQUIRE_ENGINE"):
        yield None
        return
    base = tmp_path_factory.getbasetemp()
    everybody = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with beside(everybody / "embedded", base / "registry") as made:
        yield made
