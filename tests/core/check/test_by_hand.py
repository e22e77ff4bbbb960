"""A Dockerfile by hand: what of it drifted is seen, and gone once it is put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.check.application import BY_HAND, RUN, Check, generate
from tui.core.gobuild import builds
from tui.core.stages import read


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
