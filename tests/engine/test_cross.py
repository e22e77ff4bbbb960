"""What is compiled for another system is a program of that system; a workspace writes its checksums."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.engine.builds import build, engine_at, finished, request, untag
from tests.engine.conftest import Endpoint, combinations, find
from tui.core.inspect import inspect
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Project
from tui.core.render import render
from tui.engine import BuildRequest

PING = Path(__file__).parents[1] / "projects" / "ping"
GOLANG = "golang:1.27-trixie"
SERVER = """\
package main

import (
	"example.com/names"
	"golang.org/x/net/idna"
)

func main() { println(idna.ToASCII(names.First())) }
"""
NAMES = """\
package names

import "golang.org/x/text/cases"

func First() string { return cases.Fold().String("Straße") }
"""


def wanted(project: Project, plan: Plan, target: str, **changes: Any) -> BuildRequest:
    """The build of one stage of what is generated, by the Engine API."""
    dockerfile, dockerignore = render(project, plan)
    return request(
        project.context or project.root,
        dockerfile.text,
        "api",
        dockerignore=dockerignore.text,
        base=GOLANG,
        target=target,
        **changes,
    )


@pytest.mark.engine
@pytest.mark.parametrize("runtime", ["windows-nanoserver", "windows-servercore"])
async def test_a_program_for_windows_is_one(first_client: Any, tmp_path: Path, runtime: str) -> None:
    endpoint = find(combinations()[0][0])
    project = inspect(PING)
    plan = answer_text(project, defaults(project), "builder", "golang-trixie")
    plan = answer_text(project, plan, "runtime", runtime)
    assert plan.platform == ("windows/amd64",)
    # Docker's store on Linux takes no image of another system, so its stage is one of this system.
    system = ("TARGETOS", "windows"), ("TARGETARCH", "amd64")
    made = wanted(project, plan, "build", build_args=system)
    built = finished(await build(endpoint, made, keep=True))
    try:
        async with engine_at(endpoint.url) as engine:
            await engine.copy_out(built.image, "/out/ping.exe", tmp_path / "ping.exe")
    finally:
        await asyncio.to_thread(first_client.remove_image, made.tag, force=True)
    program = (tmp_path / "ping.exe").read_bytes()
    header = int.from_bytes(program[0x3C:0x40], "little")
    assert program[:2] == b"MZ"
    assert program[header : header + 6] == b"PE\0\0\x64\x86"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("platform", "compiled"),
    [
        ("arm/v6", "GOARM=6"),
        ("amd64/v3", "GOAMD64=v3"),
        ("amd64", "GOAMD64=v1"),
        ("arm64/v8", "GOARCH=arm64"),
    ],
)
async def test_the_variant_a_build_is_told_of_is_compiled_for(
    platform: str, compiled: str, tmp_path: Path
) -> None:
    """Nobody answered with a platform: BuildKit sets these for ``docker build --platform`` by hand."""
    (tmp_path / "go.mod").write_text("module example.com/nothing\n\ngo 1.27\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() {}\n")
    project, endpoint = inspect(tmp_path), find(combinations()[0][0])
    plan = answer_text(project, defaults(project), "go", "1.27")
    architecture, _, variant = platform.partition("/")
    told = ("TARGETOS", "linux"), ("TARGETARCH", architecture), ("TARGETVARIANT", variant)
    made = wanted(project, plan, "build", build_args=told)
    built = finished(await build(endpoint, made, keep=True))
    async with engine_at(endpoint.url) as engine:
        await engine.copy_out(built.image, f"/out/{plan.binary}", tmp_path / "program")
    untag(endpoint.url, made.tag)
    assert f"build\t{compiled}\n".encode() in (tmp_path / "program").read_bytes()


async def test_a_workspace_without_checksums_builds(endpoint: Endpoint, tmp_path: Path) -> None:
    """Each module alone needs fewer sums than both together; go writes them where it builds."""
    files = {
        "go.work": "go 1.27\n\nuse (\n\t./server\n\t./names\n)\n",
        "server/go.mod": "module example.com/server\n\ngo 1.27\n\nrequire golang.org/x/net v0.20.0\n",
        "server/main.go": SERVER,
        "names/go.mod": "module example.com/names\n\ngo 1.27\n\nrequire golang.org/x/text v0.20.0\n",
        "names/names.go": NAMES,
        "server/go.sum": "golang.org/x/net v0.20.0 h1:aCL9BSgETF1k+blQaYUBx9hJ9LOGP3gAVemcZlf1Kpo=\n"
        "golang.org/x/net v0.20.0/go.mod h1:z8BVo6PvndSri0LbOE3hAn0apkU+1YvI6E70E9jsnvY=\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    project = inspect(tmp_path / "server")
    assert project.uses_workspace and project.place == "server"
    finished(await build(endpoint, wanted(project, defaults(project), "build")))
