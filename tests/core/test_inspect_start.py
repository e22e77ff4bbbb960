"""Where inspecting begins: the module, its programs, the context, and what is no project."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.core.inspected import MAIN, PING, notes, write
from tui.core.inspect import context, inspect
from tui.core.plan import defaults
from tui.core.project import NotAProject
from tui.core.questions import question


def test_the_bundled_example() -> None:
    project = inspect(PING)
    assert (project.main, project.mains[0].name, project.go) == (".", "ping", "1.27")
    assert [(p.port, p.protocol, p.loopback) for p in project.ports] == [(8080, "tcp", False)]
    text = (PING / project.ports[0].evidence.file).read_text().splitlines()
    assert '"8080"' in text[project.ports[0].evidence.line - 1]
    assert "e.Start" in project.ports[0].evidence.why
    assert not project.cgo.required and project.has_go_sum and not project.notes


def test_a_folder_inside_a_module_is_the_module_with_its_programs_first(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        go_mod="module example.com/app\n\ngo 1.27\n",
        cmd__app__main_go=MAIN,
        cmd__worker__main_go=MAIN.replace("8080", "9090"),
    )
    assert inspect(root).main == "./cmd/app"
    project = inspect(root / "cmd" / "worker")
    assert (project.root, project.main, project.ports[0].port) == (root.resolve(), "./cmd/worker", 9090)


def test_a_chosen_program_is_the_one_that_is_read(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        go_mod="module example.com/app\n\ngo 1.27\n",
        main_go=MAIN,
        cmd__tiny__main_go='package main\n\nimport "C"\n\nfunc main() {}\n',
    )
    assert (inspect(root).main, inspect(root).cgo.required) == (".", False)
    chosen = inspect(root, "./cmd/tiny")
    assert (chosen.main, chosen.cgo.required, chosen.ports) == ("./cmd/tiny", True, ())
    assert inspect(root, "./cmd/other").main == "."


def test_a_choice_changes_neither_the_proposal_nor_the_order_of_the_programs(tmp_path: Path) -> None:
    mains = {f"cmd__{name}__main_go": "package main\n\nfunc main() {}\n" for name in ("alpha", "beta")}
    root = write(tmp_path, go_mod="module example.com/app\n\ngo 1.27\n", main_go=MAIN, **mains)
    found, chosen, asked = inspect(root), inspect(root, "./cmd/beta"), question("main")
    assert asked.choices(chosen, defaults(chosen)) == asked.choices(found, defaults(found))
    assert asked.default(chosen, defaults(chosen)) == asked.default(found, defaults(found))


def test_a_module_above_the_repository_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, go_mod="module example.com/outer\n")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    with pytest.raises(
        NotAProject, match=r"neither it nor a folder above it in its repository has a go\.mod"
    ):
        inspect(tmp_path / "repository")


def test_no_module_says_where_the_only_one_is(tmp_path: Path) -> None:
    write(tmp_path, backend__go_mod="module example.com/app\n", backend__main_go=MAIN)
    (tmp_path / ".git").mkdir()
    with pytest.raises(NotAProject, match=r"The module is in backend\. Run dockwright .*/backend$"):
        inspect(tmp_path)


def test_a_workspace_names_its_modules(tmp_path: Path) -> None:
    write(tmp_path, api__go_mod="module a\n", web__go_mod="module w\n")
    (tmp_path / "go.work").write_text("go 1.27\nuse ./api\nuse ./web\n")
    with pytest.raises(NotAProject, match=r"It holds 2 modules: api, web\. Run dockwright on one of them"):
        inspect(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("main.go", MAIN, "go mod init"),
        ("Gopkg.lock", "", "no Go files"),
        ("README", "hello", "no Go files"),
        ("go.mod", "go 1.27\n", "no module line"),
    ],
)
def test_what_is_no_project_says_what_to_do(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text(text)
    with pytest.raises(NotAProject, match=says):
        inspect(tmp_path)


def test_a_project_of_gopath_without_vendor_is_told_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, main_go=MAIN)
    (tmp_path / ".git").mkdir()
    (tmp_path / "glide.yaml").write_text("package: example.com/team/old\n")
    says = r"no vendor/\. glide\.yaml has the versions .* go mod init example\.com/team/old, then go mod tidy"
    with pytest.raises(NotAProject, match=says):
        inspect(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotAProject, match="no such folder"):
        inspect(tmp_path / "missing")
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAProject, match="It is a file"):
        inspect(tmp_path / "file")


def test_vendor_without_its_list_is_said(tmp_path: Path) -> None:
    write(
        tmp_path,
        go_mod="module a\n\ngo 1.27\n\nrequire b v1.0.0\n",
        main_go=MAIN,
        vendor__b__b_go="package b\n",
    )
    assert notes(tmp_path) == [
        "vendor/ has no modules.txt, so Go refuses it: run go mod vendor, or delete vendor/."
    ]


def test_the_context_stops_at_the_repository_or_three_folders_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    assert context.highest(deep) == tmp_path / "a"
    monkeypatch.setenv("HOME", str(tmp_path / "a" / "b"))
    assert context.highest(deep) == tmp_path / "a" / "b" / "c"
    assert context.highest(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    (tmp_path / "a" / ".git").mkdir()
    assert context.highest(deep) == tmp_path / "a" / "b" / "c"
    monkeypatch.delenv("HOME")
    assert context.highest(deep) == tmp_path / "a"
    assert context.highest(Path("/tmp")) == Path("/tmp")


def test_a_folder_is_left_out_as_git_does_by_what_it_tracks(tmp_path: Path) -> None:
    program = "package main\n\nfunc main() {}\n"
    for folder in ("cmd/app", "old", "build/x"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "main.go").write_text(program)
    (tmp_path / "go.mod").write_text("module example.com/app\n\ngo 1.27\n")
    (tmp_path / ".gitignore").write_text("app\nold\nbuild/\n")

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", tmp_path, *words], check=True)

    def mains() -> set[str]:
        return {main.package for main in inspect(tmp_path).mains}

    assert mains() == {"./cmd/app", "./old"}
    git("init", "-q")
    assert mains() == {"./cmd/app", "./old"}
    git("add", "go.mod")
    assert mains() == set()
    git("add", "-f", "cmd", "build")
    assert mains() == {"./cmd/app", "./build/x"}
    assert inspect(tmp_path, "./old").main == "./old"
    assert inspect(tmp_path / "old").main == "./old"
    (tmp_path / "build" / ".gitignore").write_text("*\n")
    (tmp_path / "build" / "go.mod").write_text("module example.com/x\n\ngo 1.27\n")
    assert inspect(tmp_path / "build").main == "./x"


def test_go_builds_from_vendor_from_a_go_line_on(tmp_path: Path) -> None:
    write(tmp_path, main_go=MAIN, vendor__b__b_go="package b\n")
    (tmp_path / "vendor" / "modules.txt").write_text("# b v1.0.0\n## explicit\n")
    for line, vendored in (("go 1.13", False), ("", False), ("go x", False), ("go 1.14", True)):
        (tmp_path / "go.mod").write_text(f"module a\n\n{line}\n\nrequire b v1.0.0\n")
        found = inspect(tmp_path)
        assert found.has_vendor is vendored
        told = [note.text for note in found.notes if "vendor/" in note.text]
        assert [text.startswith("Go builds from vendor/ where") for text in told] == [True] * (not vendored)
