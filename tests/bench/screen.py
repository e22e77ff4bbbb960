"""Start-up and typing, in a real pseudo terminal."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.report import ninetieth, row, spread
from tests.bench.terminal import Terminal
from tui.core.inspect import inspect
from tui.core.plan import Plan, defaults
from tui.core.project import Project
from tui.core.questions import question

_PING = Path(__file__).parents[1] / "projects" / "ping"
_STARTS, _KEYS = 11, 40
_BINARY_FIELD = "\t\t"
_ENTER, _DOWN, _UP = "\r", "\x1b[B", "\x1b[A"


def measure() -> Iterator[str]:
    """Rows for the first frame, the echo of a key and the settled preview."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(_PING, Path(folder) / "ping"))
        yield _start(project)
        yield from _typing(project)
        yield from _choosing(project)


def _start(project: Path) -> str:
    blank = [sys.executable, str(Path(__file__).with_name("blank.py"))]
    wizard = [sys.executable, "-m", "tui", str(project)]
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(_STARTS + 1):
        pair = (
            _first_frame(blank, "blank"),
            _first_frame(wizard, "Main package", "go build -trimpath"),
        )
        if run:
            for samples, taken in zip(times, pair, strict=True):
                samples.append(taken)
    base, ours = times
    return row(
        "first frame / blank Textual app",
        median(ours) / median(base),
        "×",
        1.5,
        f"{spread(ours)} / {spread(base)}",
    )


def _first_frame(argv: list[str], *marks: str) -> float:
    with Terminal(argv) as terminal:
        return terminal.wait(lambda text: all(mark in text for mark in marks))


def _typing(project: Path) -> Iterator[str]:
    echo: list[float] = []
    settled: list[float] = []
    with Terminal([sys.executable, "-m", "tui", str(project)]) as terminal:
        terminal.wait(lambda text: "go build -trimpath" in text)
        terminal.settle(1.0)
        terminal.send(_BINARY_FIELD)
        terminal.settle(0.5)
        for number in range(_KEYS):
            key = chr(ord("a") + number % 26)
            sent = terminal.send(key)
            echo.append(terminal.wait(lambda text, key=key: key in text) - sent)  # type: ignore[misc]
            settled.append(max(terminal.settle(0.25) - sent, echo[-1]))
    yield row("key press to echo, 90th percentile", ninetieth(echo) * 1000, "ms", 16, spread(echo))
    yield row(
        "key press to settled preview, 90th percentile", ninetieth(settled) * 1000, "ms", 60, spread(settled)
    )


def _choosing(project: Path) -> Iterator[str]:
    """Down and up the table of base images: the row is there, and then all that follows from it."""
    labels = [choice.label for choice in question("runtime").choices(*_asked(project))][: _KEYS // 2]
    way = [*((_DOWN, label) for label in labels[1:]), *((_UP, label) for label in reversed(labels[:-1]))]
    echo: list[float] = []
    settled: list[float] = []
    with Terminal([sys.executable, "-m", "tui", str(project)]) as terminal:
        terminal.wait(lambda text: "go build -trimpath" in text)
        terminal.settle(1.0)
        terminal.send(_ENTER)
        terminal.wait(lambda text: labels[-1][:12] in text or "below" in text)
        terminal.settle(1.0)
        for key, label in way:
            sent = terminal.send(key)
            echo.append(terminal.wait(lambda text, label=label: label[:12] in text) - sent)  # type: ignore[misc]
            settled.append(max(terminal.settle(0.25) - sent, echo[-1]))
    yield row("base image to echo, 90th percentile", ninetieth(echo) * 1000, "ms", 16, spread(echo))
    yield row(
        "base image to settled preview, 90th percentile", ninetieth(settled) * 1000, "ms", 60, spread(settled)
    )


def _asked(folder: Path) -> tuple[Project, Plan]:
    project = inspect(folder)
    return project, defaults(project)
