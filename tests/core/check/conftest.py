"""A project, and how it is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.check.application import MAIN, Check
from tui.cli import main


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A project whose program is ./cmd/server, without any Dockerfile."""
    folder = tmp_path / "app"
    server = folder / "cmd" / "server"
    server.mkdir(parents=True)
    (folder / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (server / "main.go").write_text(MAIN)
    (server / "hello.txt").write_text("hello\n")
    return folder


@pytest.fixture
def check(app: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command; the exit code and what it printed."""

    def run(*flags: str) -> tuple[int, str]:
        code = main(["check", str(app), *flags])
        captured = capsys.readouterr()
        assert captured.err == ""
        return code, captured.out

    return run
