"""Finding the engine the way the docker CLI does.

``candidates`` only lists where one could be (a pure function of its arguments and the docker
configuration's files); ``open_engine`` tries them.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException
from docker.tls import TLSConfig
from requests.exceptions import RequestException

from tui.engine import EngineUnavailable
from tui.engine.daemon.ssh import Tunnel

PROBE_SECONDS = 5
"""How long a candidate may take to answer."""
SSH_SECONDS = 20
CALL_SECONDS = 60
"""Read timeout of short calls. Streams set none."""

BY_DEFAULT = "default socket"
SYSTEM_SOCKETS = ("/var/run/docker.sock",)
HOME_SOCKETS = (".docker/run/docker.sock", ".docker/desktop/docker.sock", ".colima/default/docker.sock")
RUNTIME_SOCKETS = ("docker.sock", "podman/podman.sock")
LAST_SOCKETS = ("/run/podman/podman.sock",)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where an engine may answer, and why it is looked for there.

    ``host`` is like DOCKER_HOST. ``cli`` is what the docker CLI's environment must hold to use the
    same engine (None removes a variable). ``certificates`` is the folder of ca.pem, cert.pem and
    key.pem for TLS, ``verify`` whether the engine's certificate is checked.
    """

    host: str
    reason: str
    cli: tuple[tuple[str, str | None], ...] = ()
    certificates: Path | None = None
    verify: bool = True

    @property
    def socket(self) -> Path | None:
        """The local socket's path, None for an engine over the network."""
        return Path(self.host.removeprefix("unix://")) if self.host.startswith("unix://") else None


@dataclass(frozen=True, slots=True)
class Connection:
    """An engine that answered."""

    client: docker.APIClient
    candidate: Candidate
    tunnel: Tunnel | None = None

    def answers(self) -> bool:
        """Whether the engine still answers. Blocking."""
        sdk: Any = self.client
        try:
            return bool(sdk._get(sdk._url("/_ping"), timeout=PROBE_SECONDS).ok)
        except RequestException:
            return False

    def close(self) -> None:
        """Give back the connections."""
        self.client.close()
        if self.tunnel is not None:
            self.tunnel.close()


def candidates(environ: Mapping[str, str], home: Path) -> list[Candidate]:
    """Where to look, best first. One entry when the person named the engine: then only that counts.

    Raises EngineUnavailable when a docker context is named that cannot be read.
    """
    if host := environ.get("DOCKER_HOST"):
        return [_from_environment(host, environ, home)]
    config = Path(environ.get("DOCKER_CONFIG") or home / ".docker")
    name = environ.get("DOCKER_CONTEXT") or _current_context(config)
    if name and name != "default":
        return [_from_context(name, config)]
    runtime = environ.get("XDG_RUNTIME_DIR")
    paths = [
        *map(Path, SYSTEM_SOCKETS),
        *(home / name for name in HOME_SOCKETS),
        *(Path(runtime) / name for name in RUNTIME_SOCKETS if runtime),
        *map(Path, LAST_SOCKETS),
    ]
    return [Candidate(f"unix://{path}", BY_DEFAULT, _only_host(f"unix://{path}")) for path in paths]


def open_engine(found: list[Candidate]) -> Connection:
    """Connect to the first candidate that answers. Blocking. Raises EngineUnavailable."""
    refusals: list[tuple[Candidate, str]] = []
    for candidate in found:
        if candidate.reason == BY_DEFAULT and not _exists(candidate.socket):
            continue
        try:
            return _open(candidate)
        except (DockerException, OSError, ValueError) as error:
            refusals.append((candidate, _refusal(candidate, error)))
    raise _unavailable(refusals)


def _only_host(host: str) -> tuple[tuple[str, str | None], ...]:
    return (("DOCKER_HOST", host), ("DOCKER_CONTEXT", None))


def _from_environment(host: str, environ: Mapping[str, str], home: Path) -> Candidate:
    verify = bool(environ.get("DOCKER_TLS_VERIFY"))
    folder = Path(environ.get("DOCKER_CERT_PATH") or environ.get("DOCKER_CONFIG") or home / ".docker")
    secured = verify or bool(environ.get("DOCKER_TLS"))
    return Candidate(host, "DOCKER_HOST", _only_host(host), folder if secured else None, verify)


def _current_context(config: Path) -> str:
    try:
        name = json.loads((config / "config.json").read_text()).get("currentContext", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return str(name or "")


def _from_context(name: str, config: Path) -> Candidate:
    folder = hashlib.sha256(name.encode()).hexdigest()
    try:
        meta: dict[str, Any] = json.loads((config / "contexts" / "meta" / folder / "meta.json").read_text())
        docker_endpoint = meta["Endpoints"]["docker"]
        host = str(docker_endpoint["Host"])
    except (OSError, ValueError, KeyError, TypeError):
        raise EngineUnavailable(
            f"The docker context {name!r} cannot be used.",
            f"Its description is missing or unreadable in {config / 'contexts'}.",
            "See `docker context ls`, then `docker context use NAME`, or unset DOCKER_CONTEXT.",
        ) from None
    certificates = config / "contexts" / "tls" / folder / "docker"
    return Candidate(
        host,
        f"docker context {name!r}",
        (("DOCKER_CONTEXT", name), ("DOCKER_HOST", None)),
        certificates if certificates.is_dir() else None,
        not docker_endpoint.get("SkipTLSVerify", False),
    )


def _exists(path: Path | None) -> bool:
    try:
        return path is not None and path.exists()
    except OSError:  # a folder on the way may not be entered: connecting will say so
        return True


def _open(candidate: Candidate) -> Connection:
    tunnel = Tunnel(candidate.host) if candidate.host.startswith("ssh://") else None
    try:
        client = Client(
            base_url=tunnel.host if tunnel else candidate.host,
            version="auto",
            timeout=SSH_SECONDS if tunnel else PROBE_SECONDS,
            tls=_tls(candidate),
        )
    except BaseException as error:
        reason = tunnel.close() if tunnel else ""
        if reason:
            raise OSError(reason) from error
        raise
    client.timeout = CALL_SECONDS
    return Connection(client, candidate, tunnel)


class Client(docker.APIClient):
    """The SDK's, as this program needs it."""

    def _retrieve_server_version(self) -> str:
        """From the answer to a ping. For ``/version`` Podman searches the lists of all packages, twice."""
        sdk: Any = super()
        return str(
            sdk._get(f"{self.base_url}/_ping").headers.get("Api-Version") or sdk._retrieve_server_version()
        )

    def merge_environment_settings(self, *args: Any, **settings: Any) -> Any:
        """As requests does it, but REQUESTS_CA_BUNDLE does not replace the engine's own authority."""
        merged = super().merge_environment_settings(*args, **settings)
        return merged | ({"verify": self.verify} if isinstance(self.verify, str) else {})


def _tls(candidate: Candidate) -> TLSConfig | bool:
    if candidate.certificates is None:
        return False
    names = ("ca.pem", "cert.pem", "key.pem")
    authority, certificate, key = (str(candidate.certificates / name) for name in names)
    pair = (certificate, key) if os.path.exists(certificate) else None  # noqa: PTH110
    known = authority if os.path.exists(authority) else None  # noqa: PTH110
    return TLSConfig(client_cert=pair, ca_cert=known, verify=candidate.verify)


def _refusal(candidate: Candidate, error: Exception) -> str:
    text = str(error)
    if candidate.socket is not None and ("Permission denied" in text or isinstance(error, PermissionError)):
        return f"the socket exists, but the user {getpass.getuser()} may not use it (permission denied)"
    if "No such file" in text:
        return "there is no such socket"
    if "Connection refused" in text:
        return "nothing listens there (connection refused)"
    if "timed out" in text or "Timeout" in text:
        return "it did not answer in time"
    return text.rpartition("server API version: ")[2].strip("() ") or type(error).__name__


def _unavailable(refusals: list[tuple[Candidate, str]]) -> EngineUnavailable:
    if not refusals:
        why = "None of the usual sockets of Docker, Colima or Podman is there."
        return EngineUnavailable("No container engine was found.", why, how_to_get_one(sys.platform))
    candidate, reason = refusals[0]
    if "permission denied" in reason:
        fix = "Run `sudo usermod -aG docker $USER` and log in again, or use rootless Docker or Podman."
    elif candidate.reason == BY_DEFAULT:
        fix = how_to_get_one(sys.platform)
    else:
        fix = (
            f"Start the engine there, or change the {candidate.reason}; `docker context ls` shows the others."
        )
    return EngineUnavailable(
        "No container engine answers.", f"{candidate.host} ({candidate.reason}): {reason}.", fix
    )


def how_to_get_one(platform: str) -> str:
    """One sentence for a machine without an engine. ``platform`` is like sys.platform."""
    if platform == "darwin":
        return "Start or install Docker Desktop, or run `brew install colima docker` and `colima start`."
    return (
        "Install one (`sudo apt-get install docker.io` or your system's package) and start it with "
        "`sudo systemctl start docker`; with Podman, `systemctl --user start podman.socket`."
    )
