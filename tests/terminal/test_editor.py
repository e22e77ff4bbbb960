"""The person's own editor in a real terminal: it gets the file at the line, and the wizard comes back."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.conftest import missing
from tests.terminal.tmux import Tmux, alive

ROOT = Path(__file__).parents[2]
PING = ROOT / "tests" / "projects" / "ping"
Open = Callable[..., Tmux]

RECORDING = """#!/bin/sh
printf '%s\\n' "$@" >"{got}"
echo the editor has the terminal
{does}
"""
ANSWERED = ("Details", "5 of 7", "9090", "Your answer.", "No problems", "f6 code")


@pytest.fixture
def open_wizard(tmp_path: Path) -> Iterator[Open]:
    """Opens the wizard on a copy of the example with an editor that records its words, then does this."""
    if shutil.which("tmux") is None:
        missing("tmux is not installed")
    opened: list[Tmux] = []

    def start(does: str, name: str = "vi", columns: int = 80, lines: int = 24) -> Tmux:
        editor = tmp_path / name
        editor.write_text(RECORDING.format(got=tmp_path / "got", does=does))
        editor.chmod(0o755)
        project = Path(shutil.copytree(PING, tmp_path / "ping"))
        env = {name: text for name, text in os.environ.items() if name != "VISUAL"}
        env |= {"DOCKER_HOST": "unix:///nowhere", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        env |= {"EDITOR": f"'{editor}' -x"}
        opened.append(Tmux(f"{sys.executable} -m tui {project}", ROOT, env, columns, lines))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def to_ports(terminal: Tmux) -> None:
    for number in range(1, 5):
        terminal.wait(f"{number} of 7")
        terminal.press("Enter")
    terminal.wait("f6 code")


def test_the_editor_has_the_terminal_and_gives_it_back(open_wizard: Open, tmp_path: Path) -> None:
    terminal = open_wizard("read answer")
    to_ports(terminal)
    terminal.press("9", "0", "9", "0")
    terminal.wait(lambda screen: all(text in screen for text in ANSWERED))
    terminal.press("F6")
    assert "5 of 7" not in terminal.wait("the editor has the terminal")
    assert (tmp_path / "got").read_text().split() == ["-x", "+33", f"{tmp_path}/ping/main.go"]
    terminal.press("Enter")
    terminal.wait(lambda screen: all(text in screen for text in ANSWERED))
    terminal.press("Enter")
    terminal.wait("6 of 7")
    terminal.press("C-q")
    terminal.wait("Quit without writing")


def test_what_was_changed_in_the_editor_is_read_and_the_answers_stay(
    open_wizard: Open, tmp_path: Path
) -> None:
    terminal = open_wizard(f"sed -i s/8080/8181/ '{tmp_path}/ping/main.go'")
    terminal.wait("1 of 7")
    terminal.press("Tab", "Tab", "Tab")
    terminal.wait("The name the image gets")
    terminal.press("m", "i", "n", "e")
    terminal.wait("The project suggests ping:dev")
    to_ports(terminal)
    terminal.press("F6")
    terminal.wait("8181/tcp")
    terminal.press("M-Left", "M-Left", "M-Left", "M-Left")
    terminal.wait(lambda screen: "1 of 7" in screen and "mine" in screen)


@pytest.mark.parametrize(
    ("does", "sentence"),
    [("exit 4", "exit code 4"), ("kill -9 $$", "ended by signal 9"), ("read answer", "exit code 130")],
    ids=["failing", "killed", "ctrl+c"],
)
def test_an_editor_that_fails_is_said_and_the_wizard_goes_on(
    open_wizard: Open, tmp_path: Path, does: str, sentence: str
) -> None:
    terminal = open_wizard("trap 'exit 130' INT; read answer" if does == "read answer" else does)
    to_ports(terminal)
    terminal.press("F6")
    if does == "read answer":
        terminal.wait("the editor has the terminal")
        terminal.press("C-c")
    terminal.wait(lambda screen: sentence in " ".join(screen.split()))
    terminal.press("Enter")
    terminal.wait("6 of 7")


def test_an_editor_with_a_window_is_not_closed_with_the_wizard(open_wizard: Open, tmp_path: Path) -> None:
    done = tmp_path / "done"
    terminal = open_wizard(f"while [ ! -e '{tmp_path}/go' ]; do sleep 0.1; done; touch '{done}'", name="code")
    to_ports(terminal)
    terminal.press("F6")
    terminal.wait(lambda screen: (tmp_path / "got").exists() and "5 of 7" in screen)
    terminal.press("C-q")
    terminal.wait("left with 0")
    (tmp_path / "go").touch()
    terminal.wait(lambda screen: done.exists())


@pytest.mark.parametrize("ending", ["terminal closed", "SIGTERM"])
def test_nothing_is_left_behind_while_the_editor_is_open(
    open_wizard: Open, tmp_path: Path, ending: str
) -> None:
    terminal = open_wizard(f"echo $$ >'{tmp_path}/pid'; read answer")
    to_ports(terminal)
    terminal.press("F6")
    terminal.wait("the editor has the terminal")
    process, editor = terminal.program(), int((tmp_path / "pid").read_text())
    if ending == "terminal closed":
        terminal.close()
    else:
        os.kill(process, signal.SIGTERM)
        terminal.press("Enter")
    deadline = time.monotonic() + 15
    while (alive(process) or alive(editor)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(process)
    assert not alive(editor)
