"""The commands on real engines: several platforms, the bare program, digests, own base images."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.alone import alone
from tests.engine import images, registry
from tests.engine.conftest import Endpoint
from tests.engine.test_registry import PODMAN_PORT, plugins
from tui.engine.daemon.platforms import tag_of

__all__ = ["plugins"]
ROOT = Path(__file__).parents[2]
PING = ROOT / "tests" / "projects" / "ping"


@pytest.fixture(scope="module")
def ping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PING, tmp_path_factory.mktemp("commands") / "ping"))


@pytest.fixture
def own_tag(endpoint: Endpoint, client: Any) -> Any:
    """A tag nobody else has; what carries it or is named after it is removed. Podman tells all names of an
    image, also those of others, and by force would remove it under each of them."""
    name = f"dockwright-test/commands-{uuid.uuid4().hex[:12]}"
    yield f"{name}:1"
    for image in images.named(client, name):
        for each in image["RepoTags"] or ():
            if name in each:
                client.remove_image(each, force=not endpoint.is_podman)


def dockwright(
    endpoint: Endpoint, *words: object, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """The command on that engine, in a process of its own."""

    return subprocess.run(
        [sys.executable, "-m", "tui", *map(str, words)],
        env=os.environ | {"DOCKER_HOST": endpoint.url, "PYTHONPATH": str(ROOT)},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_several_platforms(endpoint: Endpoint, transport: str, client: Any, ping: Path, own_tag: str) -> None:
    platforms = ("linux/amd64", "linux/arm/v7")
    flags = [word for platform in platforms for word in ("--platform", platform)]
    flags += ["--runtime", "scratch", "--tag", own_tag, "--transport", transport]
    done = dockwright(endpoint, "build", ping, *flags)
    assert done.returncode == 0, done.stderr
    for platform in platforms:
        assert f"Loaded {tag_of(own_tag, platform)} for {platform}: " in done.stderr
        image = client.inspect_image(tag_of(own_tag, platform))
        assert platform.startswith(f"{image['Os']}/{image['Architecture']}")
    own = client.inspect_image(own_tag)
    assert own["Architecture"] == client.version()["Arch"]
    assert done.stdout.strip() == own["Id"] == client.inspect_image(tag_of(own_tag, "linux/amd64"))["Id"]


MACHINES = {
    "linux/amd64": (b"\x7fELF\x02\x01", 18, 62),
    "linux/arm/v7": (b"\x7fELF\x01\x01", 18, 40),
    "darwin/arm64": (b"\xcf\xfa\xed\xfe", 4, 0x0C),
    "windows/amd64": (b"MZ", None, 0x8664),
}
"""How a program for each platform starts, where its machine's number stands, and the number."""


def machine(program: bytes, at: int | None) -> int:
    """A PE's machine stands behind the signature, whose place the old header tells."""
    at = struct.unpack_from("<I", program, 0x3C)[0] + 4 if at is None else at
    return int(struct.unpack_from("<H", program, at)[0])


@pytest.fixture
def exporting(endpoint: Endpoint) -> Iterator[None]:
    """No other test exports on that engine: what it leaves is known by the names all exports have."""
    with alone(Path(tempfile.gettempdir()) / f"dockwright-export-{endpoint.name}.lock"):
        yield


def leftovers(client: Any) -> list[str]:
    return [
        tag for image in images.named(client) for tag in image["RepoTags"] or () if "dockwright-export" in tag
    ]


@pytest.mark.usefixtures("exporting")
def test_a_program_for_every_system(
    endpoint: Endpoint, transport: str, client: Any, ping: Path, tmp_path: Path
) -> None:
    flags = [word for platform in MACHINES for word in ("--platform", platform)]
    done = dockwright(endpoint, "export", ping, *flags, "-o", tmp_path, "--transport", transport)
    assert done.returncode == 0, done.stderr
    written = [Path(line) for line in done.stdout.splitlines()]
    assert [path.name for path in written] == [
        "ping-linux-amd64",
        "ping-linux-arm-v7",
        "ping-darwin-arm64",
        "ping-windows-amd64.exe",
    ]
    for path, (start, at, number) in zip(written, MACHINES.values(), strict=True):
        program = path.read_bytes()
        assert program.startswith(start) and machine(program, at) == number, path.name
        assert os.access(path, os.X_OK)
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert leftovers(client) == []


@pytest.mark.usefixtures("exporting")
def test_the_program_runs_and_replaces_what_was_there(
    endpoint: Endpoint, client: Any, tmp_path: Path
) -> None:
    project, target = tmp_path / "tool", tmp_path / "out" / "tool"
    project.mkdir()
    target.parent.mkdir()
    (project / "go.mod").write_text("module example.com/tool\n\ngo 1.27\n")
    (project / "main.go").write_text('package main\n\nfunc main() { println("it runs") }\n')
    target.write_text("old")
    done = dockwright(endpoint, "export", project, "-o", target, "--runtime", "alpine")
    assert (done.returncode, done.stdout) == (0, f"{target}\n"), done.stderr
    assert subprocess.run([target], capture_output=True, text=True, check=True).stderr == "it runs\n"
    assert list(target.parent.iterdir()) == [target]
    (project / "main.go").write_text("package main\n\nfunc main() { broken }\n")
    failing = dockwright(endpoint, "export", project, "-o", target)
    assert failing.returncode == 1 and "broken" in failing.stderr
    assert target.stat().st_size > 1000
    assert leftovers(client) == []


def test_pins_come_from_the_registry_and_are_kept(
    endpoint: Endpoint, client: Any, plugins: Path, tmp_path: Path
) -> None:
    """A mirror on loopback that has the builder; before it has, the reason is said and nothing written."""
    project = Path(shutil.copytree(PING, tmp_path / "ping"))
    with registry.running(tmp_path, PODMAN_PORT if endpoint.is_podman else 0) as known:
        (plugins / "config.json").write_text(json.dumps(known.configuration))
        mirror = f"{known.host}/private"
        flags = ["--runtime", "scratch", "--registry", mirror, "--write"]
        failing = dockwright(endpoint, "pin", project, *flags)
        assert failing.returncode == 1 and f"The digest of {mirror}/golang:1.27-trixie" in failing.stderr
        assert not (project / "dockwright.toml").exists()
        tag = images.load(client, images.layer(images.file("x", b"x")))
        client.tag(tag, f"{mirror}/golang", "1.27-trixie")
        try:
            for line in client.push(
                f"{mirror}/golang", "1.27-trixie", auth_config=known.login, stream=True, decode=True
            ):
                assert "error" not in line, line
            done = dockwright(endpoint, "pin", project, *flags)
        finally:
            client.remove_image(f"{mirror}/golang:1.27-trixie", force=True)
            client.remove_image(tag, force=True)
    assert done.returncode == 0, done.stderr
    pinned = done.stdout.strip()
    assert re.fullmatch(re.escape(f"{mirror}/golang:1.27-trixie") + "@sha256:[0-9a-f]{64}", pinned)
    assert f'pin = ["{pinned}"]' in (project / "dockwright.toml").read_text()
    text = dockwright(endpoint, "generate", project).stdout
    assert f"FROM --platform=$BUILDPLATFORM {pinned} AS build" in text


def test_an_own_base_image_is_read_before_it_is_judged(
    endpoint: Endpoint, client: Any, ping: Path, own_tag: str
) -> None:
    client.tag("debian:trixie-slim", *own_tag.split(":"))
    done = dockwright(endpoint, "generate", ping, "--runtime", own_tag)
    assert done.returncode == 0, done.stderr
    assert f"FROM {own_tag}\n" in done.stdout
    assert f"Reading {own_tag}." in done.stderr
    refused = dockwright(endpoint, "build", ping, "--runtime", own_tag, "--builder", "golang-alpine", "--cgo")
    assert refused.returncode == 2 and "needs musl" in refused.stderr
    missed = dockwright(endpoint, "generate", ping, "--runtime", "localhost:1/none:1")
    assert missed.returncode == 1 and "localhost:1/none:1 cannot be read." in missed.stderr
