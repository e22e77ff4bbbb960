"""What a person sees, and can do, while a large project is read."""

from __future__ import annotations

import os
import pty
import re
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from tui.commands import reading
from tui.core.inspect import inspect
from tui.core.project import NotAProject

_LONGEST = 30


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "app"
    for number in range(180):  # fewer than are remembered
        folder = root / f"p{number % 5}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"f{number}.go").write_text(f"package p{number % 5}\n\nfunc f{number}() {{}}\n")
    (root / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (root / "main.go").write_text("package main\n\nfunc main() {}\n")
    return root


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(reading, "_QUIET", 0)
    monkeypatch.setattr(reading, "_EVERY", 0)


class Waiting(reading._Reading):
    """Reads no further than some files until it is left, however long whoever leaves takes to do so."""

    def _count(self, files: int) -> None:
        if files > 60:
            self.left.wait(_LONGEST)
        super()._count(files)


class Person:
    """Who sits at the terminal: ``screen`` is all that was written to it, read at once as a terminal does."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self.screen = b""
        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def press(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def shown(self) -> bytes:
        """All that was written so far."""
        os.write(sys.stderr.fileno(), b"end")
        while not self.screen.endswith(b"end"):
            self._reading.join(0.01)
        return self.screen.removesuffix(b"end")

    def leave(self) -> None:
        self._reading.join()
        os.close(self._terminal)

    def _read(self) -> None:
        with suppress(OSError):  # the program's end is closed
            while text := os.read(self._terminal, 4096):
                self.screen += text


@contextmanager
def terminal() -> Iterator[Person]:
    """A terminal for keys and messages, and who sits at it."""
    outer, program = pty.openpty()
    tty.setraw(program)
    person = Person(outer)
    with (
        pytest.MonkeyPatch.context() as patch,
        os.fdopen(program, "r") as keys,
        os.fdopen(os.dup(program), "w") as messages,
    ):
        patch.setattr(sys, "stdin", keys)
        patch.setattr(sys, "stderr", messages)
        yield person
    person.leave()


def test_a_line_counts_the_files_and_goes(project: Path) -> None:
    with terminal() as person:
        reading.inspected(project)
        text = person.shown().decode()
    counts = [int(number) for number in re.findall(r"\r\x1b\[KReading app … (\d+) files", text)]
    assert counts == sorted(counts) and counts[-1] >= 128
    assert text.endswith("\r\x1b[K")


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_no_line_where_it_cannot_be_taken_away(
    project: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("TERM", kind)
    with terminal() as person:
        reading.inspected(project)
        assert person.shown() == b""


def test_no_line_in_a_pipe(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    reading.inspected(project)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("key", [b"\x1b", b"\x11"], ids=["esc", "ctrl+q"])
def test_a_key_leaves(project: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_EVERY", 0.02)
    monkeypatch.setattr(reading, "_Reading", Waiting)
    with terminal() as person:
        before = termios.tcgetattr(sys.stdin)
        person.press(key)
        with pytest.raises(KeyboardInterrupt):
            reading.inspected_or_left(project)
        assert termios.tcgetattr(sys.stdin) == before
        assert person.shown().endswith(b"  esc leaves\r\x1b[K")


def test_other_keys_do_not_leave(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_EVERY", 0.02)
    with terminal() as person:
        person.press(b"\x1b[A")
        assert reading.inspected_or_left(project) == inspect(project)


def test_what_is_no_project_is_said_from_the_thread_too(tmp_path: Path) -> None:
    with terminal(), pytest.raises(NotAProject, match="no such folder"):
        reading.inspected_or_left(tmp_path / "gone")


def test_what_progress_raises_ends_the_inspection(project: Path) -> None:
    class EnoughError(Exception):
        pass

    told: list[int] = []

    def tell(files: int) -> None:
        told.append(files)
        if files > 100:
            raise EnoughError

    with pytest.raises(EnoughError):
        inspect(project, progress=tell)
    assert told[-1] < 180
