"""Which editor opens a file at a line, and which files it never gets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.core.editors import CannotOpen, editor, place
from tui.core.project import Evidence, Project

FILE = Path("/src/ping/cmd/server/main.go")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH of its own, in which only what a test puts there can be run."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("stated", "command"),
    [
        ("vim", "vim +41 FILE"),
        ("vim.basic -u NONE", "vim.basic -u NONE +41 FILE"),
        ("'nano' --softwrap", "nano --softwrap +41 FILE"),
        ("emacsclient -nw", "emacsclient -nw +41 FILE"),
        ("hx", "hx FILE:41"),
        ("code", "code --wait --goto FILE:41"),
        ("code -w", "code -w --goto FILE:41"),
        ("subl", "subl --wait FILE:41"),
        ("goland --wait", "goland --wait --line 41 FILE"),
        ("mine", "mine FILE"),
    ],
)
def test_an_editor_is_told_the_line_in_its_own_way(programs: Path, stated: str, command: str) -> None:
    put(programs, stated.split()[0].strip("'"))
    found = editor({"EDITOR": stated, "PATH": str(programs)})
    assert " ".join(found.command(FILE, 41)).replace(str(FILE), "FILE") == command


def test_an_editor_with_a_window_leaves_the_terminal_alone(programs: Path) -> None:
    put(programs, "code", "vi", "mine")
    assert editor({"EDITOR": "code", "PATH": str(programs)}).window
    assert not editor({"EDITOR": "vi", "PATH": str(programs)}).window
    assert not editor({"EDITOR": "mine", "PATH": str(programs)}).window


def test_words_never_reach_a_shell(programs: Path) -> None:
    put(programs, "vi")
    found = editor({"EDITOR": "vi '; rm -rf $HOME'", "PATH": str(programs)})
    assert found.command(Path("/a {line} b"), 1) == ("vi", "; rm -rf $HOME", "+1", "/a {line} b")


def test_visual_comes_first_and_empty_ones_do_not_count(programs: Path) -> None:
    put(programs, "vi", "nano")
    env = {"PATH": str(programs), "EDITOR": "vi"}
    assert editor(env | {"VISUAL": "nano"}).name == "nano"
    assert editor(env | {"VISUAL": " "}).name == "vi"


def test_without_either_a_usual_editor_that_is_there_is_taken(programs: Path) -> None:
    put(programs, "vi")
    assert editor({"PATH": str(programs)}).words == ("vi",)
    put(programs, "nano")
    assert editor({"PATH": str(programs)}).words == ("nano",)


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({}, "Neither VISUAL nor EDITOR names an editor"),
        ({"EDITOR": "gone"}, "EDITOR names gone, which cannot be run"),
        ({"VISUAL": "gone -x", "EDITOR": "vi"}, "VISUAL names gone"),
        ({"EDITOR": "vi 'half"}, "EDITOR is no command"),
        ({"EDITOR": "vi \x1b[2J"}, "EDITOR is no command"),
    ],
)
def test_an_editor_that_cannot_be_had_is_a_sentence(programs: Path, stated: dict[str, str], why: str) -> None:
    with pytest.raises(CannotOpen) as error:
        editor(stated | {"PATH": str(programs)})
    assert why in str(error.value)
    assert "export EDITOR=nano" in str(error.value)
    assert "\x1b" not in str(error.value)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "all" / "ping"
    root.mkdir(parents=True)
    (root / "main.go").write_text("package main\n")
    (root.parent / "go.work").write_text("go 1.27\n")
    (tmp_path / "secret").write_text("no\n")
    return Project(root=root, module="example.com/ping", context=root.parent, place="ping")


def test_a_file_of_the_project_or_its_context_is_found(project: Project) -> None:
    assert place(project, Evidence("main.go", 1, "")) == project.root / "main.go"
    assert place(project, Evidence("../go.work", 1, "")) == project.root.parent / "go.work"


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("../../secret", "leads out of"),
        ("linked", "leads out of"),
        ("/etc/passwd", "leads out of"),
        ("gone.go", "not there any more"),
        ("main.go\0", "characters in its name"),
        ("a\x1b[2J.go", "characters in its name"),
        ("a\nb.go", "characters in its name"),
        ("", "characters in its name"),
        (".", "is no file"),
        ("pipe", "is no file"),
    ],
)
def test_what_is_no_file_of_the_project_is_never_opened(project: Project, file: str, why: str) -> None:
    (project.root / "linked").symlink_to(project.root.parents[1] / "secret")
    os.mkfifo(project.root / "pipe")
    with pytest.raises(CannotOpen) as error:
        place(project, Evidence(file, 1, ""))
    assert why in str(error.value)
    assert str(error.value).isprintable()
