"""What the catalog says of an image is what is in it, for every image the test machine has.

On one engine: all of them have the same layers.
"""

from __future__ import annotations

import io
import platform
import tarfile
from typing import Any

import docker
import pytest

from tests.engine.conftest import missing
from tui.core import catalog
from tui.core.catalog import Builder, Image, Runtime

pytestmark = pytest.mark.engine

MACHINE = platform.machine()
LOADERS = {
    "glibc": "/lib64/ld-linux-x86-64.so.2" if MACHINE == "x86_64" else f"/lib/ld-linux-{MACHINE}.so.1",
    "musl": f"/lib/ld-musl-{MACHINE}.so.1",
}
LIBSTDCXX = (f"/usr/lib/{MACHINE}-linux-gnu/libstdc++.so.6", "/usr/lib/libstdc++.so.6")
STICKY = 0o1777
OTHER_BUSYBOX = ("wolfi-base",)
"""Stand-ins with the tests' own busybox, which has a wget that the published one was built without."""

GO = catalog.go_releases().newest

RUNTIMES = [r for r in catalog.runtimes() if r.proven in ("stand-in", "look-alike") and not r.single_stage]
BUILDERS = [b for b in catalog.builders() if b.proven in ("stand-in", "look-alike")]


class Contents:
    """The files of an image, looked at without running anything in it."""

    def __init__(self, client: Any, reference: str) -> None:
        self._client = client
        try:
            self.config = client.inspect_image(reference)["Config"]
        except docker.errors.ImageNotFound:
            missing(f"{reference} is not in this engine (tests/engine/machine/up puts it there)")
        self._container = client.create_container(reference, ["/nothing"])["Id"]

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.remove_container(self._container, force=True)

    def has(self, *paths: str) -> bool:
        return any(self._archive(path) is not None for path in paths)

    def text(self, path: str) -> str:
        archive = self._archive(path)
        assert archive is not None, path
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            file = tar.extractfile(tar.getmembers()[0])
            assert file is not None
            return file.read().decode()

    def mode(self, path: str) -> int:
        archive = self._archive(path)
        assert archive is not None, path
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            return tar.getmembers()[0].mode & 0o7777

    def _archive(self, path: str) -> bytes | None:
        try:
            stream, _ = self._client.get_archive(self._container, path)
        except docker.errors.NotFound:
            return None
        return b"".join(stream)


def _zone(contents: Contents) -> bool:
    return contents.has("/usr/share/zoneinfo/Europe/Paris")


def _certificates(contents: Contents) -> bool:
    return contents.has("/etc/ssl/certs/ca-certificates.crt")


@pytest.mark.parametrize("entry", RUNTIMES, ids=lambda entry: entry.id)
def test_a_runtime_is_as_the_catalog_says(first_client: Any, entry: Runtime) -> None:
    with Contents(first_client, entry.reference) as contents:
        assert _certificates(contents) == entry.ca
        assert _zone(contents) == entry.tz
        assert contents.has("/bin/sh") == entry.shell
        assert {name for name, path in LOADERS.items() if contents.has(path)} == {entry.libc} - {"none"}
        assert contents.has(*LIBSTDCXX) == entry.cxx
        assert contents.mode("/tmp") == STICKY
        assert _has_users(contents, entry)
        assert _user(contents.config) == entry.user.split(":")[0]
        assert contents.has("/usr/bin/wget", "/bin/wget") == (entry.wget or entry.id in OTHER_BUSYBOX)
        assert not contents.config.get("Healthcheck") and not contents.config.get("StopSignal")


@pytest.mark.parametrize("entry", BUILDERS, ids=lambda entry: entry.id)
def test_a_builder_is_as_the_catalog_says(first_client: Any, entry: Builder) -> None:
    with Contents(first_client, entry.reference.format(go=GO)) as contents:
        assert _certificates(contents) == entry.ca
        assert contents.has("/bin/sh")
        assert contents.has("/usr/bin/gcc") == entry.gcc
        assert contents.has("/usr/bin/wget") == entry.wget
        assert contents.has("/usr/bin/git") == entry.git
        assert contents.has("/usr/bin/ssh") == entry.ssh
        assert contents.has(LOADERS[entry.libc])
        assert _has_users(contents, entry)
        env = dict(setting.partition("=")[::2] for setting in contents.config["Env"])
        assert entry.module_cache == f"{env.get('GOPATH', '/root/go')}/pkg/mod"
        assert "GOTOOLCHAIN" in entry.env or env["GOTOOLCHAIN"] == "local"


def _has_users(contents: Contents, entry: Image) -> bool:
    """Whether they are all of the image's; a look-alike has others beside them."""
    passwd = [line.split(":") for line in contents.text("/etc/passwd").splitlines()]
    known = {fields[0]: f"{fields[2]}:{fields[3]}" for fields in passwd if len(fields) == 7}
    alike = entry.proven == "look-alike"
    return entry.users.items() <= known.items() if alike else entry.users == known


def _user(config: dict[str, Any]) -> str:
    return config.get("User") or "0"
