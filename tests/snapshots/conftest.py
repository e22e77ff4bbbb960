"""Every picture is taken of a screen that holds still."""

from __future__ import annotations

import pytest

from tests.snapshots.still import hold_still


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_still(monkeypatch)
