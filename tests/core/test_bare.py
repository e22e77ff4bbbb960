"""The program without an image: what stays of a plan, what is still refused, what the files are called."""

from __future__ import annotations

import pytest

from tests.sample import PING, project
from tui.core.bare import TARGET, bare, bare_problems, files
from tui.core.plan import Plan, answer_text, defaults
from tui.core.project import Cgo, Evidence, Health, Need, OpenedFile, Project
from tui.core.render import render
from tui.engine.requests import build_request, export_request

SEEN = Evidence("db.go", 7, "seen")
SQLITE = project(cgo=Cgo(True, (SEEN,)), c_modules=("github.com/mattn/go-sqlite3",))


def planned(made: Project, **answers: str) -> Plan:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key.replace("_", "-"), text)
    return bare(made, plan)


@pytest.mark.parametrize(
    "platform", ["windows/amd64", "windows/386", "darwin/arm64", "linux/arm64", "linux/riscv64"]
)
@pytest.mark.parametrize("runtime", ["alpine", "distroless-static", "golang", "windows-nanoserver"])
def test_no_runtime_is_in_the_way(runtime: str, platform: str) -> None:
    plan = planned(PING, runtime=runtime, platform=platform)
    assert bare_problems(PING, plan) == ()
    assert f"FROM scratch AS {TARGET}\n" in render(PING, plan)[0].text


def test_nothing_for_an_image_is_made() -> None:
    made = project(
        health=(Health("http", "/health", SEEN),),
        needs=(Need("tzdata", SEEN),),
        opened=(OpenedFile("static", SEEN),),
    )
    plan = planned(made, health="http /health", zones="image", user_name="app", port="8080")
    text = render(made, plan)[0].text
    before = text[: text.index(f"AS {TARGET}")]
    assert "probe" not in before and "/files" not in before and "app:x" not in before
    assert "-tags timetzdata" in before


@pytest.mark.parametrize("platform", ["windows/amd64", "darwin/arm64"])
def test_c_code_is_compiled_for_linux_only(platform: str) -> None:
    assert bare_problems(SQLITE, planned(SQLITE)) == ()
    problem = bare_problems(SQLITE, planned(SQLITE, platform=platform))[0]
    assert problem.rule == "cgo-system" and problem.fix and problem.fix.key == "platform"


def test_compiling_is_judged_as_ever() -> None:
    assert [p.rule for p in bare_problems(PING, planned(PING, go="1.25"))] == ["go-new-enough"]
    assert [p.rule for p in bare_problems(SQLITE, planned(SQLITE, cgo="off"))] == ["cgo-needed"]


@pytest.mark.parametrize(
    ("platforms", "platform", "names"),
    [
        ("none", None, ["ping"]),
        ("linux/arm64", "linux/arm64", ["ping"]),
        ("windows/amd64", "windows/amd64", ["ping.exe"]),
        ("windows/amd64, linux/arm/v7", "windows/amd64", ["ping-windows-amd64.exe"]),
        ("windows/amd64, linux/arm/v7", "linux/arm/v7", ["ping-linux-arm-v7"]),
    ],
)
def test_names(platforms: str, platform: str | None, names: list[str]) -> None:
    assert files(PING, planned(PING, platform=platforms), platform) == tuple(
        ("/ping", name) for name in names
    )


def test_only_the_compiler_hears_of_another_system() -> None:
    plan = planned(PING, platform="windows/amd64")
    request = export_request(PING, plan, "windows/amd64", "x:1")
    assert (request.platform, request.os, request.target, request.tag) == (None, "linux", TARGET, "x:1")
    assert dict(request.build_args) == {"TARGETOS": "windows", "TARGETARCH": "amd64", "TARGETVARIANT": ""}
    assert request.bases == ("golang:1.27-trixie",)
    assert export_request(PING, planned(PING), None, "x:1").build_args == ()
    with_c = export_request(SQLITE, planned(SQLITE, platform="linux/arm64"), "linux/arm64", "x:1")
    assert (with_c.platform, with_c.build_args) == ("linux/arm64", ())


def test_a_proxy_comes_with_the_hosts_that_need_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "git.example.com")
    address = "http://proxy.example.com:3128"
    told = dict(build_request(PING, planned(PING, proxy=address)).build_args)
    assert told == {"HTTP_PROXY": address, "HTTPS_PROXY": address, "NO_PROXY": "git.example.com"}
    assert build_request(PING, planned(PING)).build_args == ()
