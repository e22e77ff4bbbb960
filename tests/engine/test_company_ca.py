"""Packages come from a mirror whose certificate only the company's CA vouches for."""

from __future__ import annotations

import functools
import gzip
import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.engine import tlsserver
from tests.engine.builds import engine_at, failed, finished
from tests.engine.conftest import Endpoint, combinations, find, missing
from tui.core.events import Event, StepLog
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine

PACKAGE = "dockwright-greeting"
CONTROL = f"""\
Package: {PACKAGE}
Version: 1.0
Architecture: all
Maintainer: Nobody <nobody@example.com>
Description: a greeting
"""
ROOT = Path(__file__).parents[1] / "projects" / "ping"


@dataclass(frozen=True, slots=True)
class Mirror:
    """``url`` is where a build finds it, ``ca`` the certificate of its CA."""

    url: str
    ca: Path


class _Handler(SimpleHTTPRequestHandler):
    """Keeps the connection: it would be closed without TLS's farewell, which apt does not forgive."""

    protocol_version = "HTTP/1.1"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def engine() -> Endpoint:
    named = [name for name, transport in combinations() if transport == "buildx"]
    if not named:
        missing("no engine with buildx is named")
    return find(named[0])


@pytest.fixture
def mirror(tmp_path: Path, engine: Endpoint) -> Iterator[Mirror]:
    """One package, behind TLS."""
    client: Any = docker.APIClient(base_url=engine.url, version="auto", timeout=60)
    address = client.inspect_network("bridge")["IPAM"]["Config"][0]["Gateway"]
    client.close()
    served, content = tmp_path / "served", tmp_path / "content"
    served.mkdir()
    (content / "DEBIAN").mkdir(parents=True)
    (content / "DEBIAN" / "control").write_text(CONTROL)
    (content / "usr" / "share").mkdir(parents=True)
    (content / "usr" / "share" / PACKAGE).write_text("hello")
    package = served / "greeting.deb"
    try:
        subprocess.run(["dpkg-deb", "-b", content, package], check=True, capture_output=True)
    except FileNotFoundError:
        missing("dpkg-deb is not installed")
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    listed = f"{CONTROL}Filename: ./{package.name}\nSize: {package.stat().st_size}\nSHA256: {digest}\n"
    (served / "Packages.gz").write_bytes(gzip.compress(listed.encode()))
    ca = tlsserver.certified(tmp_path, address)
    handler = functools.partial(_Handler, directory=str(served))
    server = ThreadingHTTPServer((address, 0), handler)
    tlsserver.start(server, tmp_path)
    yield Mirror(f"https://{address}:{server.server_port}", ca)
    server.shutdown()
    server.server_close()


async def _built(engine: Endpoint, mirror: Mirror, ca_file: str) -> list[Event]:
    found = inspect(ROOT)
    plan = defaults(found)
    given = {
        "runtime": "debian-slim-trixie",
        "package": PACKAGE,
        "ca-file": ca_file,
        "transport": "buildx",
        "tag": "dockwright-test/company-ca:1",
    }
    for key, text in given.items():
        plan = answer_text(found, plan, key, text)
    request = build_request(found, plan)
    base = "FROM debian:trixie-slim\n"
    listed = f"RUN echo 'deb [trusted=yes] {mirror.url} ./' > /etc/apt/sources.list\n"
    assert request.dockerfile.count(base) == 1
    request = replace(request, dockerfile=request.dockerfile.replace(base, base + listed))
    async with engine_at(engine.url) as building:
        return [event async for event in building.build(request)]


async def test_packages_are_installed_from_a_mirror_of_the_company(engine: Endpoint, mirror: Mirror) -> None:
    events = await _built(engine, mirror, "")
    failed(events)
    log = "".join(event.text for event in events if isinstance(event, StepLog))
    assert "certificate verification failed" in log.lower() or "certificate verify failed" in log.lower(), log

    image = finished(await _built(engine, mirror, str(mirror.ca))).image
    client: Any = docker.APIClient(base_url=engine.url, version="auto", timeout=60)
    container = client.create_container(image)["Id"]
    try:
        exported = b"".join(client.export(container))
        assert f"usr/share/{PACKAGE}".encode() in exported
        assert mirror.ca.read_bytes().strip() not in exported
    finally:
        client.remove_container(container, force=True)
        client.remove_image(image, force=True)
        client.close()
