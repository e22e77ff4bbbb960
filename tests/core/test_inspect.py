"""Where inspecting begins, what it refuses to touch, and what it survives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.core.inspect import context, files, inspect, program, repository
from tui.core.project import NotAProject
from tui.core.report import as_json, as_text

MAIN = 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n'
PING = Path(__file__).parents[1] / "projects" / "ping"


def write(root: Path, **texts: str | bytes) -> Path:
    """Files by path, where ``__`` stands for a slash and ``_go`` for an ending."""
    for name, text in texts.items():
        path = root / name.replace("__", "/").replace("_mod", ".mod").replace("_go", ".go").replace(
            "_sum", ".sum"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return write(tmp_path, go_mod="module example.com/app\n\ngo 1.27\n", main_go=MAIN)


def notes(root: Path) -> list[str]:
    return [note.text for note in inspect(root).notes]


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


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may read everything, so be nobody for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


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


def test_json_is_plain_and_without_control_characters(module: Path) -> None:
    write(module, evil_go='package main\n\nimport "net/http"\n\nvar _ = http.Server{Addr: "\x1b[31m:81"}\n')
    found = json.loads(json.dumps(as_json(inspect(module))))
    assert found["schema_version"] == 1
    assert found["main"] == "."
    evidence = {"file": "main.go", "line": 5, "kind": "declaration", "confidence": "certain"}
    assert found["mains"] == [
        {
            "package": ".",
            "name": "app",
            "role": "application",
            "evidence": evidence | {"why": "func main of package main"},
            "reason": evidence | {"why": "the only program of the module"},
        }
    ]
    assert {(port["port"], port["protocol"], port["loopback"]) for port in found["ports"]} == {
        (8080, "tcp", False),
        (81, "tcp", False),
    }
    assert found["cgo"] == {"required": False, "evidence": []}
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)
    assert "\x1b" not in as_text(inspect(module))


def test_the_report_names_every_finding_with_its_place() -> None:
    lines = as_text(inspect(PING)).splitlines()
    assert lines[:4] == [
        "module       github.com/dockwright/ping",
        "Go           1.27  go.mod:3  certain",
        "             → compiled by Go 1.27 or newer",
        "program      ping, package .  main.go:19  certain",
    ]
    assert "listens on   8080/tcp  main.go:33  likely" in lines


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("git@github.com:acme/app.git", "https://github.com/acme/app"),
        ("ssh://git@git.example.com:2222/team/app.git", "https://git.example.com/team/app"),
        ("https://me:secret@git.example.com/team/app/", "https://git.example.com/team/app"),
        ("git://example.com/~me/app", "https://example.com/~me/app"),
        ("/srv/git/app.git", ""),
        ("file:///srv/git/app.git", ""),
        ("../app.git", ""),
        ("https://example.com/a b", ""),
        ("https://example.com/$(x)", ""),
        ('https://example.com/"x', ""),
        ("https://exa\nmple.com/x", ""),
        ("", ""),
    ],
)
def test_a_remote_as_an_address(remote: str, address: str) -> None:
    assert repository.https_url(remote) == address


def test_importing_does_not_load_the_parser() -> None:
    code = "import sys, tui.core.inspect; print('tree_sitter' in sys.modules, 'tomllib' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert out.split()[0] == "False"


AROUND = [
    b'[remote "origin"]\n\turl = git@[::1]:x/y\n',
    b"export GOPRIVATE := [,*,a/**,\\\n",
    b"use .\nuse ../..\nuse \0\n",
    b"insteadOf = https://\nmachine a.b\n* filter=lfs\n",
]
PIECES = [
    b"var version, commit = `\0\n",
    b"os.Open(filepath.Join(",
    b'http.Dir("\0")\n',
    b'template.ParseGlob("[")\n',
    b'r.Route("/a", func(r R) { r.Get("/healthz", nil) })\n',
    b'switch os.Args[1] { case "health": }\n',
    b"x := []C{{Use: `ping`}, {}, {{}}}\n",
    b"#cgo a,b LDFLAGS: -l -lx pkg-config: `\n",
    *[
        piece.encode()
        for piece in ("/*", "*/", "`", '"', "(" * 300, "a+" * 300, "\0", "}\n", "os.Getenv(", "x.Run()\n")
    ],
    b"\xff",
    b"package main\n",
    b'import "C"\n',
    b'import ("net/http"; "embed")\n',
    b"func main() {",
    b"http.ListenAndServe(addr, nil)\n",
    b'addr := ":8080"\n',
    b"func f(addr string) string { return f(addr) }\n",
    b"net.Listen(f(f(f(addr))))\n",
    b"//go:embed *\n",
    b"//go:embed [\n",
    b"//go:build a &&\n",
    b'type c struct { Port int `default:"1"` }\n',
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    source=st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join),
    mod=st.binary(max_size=60)
    | st.sampled_from(
        [b"go 1.27\n", b"require a.lan/x v1\n", b"replace x => ../../..\n", b"replace x => /\0\n"]
    ),
    other=st.binary(max_size=120) | st.sampled_from(AROUND),
    dockerfile=st.binary(max_size=80) | st.just(b"FROM a\nEXPOSE \\\n"),
)
def test_any_bytes_in_any_file(
    tmp_path: Path, source: bytes, mod: bytes, other: bytes, dockerfile: bytes
) -> None:
    write(
        tmp_path,
        go_mod=b"module a\n" + mod,
        main_go=source,
        sub__other_go=source[::-1],
        Dockerfile=dockerfile,
        Makefile=other,
        LICENSE=other,
    )
    for name in (".gitattributes", ".git/config", "go.work", ".netrc"):
        write(tmp_path, **{name.replace("/", "__"): other})
    project = inspect(tmp_path)
    lines = source.count(b"\n") + 1
    places = [
        *(main.evidence for main in project.mains),
        *(port.evidence for port in project.ports),
        *(embed.evidence for embed in project.embeds),
        *(found.evidence for found in project.opened),
        *(found.evidence for found in project.health),
        *(found.evidence for found in project.versions),
    ]
    assert all(1 <= place.line <= lines for place in places if place.file == "main.go")
    json.dumps(as_json(project))
    as_text(project)


def test_of_much_code_the_nearest_is_read_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_MOST_BODIES", 1)
    files = {
        "go.mod": "module example.com/app\n\ngo 1.27\n",
        "main.go": 'package main\n\nimport (\n\t"net/http"\n\n\t_ "example.com/app/far"\n)\n\n'
        'func main() { http.ListenAndServe(":8080", nil) }\n',
        "far/far.go": 'package far\n\nimport "net/http"\n\nfunc F() { http.ListenAndServe(":9", nil) }\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = inspect(tmp_path)
    assert [port.port for port in found.ports] == [8080]
    assert [note.text for note in found.notes if "only the 1 files nearest" in note.text]


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


def test_code_that_goes_round_in_circles_is_followed_to_an_end(tmp_path: Path) -> None:
    calls = "\n".join(f"\tf{n}(x[{n}], y, a{n})" for n in range(12))
    functions = "".join(
        f"func f{n}(x map[string]string, y []string, a string) {{\n{calls}\n"
        f'\t_ = http.ListenAndServe(x["a"], nil)\n\tr.Run(a, y[0], v{n})\n\tv{n} = a{n}\n}}\n'
        for n in range(12)
    )
    text = f'package main\n\nimport (\n\t"net/http"\n\t"github.com/gin-gonic/gin"\n)\n\n{functions}'
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text(
        f"{text}\nfunc main() {{ f0(nil, nil, gin.Mode()) }}\nvar n = 0x{'F' * 9000}\n"
    )
    assert inspect(tmp_path).ports == ()


def test_functions_that_call_each_other_are_called_where_main_calls_one(tmp_path: Path) -> None:
    text = """package main

import "net/http"

func a() { _ = http.ListenAndServe(":8081", nil); b() }

func b() { _ = http.ListenAndServe(":8082", nil); a() }

func c() { _ = http.ListenAndServe(":8083", nil); d() }

func d() { _ = http.ListenAndServe(":8084", nil); c() }

func main() { a() }
"""
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text(text)
    assert [port.port for port in inspect(tmp_path).ports] == [8081, 8082]
