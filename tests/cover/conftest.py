"""What the tests of the cover share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.cover import trial
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
