"""One file out of an image, without running it and without a build session."""

from __future__ import annotations

import functools
import os
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.engine import actors, images
from tests.engine.builds import build, engine_at, failed, finished, request
from tests.engine.conftest import Endpoint
from tests.engine.test_read_image import created
from tui.engine import EngineError


@functools.cache
def windows_program() -> bytes:
    """A program for Windows, cross-compiled here."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "main.go", Path(folder) / "server.exe"
        source.write_text("package main\n\nfunc main() { println(42) }\n")
        command = [actors.go(), "build", "-trimpath", "-o", str(target), str(source)]
        environ = {
            "CGO_ENABLED": "0",
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "",
            "GOOS": "windows",
            "GOARCH": "amd64",
        }
        subprocess.run(command, env=os.environ | environ, check=True)
        return target.read_bytes()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def copy(endpoint: Endpoint, image: str, path: str, target: Path) -> None:
    async with engine_at(endpoint.url) as engine:
        await engine.copy_out(image, path, target)


async def test_the_bytes_and_the_mode_are_kept(endpoint: Endpoint, client: Any, tmp_path: Path) -> None:
    tag = actors.image(client)
    target = tmp_path / "actor"
    target.write_text("old")
    await copy(endpoint, tag, "/actor", target)
    assert target.read_bytes() == actors.program()
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    assert names(tmp_path) == ["actor"]
    assert created(client) == []


async def test_a_windows_program_comes_out_of_a_linux_image(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    """Docker's own store on Linux takes no image for windows/amd64, as the next test shows."""
    (tmp_path / "server.exe").write_bytes(windows_program())
    wanted = request(tmp_path, "FROM scratch\nCOPY server.exe /\n", transport, bases="")
    done = finished(await build(endpoint, wanted, keep=True))
    try:
        await copy(endpoint, done.image, "/server.exe", tmp_path / "out.exe")
    finally:
        client.remove_image(wanted.tag, force=True)
    content = (tmp_path / "out.exe").read_bytes()
    assert content == windows_program() and content.startswith(b"MZ")


async def test_a_windows_image_needs_a_store_that_takes_it(
    endpoint: Endpoint, transport: str, client: Any, tmp_path: Path
) -> None:
    (tmp_path / "server.exe").write_bytes(windows_program())
    wanted = request(
        tmp_path, "FROM scratch\nCOPY server.exe /\n", transport, bases="", platform="windows/amd64"
    )
    events = await build(endpoint, wanted, keep=True)
    if client.info()["Driver"] == "overlay2":
        assert failed(events).what == "This engine's store takes no images of another operating system."
        return
    try:
        await copy(endpoint, finished(events).image, "/server.exe", tmp_path / "out.exe")
    finally:
        client.remove_image(wanted.tag, force=True)
    assert (tmp_path / "out.exe").read_bytes() == windows_program()


async def test_links_are_followed_in_the_image_alone(endpoint: Endpoint, client: Any, tmp_path: Path) -> None:
    content = images.layer(
        images.file("data", b"inside", 0o600),
        images.link("to-data", "../../../../data"),
        images.link("to-host", "../../../../etc/hostname-of-nobody"),
        images.folder("folder"),
        images.file("folder/passwd", b"inside too"),
        images.link("etc-link", "/folder"),
    )
    tag = images.load(client, content)
    target = tmp_path / "out"
    try:
        for path, expected in (("/to-data", b"inside"), ("/etc-link/passwd", b"inside too")):
            await copy(endpoint, tag, path, target)
            assert target.read_bytes() == expected
            assert stat.S_IMODE(target.stat().st_mode) == 0o644
        for path in ("/to-host", "/folder", "/none", "/../../../../etc/shadow"):
            with pytest.raises(EngineError) as refusal:
                await copy(endpoint, tag, path, target)
            assert refusal.value.what and refusal.value.why
        assert target.read_bytes() == b"inside too", "what was there stays"
        assert names(tmp_path) == ["out"]
    finally:
        client.remove_image(tag, force=True)


async def test_a_target_that_cannot_be_written(endpoint: Endpoint, client: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as refusal:
        await copy(endpoint, actors.image(client), "/actor", tmp_path / "file" / "actor")
    assert "file/actor cannot be written" in refusal.value.what and "Not a directory" in refusal.value.why
    assert created(client) == []
