"""What a container may do: the engine's settings, the same as flags of ``docker run``, and in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tui.engine import RunRequest

FIRST_FREE_PORT = 1024
_UNPRIVILEGED_PORTS = "net.ipv4.ip_unprivileged_port_start"


@dataclass(frozen=True, slots=True)
class Publish:
    """One port to publish. ``host_port`` None lets the engine choose a free one."""

    port: int
    protocol: str
    host: str
    host_port: int | None

    @property
    def key(self) -> str:
        return f"{self.port}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing taken away. ``word`` is empty where there is nothing to tell a person."""

    word: str
    flags: tuple[str, ...]
    config: dict[str, Any]


def restrictions(request: RunRequest, *, podman: bool) -> list[Restriction]:
    """What this container is denied, and the room it is given to write."""
    tmpfs = _tmpfs(request, podman=podman)
    listed = [Restriction("read-only root", ("--read-only",), {"ReadonlyRootfs": True})]
    if request.writable:
        listed.clear()
    listed += [
        Restriction(
            "tmpfs on " + ", ".join(tmpfs),
            tuple(part for path, options in tmpfs.items() for part in ("--tmpfs", _joined(path, options))),
            {"Tmpfs": tmpfs},
        ),
        Restriction("no capabilities", ("--cap-drop", "ALL"), {"CapDrop": ["ALL"]}),
        Restriction(
            "no new privileges",
            ("--security-opt", "no-new-privileges"),
            {"SecurityOpt": ["no-new-privileges"]},
        ),
    ]
    if podman and any(port < FIRST_FREE_PORT for port, _ in request.ports):
        # Docker lets every user listen on low ports inside a container, Podman does not.
        setting = f"{_UNPRIVILEGED_PORTS}=0"
        listed.append(Restriction("", ("--sysctl", setting), {"Sysctls": {_UNPRIVILEGED_PORTS: "0"}}))
    return listed


def host_config(restricted: Iterable[Restriction], ports: Iterable[Publish]) -> dict[str, Any]:
    """The engine's HostConfig."""
    bindings = {p.key: [{"HostIp": p.host, "HostPort": str(p.host_port or "")}] for p in ports}
    config: dict[str, Any] = {"PortBindings": bindings}
    for restriction in restricted:
        config |= restriction.config
    return config


def command_line(
    request: RunRequest, restricted: Iterable[Restriction], ports: Iterable[Publish], program: str
) -> str:
    """The same container as a line for a shell."""
    words = [program, "run", "--rm"]
    for restriction in restricted:
        words += restriction.flags
    for p in ports:
        words += ["--publish", f"{p.host}:{p.host_port or ''}:{p.key}"]
    for name, value in request.env:
        words += ["--env", f"{name}={value}"]
    if request.platform:
        words += ["--platform", request.platform]
    return shlex.join([*words, request.tag or request.image, *request.args])


def _tmpfs(request: RunRequest, *, podman: bool) -> dict[str, str]:
    """Mount options by path. Podman 4 refuses ``uid=`` and ``gid=``: there everyone may write."""
    uid, _, gid = request.user.partition(":")
    own = "mode=1777" if podman else f"uid={uid},gid={gid or uid},mode=0755"
    return {"/tmp": ""} | dict.fromkeys(request.writable_dirs, own)


def _joined(path: str, options: str) -> str:
    return f"{path}:{options}" if options else path
