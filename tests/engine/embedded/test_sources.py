"""The build context as a folder: what a daemon would be sent, and nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.core.ignore import Ignore
from tui.engine import EngineError
from tui.engine.context import Context, ContextError
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


def test_an_edit_that_keeps_size_and_date_is_seen(project: Path) -> None:
    """As git archive, rsync -t and some editors leave it."""
    brought(project)
    page = project / "web" / "static" / "page.html"
    before = page.stat()
    page.write_text("PAGE")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (brought(project) / "web" / "static" / "page.html").read_text() == "PAGE"


def test_what_cannot_be_read_is_the_projects_and_what_cannot_be_written_the_folders(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tui.engine.embedded.sources.shutil.copyfileobj", full)
    with pytest.raises(EngineError, match=r"folder cannot be written\..*No space left.*Make room"):
        brought(project)
    monkeypatch.undo()
    (project / "main.go").unlink()
    monkeypatch.setattr("tui.engine.embedded.sources.os.open", full)
    with pytest.raises(ContextError, match=r"in the build context cannot be read"):
        brought(project)
