"""Where an engine is looked for, and what is said when none answers."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import certifi
import docker
import pytest

from tests.engine.conftest import Endpoint, missing
from tui.engine import EngineUnavailable
from tui.engine.daemon import ssh
from tui.engine.daemon.connect import Candidate, candidates, how_to_get_one, open_engine


def write_context(config: Path, name: str, host: str, *, certificates: bool = False) -> None:
    folder = hashlib.sha256(name.encode()).hexdigest()
    meta = config / "contexts" / "meta" / folder
    meta.mkdir(parents=True)
    (meta / "meta.json").write_text(
        json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host}}})
    )
    if certificates:
        (config / "contexts" / "tls" / folder / "docker").mkdir(parents=True)


def test_docker_host_wins_over_everything(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": "tcp://10.0.0.1:2375", "DOCKER_CONTEXT": "other"}
    (only,) = candidates(environ, tmp_path)
    assert (only.host, only.reason, only.certificates) == ("tcp://10.0.0.1:2375", "DOCKER_HOST", None)


def test_docker_host_with_tls(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"}
    (only,) = candidates(environ, tmp_path)
    assert (only.certificates, only.verify) == (Path("/certs"), True)
    (by_default,) = candidates({"DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1"}, tmp_path)
    assert by_default.certificates == tmp_path / ".docker"


def test_the_current_context_of_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / ".docker"
    write_context(config, "far", "tcp://far:2376", certificates=True)
    (config / "config.json").write_text('{"currentContext": "far"}')
    (only,) = candidates({}, tmp_path)
    assert (only.host, only.verify) == ("tcp://far:2376", True)
    assert only.certificates is not None and only.certificates.is_dir()
    assert dict(only.cli) == {"DOCKER_CONTEXT": "far", "DOCKER_HOST": None}


def test_docker_context_wins_over_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config"
    write_context(config, "near", "unix:///near.sock")
    (config / "config.json").write_text('{"currentContext": "far"}')
    (only,) = candidates({"DOCKER_CONFIG": str(config), "DOCKER_CONTEXT": "near"}, tmp_path)
    assert only.host == "unix:///near.sock"


def test_a_context_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="'gone'") as caught:
        candidates({"DOCKER_CONTEXT": "gone"}, tmp_path)
    assert caught.value.why and caught.value.fix


@pytest.mark.parametrize("config", ["", "not json", "[]", '{"currentContext": "default"}'])
def test_default_sockets(tmp_path: Path, config: str) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(config)
    hosts = [candidate.host for candidate in candidates({"XDG_RUNTIME_DIR": "/run/user/7"}, tmp_path)]
    assert hosts == [
        "unix:///var/run/docker.sock",
        f"unix://{tmp_path}/.docker/run/docker.sock",
        f"unix://{tmp_path}/.docker/desktop/docker.sock",
        f"unix://{tmp_path}/.colima/default/docker.sock",
        "unix:///run/user/7/docker.sock",
        "unix:///run/user/7/podman/podman.sock",
        "unix:///run/podman/podman.sock",
    ]


def test_nothing_there() -> None:
    with pytest.raises(EngineUnavailable) as caught:
        open_engine([Candidate("unix:///nowhere/x.sock", "default socket")])
    assert caught.value.what == "No container engine was found."
    assert how_to_get_one(sys.platform) == caught.value.fix


def test_the_named_socket_is_missing() -> None:
    with pytest.raises(EngineUnavailable, match="no such socket") as caught:
        open_engine([Candidate("unix:///nowhere/x.sock", "DOCKER_HOST")])
    assert "DOCKER_HOST" in caught.value.fix


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "s"))
    with pytest.raises(EngineUnavailable, match="connection refused"):
        open_engine([Candidate(f"unix://{tmp_path}/s", "default socket")])


def test_permission_denied_names_the_user(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        (tmp_path / "s").chmod(0)
        said = as_nobody(lambda: open_engine([Candidate(f"unix://{tmp_path}/s", "default socket")]))
    assert "permission denied" in said and "the user nobody" in said and "usermod" in said


def as_nobody(work: Callable[[], object]) -> str:
    """What ``work`` raises when an ordinary user does it (root may do everything)."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.environ["LOGNAME"] = "nobody"
            if os.geteuid() == 0:
                os.setuid(65534)
            work()
        except BaseException as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, encoding="utf-8") as said:
        return said.read()


def test_an_address_that_is_none() -> None:
    with pytest.raises(EngineUnavailable):
        open_engine([Candidate("what://is.this", "DOCKER_HOST")])


def test_the_first_that_answers_is_taken(endpoint: Endpoint) -> None:
    found = [Candidate("unix:///nowhere", "default socket"), Candidate(endpoint.url, "default socket")]
    connection = open_engine(found)
    assert connection.candidate.host == endpoint.url
    assert connection.client.ping()
    connection.close()


def test_the_version_of_the_api_comes_with_a_ping(
    endpoint: Endpoint, client: docker.APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Podman takes half a second to say its own."""
    known = client.version()["ApiVersion"]
    monkeypatch.setattr(docker.APIClient, "version", None)
    connection = open_engine([Candidate(endpoint.url, "test")])
    assert connection.client.api_version == known
    connection.close()


def test_through_ssh(endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for ``ssh`` that connects to the engine's socket as ``dial-stdio`` would."""
    fake = tmp_path / "ssh"
    fake.write_text(
        f"#!{sys.executable}\n"
        "import os, socket, sys, threading\n"
        "assert sys.argv[-2:] == ['example.net', 'docker system dial-stdio'], sys.argv\n"
        f"engine = socket.socket(socket.AF_UNIX); engine.connect({endpoint.url.removeprefix('unix://')!r})\n"
        "def upload():\n"
        "    while data := os.read(0, 65536): engine.sendall(data)\n"
        "    engine.shutdown(socket.SHUT_WR)\n"
        "threading.Thread(target=upload, daemon=True).start()\n"
        "while data := engine.recv(65536): os.write(1, data)\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    connection = open_engine([Candidate("ssh://me@example.net:2222", "DOCKER_HOST")])
    assert connection.client.version()["ApiVersion"]
    connection.close()


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """ca.pem, cert.pem and key.pem, as a docker context keeps them; the server uses the same pair."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    shutil.copy(folder / "cert.pem", folder / "ca.pem")
    return folder


@pytest.fixture
def tls_port(endpoint: Endpoint, certificates: Path) -> Iterator[int]:
    """The engine behind TLS that demands the client's certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificates / "ca.pem"))
    context.load_cert_chain(certificates / "cert.pem", certificates / "key.pem")
    context.verify_mode = ssl.CERT_REQUIRED

    class Forward(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as near:
                far = socket.socket(socket.AF_UNIX)
                far.connect(endpoint.url.removeprefix("unix://"))
                while request := near.recv(65536):
                    far.sendall(request)
                    far.settimeout(10)
                    with suppress(TimeoutError):
                        while answer := far.recv(65536):
                            near.sendall(answer)
                            far.settimeout(0.1)
                far.close()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Forward) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_over_tls_with_a_context(
    tls_port: int, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())  # as behind a proxy that intercepts TLS
    config = tmp_path / ".docker"
    write_context(config, "safe", f"tcp://127.0.0.1:{tls_port}", certificates=True)
    folder = next((config / "contexts" / "tls").glob("*/docker"))
    shutil.copytree(certificates, folder, dirs_exist_ok=True)
    connection = open_engine(candidates({"DOCKER_CONTEXT": "safe"}, tmp_path))
    assert connection.answers()
    connection.close()


def test_over_tls_with_the_environment(tls_port: int, certificates: Path, tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": f"tcp://127.0.0.1:{tls_port}", "DOCKER_TLS_VERIFY": "1"}
    connection = open_engine(candidates(environ | {"DOCKER_CERT_PATH": str(certificates)}, tmp_path))
    assert connection.answers()
    connection.close()
    with pytest.raises(EngineUnavailable):
        open_engine(candidates(environ | {"DOCKER_CERT_PATH": str(tmp_path)}, tmp_path))


def test_ssh_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "ssh"
    fake.write_text("#!/bin/sh\necho 'Could not resolve hostname nowhere' >&2\nexit 255\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(EngineUnavailable, match="Could not resolve hostname"):
        open_engine([Candidate("ssh://nowhere", "DOCKER_HOST")])


@pytest.mark.parametrize("address", ["ssh://", "ssh://-oProxyCommand=x", "ssh://host/path"])
def test_ssh_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        ssh.command(address)
