"""The Go the tests compile with, and environments that hold it or none."""

from __future__ import annotations

import os
from pathlib import Path

from tests.engine.conftest import missing


def with_go() -> dict[str, str]:
    """This environment, with the Go the tests' builder images have first on PATH."""
    root = os.environ.get("DOCKWRIGHT_TEST_GO")
    if not root:
        missing("there is no Go toolchain (DOCKWRIGHT_TEST_GO is not set)")
    return {**os.environ, "PATH": f"{root}/bin:{os.environ['PATH']}"}


def without_go(folder: Path) -> dict[str, str]:
    """This environment, with a PATH that leads to an empty folder."""
    folder.mkdir(exist_ok=True)
    return {**os.environ, "PATH": str(folder)}
