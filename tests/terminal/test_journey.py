"""The whole way in a real terminal, pressing only keys the screen offers: tmux, a real engine, HTTP."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import docker
import pytest

from tests.engine.conftest import Endpoint, missing
from tests.terminal.tmux import Tmux, alive

PING = Path(__file__).parents[1] / "projects" / "ping"
Open = Callable[..., Tmux]


@pytest.fixture
def name() -> str:
    """The image and its container are called so in this test alone: others run beside it."""
    return f"journey-{uuid.uuid4().hex[:6]}"


@pytest.fixture
def open_wizard(tmp_path: Path, endpoint: Endpoint, client: docker.APIClient, name: str) -> Iterator[Open]:
    """Opens the wizard on a copy of the example in a terminal of the given size."""
    if shutil.which("tmux") is None:
        missing("tmux is not installed")
    opened: list[Tmux] = []

    def start(columns: int, lines: int) -> Tmux:
        project = Path(shutil.copytree(PING, tmp_path / "ping"))
        env = os.environ | {"DOCKER_HOST": endpoint.url, "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        command = f"{sys.executable} -m tui {project} --tag {name}"
        opened.append(Tmux(command, Path(__file__).parents[2], env, columns, lines))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()
    with suppress(docker.errors.APIError):
        client.remove_image(name)


def containers(client: docker.APIClient, name: str) -> list[str]:
    """Those of this test: dockwright names a container after its tag."""
    return [found["Id"] for found in client.containers(all=True, filters={"name": name})]


def to_review(terminal: Tmux) -> None:
    for number in range(1, 7):
        terminal.wait(f"{number} of 7")
        terminal.press("Enter")
    terminal.wait("7 of 7")


def to_running(terminal: Tmux) -> str:
    """Through the wizard to the running container; the screen that shows its answer."""
    to_review(terminal)
    terminal.press("b")
    seen = terminal.wait(
        lambda screen: ("enter" in screen and "run" in screen) or "answered 200" in screen, 180
    )
    if "answered 200" not in seen:
        terminal.press("Enter")
    return terminal.wait("answered 200", 60)


def test_from_the_first_screen_to_the_answering_server(
    open_wizard: Open, client: docker.APIClient, name: str, tmp_path: Path
) -> None:
    terminal = open_wizard(80, 24)
    seen = to_running(terminal)
    address = re.search(r"http://[\d.]+:\d+", seen)
    assert address is not None
    with urllib.request.urlopen(address[0] + "/?name=tmux", timeout=5) as answer:
        assert answer.read() == b"Hello, tmux\n"
    terminal.wait("listening on :8080")
    assert (tmp_path / "ping" / "Dockerfile").read_text().startswith("# syntax=docker/dockerfile:1\n")
    terminal.press("x")
    terminal.wait("exit code 0")
    assert containers(client, name) == []
    terminal.press("C-q")
    assert "left with 0" in terminal.wait("left with")
    # Without blanks, since a line may be broken anywhere.
    assert f"--tag{name}" in "".join(terminal.screen().split())


@pytest.mark.parametrize(
    ("ending", "size"),
    [("terminal closed", (160, 50)), ("SIGTERM", (80, 24)), ("ctrl+q", (120, 40))],
    ids=["terminal closed", "SIGTERM", "ctrl+q"],
)
def test_nothing_is_left_behind(
    open_wizard: Open, client: docker.APIClient, name: str, ending: str, size: tuple[int, int]
) -> None:
    terminal = open_wizard(*size)
    to_running(terminal)
    assert containers(client, name)
    process = terminal.program()
    if ending == "terminal closed":
        terminal.close()
    elif ending == "SIGTERM":
        os.kill(process, signal.SIGTERM)
    else:
        terminal.press("C-q")
        terminal.wait("Stop and quit")
        terminal.press("Tab", "Enter")
    deadline = time.monotonic() + 60
    while (containers(client, name) or alive(process)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert containers(client, name) == []
    assert not alive(process)
