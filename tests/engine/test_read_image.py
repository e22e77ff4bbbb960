"""What is read from images, against what the catalog says of them, and from hostile ones."""

from __future__ import annotations

import json
import os
import tarfile
import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.engine import images
from tests.engine.builds import engine_at
from tests.engine.conftest import Endpoint, combinations, find, missing
from tui import cli
from tui.core import catalog
from tui.core.own_image import OwnImage, parse
from tui.core.validate import Invalid
from tui.engine import EngineError
from tui.engine.daemon.connect import Client
from tui.engine.daemon.container import LABEL
from tui.engine.daemon.rootfs import opened
from tui.engine.image_facts import Unreadable

GO = "1.27"
BUILDERS = [entry for entry in catalog.builders() if entry.proven in ("stand-in", "look-alike")]
RUNTIMES = [
    entry
    for entry in catalog.runtimes()
    if entry.proven in ("stand-in", "look-alike") and not entry.single_stage
]
EVERYWHERE = (
    *("golang-trixie", "golang-alpine3.24", "debian-slim-trixie", "alpine-3.24"),
    *("distroless-static-debian13", "distroless-base-debian13"),
)
"""Read on every engine; the others, which differ from these in the same ways, on the first."""

NO_APK = {"packages": ""}
OTHER_MUSL = NO_APK | {"libc_version": "1.2.5"}
FORKY = {"libc_version": "2.43"}
LIKE_DEBIAN = {"distribution": "debian", "release": "forky", "packages": "apt", "tz": True}
DIFFERENT: dict[str, dict[str, Any]] = {
    "golang-alpine3.24": OTHER_MUSL,
    "golang-alpine3.23": NO_APK,
    "alpine-3.24": OTHER_MUSL,
    "alpine-3.23": NO_APK,
    "chainguard-go": FORKY | LIKE_DEBIAN,
    "chainguard-glibc-dynamic": FORKY,
    "wolfi-base": NO_APK | {"wget": True},
    "busybox-glibc-1.38": {"release": ""},
    "busybox-musl-1.38": {"release": ""},
}
"""Where the stand-ins differ from what the catalog says of the published images: they have no apk, and
the C libraries of Debian. Busybox images do not say their release."""

SHARED = (
    *("os", "libc", "libc_version", "distribution", "release", "packages", "shell", "ca", "tz", "wget"),
    *("healthcheck", "stopsignal"),
)


def cases(entries: list[Any]) -> list[Any]:
    """Every engine with every entry that is to be read on it."""
    engines = list(dict.fromkeys(name for name, _ in combinations()))
    return [
        pytest.param(engine, entry, marks=pytest.mark.engine, id=f"{engine}-{entry.id}")
        for engine in engines
        for entry in entries
        if engine == engines[0] or entry.id in EVERYWHERE
    ]


async def read(endpoint: Endpoint, reference: str, platform: str | None = None) -> OwnImage:
    async with engine_at(endpoint.url) as engine:
        return await engine.read_image(reference, platform)


def agrees(entry: catalog.Image, found: catalog.Image, *more: str) -> None:
    different = DIFFERENT.get(entry.id, {})
    for name in (*SHARED, *more):
        assert getattr(found, name) == different.get(name, getattr(entry, name)), (entry.id, name)
    assert entry.size is None or (found.size and 0.3 < found.size / entry.size < 3)


async def read_stand_in(engine: str, reference: str) -> OwnImage:
    """The image, which must be in the store: its registry would have the published one."""
    endpoint = find(engine)
    client = Client(base_url=endpoint.url, version="auto", timeout=60)
    try:
        if not images.named(client, reference):
            missing(f"{reference} is not in {engine} (tests/engine/machine/up puts it there)")
        own = await read(endpoint, reference)
        assert created(client) == []
    finally:
        client.close()
    assert parse(own.text()) == own
    return own


@pytest.mark.parametrize(("engine", "entry"), cases(BUILDERS))
async def test_builders_are_as_the_catalog_says(engine: str, entry: catalog.Builder) -> None:
    own = await read_stand_in(engine, entry.reference.format(go=GO))
    agrees(entry, own.as_builder(), "gcc", "git", "ssh", "module_cache", "build_cache")
    assert own.go.startswith(GO) and own.platforms == ("linux/amd64",)


@pytest.mark.parametrize(("engine", "entry"), cases(RUNTIMES))
async def test_runtimes_are_as_the_catalog_says(engine: str, entry: catalog.Runtime) -> None:
    own = await read_stand_in(engine, entry.reference)
    agrees(entry, own.as_runtime(), "tmp", "user", "cxx")
    assert entry.users.items() <= own.users.items()
    assert (own.go, own.module_cache) == ("", "")


def created(client: Any) -> list[str]:
    """The containers dockwright left without starting them."""
    found = client.containers(all=True, filters={"label": f"{LABEL}={os.getpid()}", "status": "created"})
    return [container["Id"] for container in found]


async def test_an_image_with_nothing_in_it(endpoint: Endpoint, client: Any) -> None:
    """As on scratch, but for the size of what it holds."""
    tag = images.load(client, images.layer(images.file("server", b"x", 0o755)))
    try:
        own = await read(endpoint, tag)
    finally:
        client.remove_image(tag, force=True)
    scratch = catalog.runtime("scratch", BUILDERS[0].id)
    found = own.as_runtime()
    for name in ("libc", "shell", "ca", "tz", "tmp", "users", "user", "packages", "cxx", "wget"):
        assert getattr(found, name) == getattr(scratch, name), name
    assert created(client) == []


async def test_a_foreign_platform_is_read_as_well(endpoint: Endpoint, client: Any) -> None:
    loader = images.file("lib/ld-musl-aarch64.so.1", b"\x7fELF\0001.2.5\0")
    tag = images.load(client, images.layer(loader), "linux/arm64")
    try:
        own = await read(endpoint, tag, "linux/arm64")
    finally:
        client.remove_image(tag, force=True)
    assert (own.libc, own.libc_version, own.platforms) == ("musl", "1.2.5", ("linux/arm64",))


async def test_what_a_hostile_image_says_is_not_believed(endpoint: Endpoint, client: Any) -> None:
    content = images.layer(
        images.file("etc/os-release", b"ID=debian\nVERSION_CODENAME=$(id)\nID=\x1b[31mred\n"),
        images.file("etc/passwd", b"root:x:0:0::/root/../../etc:\n; rm -rf /:x:1:1:::\nok:x:5:5::/ok:\n"),
        images.link("bin/sh", "/bin/sh"),
        images.link("etc/ssl/certs/ca-certificates.crt", "../../../../../../../etc/passwd"),
        images.link("usr/share/zoneinfo/Europe/Paris", "/proc/self/environ"),
        images.link("lib/libc.so.6", "/dev/zero"),
        images.folder("usr/bin/gcc"),
        images.link("tmp", "/etc"),
        images.file("usr/local/go/VERSION", b"go1.27.3;id"),
    )
    settings: dict[str, Any] = {"User": "1:$(id)", "Env": ["GOMODCACHE=/a b", "GOCACHE"]}
    tag = images.load(client, content, **settings)
    try:
        own = await read(endpoint, tag)
    finally:
        client.remove_image(tag, force=True)
    expected = OwnImage(
        reference=tag,
        platforms=("linux/amd64",),
        libc="none",
        users={"root": "0:0", "ok": "5:5"},
        ca="/etc/ssl/certs/ca-certificates.crt",
        size=own.size,
        date=own.date,
    )
    assert own == expected, "the link to passwd stays in the image; nothing else counts"
    assert created(client) == []


async def test_a_file_that_is_too_large_is_not_read(endpoint: Endpoint, client: Any) -> None:
    content = images.layer(images.file("etc/os-release", b"ID=debian\n" + bytes(2 << 20)))
    tag = images.load(client, content)
    try:
        assert (await read(endpoint, tag)).distribution == ""
        with opened(client, tag) as files:
            assert files.read("/etc/os-release", 3 << 20).startswith(b"ID=debian")
            for path in ("/etc/os-release", "/etc", "/none", "/etc/os-release/x"):
                with pytest.raises(Unreadable):
                    files.read(path, 1 << 20)
    finally:
        client.remove_image(tag, force=True)


async def test_the_container_goes_even_when_reading_fails(
    endpoint: Endpoint, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tarfile, "open", None)
    with pytest.raises(TypeError):
        await read(endpoint, "alpine:3.24")
    assert created(client) == []


async def test_what_cannot_be_had_is_said_in_words(endpoint: Endpoint) -> None:
    with pytest.raises(EngineError) as refusal:
        await read(endpoint, f"localhost:1/{uuid.uuid4().hex}:1")
    assert refusal.value.what.endswith("cannot be read.") and refusal.value.why and refusal.value.fix
    for reference in ("Alpine", "alpine; id", "../alpine", ""):
        with pytest.raises(Invalid):
            await read(endpoint, reference)


def test_the_command(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", endpoint.url)
    assert cli.main(["image", "alpine:3.24"]) == cli.DONE
    report = capsys.readouterr().out
    own = parse(report.splitlines()[-1])
    assert own.libc == "musl" and "libc          musl" in report
    assert cli.main(["image", "alpine:3.24", "--json", "--platform", "linux/amd64"]) == cli.DONE
    found = json.loads(capsys.readouterr().out)
    assert found["release"] == own.release and parse(found["text"]) == replace(own, date=own.date)
    assert cli.main(["image", "localhost:1/none:1"]) == cli.FAILED
    assert cli.main(["image", "No Image"]) == cli.USAGE
