"""Combinations that cannot work are refused with a reason, and their fix solves them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sample import GO_LINE, PING, project
from tui.core import rules
from tui.core.plan import Plan, answer, answer_text, defaults
from tui.core.project import Cgo, Evidence, FrontEnd, ListenPort, Main, Need, Project, Unbuildable
from tui.core.questions import question
from tui.core.rules import ERROR, Problem, blocked, both, enabling, problems

RULES_DIR = Path(rules.__file__).parent
SEEN = Evidence("db.go", 7, "imports github.com/mattn/go-sqlite3, which is C")


def planned(made: Project, answers: dict[str, str]) -> Plan:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return plan


def found(made: Project, **answers: str) -> dict[str, Problem]:
    return {problem.rule: problem for problem in problems(made, planned(made, answers))}


def test_the_proposal_has_no_problems() -> None:
    assert found(PING) == {}


OWN = "registry.example.com/own:1"
CC = project(cgo=Cgo(True, (SEEN,)))
VIPS = replace(CC, c_modules=("pkg-config:vips",))
CXX = replace(CC, c_modules=("c++",))
DUCK = replace(CC, c_modules=("github.com/marcboeker/go-duckdb",))
TWO = project(mains=(*PING.mains, Main("./cmd/tool", "tool", "application", SEEN)))
SAME = project(mains=(*PING.mains, Main("./cmd/ping", "ping", "application", SEEN)))
NEEDY = project(needs=tuple(Need(what, SEEN) for what in ("ca-certificates", "users", "tzdata")))
BUNDLE = project(
    front_end=FrontEnd(
        directory="web", install="web", manager="npm", manager_version="", node="24",
        manifests=("web/package.json",), has_lockfile=False, script="build", output="web/dist",
        wanted="web/dist", complete=False, evidence=(SEEN,),
    )
)  # fmt: skip
ELSEWHERE = project(
    platforms=("linux/amd64", "linux/arm64"), unbuildable=(Unbuildable("linux/arm64", "simd", SEEN),)
)
OPENS = project(needs=(Need("libc", SEEN),))
WINDOWS = {"builder": "golang-nanoserver", "runtime": "windows-nanoserver"}
BUILDER = {"builder": OWN, "image": f"{OWN} libc=glibc shell=yes go=1.27.3"}

REFUSED: list[tuple[str, Project, dict[str, str], bool]] = [
    ("main-exists", project(mains=()), {}, False),
    ("main-exists", PING, {"main": "./cmd/other"}, True),
    ("engine-embedded", CC, {"engine": "embedded"}, True),
    ("engine-embedded", PING, {"engine": "embedded", "runtime": "golang"}, True),
    ("engine-embedded", PING, {"engine": "embedded", "package": "git", "runtime": "alpine"}, True),
    ("engine-embedded", PING, {"engine": "embedded", **WINDOWS}, True),
    ("engine-embedded", BUNDLE, {"engine": "embedded"}, True),
    ("engine-embedded", PING, {"engine": "embedded", "image": f"{OWN} onbuild=yes", "runtime": OWN}, True),
    ("engine-embedded", CC, {"deliver": "oci:image"}, True),
    ("pushed-name", PING, {"deliver": "registry"}, True),
    ("engine-delivers", PING, {"engine": "docker", "deliver": "oci:image"}, True),
    ("also-exists", TWO, {"also": "./cmd/none"}, True),
    ("also-names", SAME, {"also": "./cmd/ping"}, True),
    ("go-sum", project(has_go_sum=False), {}, False),
    ("replace-outside", project(local_replaces=("../lib",)), {}, False),
    ("front-end-missing", BUNDLE, {"front-end": "skip"}, True),
    ("private-ssh-pattern", PING, {"private": "*.example.com", "private-access": "ssh"}, True),
    ("platform-os", PING, {"platform": "windows/amd64"}, True),
    ("platform-os", PING, {"runtime": "windows-nanoserver", "platform": "linux/amd64"}, True),
    ("platform-image", PING, {"runtime": "chainguard-static", "platform": "linux/s390x"}, True),
    ("platform-image", CC, {"platform": "linux/arm/v6", "runtime": "scratch", "link": "static"}, True),
    ("platform-code", ELSEWHERE, {"platform": "linux/amd64,linux/arm64"}, True),
    ("platform-code", replace(ELSEWHERE, platforms=()), {}, False),
    ("image-unread", PING, {"runtime": OWN}, False),
    ("builder-tools", PING, {"builder": OWN, "image": f"{OWN} shell=yes"}, True),
    ("builder-tools", PING, {"builder": OWN, "image": f"{OWN} go=1.27.3"}, True),
    ("builder-go", PING, {"builder": OWN, "image": f"{OWN} shell=yes go=1.26.9"}, True),
    ("go-new-enough", PING, {"go": "1.26"}, True),
    ("go-new-enough", project(go="1.27.4"), {"go": "1.27.3"}, True),
    ("builder-suite", project(go="1.24"), {"go": "1.24", "builder": "golang-alpine3.24"}, True),
    ("builder-system", PING, {"builder": "golang-nanoserver"}, True),
    ("certificates", NEEDY, {**BUILDER, "runtime": "scratch"}, True),
    ("cgo-needed", CC, {"cgo": "off"}, True),
    ("cgo-system", PING, {"cgo": "on", "runtime": "windows-nanoserver"}, True),
    ("libc-static", OPENS, {"builder": "golang-bookworm", "cgo": "on", "link": "static"}, True),
    ("libc-dl", OPENS, {"runtime": "busybox-glibc"}, True),
    ("libc", OPENS, {"builder": "golang-alpine", "runtime": "distroless-base"}, True),
    ("libc", PING, {"cgo": "on", "runtime": "scratch"}, True),
    ("libc", PING, {"cgo": "on", "runtime": "distroless-static"}, True),
    ("libc", PING, {"cgo": "on", "runtime": "alpine"}, True),
    ("libc", PING, {"cgo": "on", "builder": "golang-alpine", "runtime": "debian-slim"}, True),
    ("libc", VIPS, {"runtime": "distroless-static"}, True),
    ("libc", project(needs=(Need("libc", SEEN),)), {"runtime": "scratch"}, True),
    ("libc-older", CC, {"runtime": "debian-slim-bookworm"}, True),
    ("libc-older", CC, {"builder": "chainguard-go", "runtime": "ubuntu-24.04"}, True),
    (
        "c-impossible",
        replace(CC, c_modules=("github.com/marcboeker/go-duckdb",)),
        {"builder": "golang-alpine"},
        True,
    ),
    ("cxx", CXX, {"runtime": "distroless-base"}, True),
    ("c-libraries", VIPS, {"package": "none"}, True),
    ("c-libraries", VIPS, {"runtime": "distroless-cc"}, True),
    ("c-libraries-release", VIPS, {"builder": "golang-bookworm", "runtime": "debian-slim-trixie"}, True),
    ("package-manager", PING, {"package": "git"}, True),
    ("build-package-manager", VIPS, {"builder": "chainguard-go", "build-package": "vips-dev"}, True),
    ("compiler", CC, {**BUILDER, "runtime": "distroless-base"}, True),
    (
        "compiler",
        CC,
        {"builder": OWN, "image": f"{OWN} libc=glibc shell=yes go=1.27.3 distribution=kali packages=apt"},
        True,
    ),
    ("builder-tools", PING, {**BUILDER, "private": "git.example.com"}, True),
    ("user-windows", PING, {"runtime": "windows-nanoserver", "user": "65532"}, True),
    ("user-unknown", PING, {"runtime": "scratch", "user": "nobody"}, True),
    ("user-name-windows", PING, {"runtime": "windows-nanoserver", "user-name": "app"}, True),
    ("user-name-taken", PING, {"runtime": "debian-slim", "user-name": "www-data"}, True),
    ("health-windows", PING, {"runtime": "windows-nanoserver", "health": "http /x"}, True),
    ("health-port", PING, {"port": "53/udp", "health": "http /healthz"}, True),
    ("zones-image", PING, {"runtime": "scratch", "zones": "image"}, True),
    ("zones-copy", PING, {"builder": "golang-alpine", "runtime": "scratch", "zones": "copy"}, True),
    ("zones-windows", PING, {"runtime": "windows-nanoserver", "zones": "copy"}, True),
    ("zones-package", PING, {"zones": "package"}, True),
    ("file-missing", PING, {"file": "nothing.txt"}, True),
    ("builder-libc", CC, {"builder": OWN, "image": f"{OWN} shell=yes go=1.27 gcc=yes"}, True),
    ("folder-closed", PING, {"user": "1000", "writable-dir": "/home/nonroot/x"}, True),
    ("folder-closed", PING, {"runtime": "debian-slim", "workdir": "/root/app"}, True),
    ("folder-file", PING, {"workdir": "/usr/local/bin/ping"}, True),
    ("folder-file", PING, {"writable-dir": "/etc/passwd/x"}, True),
    ("folder-kernel", PING, {"workdir": "/proc"}, True),
    ("folder-kernel", PING, {"writable-dir": "/sys/x"}, True),
    ("file-place", PING, {"file": "main.go", "runtime": "golang", "workdir": ""}, True),
    ("writable-covers", PING, {"writable-dir": "/usr/local/bin, /data"}, True),
    ("user-name-taken", PING, {"runtime": "scratch", "user": "1000", "user-name": "root"}, True),
    ("health-name", PING, {"binary": "healthprobe", "health": "http /healthz"}, True),
    ("user-name-root", PING, {"user": "0:5", "user-name": "x"}, True),
    ("file-hidden", PING, {"file": "main.go", "workdir": "/tmp/x"}, True),
    ("file-hidden", PING, {"file": "main.go", "writable-dir": "/app, /data"}, True),
    ("file-program", PING, {"file": "main.go", "binary": "main.go", "workdir": "/usr/local/bin"}, True),
    ("writable-covers", PING, {"writable-dir": "/lib64"}, True),
    ("file-windows", PING, {"runtime": "windows-nanoserver", "file": "nothing.txt"}, True),
    ("debug-shell", PING, {"runtime": "debian-slim", "debug": "on"}, True),
    ("debug-variant", PING, {"runtime": "dhi-static", "debug": "on"}, True),
    ("windows-private", PING, {**WINDOWS, "private": "git.example.com"}, True),
    ("windows-ca-file", PING, {**WINDOWS, "ca-file": "/etc/ca.crt"}, True),
    ("windows-front-end", BUNDLE, WINDOWS, True),
    ("windows-export", PING, {**WINDOWS, "export": "on"}, True),
]
"""Rule, project, answers, and whether one change of an answer solves it."""

WARNED: list[tuple[str, Project, dict[str, str], bool]] = [
    ("secret-file", PING, {"ca-file": "/nowhere/ca.crt"}, True),
    ("secret-file", PING, {"private": "git.example.com", "netrc": "/nowhere/netrc"}, True),
    ("host-keys", PING, {"private": "git.example.com", "private-access": "ssh"}, True),
    ("go-maintained", project(go="1.29"), {}, False),
    ("go-maintained", project(go="1.24"), {"go": "1.24"}, True),
    ("builder-version", PING, {"builder": "chainguard-go", "go": "1.26", "main": "."}, False),
    ("support-ended", PING, {"runtime": "distroless-static-debian12"}, True),
    ("login", PING, {"runtime": "dhi-static"}, False),
    ("unpinned", PING, {"pin": f"golang:1.27-trixie@sha256:{'a' * 64}"}, False),
    ("program", project(needs=(Need("program:git", SEEN),)), {}, False),
    ("program", project(needs=(Need("program:git", SEEN),)), {"runtime": "alpine"}, True),
    ("program", project(needs=(Need("program:sh", SEEN),)), {"runtime": "scratch"}, True),
    ("root", PING, {"user": "0:0"}, True),
    ("unnamed-user", NEEDY, {"runtime": "alpine", "user-name": ""}, True),
    ("low-port", PING, {"port": "80"}, False),
    ("loopback", project(ports=(ListenPort(8080, "tcp", SEEN, loopback=True),)), {}, False),
    ("writable-taken", PING, {"writable-dir": "/var/log"}, True),
    ("writable-taken", PING, {"runtime": "golang", "writable-dir": "/src"}, True),
    ("health-command", PING, {"health": "command healthcheck"}, True),
    ("c-notice", replace(CC, c_modules=("gocv.io/x/gocv",)), {}, False),
    ("c-unknown", replace(CC, c_modules=("lib:nobodyknows",)), {}, False),
    ("zones-missing", NEEDY, {"runtime": "scratch", "zones": "none"}, True),
    ("emulated", CC, {"platform": "linux/arm64"}, False),
]


@pytest.mark.parametrize(("rule", "made", "answers", "fixable"), [*REFUSED, *WARNED])
def test_what_is_wrong_is_said_and_one_change_solves_it(
    rule: str, made: Project, answers: dict[str, str], fixable: bool
) -> None:
    plan = planned(made, answers)
    before = problems(made, plan)
    problem = next(p for p in before if p.rule == rule)
    assert problem.severity == (ERROR if (rule, made, answers, fixable) in REFUSED else "warning")
    for sentence in (problem.what, problem.why):
        assert sentence.endswith(".") and sentence.isprintable() and "  " not in sentence
    assert bool(problem.fix) == fixable, problem.fix
    if problem.fix:
        question(problem.fix.key).check(problem.fix.value)
        after = problems(made, answer(made, plan, problem.fix.key, problem.fix.value))
        assert rule not in {p.rule for p in after}
        assert errors(after) <= errors(before)


def errors(found: Iterable[Problem]) -> set[str]:
    return {problem.rule for problem in found if problem.severity == ERROR}


def test_every_rule_has_a_case() -> None:
    files = (ast.parse(file.read_text()) for file in RULES_DIR.glob("*.py"))
    calls = (node for file in files for node in ast.walk(file) if isinstance(node, ast.Call))
    named = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in ("error", "warning")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert named == {case[0] for case in (*REFUSED, *WARNED)}


def test_following_the_fixes_comes_to_an_end() -> None:
    """However many answers a person gave, one fix after the other never goes round in circles."""
    for rule, made, answers, _ in REFUSED:
        plan = planned(made, answers)
        for _ in range(8):
            fixable = next((p for p in problems(made, plan) if p.severity == ERROR and p.fix), None)
            if fixable is None or fixable.fix is None:
                break
            plan = answer(made, plan, fixable.fix.key, fixable.fix.value)
        else:
            pytest.fail(f"{rule}: {answers}")


def test_a_bundle_that_is_made_is_not_missing() -> None:
    assert BUNDLE.front_end
    made = replace(BUNDLE, front_end=replace(BUNDLE.front_end, served=True))
    assert planned(made, {}).file == ("web/dist",)
    assert "file-missing" not in found(made)
    assert "file-missing" in found(made, **{"front-end": "skip"})


def test_a_fix_that_helps_nothing_is_not_offered() -> None:
    needs = (Need("program:sh", SEEN), Need("program:git", SEEN))
    made = project(needs=needs)
    found = problems(made, planned(made, {"runtime": "scratch"}))
    told = {problem.what: problem.fix for problem in found if problem.rule == "program"}
    assert sorted(bool(fix) for fix in told.values()) == [False, True]


def test_c_for_windows_that_is_needed_is_not_switched_off() -> None:
    found = {p.rule: p for p in problems(CC, planned(CC, {"runtime": "windows-nanoserver"}))}
    fix = found["cgo-system"].fix
    assert fix and fix.key == "runtime"


@pytest.mark.parametrize(
    ("made", "answers"),
    [
        (PING, {"builder": "golang-bookworm", "cgo": "on"}),
        (PING, {"builder": "golang-alpine", "cgo": "on"}),
        (PING, {"runtime": "golang", "cgo": "on"}),
        (project(go="1.27.4"), {}),
        (project(go="1.24"), {}),
        (project(has_go_sum=False, has_requirements=False), {}),
        (project(has_go_sum=False, has_vendor=True), {}),
        (project(needs=(Need("users", SEEN),)), {"runtime": "scratch"}),
    ],
)
def test_allows(made: Project, answers: dict[str, str]) -> None:
    assert not [p for p in found(made, **answers).values() if p.severity == ERROR]


@pytest.mark.parametrize(
    "runtime", ["scratch", "distroless-static", "alpine", "debian-slim", "distroless-base", "golang"]
)
@pytest.mark.parametrize("builder", ["golang-trixie", "golang-bookworm", "golang-alpine"])
@pytest.mark.parametrize("cgo", ["on", "off"])
def test_every_fix_removes_its_problem(runtime: str, builder: str, cgo: str) -> None:
    made = project(cgo=Cgo(True, (SEEN,)), go_evidence=GO_LINE)
    plan = defaults(made)
    for key, text in (("runtime", runtime), ("builder", builder), ("cgo", cgo)):
        plan = answer_text(made, plan, key, text)
    for problem in problems(made, plan):
        if problem.fix:
            after = problems(made, answer(made, plan, problem.fix.key, problem.fix.value))
            assert problem.rule not in {p.rule for p in after}


def test_an_impossible_choice_is_known_before_it_is_made() -> None:
    made = project(cgo=Cgo(True, (SEEN,)))
    plan = defaults(made)
    assert blocked(made, plan, "runtime", "scratch")
    assert blocked(made, plan, "runtime", "debian-slim-trixie") is None


def test_a_forbidden_choice_is_had_with_another_answer_changed() -> None:
    made = project(cgo=Cgo(True, (SEEN,)))
    plan = defaults(made)
    fix = enabling(made, plan, "runtime", "scratch")
    assert fix is not None and fix.key == "link"
    assert not [p for p in problems(made, both(made, plan, "runtime", "scratch", fix)) if p.severity == ERROR]
    assert enabling(made, plan, "runtime", "debian-slim-trixie") is None, "it is not forbidden"
    assert enabling(made, plan, "runtime", "windows-nanoserver") is None, "no one change is enough"


def test_a_writable_folder_that_the_image_has_is_replaced_by_one_inside_it() -> None:
    plan = planned(PING, {"writable-dir": "/var/log, /data"})
    problem = next(p for p in problems(PING, plan) if p.rule == "writable-taken")
    assert problem.fix is not None
    assert problem.fix.value == (f"/var/log/{plan.binary}", "/data")
    assert not problems(PING, planned(PING, {"writable-dir": "/var/log", "runtime": "scratch"}))


def test_an_own_builder_with_the_go_that_is_asked_for_is_no_problem() -> None:
    facts = f"{OWN} shell=yes go=1.27.3 module_cache=/go/pkg/mod build_cache=/root/.cache/go-build"
    assert not problems(PING, planned(PING, {"builder": OWN, "image": facts}))


def test_go_writes_two_programs_under_their_own_names_first() -> None:
    mains = tuple(Main(f"./{folder}/server", "server", "application", SEEN) for folder in ("cmd", "apps"))
    made = project(mains=mains)
    answers = {"main": "./cmd/server", "also": "./apps/server", "binary": "x"}
    assert "also-names" in found(made, **answers)


def test_a_rolling_builder_may_be_too_old_as_well() -> None:
    assert "go-new-enough" in found(project(go="1.99"), builder="chainguard-go")


def test_an_older_musl_is_refused_with_what_fits() -> None:
    plan = planned(CC, {"builder": "golang-alpine3.24", "runtime": "alpine-3.23"})
    problem = next(p for p in problems(CC, plan) if p.rule == "libc-older")
    assert problem.fix is not None and problem.fix.value == "golang-alpine3.23"


def test_a_link_is_there_when_it_leads_to_what_the_build_sees(tmp_path: Path) -> None:
    root = tmp_path / "app"
    (root / "deploy").mkdir(parents=True)
    (root / "deploy" / "settings.yaml").write_text("")
    (tmp_path / "outside.yaml").write_text("")
    for name, target in (("inside.yaml", "deploy/settings.yaml"), ("out.yaml", "../outside.yaml")):
        (root / name).symlink_to(target)
    made = project(root=root)
    assert "file-missing" not in found(made, file="inside.yaml")
    assert "out.yaml is not" in found(made, file="inside.yaml, out.yaml")["file-missing"].what
    assert "file-missing" not in found(replace(made, context=tmp_path), file="out.yaml")


def test_an_own_windows_image_has_the_users_of_every_windows_image() -> None:
    facts = f"{OWN} os=windows"
    assert not problems(PING, planned(PING, {"runtime": OWN, "image": facts}))
    assert "user-windows" in found(PING, runtime=OWN, image=facts, user="65532")


def test_several_low_ports_are_said_as_several() -> None:
    said = {
        port: next(p.what for p in problems(PING, planned(PING, {"port": port}))) for port in ("80", "80,443")
    }
    assert said == {
        "80": "80/tcp is below 1024 and the program is not root.",
        "80,443": "80/tcp, 443/tcp are below 1024 and the program is not root.",
    }
