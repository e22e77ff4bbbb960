"""A registry on loopback: Debian's docker-registry, open, with a password, or with a token server."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.engine.conftest import missing

USER, PASSWORD = "someone", "pässword:with:colons"
IDENTITY = "an-identity-token"
SERVICE = ISSUER = "dockwright-test"
HTPASSWD = f"{USER}:$2y$05$abcdefghijklmnopqrstuujB3OalKtO8znbrabz2w.6Phw/oem5ha"
"""What the registry knows of the user when it asks for the password itself (bcrypt)."""


@dataclass
class Registry:
    """``host`` is its address; ``granted`` is who was given a token, ``refused`` how many were not."""

    host: str
    granted: list[str] = field(default_factory=list)
    refused: int = 0

    @property
    def login(self) -> dict[str, str]:
        return {"username": USER, "password": PASSWORD}

    @property
    def configuration(self) -> dict[str, Any]:
        """A docker config.json that logs in."""
        auth = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return {"auths": {self.host: {"auth": auth}}}


@contextlib.contextmanager
def running(folder: Path, port: int = 0, demands: str = "token") -> Iterator[Registry]:
    """A registry with everything it keeps below ``folder``.

    It ``demands`` a ``token`` of its token server, which takes the user's identity token too, the
    user's ``password``, or ``nothing``.
    """
    for program in ("docker-registry", "openssl"):
        if shutil.which(program) is None:
            missing(f"{program} is not installed")
    folder.mkdir(exist_ok=True)
    registry = Registry(f"127.0.0.1:{port or _free_port()}")
    signer = _Signer(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(registry, signer))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    config: dict[str, Any] = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "store")}},
        "http": {"addr": registry.host},
    }
    ways = {
        "token": {
            "realm": f"http://127.0.0.1:{server.server_port}/token",
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(signer.certificate),
        },
        "password": {"realm": "test", "path": str(folder / "htpasswd")},
    }
    if demands in ways:
        config["auth"] = {"htpasswd" if demands == "password" else demands: ways[demands]}
    (folder / "htpasswd").write_text(HTPASSWD)
    (folder / "config.yml").write_text(json.dumps(config))
    process = subprocess.Popen(["docker-registry", "serve", folder / "config.yml"])
    try:
        _wait(registry.host)
        yield registry
    finally:
        process.terminate()
        process.wait()
        server.shutdown()
        server.server_close()


class _Signer:
    """Makes tokens the registry believes."""

    def __init__(self, folder: Path) -> None:
        self._key, self.certificate = folder / "key.pem", folder / "cert.pem"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=test", "-keyout", str(self._key), "-out", str(self.certificate)),
            ],
            check=True,
            capture_output=True,
        )

    def token(self, subject: str, scopes: list[str]) -> str:
        lines = self.certificate.read_text().splitlines()[1:-1]
        now = int(time.time())
        access = [dict(zip(("type", "name", "actions"), scope.split(":"), strict=True)) for scope in scopes]
        claims = {
            "iss": ISSUER,
            "sub": subject,
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 10,
            "exp": now + 300,
            "jti": str(now),
            "access": [entry | {"actions": entry["actions"].split(",")} for entry in access],
        }
        header = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(lines)]}
        signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
        command = ["openssl", "dgst", "-sha256", "-sign", str(self._key)]
        done = subprocess.run(command, input=signed.encode(), check=True, capture_output=True)
        return f"{signed}.{_encoded(done.stdout)}"


def _handler(registry: Registry, signer: _Signer) -> type[BaseHTTPRequestHandler]:
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            self._answer(self.headers.get("Authorization") == expected, query.get("scope", []))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            known = form.get("username") == [USER] and form.get("password") == [PASSWORD]
            known = known or form.get("refresh_token") == [IDENTITY]
            self._answer(known, form.get("scope", []))

        def _answer(self, known: bool, scopes: list[str]) -> None:
            if known:
                registry.granted.append(USER)
                scopes = [scope for group in scopes for scope in group.split(" ") if scope]
                token = signer.token(USER, scopes)
                body = json.dumps({"token": token, "access_token": token, "expires_in": 300}).encode()
            else:
                registry.refused += 1
                body = b"{}"
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(host: str) -> None:
    address, _, port = host.partition(":")
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), socket.create_connection((address, int(port)), 1):
            return
        assert time.monotonic() < deadline, "docker-registry did not start"
        time.sleep(0.1)
