"""Saved answers: what drifted from them, and what they decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.check.application import BY_HAND, MAIN, Check, generate
from tui.cli import main


def test_drift_from_the_saved_answers(app: Path, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    generate(app, capsys, "--runtime", "alpine")
    assert check()[0] == 0
    saved = app / "dockwright.toml"
    saved.write_text(saved.read_text().replace('runtime = "alpine', 'runtime = "debian-slim-trixie" # "'))
    code, text = check()
    assert code == 1
    assert 'FROM debian:trixie-slim" here instead of "FROM alpine:' in text
    generate(app, capsys)
    assert check()[0] == 0


def test_a_change_of_the_project_is_drift(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    (app / "go.mod").write_text("module example.com/app\n\ngo 1.27.1\n\nrequire example.org/dep v1.0.0\n")
    (app / "go.sum").write_text("")
    code, text = check()
    assert code == 1
    assert "The saved answers give another Dockerfile today: " in text
    generate(app, capsys)
    assert check()[0] == 0


def test_an_edit_by_hand_and_other_line_ends(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    file = app / "Dockerfile"
    written = file.read_text()
    file.write_bytes(written.replace("\n", "\r\n").encode())
    assert check()[0] == 0
    file.write_text(written + "LABEL a=b\n")
    assert f"Dockerfile:{written.count(chr(10)) + 1}: " in check()[1]
    assert 'nothing here instead of "LABEL a=b".' in check()[1]
    file.write_text(written.rpartition("\nUSER")[0] + "\n")
    assert "here instead of nothing" in check()[1]


def test_a_missing_file_of_the_saved_answers(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    (app / ".dockerignore").unlink()
    assert check()[1].startswith(".dockerignore:1: There is no .dockerignore.")


def test_answers_that_cannot_work_any_more(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys, "--main", "./cmd/server")
    (app / "cmd/server").rename(app / "cmd/api")
    code, text = check()
    assert code == 1
    line = (app / "dockwright.toml").read_text().splitlines().index('main = "./cmd/server"') + 1
    assert f"dockwright.toml:{line}: ./cmd/server holds no package main with func main." in text
    assert "  → Build ./cmd/api instead: change it here" in text
    generate(app, capsys, "--main", "./cmd/api")
    assert check()[0] == 0


def test_answers_that_are_none_are_a_usage_error(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "dockwright.toml").write_text('colour = "red"\n')
    assert main(["check", str(app)]) == 2
    assert "is no question" in capsys.readouterr().err


def test_a_port_somebody_decided_is_no_drift(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys, "--port", "9090")
    assert check()[0] == 0
    (app / "dockwright.toml").unlink()
    assert "instead." in check()[1]


def test_what_is_advised_about_ports_helps(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    (app / "cmd/server/main.go").write_text(MAIN.replace(":8080", ":9090"))
    text = check()[1]
    assert "This exposes 8080/tcp; the program listens on 9090/tcp" in text
    assert "  → Write EXPOSE 9090/tcp instead." in text
    file = app / "Dockerfile"
    file.write_text(file.read_text().replace("EXPOSE 8080/tcp", "EXPOSE 9090/tcp"))
    assert check()[0] == 0


def test_the_own_dockerfile_decides_nothing(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys, "--runtime", "alpine")
    (app / "cmd/server/main.go").write_text(MAIN.replace(":8080", ":9090"))
    saved = app / "dockwright.toml"
    saved.write_text(saved.read_text().replace("\nruntime", "\n# runtime"))
    assert "This exposes 8080/tcp; the program listens on 9090/tcp" in check()[1]
    generate(app, capsys)
    text = (app / "Dockerfile").read_text()
    assert "EXPOSE 9090/tcp\nUSER" in text and "FROM gcr.io/distroless/static" in text
    assert check()[0] == 0


def test_what_a_dockerfile_by_hand_decided_is_kept_as_answers(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    decided = BY_HAND.replace("FROM scratch", "FROM alpine:3.20\nUSER 1234").replace("8080", "8080 9999")
    (app / "Dockerfile").write_text(decided)
    generate(app, capsys)
    text = (app / "Dockerfile").read_text()
    assert all(part in text for part in ("FROM alpine:3", "USER 1234", "EXPOSE 8080/tcp\nEXPOSE 9999/tcp"))
    saved = (app / "dockwright.toml").read_text()
    assert all(f"\n{key} = " in saved for key in ("runtime", "user", "port"))
    assert "\n# go = " in saved
    assert check()[0] == 0
