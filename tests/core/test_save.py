"""Writing keeps what it replaces, changes all or nothing of a file, and follows no link out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.core.save import CannotSave, changes, write

FILES = (("Dockerfile", "FROM a\n"), (".dockerignore", "x\n"))


def test_new_files(tmp_path: Path) -> None:
    planned = changes(tmp_path, FILES)
    assert [change.state for change in planned] == ["new", "new"]
    written = write(tmp_path, planned)
    assert [w.path.read_text() for w in written] == ["FROM a\n", "x\n"]
    assert all(w.backup is None for w in written)


def test_unchanged_files_are_not_touched(tmp_path: Path) -> None:
    write(tmp_path, changes(tmp_path, FILES))
    assert write(tmp_path, changes(tmp_path, FILES)) == ()


def test_what_is_replaced_is_kept_every_time(tmp_path: Path) -> None:
    target = tmp_path / "Dockerfile"
    for text in ("one\n", "two\n", "three\n"):
        target.write_text("mine " + text)
        (written,) = write(tmp_path, changes(tmp_path, [("Dockerfile", text)]))
        assert written.backup is not None
        assert written.backup.read_text() == "mine " + text
    assert target.read_text() == "three\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "Dockerfile", "Dockerfile.bak", "Dockerfile.bak1", "Dockerfile.bak2",
    ]  # fmt: skip


def test_the_mode_of_a_replaced_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "Dockerfile"
    target.write_text("old")
    target.chmod(0o600)
    write(tmp_path, changes(tmp_path, [("Dockerfile", "new")]))
    assert target.stat().st_mode & 0o777 == 0o600


def test_bytes_that_are_no_text_are_kept_in_the_backup(tmp_path: Path) -> None:
    target = tmp_path / "Dockerfile"
    target.write_bytes(b"\xff\xfe old")
    (written,) = write(tmp_path, changes(tmp_path, [("Dockerfile", "new")]))
    assert written.backup is not None
    assert written.backup.read_bytes() == b"\xff\xfe old"


def test_the_diff_shows_both_sides(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\nUSER 0\n")
    (change,) = changes(tmp_path, [("Dockerfile", "FROM a\nUSER 1\n")])
    assert change.state == "changed"
    assert {"-USER 0", "+USER 1"} <= set(change.diff())


def test_a_link_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("keep")
    project = tmp_path / "project"
    project.mkdir()
    (project / ".dockerignore").symlink_to(outside)
    with pytest.raises(CannotSave, match="symbolic link"):
        write(project, changes(project, FILES))
    assert outside.read_text() == "keep"
    assert not (project / "Dockerfile").exists()


def test_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").mkdir()
    with pytest.raises(CannotSave, match="is no file"):
        write(tmp_path, changes(tmp_path, FILES))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "Dockerfile"
    target.write_text("old")
    planned = changes(tmp_path, [("Dockerfile", "new")])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotSave, match="No space left on device"):
        write(tmp_path, planned)
    assert target.read_text() == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".Dockerfile.")]
