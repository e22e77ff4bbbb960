"""What inspecting survives: any bytes, much code, code that goes round in circles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.inspected import write
from tui.core.inspect import inspect, program
from tui.core.report import as_json, as_text

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
