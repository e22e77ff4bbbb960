"""A terminal in tmux: keys go in, the screen comes out as a person sees it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4


def alive(process: int) -> bool:
    """Whether a process with this number still runs."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "zombie" not in status.read_text()


class Tmux:
    """One command in a terminal of its own; ``close`` ends it. Only what is on the screen is known."""

    def __init__(self, command: str, folder: Path, env: Mapping[str, str], columns: int, lines: int) -> None:
        self._socket = f"dockwright-{uuid4().hex[:8]}"
        self._env = dict(env)
        size = ["-x", str(columns), "-y", str(lines)]
        script = f"{command}; echo left with $?; exec sleep 600"
        # The status line would take a row from the program.
        self._run(
            "set-option",
            "-g",
            "status",
            "off",
            ";",
            "new-session",
            "-d",
            "-s",
            "t",
            *size,
            "-c",
            str(folder),
            script,
        )

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: Enter, C-q, BTab, F1, x."""
        self._run("send-keys", "-t", "t", *keys)

    def screen(self) -> str:
        """The text on the screen."""
        return self._run("capture-pane", "-p", "-t", "t")

    def wait(self, done: Callable[[str], bool] | str, seconds: float = 30) -> str:
        """The screen once it shows the text or satisfies ``done``. AssertionError shows the last."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            seen = self.screen()
            if done in seen if isinstance(done, str) else done(seen):
                return seen
            time.sleep(0.1)
        raise AssertionError(f"{done!r} did not appear:\n{self.screen()}")

    def pid(self) -> int:
        """The process of the shell in the terminal."""
        return int(self._run("display-message", "-p", "-t", "t", "#{pane_pid}"))

    def program(self) -> int:
        """The process that the shell in the terminal started."""
        words = ["pgrep", "-P", str(self.pid())]
        (process,) = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
        return int(process)

    def close(self) -> None:
        """Close the terminal: what runs in it gets SIGHUP."""
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *words], env=self._env, capture_output=True, text=True, check=True
        )
        return done.stdout
