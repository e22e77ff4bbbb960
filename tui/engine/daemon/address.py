"""Where a port the engine publishes can be reached from here."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tui.engine.ports import LOOPBACK

_ENGINE_HOST = "host.docker.internal"
_IN_A_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


@dataclass(frozen=True, slots=True)
class Reach:
    """``publish`` is the address to publish on, ``hosts`` the names to try from here, best first.

    Without ``hosts`` nothing can be reached from here, and ``unreachable`` says why; ``{port}`` in
    it stands for the published port. ``local`` is True when the engine shares this machine's
    ports. ``beside`` is True when dockwright itself runs in a container, perhaps beside the engine.
    """

    publish: str
    hosts: tuple[str, ...]
    local: bool = False
    beside: bool = False
    unreachable: str = ""


def reach(endpoint: str) -> Reach:
    """How ports of the engine at ``endpoint`` (a DOCKER_HOST) are published and reached."""
    parts = urlsplit(endpoint)
    if parts.scheme == "ssh":
        return Reach(LOOPBACK, (), unreachable=_forward(parts))
    if parts.scheme in ("tcp", "http", "https") and not _is_loopback(parts.hostname or ""):
        return _over_tcp(parts.hostname or "")
    beside = any(mark.exists() for mark in _IN_A_CONTAINER)
    return Reach(LOOPBACK, (LOOPBACK, _ENGINE_HOST) if beside else (LOOPBACK,), local=True, beside=beside)


def _over_tcp(host: str) -> Reach:
    """Publish where the engine itself is reached: its loopback is of no use from here."""
    try:
        address = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
    except OSError:
        return Reach(LOOPBACK, (), unreachable=f"The name of the engine's host, {host}, cannot be resolved.")
    return Reach(str(address), (host,))


def _forward(parts: SplitResult) -> str:
    login = f"{parts.username}@{parts.hostname}" if parts.username else str(parts.hostname)
    option = f"-p {parts.port} " if parts.port else ""
    return (
        f"Port {{port}} is published on 127.0.0.1 of {parts.hostname}, which only that machine can reach. "
        f"To reach it from here: ssh -N {option}-L {{port}}:127.0.0.1:{{port}} {login}"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
