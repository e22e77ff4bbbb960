"""What is kept for a user, with several builds at once."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tui.engine import EngineError
from tui.engine.embedded.toolchain import Toolchain
from tui.engine.embedded.workspace import Workspace


def toolchain(root: Path) -> Toolchain:
    return Toolchain(root / "bin" / "go", "1.27.3", root)


def test_time_zones_are_unpacked_once_however_many_ask(tmp_path: Path) -> None:
    archive = tmp_path / "go" / "lib" / "time" / "zoneinfo.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as zones:
        for number in range(200):
            zones.writestr(f"Area/Place{number}", "TZif")
    store = tmp_path / "store"
    with ThreadPoolExecutor(8) as threads:
        places = set(threads.map(lambda _: Workspace(store).zones(toolchain(tmp_path / "go")), range(8)))
    (place,) = places
    assert len(list((place / "Area").iterdir())) == 200


def test_a_go_without_time_zones(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no time zones to copy.*--zones embed"):
        Workspace(tmp_path / "store").zones(toolchain(tmp_path))
