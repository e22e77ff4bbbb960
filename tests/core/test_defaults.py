"""Every question arrives answered, and what nobody decided follows the project and the answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sample import PING, project
from tui.core.defaults import c_packages
from tui.core.plan import Plan, answer_text, defaults, unanswer
from tui.core.project import (
    Cgo,
    Evidence,
    FrontEnd,
    Health,
    Main,
    Need,
    OpenedFile,
    PrivateModule,
    Project,
    Variable,
)
from tui.core.proposal import Default
from tui.core.questions import question
from tui.core.rules import ERROR, problems

SEEN = Evidence("a.go", 1, "seen")


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("1.27", "1.27"),
        ("1.26.4", "1.26"),
        ("1.25", "1.26"),
        ("1.16", "1.26"),
        ("1.28.1", "1.28"),
        ("1.27rc1", "1.27"),
        (None, "1.27"),
    ],
)
def test_go_is_the_lines_own_minor_while_maintained(line: str | None, version: str) -> None:
    assert defaults(project(go=line)).go == version


def test_the_proposal() -> None:
    plan = defaults(PING)
    assert (plan.main, plan.binary, plan.tag) == (".", "ping", "ping:dev")
    assert (plan.builder, plan.runtime, plan.cgo) == ("golang-trixie", "distroless-static-debian13", False)
    assert (plan.user, plan.port) == ("65532:65532", ("8080/tcp",))


def test_undecided_answers_follow_a_decision_and_come_back() -> None:
    on = answer_text(PING, defaults(PING), "cgo", "on")
    assert on.runtime == "distroless-base-debian13"
    assert answer_text(PING, on, "builder", "golang-alpine").runtime == "alpine-3.24"
    assert unanswer(PING, on, "cgo") == defaults(PING)


@pytest.mark.parametrize("release", ["ltsc2022", "ltsc2025"])
def test_an_image_of_windows_is_built_by_one_of_its_release(release: str) -> None:
    plan = answer_text(PING, defaults(PING), "runtime", f"windows-servercore-{release}")
    assert plan.builder == f"golang-nanoserver-{release}"
    assert not [problem for problem in problems(PING, plan) if problem.severity == ERROR]
    assert answer_text(PING, plan, "runtime", "alpine").builder == "golang-trixie"


def test_a_decision_stays() -> None:
    plan = answer_text(PING, defaults(PING), "runtime", "debian-slim")
    assert answer_text(PING, plan, "cgo", "on").runtime == "debian-slim-trixie"


@pytest.mark.parametrize(
    ("made", "runtime"),
    [
        (project(cgo=Cgo(True, (SEEN,))), "distroless-base-debian13"),
        (project(needs=(Need("libc", SEEN),)), "distroless-base-debian13"),
        (project(needs=(Need("program:sh", SEEN),)), "alpine-3.24"),
    ],
)
def test_runtime_fits_what_the_code_needs(made, runtime: str) -> None:  # type: ignore[no-untyped-def]
    assert defaults(made).runtime == runtime


@pytest.mark.parametrize("name", ["Ping", "a b", "", "-x", "ünï", "x" * 300])
def test_a_strange_program_name_still_gives_a_usable_plan(name: str) -> None:
    made = project(mains=(Main(".", name, "application", SEEN),))
    plan = defaults(made)
    assert question("binary").parse(plan.binary)
    assert question("tag").parse(plan.tag)


def planned(made: Project, **answers: str) -> Plan:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key.replace("_", "-"), text)
    return plan


C_CODE = Cgo(True, (SEEN,))


@pytest.mark.parametrize(
    ("modules", "builder", "runtime", "package"),
    [
        ((), "golang-trixie", "distroless-base-debian13", ()),
        ((), "golang-alpine3.23", "alpine-3.23", ()),
        ((), "chainguard-go", "chainguard-glibc-dynamic", ()),
        (("c++",), "golang-trixie", "distroless-cc-debian13", ()),
        (("c++",), "golang-alpine", "alpine-3.24", ("libstdc++",)),
        (("c++",), "chainguard-go", "chainguard-glibc-dynamic", ()),
        (("pkg-config:vips",), "golang-trixie", "debian-slim-trixie", ("libstdc++6", "libvips42t64")),
        (("pkg-config:vips",), "golang-bookworm", "debian-slim-bookworm", ("libstdc++6", "libvips42")),
        (("pkg-config:vips",), "golang-alpine", "alpine-3.24", ("libstdc++", "vips")),
    ],
)
def test_c_libraries_decide_the_runtime_and_its_packages(
    modules: tuple[str, ...], builder: str, runtime: str, package: tuple[str, ...]
) -> None:
    made = project(cgo=C_CODE, c_modules=modules)
    plan = planned(made, builder=builder)
    assert (plan.link, plan.runtime, plan.package) == ("dynamic", runtime, package)
    assert not [problem for problem in problems(made, plan) if problem.severity == ERROR]


def test_what_is_linked_in_needs_no_package_and_no_c_library() -> None:
    plan = planned(project(cgo=C_CODE, c_modules=("lib:sqlite3",)), link="static")
    assert (plan.runtime, plan.package) == ("distroless-static-debian13", ())
    assert plan.build_package == ("libsqlite3-dev",)
    assert planned(PING, builder="golang-alpine").build_package == ()


@pytest.mark.parametrize("builder", ["golang-trixie", "golang-nanoserver"])
@pytest.mark.parametrize("runtime", ["windows-nanoserver", "windows-servercore"])
def test_a_windows_runtime_brings_its_platform_and_user(runtime: str, builder: str) -> None:
    made = project(needs=(Need("tzdata", SEEN),), health=(Health("http", "/healthz", SEEN),))
    plan = planned(made, builder=builder, runtime=runtime)
    assert (plan.platform, plan.user, plan.user_name) == (("windows/amd64",), "ContainerUser", "")
    assert (plan.health, plan.zones) == ("none", "embed")
    assert not problems(made, plan)
    assert planned(PING, runtime="alpine").platform == ()


@pytest.mark.parametrize(
    ("needs", "answers", "name"),
    [
        ((), {"runtime": "distroless-static"}, ""),
        ((), {"runtime": "scratch"}, "app"),
        ((), {"runtime": "alpine"}, ""),
        (("users",), {"runtime": "alpine"}, "app"),
        (("users",), {"runtime": "distroless-static"}, ""),
        (("users",), {"runtime": "distroless-static", "user": "1000"}, "app"),
        (("users",), {"runtime": "alpine", "user": "nobody"}, ""),
        (("users",), {"runtime": "alpine", "user": "0"}, ""),
    ],
)
def test_the_user_gets_a_name_where_it_has_none(
    needs: tuple[str, ...], answers: dict[str, str], name: str
) -> None:
    made = project(needs=tuple(Need(what, SEEN) for what in needs))
    assert planned(made, **answers).user_name == name


ROUTE, COMMAND = Health("http", "/healthz", SEEN), Health("command", "healthcheck", SEEN)


@pytest.mark.parametrize(
    ("found", "answers", "health"),
    [
        ((), {}, "none"),
        ((ROUTE,), {}, "none"),
        ((ROUTE,), {"runtime": "alpine"}, "http /healthz"),
        ((ROUTE,), {"runtime": "alpine", "port": "none"}, "none"),
        ((ROUTE,), {"runtime": "alpine", "port": "53/udp"}, "none"),
        ((ROUTE, COMMAND), {}, "command healthcheck"),
    ],
)
def test_health_is_asked_where_something_can_ask(
    found: tuple[Health, ...], answers: dict[str, str], health: str
) -> None:
    assert planned(project(health=found), **answers).health == health


@pytest.mark.parametrize(
    ("needs", "runtime", "zones"),
    [
        ((), "distroless-static", "image"),
        ((), "scratch", "none"),
        (("tzdata",), "scratch", "embed"),
        (("tzdata",), "alpine", "embed"),
        (("tzdata",), "debian-slim", "image"),
    ],
)
def test_zones_come_from_the_image_or_into_the_program(
    needs: tuple[str, ...], runtime: str, zones: str
) -> None:
    made = project(needs=tuple(Need(what, SEEN) for what in needs))
    assert planned(made, runtime=runtime).zones == zones


FRONT_END = FrontEnd(
    directory="web", install="web", manager="npm", manager_version="", node="22",
    manifests=("web/package.json",), has_lockfile=False, script="build", output="web/dist",
    wanted="web/dist", complete=False, evidence=(SEEN,), served=True,
)  # fmt: skip


def test_what_the_code_shows_is_proposed() -> None:
    plan = defaults(
        project(
            opened=(OpenedFile("templates", SEEN), OpenedFile("a.yaml", SEEN), OpenedFile("templates", SEEN)),
            versions=(Variable("main.date", SEEN), Variable("main.version", SEEN)),
            private=(PrivateModule("git.example.com", "git.example.com/a", SEEN),),
            source_url="https://example.com/ping",
            licence="MIT",
            front_end=FRONT_END,
        )
    )
    assert set(plan.file) == {"templates", "a.yaml", "web/dist"}
    assert (plan.workdir, plan.version_variable, plan.private) == (
        "/app",
        "main.version",
        ("git.example.com",),
    )
    assert plan.label == (
        "org.opencontainers.image.source=https://example.com/ping",
        "org.opencontainers.image.licenses=MIT",
    )
    assert (plan.front_end, plan.node) == ("build", "22")


def test_what_is_not_there_is_not_proposed() -> None:
    plan = defaults(PING)
    assert (plan.file, plan.workdir, plan.version_variable, plan.label, plan.private) == ((), "", "", (), ())
    assert (plan.front_end, plan.node) == ("skip", "")
    assert defaults(project(front_end=replace(FRONT_END, complete=True))).front_end == "skip"


def test_every_place_that_shows_it_is_named_once_the_telling_one_first() -> None:
    first, again, second = Evidence("a.go", 1, "x"), Evidence("a.go", 1, "y"), Evidence("b.go", 2, "z")
    assert Default((), "", first, (again, second, second)).seen == (first, second)
    assert Default((), "").seen == ()


def test_packages_are_those_of_the_image_that_runs() -> None:
    made = project(cgo=Cgo(True, (SEEN,)), c_modules=("c++",))
    plan = answer_text(made, defaults(made), "runtime", "alpine")
    assert c_packages(made, plan) == ("libstdc++",)
