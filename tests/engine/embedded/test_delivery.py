"""An image handed over beside the engine's own store, and what is said when it is not taken."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer
from typing import Any

import pytest

from tests.engine.conftest import Endpoint
from tests.engine.embedded.golang import with_go
from tests.engine.embedded.test_build import built, ping, wanted
from tui.core.events import BuildStarted, Failed, Finished, Notice, Step

__all__ = ["ping"]


class Refusing(BaseHTTPRequestHandler):
    """An engine that answers, and takes no image: its disk is full in the middle of a load."""

    def do_GET(self) -> None:
        self._answer({"ApiVersion": "1.41", "Version": "1", "Os": "linux", "Arch": "amd64"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = "no space left on device"
        self._answer({"errorDetail": {"message": told}, "error": told})

    def _answer(self, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass

    def address_string(self) -> str:
        return "socket"


@pytest.fixture
def refusing(short_path: Path) -> Iterator[str]:
    socket = short_path / "engine.sock"
    server = UnixStreamServer(str(socket), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"unix://{socket}"
    server.shutdown()
    server.server_close()


@pytest.mark.engine
async def test_an_engine_has_it(endpoint: Endpoint, client: Any, ping: Path, tmp_path: Path) -> None:
    tag = f"dockwright-test/delivered-{os.urandom(4).hex()}:1"
    request = wanted(ping, tag=tag, deliver="engine")
    events = await built(request, tmp_path / "store", {**with_go(), "DOCKER_HOST": endpoint.url})
    try:
        assert isinstance(events[-1], Finished), events[-1]
        assert any(
            isinstance(event, Notice) and event.text == f"Loaded {tag} into the engine." for event in events
        )
        found = client.inspect_image(tag)["Config"]
        assert found["Entrypoint"] == ["/usr/local/bin/ping"] and found["User"] == "65532:65532"
    finally:
        client.remove_image(tag, force=True)


async def test_an_engine_that_does_not_take_it(ping: Path, tmp_path: Path, refusing: str) -> None:
    request = wanted(ping, deliver="engine")
    end = (await built(request, tmp_path / "store", {**with_go(), "DOCKER_HOST": refusing}))[-1]
    assert isinstance(end, Failed) and end.what == "The engine does not take ping:dev."
    assert "no space left on device" in end.why


@pytest.mark.parametrize("where", ["oci", "engine"])
async def test_what_is_known_beforehand_is_said_before_anything_is_compiled(
    where: str, ping: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    deliver = f"oci:{tmp_path / 'full'}" if where == "oci" else where
    environ = {**with_go(), "DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    events = await built(wanted(ping, deliver=deliver), tmp_path / "store", environ)
    assert isinstance(events[-1], Failed) and not any(isinstance(event, Step) for event in events)
    assert (tmp_path / "full" / "mine").exists()


async def test_a_date_that_is_none_is_said_before_anything_is_compiled(ping: Path, tmp_path: Path) -> None:
    environ = {**with_go(), "SOURCE_DATE_EPOCH": "yesterday"}
    events = await built(replace(wanted(ping), tag="ping:dev"), tmp_path / "store", environ)
    assert [type(event) for event in events] == [BuildStarted, Failed]
    assert isinstance(events[-1], Failed) and "SOURCE_DATE_EPOCH" in events[-1].what
