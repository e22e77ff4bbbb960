"""What inspecting refuses to touch: links out of the project, and what may not be read."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.core.inspected import MAIN, notes, unprivileged, write
from tui.core.inspect import files, inspect
from tui.core.project import NotAProject


def test_links_out_of_the_project_are_not_followed(
    module: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside, secret_go='package main\n\nimport "C"\n', cmd__x__main_go=MAIN)
    (module / "secret.go").symlink_to(outside / "secret.go")
    (module / "cmd").symlink_to(outside / "cmd")
    (module / "round").symlink_to(module)
    project = inspect(module)
    assert [main.package for main in project.mains] == ["."]
    assert not project.cgo.required
    assert [note.text for note in project.notes] == [
        "Left out, a symbolic link out of the project: secret.go."
    ]


def test_a_go_mod_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    write(tmp_path, other__go_mod="module example.com/other\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "go.mod").symlink_to(tmp_path / "other" / "go.mod")
    with pytest.raises(NotAProject, match="symbolic link out of the project"):
        inspect(tmp_path / "app")


def test_files_that_cannot_be_read_are_named(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1000)
    write(
        module,
        huge_go=b"package main\n" + b"// x\n" * 300,
        binary_go=b"\x7fELF\0\0",
        latin_go=b"package main // \xe9",
    )
    os.mkfifo(module / "pipe.go")
    (module / "loop.go").symlink_to("loop.go")
    (module / "folder.go").mkdir()
    project = inspect(module)
    assert project.ports
    assert sorted(note.text for note in project.notes) == [
        "Left out, larger than 8 MB: huge.go.",
        "Left out, no regular file: pipe.go.",
        "Left out, not UTF-8: binary.go, latin.go.",
        "Left out, not readable: loop.go.",
    ]


def test_a_folder_without_permission_is_named() -> None:
    with TemporaryDirectory() as name:
        root = write(Path(name), go_mod="module example.com/app\n\ngo 1.27\n", main_go=MAIN)
        root.chmod(0o755)
        assert notes(root) == []
        (root / "closed").mkdir(mode=0)
        with unprivileged():
            assert notes(root) == ["Left out, not readable: closed."]


def test_a_joined_module_behind_a_link_is_not_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        app__go_mod="module a\n\ngo 1.27\n\nrequire b v0.0.0\n\nreplace b => ./b\n",
        app__main_go='package main\n\nimport _ "b"\n\nfunc main() {}\n',
        b__go_mod="module b\n",
        b__b_go='package b\n\nimport "C"\n',
    )
    (tmp_path / "app" / "b").symlink_to(tmp_path / "b")
    project = inspect(tmp_path / "app")
    assert (project.cgo.required, project.local_replaces) == (False, ("./b",))
    assert [note.text for note in project.notes] == [
        "go.mod replaces b with ./b, which leads through a symbolic link."
    ]
