"""Generated files, byte for byte: the bytes are what people commit, so a change is meant or a bug.

``python -m tests.golden.test_golden`` writes them anew.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sample import GO_LINE, PING, project
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Cgo, Embed, Evidence, FrontEnd, Gopath, Main, Need, Project
from tui.core.render import render

HERE = Path(__file__).parent
SEEN = Evidence("main.go", 9, "seen")
CGO = project(cgo=Cgo(True, (SEEN,)))
VIPS = project(cgo=Cgo(True, (SEEN,)), c_modules=("pkg-config:vips",))
CXX = project(cgo=Cgo(True, (SEEN,)), c_modules=("c++",))
BUNDLED = project(cgo=Cgo(True, (SEEN,)), c_modules=("github.com/wasmerio/wasmer-go/wasmer",))
SEVERAL = project(mains=(*PING.mains, Main("./cmd/tool", "tool", "application", SEEN)))
WORKSPACE = project(
    place="server",
    uses_workspace=True,
    module_files=("server/go.mod", "server/go.sum", "word/go.mod", "go.work"),
)
FRONT_END = FrontEnd(
    directory="web", install="web", manager="npm", manager_version="", node="24",
    manifests=("web/package.json", "web/package-lock.json"), has_lockfile=True, script="build",
    output="web/dist", wanted="web/dist", complete=False, evidence=(SEEN,), sources="web",
    stale=("web/dist",),
)  # fmt: skip
MEMBER = replace(
    FRONT_END,
    directory="web/app", manager="pnpm", script="build:all", wanted="internal/site",
    manifests=("web/package.json", "web/pnpm-lock.yaml", "web/pnpm-workspace.yaml", "web/app/package.json"),
    output="web/app/build", sources="web", stale=("web/app/build", "internal/site"),
)  # fmt: skip
YARN = replace(
    FRONT_END,
    manager="yarn", manager_version="4.9.1",
    manifests=("web/package.json", "web/yarn.lock", "web/.yarnrc.yml", "web/.yarn/releases"),
)  # fmt: skip
READS_ALL = replace(FRONT_END, manifests=(), sources=".", has_lockfile=False)
PIN = "sha256:" + "0123456789abcdef" * 4
OLD = project(
    gopath=Gopath("example.com/team/old", SEEN, "1.16"),
    module="example.com/team/old", go=None, go_evidence=None,
    has_requirements=False, has_vendor=True, module_files=(),
)  # fmt: skip
CASES: dict[str, tuple[Project, dict[str, str]]] = {
    "default": (PING, {}),
    "no-comments": (PING, {"comments": "off"}),
    "scratch": (PING, {"runtime": "scratch", "builder": "golang-alpine"}),
    "scratch-root": (PING, {"runtime": "scratch", "user": "0:0"}),
    "alpine": (project(needs=(Need("tzdata", SEEN),)), {"runtime": "alpine"}),
    "debian-slim": (
        PING,
        {"runtime": "debian-slim", "port": "8080, 53/udp", "writable-dir": "/data, /var/lib/app"},
    ),
    "cgo-glibc": (CGO, {"builder": "golang-bookworm"}),
    "cgo-musl": (CGO, {"builder": "golang-alpine"}),
    "single-stage": (PING, {"runtime": "golang"}),
    "mirror": (PING, {"registry": "mirror.example.com/hub", "go": "1.27.3"}),
    "stdlib-only": (project(has_go_sum=False, has_requirements=False, ports=()), {"main": "./cmd/server"}),
    "vendor": (project(has_vendor=True), {}),
    "replace": (project(module_files=("go.mod", "go.sum", "libs/store/go.mod")), {}),
    "embed": (
        project(
            embeds=(
                Embed("README.md", ".", ("README.md",), SEEN),
                Embed("all:dist", "web", ("web/dist/index.html", "web/dist/.env"), SEEN),
                Embed("certs/*.pem", ".", ("certs/ca.pem",), SEEN),
            ),
            packages=(".", "web", "cmd/bin"),
            go_evidence=GO_LINE,
        ),
        {},
    ),
    "cgo-static-glibc": (CGO, {"link": "static", "runtime": "scratch"}),
    "cgo-static-musl": (CGO, {"link": "static", "builder": "golang-alpine", "runtime": "distroless-static"}),
    "cgo-packages-apt": (VIPS, {}),
    "cgo-packages-apk": (VIPS, {"builder": "golang-alpine", "user-name": "app", "zones": "package"}),
    "cxx": (CXX, {}),
    "cgo-bundled": (BUNDLED, {}),
    "cgo-bundled-single-stage": (BUNDLED, {"runtime": "golang", "builder": "chainguard-go"}),
    "several": (
        SEVERAL,
        {"also": "./cmd/tool", "binary": "server", "export": "on", "test": "on", "build-tag": "pro"},
    ),
    "several-single-stage": (
        SEVERAL,
        {
            "also": "./cmd/tool",
            "runtime": "golang",
            "export": "on",
            "test": "on",
            "package": "git",
            "user-name": "app",
            "health": "http /healthz",
            "file": "templates",
            "writable-dir": "/data",
        },
    ),
    "workspace": (WORKSPACE, {"test": "on"}),
    "workspace-odd-name": (replace(WORKSPACE, module_files=()), {}),
    "place": (
        project(place="services/ping", module_files=("services/ping/go.mod", "services/ping/go.sum")),
        {"file": "templates"},
    ),
    "gopath": (OLD, {}),
    "gopath-windows": (OLD, {"builder": "golang-nanoserver", "runtime": "windows-nanoserver"}),
    "front-end-npm": (project(front_end=FRONT_END), {"test": "on"}),
    "front-end-pnpm": (project(front_end=MEMBER, place="app", module_files=("app/go.mod",)), {"node": "22"}),
    "front-end-yarn": (project(front_end=YARN), {}),
    "front-end-reads-all": (project(front_end=READS_ALL), {"ca-file": "/etc/ssl/company.crt"}),
    "private-netrc": (PING, {"private": "git.example.com/team, *.corp.example.com"}),
    "private-ssh": (
        PING,
        {"private": "git.example.com, code.example.org", "private-access": "ssh", "builder": "golang-alpine"},
    ),
    "company-ca": (PING, {"ca-file": "/etc/ssl/company.crt", "private": "git.example.com"}),
    "company-ca-apk": (
        PING,
        {
            "ca-file": "/etc/ssl/company.crt",
            "runtime": "alpine",
            "package": "git",
            "private": "git.example.com",
            "builder": "golang-alpine",
        },
    ),
    "company-ca-apt": (VIPS, {"ca-file": "/etc/ssl/company.crt"}),
    "user-named": (PING, {"runtime": "debian-slim", "user": "www-data"}),
    "user-added": (PING, {"runtime": "alpine", "user": "1000", "user-name": "web", "package": "git, tzdata"}),
    "user-added-distroless": (PING, {"user": "1000:2000", "user-name": "web", "debug": "on"}),
    "ports-none": (PING, {"port": "none", "runtime": "busybox"}),
    "ports-ranges": (PING, {"port": "9000-9010, 5000-5002/udp, 53/udp"}),
    "health-command": (PING, {"health": "command healthcheck --quick"}),
    "health-probe": (PING, {"health": "http /healthz", "platform": "linux/amd64, linux/arm/v6"}),
    "health-wget": (PING, {"health": "http 9090/ready", "runtime": "busybox-musl"}),
    "files": (
        PING,
        {"file": "templates, etc/config.yaml", "workdir": "/srv/ping", "writable-dir": "/srv/ping/data"},
    ),
    "zones-copy": (PING, {"runtime": "scratch", "zones": "copy"}),
    "zones-package": (PING, {"runtime": "wolfi-base", "zones": "package"}),
    "version-and-labels": (
        PING,
        {
            "version-variable": "github.com/dockwright/ping/internal/build.Version",
            "label": "org.opencontainers.image.title=Ping, pong\norg.opencontainers.image.licenses=MIT",
        },
    ),
    "stages": (PING, {"test": "on", "debug": "on", "export": "on"}),
    "stages-scratch": (PING, {"test": "on", "debug": "on", "export": "on", "runtime": "scratch"}),
    "platforms": (PING, {"platform": "linux/amd64/v3, linux/arm64, linux/arm/v7"}),
    "pinned": (
        PING,
        {
            "go": "1.27.3",
            "registry": "mirror.example.com/hub",
            "pin": f"mirror.example.com/hub/golang:1.27.3-trixie@{PIN}, "
            f"mirror.example.com/hub/gcr.io/distroless/static-debian13:nonroot@{PIN}",
        },
    ),
    "own-images": (
        PING,
        {
            "image": "registry.example.com/go:1 libc=glibc shell=yes go=1.27 ca=/etc/ssl/cert.pem gcc=yes "
            "packages=apt module_cache=/go/pkg/mod build_cache=/root/.cache/go-build\n"
            "registry.example.com/base:1 libc=glibc shell=yes users=app:1000:1000 user=1000:1000 "
            "healthcheck=yes stopsignal=yes",
            "builder": "registry.example.com/go:1",
            "runtime": "registry.example.com/base:1",
            "user": "app",
        },
    ),
    "chainguard": (CGO, {"builder": "chainguard-go", "user-name": ""}),
    "windows": (
        SEVERAL,
        {
            "builder": "golang-trixie",
            "runtime": "windows-nanoserver",
            "also": "./cmd/tool",
            "binary": "server",
        },
    ),
    "windows-built": (
        SEVERAL,
        {
            "builder": "golang-windowsservercore",
            "runtime": "windows-servercore",
            "also": "./cmd/tool",
            "binary": "server",
            "version-variable": "main.version",
            "zones": "embed",
            "test": "on",
        },
    ),
    "windows-single-stage": (
        project(has_requirements=False, place="app"),
        {"builder": "golang-nanoserver", "runtime": "golang"},
    ),
}


def planned(name: str) -> tuple[Project, Plan]:
    """The case's project and plan."""
    made, answers = CASES[name]
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return made, plan


def rendered(name: str) -> dict[str, str]:
    made, plan = planned(name)
    return {f"{name}.{file.path.removeprefix('.')}": file.text for file in render(made, plan)}


@pytest.mark.parametrize("name", CASES)
def test_bytes(name: str) -> None:
    for file, text in rendered(name).items():
        assert text == (HERE / file).read_text(encoding="utf-8"), file


def test_no_golden_file_is_left_over() -> None:
    expected = {file for name in CASES for file in rendered(name)}
    assert {path.name for path in HERE.iterdir() if path.suffix not in {".py", ""}} == expected


@pytest.mark.parametrize("name", CASES)
def test_notes_cover_lines_that_exist_in_order(name: str) -> None:
    made, plan = planned(name)
    for file in render(made, plan):
        lines = file.text.count("\n")
        last = 0
        for note in file.notes:
            assert last < note.first <= note.last <= lines
            last = note.last


if __name__ == "__main__":
    for case in CASES:
        for path, text in rendered(case).items():
            (HERE / path).write_text(text, encoding="utf-8")
