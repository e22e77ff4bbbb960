"""Combinations that cannot work are refused with a reason, and their fix solves them."""

from __future__ import annotations

import pytest

from tests.sample import GO_LINE, PING, project
from tui.core.plan import answer, answer_text, defaults
from tui.core.project import Cgo, Evidence, ListenPort, Need, Project
from tui.core.rules import ERROR, Problem, blocked, problems

SEEN = Evidence("db.go", 7, "imports github.com/mattn/go-sqlite3, which is C")


def found(made: Project, **answers: str) -> dict[str, Problem]:
    plan = defaults(made)
    for key, text in answers.items():
        plan = answer_text(made, plan, key, text)
    return {problem.rule: problem for problem in problems(made, plan)}


def test_the_proposal_has_no_problems() -> None:
    assert found(PING) == {}


@pytest.mark.parametrize(
    ("made", "answers", "rule"),
    [
        (project(mains=()), {}, "main-exists"),
        (PING, {"main": "./cmd/other"}, "main-exists"),
        (PING, {"go": "1.26"}, "go-new-enough"),
        (project(go="1.27.4"), {"go": "1.27.3"}, "go-new-enough"),
        (project(has_go_sum=False), {}, "go-sum"),
        (project(local_replaces=("../lib",)), {}, "replace-outside"),
        (project(cgo=Cgo(True, (SEEN,))), {"cgo": "off"}, "cgo-needed"),
        (PING, {"cgo": "on", "runtime": "scratch"}, "libc"),
        (PING, {"cgo": "on", "runtime": "distroless-static"}, "libc"),
        (PING, {"cgo": "on", "runtime": "alpine"}, "libc"),
        (PING, {"cgo": "on", "builder": "golang-alpine", "runtime": "debian-slim"}, "libc"),
        (project(needs=(Need("libc", SEEN),)), {"runtime": "scratch"}, "libc"),
    ],
)
def test_refuses(made: Project, answers: dict[str, str], rule: str) -> None:
    problem = found(made, **answers)[rule]
    assert problem.severity == ERROR
    assert problem.what.endswith(".") and problem.why.endswith(".")


@pytest.mark.parametrize(
    ("made", "answers", "rule"),
    [
        (PING, {"user": "0:0"}, "root"),
        (PING, {"port": "80"}, "low-port"),
        (project(go="1.29"), {}, "go-maintained"),
        (project(ports=(ListenPort(8080, "tcp", SEEN, loopback=True),)), {}, "loopback"),
        (project(needs=(Need("program:git", SEEN),)), {}, "program"),
        (project(needs=(Need("users", SEEN),)), {"runtime": "alpine", "user-name": ""}, "unnamed-user"),
    ],
)
def test_warns(made: Project, answers: dict[str, str], rule: str) -> None:
    assert found(made, **answers)[rule].severity == "warning"


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
