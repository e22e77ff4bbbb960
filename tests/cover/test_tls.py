"""A program calls a TLS server, and believes it for what its image trusts and for nothing else."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cover import trial
from tests.cover.applications import project
from tests.cover.model import plan_of
from tests.cover.rows import Row
from tests.engine import images, tlsserver
from tests.engine.conftest import combinations, find
from tui.core.catalog import CERTIFICATES
from tui.core.events import Failed
from tui.engine.requests import build_request

pytestmark = pytest.mark.engine

ROWS = (
    Row("tlsclient", (("builder", "golang-trixie"), ("runtime", "distroless-static-debian13"))),
    Row("tlsclient", (("builder", "golang-alpine3.24"), ("runtime", "scratch"))),
    Row("tlsclient", (("builder", "golang-trixie"), ("runtime", "debian-slim-trixie"))),
    Row("tlsclient", (("builder", "golang-trixie"), ("runtime", "alpine-3.24"))),
)
"""Where the image has certificates, and where they are copied from the builder, as a file or staged."""


@dataclass(frozen=True, slots=True)
class Server:
    """``name`` is where it listens, as containers reach it; ``ca`` the certificate of its CA."""

    name: str
    ca: bytes


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, first_client: Any) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("tls")
    address = first_client.inspect_network("bridge")["IPAM"]["Config"][0]["Gateway"]
    ca = tlsserver.certified(folder, address)
    listening = ThreadingHTTPServer((address, 0), BaseHTTPRequestHandler)
    tlsserver.start(listening, folder)
    yield Server(f"{address}:{listening.server_port}", ca.read_bytes())
    listening.shutdown()
    listening.server_close()


def _trusting(client: Any, image: str, ca: bytes) -> str:
    """The same image with one CA more among those it trusts."""
    container = client.create_container(image)["Id"]
    try:
        packed = io.BytesIO(b"".join(client.get_archive(container, CERTIFICATES)[0]))
        with tarfile.open(fileobj=packed) as tar:
            bundle = tar.extractfile(tar.getmembers()[0])
            assert bundle is not None
            content = bundle.read() + b"\n" + ca
        client.put_archive(container, "/", images.layer(images.file(CERTIFICATES.lstrip("/"), content)))
        return str(client.commit(container)["Id"])
    finally:
        client.remove_container(container, force=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.answer("runtime")))
async def test_it_trusts_whom_its_image_trusts(row: Row, server: Server) -> None:
    found, endpoint = project(row.app), find(combinations()[0][0])
    made = replace(plan_of(found, row), tag=trial.tag(f"tls-{row.answer('runtime')}"))
    asked = f"?server={server.name}"
    async with trial.image_of(endpoint, build_request(found, made)) as (engine, client, end):
        assert not isinstance(end, Failed), end
        strange = await trial.run(engine, client, row, made, end.image, asked)
        trusting = _trusting(client, end.image, server.ca)
        try:
            known = await trial.run(engine, client, row, made, trusting, asked)
        finally:
            client.remove_image(trusting, force=True)
    assert strange.answer["failure"].endswith("x509: certificate signed by unknown authority"), strange
    assert known.answer["failure"] == "", known
    assert known.answer["roots"] == strange.answer["roots"] + 1 > 100
