"""A machine without Docker, without Go, without root: from nothing to the answering example server."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import missing
from tests.terminal.tmux import Tmux

ROOT = Path(__file__).parents[2]
PING = ROOT / "tests" / "projects" / "ping"
NOBODY = 65534
HIDDEN = ("docker", "dockerd", "podman", "buildah", "go", "gofmt", "uv")
FOLDERS = ("/usr/bin", "/bin", "/usr/sbin", "/sbin")
NETWORK = ("CERT", "SSL", "PROXY", "proxy", "PIP_", "GOPROXY", "GOSUMDB")
"""Parts of the names of variables that say how this machine reaches package registries."""


@pytest.fixture
def port() -> int:
    """One that is free: what runs without an engine has this machine's network."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def machine(port: int) -> Iterator[Path]:
    """A folder of an ordinary user's: the checkout, the example, a home, and the programs but for HIDDEN."""
    if os.geteuid():
        missing("becoming another user takes root")
    for tool in ("tmux", "unshare", "setpriv", "make"):
        if shutil.which(tool) is None:
            missing(f"{tool} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="dockwright-fresh-", dir="/var/tmp"))
    left_out = shutil.ignore_patterns(
        ".git", ".venv", "build", "dist", ".*_cache", ".hypothesis", "__pycache__"
    )
    shutil.copytree(ROOT, folder / "dockwright", ignore=left_out)
    project = Path(shutil.copytree(PING, folder / "ping"))
    main = project / "main.go"
    main.write_text(main.read_text().replace("8080", str(port)))
    (folder / "home").mkdir()
    (folder / "bin").mkdir()
    for program in (path for place in FOLDERS for path in Path(place).iterdir()):
        link = folder / "bin" / program.name
        if not program.name.startswith(HIDDEN) and not link.is_symlink():
            link.symlink_to(program)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def terminal(machine: Path) -> Iterator[Tmux]:
    """``make run`` there, with no socket of an engine to be seen."""
    env = {name: text for name, text in os.environ.items() if any(part in name for part in NETWORK)}
    env |= {"HOME": str(machine / "home"), "PATH": str(machine / "bin"), "LANG": "C.UTF-8"}
    become = (
        f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs make run DIR={machine}/ping"
    )
    command = f"unshare --mount sh -c 'mount -t tmpfs none /run && exec {become}'"
    opened = Tmux(command, machine / "dockwright", env, 120, 40)
    yield opened
    opened.close()


@pytest.mark.slow
def test_make_run_comes_to_the_answering_server(terminal: Tmux, port: int) -> None:
    terminal.wait("1 of 7", 600)
    assert "embedded, Go 1." in terminal.wait("ready")
    terminal.press("Enter")
    terminal.wait("2 of 7")
    terminal.wait("▌ distroless static")
    terminal.press("Down")
    terminal.wait("▌ scratch")  # no registry has to be reached for it
    for number in range(3, 8):
        terminal.press("Enter")
        terminal.wait(f"{number} of 7")
    terminal.press("o")
    seen = terminal.wait(
        lambda screen: ("enter" in screen and "run" in screen) or "answered 200" in screen, 600
    )
    if "answered 200" not in seen:
        terminal.press("Enter")
    terminal.wait(f"http://127.0.0.1:{port}", 60)
    terminal.wait("answered 200", 60)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/?name=nobody", timeout=5) as answer:
        assert answer.read() == b"Hello, nobody\n"
    terminal.press("x")
    terminal.wait("exit code 0")
