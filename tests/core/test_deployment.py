"""What deployment files say: bounded reading of any bytes, and the proposals that come of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_imports import loaded
from tests.core.txtar import unpack
from tests.sample import project
from tui.core import validate
from tui.core.dockerfile import expanded
from tui.core.inspect import inspect
from tui.core.inspect.deployment import commands, documents
from tui.core.plan import answer_text, defaults
from tui.core.project import DOCUMENT, Evidence, Main, Need, Stated
from tui.core.questions import question
from tui.core.render import render
from tui.core.rules import ERROR, problems

SEEN = Evidence("Dockerfile", 7, "seen")
FILES = ("Dockerfile", "compose.yaml", "deploy/app.yaml", "chart/Chart.yaml", "chart/values.yaml",
         "chart/templates/app.yaml", "Procfile", "README.md")  # fmt: skip
WORDS = st.sampled_from(
    ["services", "build", "containers", "spec", "ports", ":", "- ", "\n", "  ", "&a", "*a", "<<", "[",
     "{", "1", "FROM x", "EXPOSE 1", "CMD", '["', "$", "${", "go build ", "\\", "'", '"', "\0",
     "!!python/object", "---\n"]
)  # fmt: skip


def said(what: str, *values: str, by: str = "Dockerfile") -> Stated:
    return Stated(what, values, SEEN, by)


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(st.binary(max_size=300), st.lists(WORDS, max_size=40).map(lambda w: "".join(w).encode()))
)
def test_any_bytes_in_any_file_are_read(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "go.mod").write_text("module example.com/any\n\ngo 1.27\n")
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text + b"\n# containers:\n")
    found = inspect(folder)
    for each in found.stated:
        assert all(value.isprintable() and "$" not in value for value in each.values)
    defaults(found)


@pytest.mark.parametrize(
    "text",
    [b"[" * 200_000, b"{a" * 60_000, b"- " * 100_000, b"x: " + b"y" * documents.LARGEST],
    ids=["lists", "mappings", "items", "large"],
)
def test_what_is_beyond_the_bounds_is_not_read(text: bytes) -> None:
    assert documents.read(text) == []


def test_aliases_are_not_copied() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 200))]
    (found,) = documents.read("\n".join(lines).encode())
    assert found.get("a199").items[0] is found.get("a198")


def test_a_merge_key_is_followed_and_overridden() -> None:
    (found,) = documents.read(b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: &c {<<: *c}\n")
    assert (found.get("b", "x").text, found.get("b", "y").text) == ("1", "3")
    assert {k: v.text for k, v in found.get("b").mapping().items()} == {"x": "1", "y": "3"}
    assert not found.get("c", "z")


def test_a_project_without_such_files_costs_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.27\n")
    code = f"from pathlib import Path\nfrom tui.core.inspect import inspect\ninspect(Path({str(tmp_path)!r}))"
    assert "yaml" not in loaded(code)
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    assert "yaml" in loaded(code)


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("go build -ldflags '-s -w -X a=b' -o /out/x ./cmd/x", ["./cmd/x"]),
        ("CGO_ENABLED=0 go install example.com/app/cmd/y@latest", ["./cmd/y"]),
        ("go run cmd/z/main.go serve", ["./cmd/z"]),
        ("cd a && go build -o b", ["."]),
        ('go build -ldflags "-s" -a -o bin/x cmd/x/*', ["./cmd/x"]),
        ("go build example.com/other/cmd/x", [""]),
        ("cargo build ./x", []),
    ],
)
def test_what_a_command_builds(line: str, packages: list[str]) -> None:
    assert list(commands.built(line, "example.com/app")) == packages


@pytest.mark.parametrize(
    ("base", "runtime"),
    [
        ("alpine:3.18", "alpine-3.24"),
        ("docker.io/library/alpine:3.18@sha256:" + "0" * 64, "alpine-3.24"),
        ("scratch", "scratch"),
        ("debian:bookworm-slim", "debian-slim-trixie"),
        ("gcr.io/distroless/static-debian11:nonroot", "distroless-static-debian13"),
        ("golang:1.27", "distroless-static-debian13"),
        ("example.com/own:1", "distroless-static-debian13"),
    ],
)
def test_a_dockerfiles_base_is_proposed_in_its_maintained_release(base: str, runtime: str) -> None:
    found = project(stated=(said("base", base),))
    plan = defaults(found)
    assert plan.runtime == runtime
    assert not [problem for problem in problems(found, plan) if problem.severity == ERROR]


def test_a_digest_is_not_repeated_in_the_reason() -> None:
    found = project(stated=(said("base", "scratch"), said("base", "alpine@sha256:" + "0" * 64)))
    assert question("runtime").default(found, defaults(found)).reason == "Dockerfile takes scratch"
    found = project(stated=(said("base", "alpine@sha256:" + "0" * 64),))
    reason = question("runtime").default(found, defaults(found)).reason
    assert reason == "Dockerfile takes alpine; this is its release that gets fixes"


def test_a_base_without_the_shell_the_program_runs_is_not_proposed() -> None:
    found = project(stated=(said("base", "scratch"),), needs=(Need("program:sh", SEEN),))
    assert defaults(found).runtime == "alpine-3.24"


@pytest.mark.parametrize(
    ("stated", "user"),
    [
        ("10001:10001", "10001:10001"),
        ("nonroot", "nonroot"),
        ("root", "65532:65532"),
        ("0:0", "65532:65532"),
        ("app", "65532:65532"),
    ],
)
def test_a_stated_user_is_proposed_unless_root_or_unknown(stated: str, user: str) -> None:
    found = project(stated=(said("user", stated),))
    plan = defaults(found)
    assert plan.user == user
    assert not [problem for problem in problems(found, plan) if problem.severity == ERROR]


def test_stated_arguments_are_proposed_unless_they_name_files_of_a_machine() -> None:
    found = project(stated=(said("args", "serve", "--level=info"),))
    proposed = question("args").default(found, defaults(found))
    assert (proposed.value, proposed.evidence) == (("serve", "--level=info"), SEEN)
    assert defaults(project(stated=(said("args", "--config=/etc/x.yaml"),))).args == ()


def test_the_program_a_dockerfile_builds_says_so() -> None:
    reason = replace(SEEN, why="Dockerfile names it", kind=DOCUMENT)
    mains = tuple(Main(f"./cmd/{n}", n, "application", SEEN, reason) for n in "ab")
    found = project(mains=mains)
    proposed = question("main").default(found, defaults(found))
    assert (proposed.reason, proposed.evidence) == ("of 2 programs: Dockerfile names it", reason)


@settings(max_examples=60, deadline=None)
@given(
    text=st.one_of(st.binary(max_size=200), st.lists(WORDS, max_size=20).map(lambda w: "".join(w).encode()))
)
def test_any_bytes_around_a_project_without_go_mod(
    tmp_path_factory: pytest.TempPathFactory, text: bytes
) -> None:
    folder = tmp_path_factory.mktemp("old")
    (folder / "main.go").write_bytes(b"package main\n\nfunc main() {}\n")
    for name in ("Godeps/Godeps.json", "vendor/vendor.json", "glide.yaml", "vendor.conf", ".travis.yml",
                 ".go-version", "Makefile", ".gitmodules", "package.json"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)
    found = inspect(folder)
    assert found.gopath and validate.import_path(found.gopath.path) and validate.go(found.gopath.language)
    render(found, defaults(found))


def test_what_is_repeated_or_merged_without_end_stays_small() -> None:
    assert len(expanded("$A" * 1000, {"A": "x" * 10**6})) < 10**6
    assert commands.words("x" * 10**6) == []
    merges = [f"b{n}: &b{n} {{<<: [{', '.join(f'*b{m}' for m in range(n))}]}}" for n in range(1, 60)]
    (found,) = documents.read("\n".join(["b0: &b0 {x: 1}", *merges]).encode())
    assert not found.get("b59", "absent")


def test_a_dockerfile_that_no_person_wrote_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/x\n\ngo 1.27\n")
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.20\n" + "#\n" * documents.LARGEST)
    assert inspect(tmp_path).stated == ()


def test_what_a_dockerfile_decided_is_proposed(tmp_path: Path) -> None:
    unpack(Path(__file__).parents[1] / "projects" / "inspect" / "deployment-carried.txtar", tmp_path)
    found = inspect(tmp_path)
    plan = defaults(found)
    assert plan.build_tag == ("sqlite", "fts5")
    assert (plan.package, plan.workdir) == (("imagemagick", "font-noto"), "/srv/app")
    assert plan.writable_dir == ("/data", "/var/spool/app")
    assert (plan.version_variable, plan.env) == ("main.version", ("DATA_DIR=/data",))
    reasons = {key: question(key).default(found, plan).reason for key in ("build-tag", "writable-dir", "env")}
    assert all(reason.startswith("Dockerfile ") for reason in reasons.values())
    on_scratch = answer_text(found, plan, "runtime", "scratch")
    assert on_scratch.package == ()
    hiding = answer_text(found, plan, "file", "cmd")
    hiding = answer_text(found, hiding, "workdir", "/data")
    assert hiding.writable_dir == ("/var/spool/app",)
    assert [p.rule for p in problems(found, plan) if p.severity == ERROR] == []
