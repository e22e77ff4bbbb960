"""The files of an image, without running anything of it: a container that is created and never started.

What comes back is as hostile as the image: sizes are bounded, and nothing is unpacked.
"""

from __future__ import annotations

import base64
import json
import os
import tarfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

from docker.errors import DockerException
from requests.exceptions import RequestException

from tui.engine.daemon.container import LABEL
from tui.engine.daemon.wire import Client
from tui.engine.image_facts import Entry, Unreadable

_SYMLINK, _DIRECTORY = 1 << 27, 1 << 31
_OTHERS = 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19
"""Bits of Go's file mode; the last are those of devices, pipes, sockets and the like."""

_MOST_LINKS = 4
_HEADERS = 1 << 20
"""Bytes of a tar around a file's content that are read at most."""


class RootFs:
    """The files as the created container has them. Every method blocks and raises RequestException."""

    def __init__(self, client: Client, container: str) -> None:
        self._client, self._container = client, container

    def health(self) -> list[str]:
        """The command of its health check, empty without one. Podman does not tell it of an image."""
        config = self._client.inspect_container(self._container)["Config"]
        asked = (config.get("Healthcheck") or {}).get("Test") or []
        return [] if asked == ["NONE"] else [str(word) for word in asked]

    def entry(self, path: str) -> Entry | None:
        """What lies there, links followed inside the image; None when nothing does."""
        for _ in range(_MOST_LINKS):
            found = self._stat(path)
            if found is None or not found["mode"] & _SYMLINK:
                return _entry(path, found) if found else None
            path = str(found["linkTarget"])
        return None

    def read(self, path: str, limit: int) -> bytes:
        """A file of at most ``limit`` bytes. Raises Unreadable."""
        with self.opened(path, limit) as (_, content):
            return content.read()

    @contextmanager
    def opened(self, path: str, limit: int) -> Iterator[tuple[Entry, IO[bytes]]]:
        """A file of at most ``limit`` bytes, as a stream. Raises Unreadable."""
        entry = self.entry(path)
        if entry is None:
            raise Unreadable("it is not there")
        if not entry.is_file:
            raise Unreadable("it is no regular file")
        if entry.size > limit:
            raise Unreadable(f"it has {entry.size} bytes, more than the {limit} allowed")
        with self._archive(entry.path) as raw:
            source = cast(IO[bytes], _Bounded(raw, limit + _HEADERS))
            try:
                with tarfile.open(fileobj=source, mode="r|") as tar:
                    member = tar.next()
                    content = tar.extractfile(member) if member and member.isreg() else None
                    if member is None or content is None or member.size != entry.size:
                        raise Unreadable("the engine gives something else out")
                    yield entry, content
            except tarfile.TarError as error:
                raise Unreadable(f"its archive is broken: {error}") from error

    def _stat(self, path: str) -> dict[str, Any] | None:
        response = self._client.head(self._url(), params={"path": path}, timeout=self._client.timeout)
        with response:
            header = response.headers.get("X-Docker-Container-Path-Stat")
            if not response.ok or not header:
                return None
        found: dict[str, Any] = json.loads(base64.b64decode(header))
        return found

    @contextmanager
    def _archive(self, path: str) -> Iterator[Any]:
        response = self._client._get(self._url(), params={"path": path}, stream=True)
        with response:
            self._client._raise_for_status(response)
            yield response.raw

    def _url(self) -> str:
        return str(self._client._url("/containers/{0}/archive", self._container))


@contextmanager
def opened(client: Client, image: str, platform: str | None = None) -> Generator[RootFs]:
    """The files of an image of the store. Raises what the SDK raises.

    Podman looks the image's own user up, who need not be in it.
    """
    config = {"Image": image, "User": "0:0", "Cmd": ["/none"], "Labels": {LABEL: str(os.getpid())}}
    container = client.create_container_from_config(config, None, platform)["Id"]
    try:
        yield RootFs(client, container)
    finally:
        with suppress(DockerException, RequestException):
            client.remove_container(container, v=True, force=True)


def _entry(path: str, found: dict[str, Any]) -> Entry:
    mode = int(found["mode"])
    folder = bool(mode & _DIRECTORY)
    return Entry(path, mode & 0o777, int(found["size"]), folder, not folder and not mode & _OTHERS)


class _Bounded:
    """A stream that ends after ``limit`` bytes."""

    def __init__(self, raw: Any, limit: int) -> None:
        self._raw, self._left = raw, limit

    def read(self, size: int) -> bytes:
        data: bytes = self._raw.read(min(size, self._left), decode_content=True)
        self._left -= len(data)
        return data
