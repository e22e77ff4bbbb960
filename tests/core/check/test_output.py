"""What is printed: JSON, nothing that controls a terminal, and why a Dockerfile cannot be checked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.core.check.application import BY_HAND, Check, generate
from tests.core.inspected import unprivileged, write
from tui.cli import main
from tui.core.check.texts import BINARY, TOO_LONG
from tui.core.inspect import files


def test_json(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND.replace("./cmd/server", "./cmd/\x1b[31m"))
    code, text = check("--json")
    found = json.loads(text)
    assert (code, found["schema_version"], found["root"]) == (1, 1, str(app))
    assert [(drift["rule"], drift["file"], drift["line"]) for drift in found["drift"]] == [
        ("main-package", "Dockerfile", 6)
    ]
    assert all(drift[key].isprintable() for drift in found["drift"] for key in ("what", "fix"))
    (app / "Dockerfile").write_text(BY_HAND)
    assert json.loads(check("--json")[1])["drift"] == []


def test_nothing_of_the_files_controls_the_terminal(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"
    (app / "Dockerfile").write_text(
        f"FROM golang:1.20-{evil}\nFROM golang:1.20{evil}\nRUN go build -o x ./{evil}\nEXPOSE 1\n# {evil}\n"
    )
    (app / ".dockerignore").write_text(f"*{evil}\n**/*.txt\ngo.*\n\x9b\n")
    code, text = check()
    assert code == 1
    assert all(line.isprintable() for line in text.splitlines()), text
    assert "\\x1b" in text


def outside(file: Path) -> None:
    (file.parents[1] / "secret").write_text("FROM secret\n")
    file.symlink_to("../secret")


def huge(file: Path) -> None:
    file.touch()
    os.truncate(file, files.LARGEST + 1)


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "link": (outside, files.OUTSIDE),
    "loop": (lambda file: file.symlink_to(file.name), files.UNREADABLE),
    "huge": (huge, files.TOO_LARGE),
    "long": (lambda file: file.write_text("FROM a\n" * 5001), TOO_LONG),
    "nul": (lambda file: file.write_bytes(b"FROM a\0b\n"), BINARY),
    "binary": (lambda file: file.write_bytes(b"\x7fELF\0\xff"), BINARY),
    "latin": (lambda file: file.write_bytes(b"# caf\xe9\n"), BINARY),
    "folder": (lambda file: file.mkdir(), files.SPECIAL),
    "pipe": (lambda file: os.mkfifo(file), files.SPECIAL),
}


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_dockerfile_that_cannot_be_read(
    app: Path, check: Check, kind: str, saved: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if saved:
        generate(app, capsys)
        (app / "Dockerfile").unlink()
    make, why = UNUSABLE[kind]
    make(app / "Dockerfile")
    code, text = check()
    assert code == 1
    assert text.splitlines()[0] == f"Dockerfile:1: Dockerfile cannot be checked: {why}."
    assert "secret" not in text


def test_a_dockerfile_that_may_not_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as name:
        root = write(Path(name), go_mod="module example.com/app\n", Dockerfile=BY_HAND)
        root.chmod(0o755)
        # What is imported on the way may lie where nobody may read.
        main(["check", name])
        (root / "Dockerfile").chmod(0)
        with unprivileged():
            assert main(["check", name]) == 1
    assert "Dockerfile cannot be checked: not readable." in capsys.readouterr().out
