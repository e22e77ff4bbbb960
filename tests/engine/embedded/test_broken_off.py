"""Builds that end in the middle: given up, killed, or on a full disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.engine.conftest import missing
from tests.engine.embedded.golang import with_go
from tests.engine.embedded.test_build import PROJECTS, built, image, wanted
from tui.core.events import Failed, Step
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.engine import EmbeddedEngine
from tui.engine.embedded.names import Names

ROOT = Path(__file__).parents[3]
PATIENCE = 3000
"""How often a hundredth of a second is waited for a process."""


@pytest.fixture
def ping(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / "ping", tmp_path / "ping"))


@pytest.fixture
def slow(tmp_path: Path) -> dict[str, str]:
    """An environment whose Go has compiled nothing yet, so that it takes many seconds."""
    return {**with_go(), "GOCACHE": str(tmp_path / "gocache"), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def names(store: Path) -> list[str]:
    """The images a store has."""
    return list(Names(Blobs(store / "blobs")).all())


def compiling(environ: dict[str, str]) -> list[int]:
    """Processes with that Go cache, but for those of dockwright itself."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            its, words = (place / "environ").read_bytes(), (place / "cmdline").read_bytes()
        except OSError:
            continue
        if f"GOCACHE={environ['GOCACHE']}".encode() in its.split(b"\0") and b"python" not in words:
            found.append(int(place.name))
    return found


async def until(is_compiling: bool, environ: dict[str, str]) -> None:
    for _ in range(PATIENCE):
        if bool(compiling(environ)) == is_compiling:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(compiling(environ))


async def test_a_build_given_up_while_compiling_leaves_nothing(
    ping: Path, tmp_path: Path, slow: dict[str, str]
) -> None:
    engine = EmbeddedEngine(slow, tmp_path / "store")
    async with aclosing(engine.build(wanted(ping))) as events:
        async for event in events:
            if isinstance(event, Step) and event.stage == "build":
                await until(True, slow)
                break
    await until(False, slow)
    assert names(tmp_path / "store") == [] and not await engine.has("ping:dev")
    drafts = tmp_path / "store" / "blobs" / "drafts"
    assert not drafts.exists() or list(drafts.iterdir()) == []
    image(await built(wanted(ping), tmp_path / "store"))


def dockwright(ping: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    words = ["build", str(ping), "--engine", "embedded", "--runtime", "scratch"]
    return subprocess.Popen(
        [sys.executable, "-m", "tui", *words],
        env={**environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_a_killed_process_leaves_no_image_and_the_next_one_builds(
    ping: Path, tmp_path: Path, slow: dict[str, str]
) -> None:
    store = tmp_path / "cache" / "dockwright" / "embedded"
    with dockwright(ping, slow) as process:
        await until(True, slow)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    await until(False, slow)
    assert names(store) == []
    with dockwright(ping, {**with_go(), "XDG_CACHE_HOME": str(tmp_path / "cache")}) as process:
        digest, said = process.communicate()
    assert process.returncode == 0, said
    assert names(store) == ["ping:dev"]
    assert await EmbeddedEngine(slow, store).has(digest.strip())


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to mount a small disk on."""
    if os.geteuid():
        missing("mounting a small disk needs root")
    place = tmp_path / "small"
    place.mkdir()
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def mount(place: Path, megabytes: int, *options: str) -> None:
    told = ",".join([f"size={megabytes}m", *options])
    subprocess.run(["mount", "-t", "tmpfs", "-o", told, "tmpfs", place], check=True)


@pytest.mark.parametrize("megabytes", [1, 8, 9])
async def test_a_full_disk_ends_in_words_and_leaves_no_half_image(
    megabytes: int, ping: Path, small: Path
) -> None:
    """There is room for the sources, for the programs, for a part of the layers."""
    mount(small, megabytes)
    end = (await built(wanted(ping), small))[-1]
    assert isinstance(end, Failed), end
    assert "room" in f"{end.why} {end.fix}" and "no space left" in f"{end.why} {end.detail}".lower(), end
    assert "docker" not in f"{end.what} {end.why} {end.fix}", end
    assert names(small) == []
    mount(small, 200, "remount")
    image(await built(wanted(ping), small))
