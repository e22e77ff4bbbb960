"""Every test here ends; a project that needs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.inspected import MAIN, write
from tests.limit import limited


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    with limited():
        yield


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return write(tmp_path, go_mod="module example.com/app\n\ngo 1.27\n", main_go=MAIN)
