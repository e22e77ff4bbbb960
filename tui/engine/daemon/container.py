"""One container, from creating it to removing it. Every method blocks."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from tui.core.events import Exited, Log, Published, Started
from tui.core.exitcodes import PANIC, meaning
from tui.engine import EngineInfo, RunRequest, relay
from tui.engine.daemon import hardening
from tui.engine.daemon.address import Reach
from tui.engine.daemon.hardening import Publish
from tui.engine.output import Printed
from tui.engine.ports import LOOPBACK, is_free

LABEL = "dockwright"
"""Every container carries it, with the process id of the dockwright that started it."""

_PORT_TAKEN = re.compile(
    r"port is already allocated|address already in use|cannot expose privileged port|"
    r"failed to bind (?:host )?port|ports are not available|bind: permission denied",
    re.IGNORECASE,
)
_NO_SUCH_ADDRESS = "cannot assign requested address"
_FRAME_HEADER = 8


class Container:
    """Made for one run. ``id`` is empty before it is created and after it is removed.

    ``began`` is the monotonic time it was started at, ``program`` the engine's command line
    (``docker``, ``podman``).
    """

    def __init__(self, client: docker.APIClient, request: RunRequest, info: EngineInfo, reach: Reach) -> None:
        self.id = ""
        self.requested = False
        self.printed = Printed()
        self._client: Any = client  # attaching needs requests the SDK does not offer
        self._request, self._reach = request, reach
        self._podman = info.name == "Podman"
        self.program = info.name.lower()
        self._restrictions = hardening.restrictions(request, podman=self._podman)
        self._name = f"{LABEL}-{_slug(request.tag)}-{secrets.token_hex(3)}"
        self._output: Any = None
        self.began = 0.0
        self._abandoned = False

    def launch(self) -> Started:
        """Create and start it; a taken host port is replaced by one the engine chooses.

        Raises what the SDK raises when the engine cannot start it, and Abandoned; the container is
        removed then.
        """
        with suppress(DockerException, RequestException):
            self._sweep()
        ports = self._wanted_ports()
        while True:
            try:
                self._create(ports)
                self._start()
                return self._started(ports)
            except BaseException as error:
                with suppress(DockerException, RequestException):
                    self.remove()
                other = _elsewhere(ports, error)
                if other == ports:
                    raise
                ports = other

    def abandon(self) -> None:
        """Nobody wants it any more: a launch under way ends before the next step."""
        self._abandoned = True

    def read_output(self, emit: Callable[[Log], None]) -> None:
        """Emit what it prints as Log events until it ends."""

        def log(stream: int, data: bytes, *, final: bool = False) -> None:
            if printed := self.printed.add(stream, data, final=final):
                emit(printed)

        while len(header := self._output.raw.read(_FRAME_HEADER)) == _FRAME_HEADER:
            log(2 if header[0] == 2 else 1, self._output.raw.read(int.from_bytes(header[4:], "big")))
        for stream in (1, 2):
            log(stream, b"", final=True)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        return int(self._client.wait(self.id, timeout=None)["StatusCode"])

    def health(self) -> str | None:
        """The state of the image's health check; None without one, and once the end is near: engines call
        a program unhealthy that was stopped."""
        state = self._client.inspect_container(self.id)["State"]
        if self.requested or not state.get("Running"):
            return None
        health = state.get("Health") or {}
        return health.get("Status") or None

    def addresses(self) -> tuple[str, ...]:
        """Its own addresses in the engine's networks."""
        settings = self._client.inspect_container(self.id)["NetworkSettings"]
        networks = (settings.get("Networks") or {}).values()
        return tuple(network["IPAddress"] for network in networks if network.get("IPAddress"))

    def ended(self, code: int) -> Exited:
        """How it ended; it is removed with that."""
        seconds = time.monotonic() - self.began
        killed = self._client.inspect_container(self.id)["State"].get("OOMKilled")
        if self._podman:  # it misses some
            killed = killed or None
        self.remove()
        words = meaning(
            code, requested=self.requested, oom_killed=killed, panicked=PANIC in self.printed.tail
        )
        return Exited(code, words, self.requested, seconds, killed)

    def discard(self) -> None:
        """Stop and remove it."""
        with suppress(DockerException, RequestException):
            self.stop()
        self.remove()

    def stop(self) -> None:
        """SIGTERM, after GRACE seconds SIGKILL. Nothing happens when it has ended already."""
        self.requested = True
        with suppress(NotFound):
            self._client.stop(self.id, timeout=relay.GRACE)

    def remove(self) -> None:
        """Remove it with its anonymous volumes, running or not."""
        if self.id:
            with suppress(NotFound):
                self._client.remove_container(self.id, v=True, force=True)
            self.id = ""

    def _sweep(self) -> None:
        """Remove what an engine that was restarted kept of dockwrights that are gone."""
        ended = {"label": LABEL, "status": "exited"}
        for left in self._client.containers(all=True, filters=ended):
            if not _lives(left["Labels"][LABEL]):
                self._client.remove_container(left["Id"], v=True)

    def _wanted_ports(self) -> tuple[Publish, ...]:
        """The container's own numbers, where they are known to be taken the engine's choice."""
        local = self._reach.local
        return tuple(
            Publish(
                port, protocol, self._reach.publish, port if not local or is_free(port, protocol) else None
            )
            for port, protocol in self._request.ports
        )

    def _create(self, ports: tuple[Publish, ...]) -> None:
        self._check_wanted()
        config: dict[str, Any] = {
            "Image": self._request.image,
            "Cmd": list(self._request.args) or None,
            "Env": [f"{name}={value}" for name, value in self._request.env],
            "ExposedPorts": {port.key: {} for port in ports},
            "Labels": {LABEL: str(os.getpid())},
            "HostConfig": hardening.host_config(self._restrictions, ports),
        }
        created = self._client.create_container_from_config(config, self._name, self._request.platform)
        self.id = created["Id"]

    def _start(self) -> None:
        """Attach first, so that nothing it prints is lost; Podman attaches to what is initialised."""
        client = self._client
        if self._podman:
            url = f"{client.base_url}/v4.0.0/libpod/containers/{self.id}/init"
            client._raise_for_status(client._post(url))
        self._output = client._post(
            client._url("/containers/{0}/attach", self.id),
            params={"stream": 1, "stdout": 1, "stderr": 1},
            stream=True,
            timeout=None,
        )
        client._raise_for_status(self._output)
        self._check_wanted()
        self.began = time.monotonic()
        client.start(self.id)

    def _check_wanted(self) -> None:
        if self._abandoned:
            raise Abandoned

    def _started(self, ports: tuple[Publish, ...]) -> Started:
        self._check_wanted()
        bound = self._client.inspect_container(self.id)["NetworkSettings"]["Ports"] or {}
        actual = [_as_bound(port, bound.get(port.key) or []) for port in ports]
        words = [restriction.word for restriction in self._restrictions if restriction.word]
        if any(port.host == LOOPBACK for port in ports):
            words.append("ports on 127.0.0.1 only")
        return Started(
            self.id,
            self._name,
            self._request.tag,
            tuple(Published(p.port, p.protocol, p.host, p.host_port or 0, p.port) for p in actual),
            tuple(words),
            hardening.command_line(self._request, self._restrictions, actual, self.program),
        )


def _lives(pid: str) -> bool:
    """Whether a process of this machine has that number."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


class Abandoned(Exception):
    """The launch was given up before the container ran."""


def _elsewhere(ports: tuple[Publish, ...], error: BaseException) -> tuple[Publish, ...]:
    """Other places to publish on after this error; the same ones when it is about something else."""
    text = str(error)
    if not isinstance(error, APIError):
        return ports
    if _NO_SUCH_ADDRESS in text:
        return tuple(replace(port, host=LOOPBACK) for port in ports)
    if not _PORT_TAKEN.search(text):
        return ports
    named = [port for port in ports if port.host_port and re.search(rf":{port.host_port}\b", text)]
    return tuple(replace(port, host_port=None) if port in named or not named else port for port in ports)


def _as_bound(port: Publish, bindings: list[dict[str, str]]) -> Publish:
    """With the host port the engine chose; there is none when the container has ended already."""
    return replace(port, host_port=int(bindings[0]["HostPort"])) if bindings else port


def _slug(tag: str) -> str:
    """The tag in the letters a container's name may have."""
    return re.sub(r"[^a-zA-Z0-9_.-]+", "-", tag)[-40:].strip("-._") or "image"
