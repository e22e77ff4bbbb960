"""Settings of every test."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.cover.report import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

# What the person at this machine has refreshed is no part of a test.
os.environ["XDG_DATA_HOME"] = str(Path(__file__).parent / "no-data")

# Machines that run tests are shared: a time limit would fail tests that are right.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder for sockets: their paths may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="dw-") as folder:
        yield Path(folder)
