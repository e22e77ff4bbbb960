"""The build context as a folder: what a daemon would be sent, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.core.ignore import Ignore
from tui.engine.context import Context
from tui.engine.embedded.sources import bring


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "web" / "static").mkdir(parents=True)
    (root / "main.go").write_text("package main\n")
    (root / "web" / "static" / "page.html").write_text("page")
    (root / "web" / "static" / ".env").write_text("SECRET=1")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("web")
    return root


def brought(project: Path, ignored: str = "") -> Path:
    folder = project.parent / "folder"
    bring(Context(project, Ignore(ignored)), folder, lambda: None)
    return folder


def listed(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        yield str(path.relative_to(folder))


def test_it_holds_what_a_daemon_would_be_sent(project: Path) -> None:
    folder = brought(project, "**/.env\n")
    assert list(listed(folder)) == [
        "link",
        "main.go",
        "run.sh",
        "web",
        "web/static",
        "web/static/page.html",
    ]
    assert (folder / "link").readlink() == Path("web")
    assert os.access(folder / "run.sh", os.X_OK)


def test_what_is_gone_changed_or_ignored_by_now_is_not_left(project: Path) -> None:
    brought(project)
    (project / "main.go").unlink()
    (project / "run.sh").chmod(0o644)
    (project / "link").unlink()
    (project / "link").mkdir()
    (project / "link" / "file").write_text("x")
    (project / "web" / "static" / "page.html").write_text("other")
    folder = brought(project, "**/.env\n")
    assert list(listed(folder)) == [
        "link",
        "link/file",
        "run.sh",
        "web",
        "web/static",
        "web/static/page.html",
    ]
    assert not os.access(folder / "run.sh", os.X_OK)
    assert (folder / "web" / "static" / "page.html").read_text() == "other"


def test_what_did_not_change_is_not_copied_again(project: Path) -> None:
    folder = brought(project)
    before = (folder / "main.go").stat().st_ino
    assert (brought(project) / "main.go").stat().st_ino == before


def test_nothing_is_written_through_a_link_that_lies_there(project: Path, tmp_path: Path) -> None:
    """What an earlier context had as a link may be a folder or a file now."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.go").write_text("mine")
    (project / "main.go").unlink()
    (project / "main.go").symlink_to(elsewhere / "main.go")
    (project / "data").symlink_to(elsewhere)
    brought(project)
    for name in ("main.go", "data"):
        (project / name).unlink()
    (project / "main.go").write_text("package main\n")
    (project / "data").mkdir()
    (project / "data" / "new").write_text("x")
    folder = brought(project)
    assert (folder / "main.go").read_text() == "package main\n"
    assert (elsewhere / "main.go").read_text() == "mine" and not (elsewhere / "new").exists()


def test_work_that_was_given_up_ends(project: Path) -> None:
    class GivenUp(Exception):
        pass

    def check() -> None:
        raise GivenUp

    with pytest.raises(GivenUp):
        bring(Context(project, Ignore("")), project.parent / "folder", check)
