"""The example server from the wizard's keys to its answer, on a real engine, by Pilot and by command."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import Endpoint
from tests.pilot.stage import shown, until
from tui.app import DockwrightApp
from tui.core import units
from tui.core.inspect import inspect
from tui.core.plan import answer_text, defaults
from tui.core.questions import steps
from tui.engine import Engine
from tui.engine.daemon.engine import DaemonEngine
from tui.screens.review import ReviewScreen
from tui.screens.run import RunScreen

PING = Path(__file__).parents[1] / "projects" / "ping"


@pytest.fixture
def ping(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PING, tmp_path / "ping"))


def layer_tars(client: Any, image: str) -> int:
    """Bytes of the image's layers as tars, from what the engine saves: the oracle of the sizes."""
    with tempfile.TemporaryFile() as file:
        for chunk in client.get_image(image):
            file.write(chunk)
        file.seek(0)
        with tarfile.open(fileobj=file) as saved:
            manifest = json.load(saved.extractfile("manifest.json") or sys.exit())
            return sum(_unpacked(saved, layer) for layer in manifest[0]["Layers"])


def _unpacked(saved: tarfile.TarFile, layer: str) -> int:
    member = saved.extractfile(layer)
    assert member is not None
    data = member.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return len(data)


def left(client: Any, tag: str) -> list[str]:
    """Containers of this tag's runs: dockwright names them after it."""
    return [c["Id"] for c in client.containers(all=True, filters={"name": tag.replace(":", "-")})]


async def test_from_the_wizard(endpoint: Endpoint, client: Any, ping: Path) -> None:
    project = inspect(ping)
    plan = answer_text(project, defaults(project), "tag", "journey-pilot:dev")

    async def connect() -> Engine:
        return DaemonEngine(os.environ | {"DOCKER_HOST": endpoint.url})

    app = DockwrightApp(project, plan, connect)
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in steps(project):
            await pilot.press("enter")
            await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and "ready" in shown(app), 20)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, RunScreen) and "answered 200" in shown(app), 180)
        address = re.search(r"http://[\d.]+:\d+", shown(app))
        assert address is not None
        answer = await asyncio.to_thread(urllib.request.urlopen, address[0] + "/?name=Pilot", None, 5)
        assert answer.read() == b"Hello, Pilot\n"
        await until(pilot, lambda: "listening on :8080" in shown(app) and "GET / 200" in shown(app), 10)
        size = app.screen.finished.size  # type: ignore[attr-defined]
        assert size.engine == client.inspect_image("journey-pilot:dev")["Size"]
        assert size.uncompressed == layer_tars(client, "journey-pilot:dev")
        assert f"{units.size(size.uncompressed)} on disk" in shown(app)
        assert len(left(client, "journey-pilot:dev")) == 1
        await pilot.press("x")
        await until(pilot, lambda: "exit code 0" in shown(app), 20)
        assert left(client, "journey-pilot:dev") == []


def test_by_command(endpoint: Endpoint, client: Any, ping: Path) -> None:
    argv = [sys.executable, "-m", "tui", "run", str(ping), "--tag", "journey-json:dev", "--json"]
    environment = os.environ | {"DOCKER_HOST": endpoint.url}
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, env=environment, cwd=PING.parents[2]
    ) as process:
        assert process.stdout is not None
        events: list[dict[str, Any]] = []
        for line in process.stdout:
            events.append(json.loads(line))
            if events[-1]["event"] == "ready":
                with urllib.request.urlopen(events[-1]["url"] + "/health", timeout=5) as answer:
                    assert json.load(answer) == {"status": "ok"}
                process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    by_kind = {event["event"]: event for event in events}
    finished = by_kind["finished"]
    assert finished["tag"] == "journey-json:dev"
    assert finished["image"] == client.inspect_image("journey-json:dev")["Id"]
    assert finished["size"]["engine"] == client.inspect_image("journey-json:dev")["Size"]
    assert finished["size"]["uncompressed"] == layer_tars(client, "journey-json:dev")
    assert 0 < finished["size"]["compressed"] < finished["size"]["uncompressed"]
    assert by_kind["ready"]["status"] == 200
    assert "listening on :8080" in "".join(event["text"] for event in events if event["event"] == "log")
    assert by_kind["exited"]["exit_code"] == 0 and by_kind["exited"]["meaning"]
    assert left(client, "journey-json:dev") == []
