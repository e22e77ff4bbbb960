"""What an image reference names in its registry, asked through the engine."""

from __future__ import annotations

import re
from typing import Any

from docker import auth
from docker.errors import DockerException
from docker.utils import parse_repository_tag
from requests.exceptions import RequestException

from tui.engine import EngineError
from tui.engine.daemon.bases import fits, named
from tui.engine.daemon.pull import credentials
from tui.engine.daemon.wire import Client

SECONDS = 20
"""How long the registry may take to answer the engine."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def digest(client: Client, reference: str, platform: str | None) -> str:
    """See Engine.digest. Raises what the SDK raises when neither registry nor store knows one.

    Podman has no such look-up. Its store and containerd's note a digest for images that were never in
    a registry too, which only that store can resolve.
    """
    name, _, known = reference.partition("@")
    if known:
        return known
    try:
        found = _looked_up(client, name)
    except (DockerException, RequestException):
        if noted := _noted(client, name):
            return noted
        raise
    platforms = [
        named(each["os"], each["architecture"], each.get("variant")) for each in found.get("Platforms") or []
    ]
    if platform and platforms and not any(fits(platform, each) for each in platforms):
        raise EngineError(
            f"{name} is not made for {platform}.",
            f"Its registry has it for {', '.join(platforms)}.",
            "Choose another base image or another platform.",
        )
    return _checked(found["Descriptor"]["digest"])


def _looked_up(client: Client, name: str) -> dict[str, Any]:
    headers = credentials(client, parse_repository_tag(name)[0], lambda event: None)
    url = client._url("/distribution/{0}/json", name)
    found: dict[str, Any] = client._result(client._get(url, headers=headers, timeout=SECONDS), True)
    return found


def _noted(client: Client, name: str) -> str:
    """The digest the store has for that name; empty when there is none."""
    try:
        noted = client.inspect_image(name).get("RepoDigests") or []
    except DockerException:
        return ""
    wanted = auth.resolve_repository_name(parse_repository_tag(name)[0])
    pairs = (entry.rpartition("@") for entry in noted)
    return next((_checked(found) for repo, _, found in pairs if _resolved(repo) == _plain(wanted)), "")


def _resolved(repository: str) -> tuple[str, str]:
    return _plain(auth.resolve_repository_name(repository))


def _plain(resolved: tuple[str, str]) -> tuple[str, str]:
    """Docker Hub's own images go by two names."""
    registry, name = resolved
    return registry, name.removeprefix("library/")


def _checked(digest: object) -> str:
    """A digest ends up in a Dockerfile."""
    if isinstance(digest, str) and _DIGEST.fullmatch(digest):
        return digest
    raise DockerException("the digest is none")
