"""``dockwright check``: every kind of drift is seen, and gone once it is put right."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.core.test_inspect import unprivileged, write
from tests.core.test_inspect_samples import SAMPLES
from tests.core.txtar import unpack
from tests.golden.test_golden import CASES, HERE
from tui.cli import main
from tui.core.check import written
from tui.core.check.texts import BINARY, TOO_LONG
from tui.core.gobuild import builds
from tui.core.inspect import files
from tui.core.stages import read

Check = Callable[..., tuple[int, str]]

MAIN = """package main

import (
\t_ "embed"
\t"net/http"
)

//go:embed hello.txt
var hello string

func main() { _ = http.ListenAndServe(":8080", nil) }
"""
RUN = "RUN CGO_ENABLED=0 go build -o /app ./cmd/server"
BY_HAND = """# by hand
FROM golang:1.27-alpine AS build
WORKDIR /src
COPY go.mod ./
COPY . .
RUN CGO_ENABLED=0 go build -o /app ./cmd/server

FROM scratch
COPY --from=build /app /app
EXPOSE 8080
ENTRYPOINT ["/app"]
"""


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


def generate(app: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> None:
    assert main(["generate", str(app), "--write", "--force", *flags]) == 0
    capsys.readouterr()


def test_without_a_dockerfile_it_says_how_to_get_one(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = check()
    assert code == 1
    assert text == "Dockerfile:1: There is no Dockerfile.\n  → dockwright generate --write writes it.\n"
    generate(app, capsys)
    assert check() == (0, "The Dockerfile fits the project.\n")


def test_a_dockerfile_by_hand_fits(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("1.27-", "1.25-", "Dockerfile:2: golang:1.25-alpine has Go 1.25, and go.mod:3 asks for 1.27."),
        ("golang:1.27-", "golang:1.27rc1-", "Dockerfile:2: golang:1.27rc1-alpine has Go 1.27rc1"),
        ("./cmd/server", "./cmd/old", "Dockerfile:6: This builds ./cmd/old, where no package main is."),
        ("./cmd/server", "./cmd/...", ""),
        (RUN, "RUN go build -C cmd/old -o /app .", "Dockerfile:6: This builds ./cmd/old"),
        (RUN, "RUN cd cmd/old && go install", "Dockerfile:6: This builds ./cmd/old"),
        (RUN, "RUN <<E\nset -e\ngo build ./cmd/old\nE", "Dockerfile:6: This builds ./cmd/old"),
        (f"COPY go.mod ./\nCOPY . .\n{RUN}", "RUN --mount=target=. go build ./old", ":4: This builds ./old"),
        ("./cmd/server", "-tags x ./cmd/old/main.go", "Dockerfile:6: This builds ./cmd/old"),
        ("1.27-alpine AS build", "1.21 AS base\nFROM base AS build", "Dockerfile:2: golang:1.21 has Go 1.21"),
        ("FROM scratch", "FROM scratch AS base\nEXPOSE 53\nFROM base", ""),
        ("./cmd/server", "./old/...", "Dockerfile:6: This builds ./old/..."),
        ("./cmd/server", "example.com/app/cmd/old", "Dockerfile:6: This builds ./cmd/old"),
        ("EXPOSE 8080", "EXPOSE 9090", "Dockerfile:10: This exposes 9090; the program listens on 8080"),
        ("EXPOSE 8080", "EXPOSE 8080/udp", "8080/tcp (cmd/server/main.go:11) instead."),
        ("EXPOSE 8080", "EXPOSE 8000-8100", ""),
    ],
)  # fmt: skip
def test_a_dockerfile_by_hand_that_drifted(app: Path, check: Check, old: str, new: str, says: str) -> None:
    (app / "Dockerfile").write_text(BY_HAND.replace(old, new))
    code, text = check()
    assert (code, says in text) == (1 if says else 0, True), text
    assert len(text.splitlines()) == (2 if says else 1)
    (app / "Dockerfile").write_text(BY_HAND)
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("golang:1.27-alpine", "golang:1.27.1"),
        ("golang:1.27-alpine AS build", "golang:1.25 AS build\nENV GOTOOLCHAIN=auto"),
        ("golang:1.27-alpine", "golang:1"),
        ("golang:1.27-alpine", "example.com/builder:1.20"),
        ("golang:1.27-alpine", "registry.example.com:5000/hub/golang:1.28@sha256:1234"),
        ("# by hand\nFROM golang:1.27-alpine", "ARG V=1.27\nFROM golang:${V}"),
        ("# by hand", "FROM golang:1.20 AS tools\nRUN go install example.org/tool@latest"),
        ("-o /app ./cmd/server", "-o /app -ldflags '-s -w' cmd/server/main.go"),
        (RUN, "RUN cd cmd/server && go build -o /app ."),
        (RUN, "WORKDIR cmd/server\nRUN go build -o /app"),
        (RUN, "RUN go build -C cmd/server -o /app"),
        (RUN, "RUN <<E\nset -e\ncd cmd/server\ngo build -o /app\nE"),
        (RUN, "RUN go build -o /app ./cmd/$NAME"),
        (RUN, "RUN make"),
        ("COPY . .\nRUN", "RUN --mount=type=bind,target=/src"),
        (f"COPY . .\n{RUN}", "COPY cmd/server/ .\nRUN go build -o /app ."),
        (f"COPY . .\n{RUN}", "COPY cmd/server .\nRUN go build -o /app ."),
        (f"COPY . .\n{RUN}", "COPY Makefile cmd/server /src/\nRUN go build -o /app ."),
        ("EXPOSE 8080", ""),
        ("EXPOSE 8080", "EXPOSE $PORT"),
        ("EXPOSE 8080", "ENV PORT=3000\nEXPOSE 3000"),
        ("EXPOSE 8080\nENTRYPOINT [", 'EXPOSE 3000\nENTRYPOINT ["-listen=:3000", '),
    ],
)  # fmt: skip
def test_what_the_text_leaves_open_is_no_drift(app: Path, check: Check, old: str, new: str) -> None:
    assert old in BY_HAND
    (app / "Dockerfile").write_text(BY_HAND.replace(old, new))
    assert check() == (0, "The Dockerfile fits the project.\n")


def test_ports_are_followed_into_the_stage_it_is_made_from(app: Path, check: Check) -> None:
    text = BY_HAND.replace("FROM scratch\n", "FROM scratch AS image\n")
    (app / "Dockerfile").write_text(text + "FROM image\n")
    assert check()[0] == 0
    (app / "Dockerfile").write_text(text.replace("8080", "53") + "FROM image\nEXPOSE 54\n")
    assert "Dockerfile:10: This exposes 53, 54; the program listens on 8080" in check()[1]


def test_a_go_older_than_go_mod_asks_for_is_seen_through_arguments(app: Path, check: Check) -> None:
    text = BY_HAND.replace("# by hand\nFROM golang:1.27-alpine", "ARG V=1.24.2\nFROM golang:${V:-1.27}")
    (app / "Dockerfile").write_text(text.replace("go build -o /app ./cmd/server", "make"))
    assert "Dockerfile:2: golang:1.24.2 has Go 1.24.2" in check()[1]


def test_a_further_listener_is_missing_from_exposed_ports(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / "cmd/server/admin.go").write_text(
        'package main\n\nimport "net/http"\n\nfunc init() { go http.ListenAndServe(":7070", nil) }\n'
    )
    assert "listens on 7070/tcp (cmd/server/admin.go:5) too." in check()[1]
    (app / "Dockerfile").write_text(BY_HAND.replace("EXPOSE 8080", "EXPOSE 8080 7070"))
    assert check()[0] == 0


def test_ports_are_those_of_the_program_that_is_built(app: Path, check: Check) -> None:
    other = app / "cmd" / "admin"
    other.mkdir()
    (other / "main.go").write_text(
        'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":9090", nil) }\n'
    )
    text = BY_HAND.replace(RUN, "WORKDIR cmd/admin\nRUN go build -o /app")
    (app / "Dockerfile").write_text(text)
    assert "listens on 9090/tcp (cmd/admin/main.go:5) instead." in check()[1]
    (app / "Dockerfile").write_text(text.replace("EXPOSE 8080", "EXPOSE 9090"))
    assert check()[0] == 0


def test_go_sum_is_missing(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    with (app / "go.mod").open("a") as stream:
        stream.write("\nrequire example.org/dep v1.0.0\n")
    assert check()[1].startswith("go.mod:1: go.sum is missing although go.mod requires modules.\n")
    (app / "go.sum").write_text("example.org/dep v1.0.0 h1:x\n")
    assert check()[0] == 0


@pytest.mark.parametrize(
    ("ignore", "says"),
    [
        ("# all\n*.md\n**/*.txt\n", ':3: "**/*.txt" leaves out what cmd/server/main.go:8 embeds (hello'),
        ("cmd\n", '.dockerignore:1: "cmd" leaves out the Go files in cmd/server'),
        ("**\n!cmd\n", '.dockerignore:1: "**" leaves out go.mod'),
        ("[\n", "is no valid pattern"),
    ],
)  # fmt: skip
def test_what_the_dockerignore_swallows(app: Path, check: Check, ignore: str, says: str) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / ".dockerignore").write_text(ignore)
    code, text = check()
    assert (code, says in text) == (1, True), text
    (app / ".dockerignore").write_text(f"{ignore.replace('[', '')}!cmd\n!go.mod\n")
    assert check()[0] == 0


def test_a_dockerfile_that_compiles_nothing_needs_no_source(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text("FROM scratch\nCOPY server /\nEXPOSE 8080\n")
    (app / ".dockerignore").write_text("*\n!server\n")
    assert check()[0] == 0
    (app / "Dockerfile").write_text("FROM example.com/go:1\nCOPY . .\nRUN go build ./cmd/server\n")
    assert '"*" leaves out go.mod' in check()[1]


def test_an_embed_that_keeps_a_file_is_not_swallowed(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / "cmd/server/hello.md").write_text("hello\n")
    source = MAIN.replace("embed hello.txt\nvar hello string", "embed hello.*\nvar hello embed.FS")
    (app / "cmd/server/main.go").write_text(source.replace("_ ", ""))
    (app / ".dockerignore").write_text("**/*.md\n")
    assert check()[0] == 0
    (app / ".dockerignore").write_text("**/*.md\n**/*.txt\n")
    assert '.dockerignore:1: "**/*.md" leaves out what cmd/server/main.go:8 embeds' in check()[1]


def test_the_ignore_file_beside_the_dockerfile_counts(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND)
    (app / ".dockerignore").write_text("cmd\n")
    (app / "Dockerfile.dockerignore").write_text("bin\n")
    assert check()[0] == 0
    (app / "Dockerfile.dockerignore").write_text("go.*\n")
    assert check()[1].startswith('Dockerfile.dockerignore:1: "go.*" leaves out go.mod')


def test_a_context_above_the_project(app: Path, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    (app.parent / "go.work").write_text("go 1.27\n\nuse (\n\t./app\n\t./word\n)\n")
    word = app.parent / "word"
    word.mkdir()
    (word / "go.mod").write_text("module example.com/word\n\ngo 1.27\n")
    (word / "word.go").write_text("package word\n")
    source = MAIN.replace('"net/http"', '"net/http"\n\t_ "example.com/word"')
    (app / "cmd/server/main.go").write_text(source)
    generate(app, capsys)
    assert check()[0] == 0
    ignore = app / "Dockerfile.dockerignore"
    ignore.write_text(ignore.read_text() + "word\n")
    text = check()[1]
    assert '"word" leaves out the Go files in ../word' in text
    assert "write !word/word.go below it." in text


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


def test_json(app: Path, check: Check) -> None:
    (app / "Dockerfile").write_text(BY_HAND.replace("./cmd/server", "./cmd/\x1b[31m"))
    code, text = check("--json")
    found = json.loads(text)
    assert (code, found["schema_version"], found["root"]) == (1, 1, str(app))
    assert [(drift["rule"], drift["file"], drift["line"]) for drift in found["drift"]] == [
        ("main-package", "Dockerfile", 6)
    ]
    assert all(drift[key].isprintable() for drift in found["drift"] for key in ("what", "fix"))
    (app / "Dockerfile").write_text(BY_HAND)
    assert json.loads(check("--json")[1])["drift"] == []


def test_nothing_of_the_files_controls_the_terminal(
    app: Path, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(app, capsys)
    evil = "\x1b]0;owned\x07\x1b[2J\u202e"
    (app / "Dockerfile").write_text(
        f"FROM golang:1.20-{evil}\nFROM golang:1.20{evil}\nRUN go build -o x ./{evil}\nEXPOSE 1\n# {evil}\n"
    )
    (app / ".dockerignore").write_text(f"*{evil}\n**/*.txt\ngo.*\n\x9b\n")
    code, text = check()
    assert code == 1
    assert all(line.isprintable() for line in text.splitlines()), text
    assert "\\x1b" in text


def outside(file: Path) -> None:
    (file.parents[1] / "secret").write_text("FROM secret\n")
    file.symlink_to("../secret")


def huge(file: Path) -> None:
    file.touch()
    os.truncate(file, files.LARGEST + 1)


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "link": (outside, files.OUTSIDE),
    "loop": (lambda file: file.symlink_to(file.name), files.UNREADABLE),
    "huge": (huge, files.TOO_LARGE),
    "long": (lambda file: file.write_text("FROM a\n" * 5001), TOO_LONG),
    "nul": (lambda file: file.write_bytes(b"FROM a\0b\n"), BINARY),
    "binary": (lambda file: file.write_bytes(b"\x7fELF\0\xff"), BINARY),
    "latin": (lambda file: file.write_bytes(b"# caf\xe9\n"), BINARY),
    "folder": (lambda file: file.mkdir(), files.SPECIAL),
    "pipe": (lambda file: os.mkfifo(file), files.SPECIAL),
}


@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_dockerfile_that_cannot_be_read(
    app: Path, check: Check, kind: str, saved: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if saved:
        generate(app, capsys)
        (app / "Dockerfile").unlink()
    make, why = UNUSABLE[kind]
    make(app / "Dockerfile")
    code, text = check()
    assert code == 1
    assert text.splitlines()[0] == f"Dockerfile:1: Dockerfile cannot be checked: {why}."
    assert "secret" not in text


def test_a_dockerfile_that_may_not_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    with TemporaryDirectory() as name:
        root = write(Path(name), go_mod="module example.com/app\n", Dockerfile=BY_HAND)
        root.chmod(0o755)
        # What is imported on the way may lie where nobody may read.
        main(["check", name])
        (root / "Dockerfile").chmod(0)
        with unprivileged():
            assert main(["check", name]) == 1
    assert "Dockerfile cannot be checked: not readable." in capsys.readouterr().out


def test_what_was_just_generated_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For every sample of inspecting that has a program, with the saved answers and by its text alone."""
    count = 0
    for sample in SAMPLES:
        label = tomllib.loads(unpack(sample, tmp_path / sample.stem))
        folder = tmp_path / sample.stem / label.get("folder", "")
        (folder / "go.sum").touch()
        if main(["generate", str(folder), "--write", "--force"]) != 0:
            continue
        count += 1
        capsys.readouterr()
        assert main(["check", str(folder)]) == 0, capsys.readouterr().out
        next((tmp_path / sample.stem).rglob("dockwright.toml")).unlink()
        assert main(["check", str(folder)]) == 0, capsys.readouterr().out
    assert count >= 80


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


def test_a_dockerfile_in_its_usual_folders(app: Path, check: Check) -> None:
    file = app / "build" / "Dockerfile"
    file.parent.mkdir()
    file.write_text(BY_HAND)
    assert check()[0] == 0
    file.write_text(BY_HAND.replace("1.27", "1.21"))
    assert check()[1].startswith("build/Dockerfile:2: golang:1.21-alpine has Go 1.21")
    file.write_text(BY_HAND)
    (app / "build" / "Dockerfile.dockerignore").write_text("go.mod\n")
    assert check()[1].startswith('build/Dockerfile.dockerignore:1: "go.mod" leaves out go.mod')


@pytest.mark.parametrize("name", CASES)
def test_what_is_generated_is_never_called_drifted(name: str) -> None:
    project, answers = CASES[name]
    text = (HERE / f"{name}.Dockerfile").read_text()
    found = list(written.drifted(replace(project, root=HERE), text, "Dockerfile", ()))
    assert not found or "main" in answers, found


def test_files_that_are_named_and_not_there(app: Path, check: Check) -> None:
    file = app / "Dockerfile"
    file.write_text(
        BY_HAND.replace("./cmd/server", "cmd/server/main.go").replace("go.mod ./", "go.mod go.sum ./")
    )
    assert check() == (
        1,
        "Dockerfile:4: This copies go.sum, which is not there.\n  → Leave it out: no module is required.\n",
    )
    (app / "go.sum").write_text("")
    assert check()[0] == 0
    file.write_text(file.read_text().replace("server/main.go", "server/gone.go"))
    assert "This builds cmd/server/gone.go, which is not there." in check()[1]


def test_stages_that_stand_on_one_another_are_each_read_once(app: Path, check: Check) -> None:
    stages = "".join(f"FROM s{n} AS s{n + 1}\nENV N={n}\n" for n in range(2000))
    last = "FROM s2000\nRUN go build ./cmd/gone\nFROM scratch\n"
    (app / "Dockerfile").write_text(f"FROM golang:1.27 AS s0\nWORKDIR /src\nCOPY . .\n{stages}{last}")
    listed = read((app / "Dockerfile").read_text())
    assert sum(len(stage.steps) for stage in listed) < 2010
    assert [build.package for built in builds(listed) for build in built] == ["./cmd/gone"]
    assert "This builds ./cmd/gone" in check()[1]
