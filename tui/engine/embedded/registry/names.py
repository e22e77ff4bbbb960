"""Where a reference points to: which registry, which repository, which tag or digest."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from docker.auth import INDEX_NAME, resolve_repository_name

from tui.core import validate

HUB = "registry-1.docker.io"
"""Where the images are that docker.io names."""


@dataclass(frozen=True, slots=True)
class Name:
    """``registry`` is as people write it (``docker.io``, ``127.0.0.1:5000``); ``tag`` is ``latest`` by
    default, ``digest`` empty for none.
    """

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def url(self) -> str:
        """Where the repository's manifests and blobs are asked for. Plain HTTP only on this machine."""
        host = HUB if self.registry == INDEX_NAME else self.registry
        return f"{'http' if is_loopback(host) else 'https'}://{host}/v2/{self.repository}"

    @property
    def login(self) -> str:
        """The command that logs a person in there."""
        return "docker login" if self.registry == INDEX_NAME else f"docker login {self.registry}"

    def trusts(self, url: str) -> bool:
        """Whether data may go there: encrypted, or inside this machine for a registry on it."""
        try:
            parts = urlsplit(url)
            inside = is_loopback(parts.netloc) and self.url.startswith("http:")
        except ValueError:
            return False
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and inside))

    def __str__(self) -> str:
        return f"{self.registry}/{self.repository}:{self.tag}"


def parse(reference: str) -> Name:
    """The parts of a reference as ``FROM`` takes it. Raises Invalid for what is none."""
    name, _, digest = validate.image(reference).partition("@")
    repository, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        repository, tag = name, "latest"
    registry, path = resolve_repository_name(repository)
    if registry == INDEX_NAME and "/" not in path:
        path = f"library/{path}"
    return Name(registry, path, tag, digest)


def is_loopback(netloc: str) -> bool:
    """Whether that host, with or without a port, is this machine."""
    try:
        name = urlsplit(f"//{netloc}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
