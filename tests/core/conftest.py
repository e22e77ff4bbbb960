"""Every test here ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.limit import limited


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    with limited():
        yield
