"""Every question arrives answered, and what nobody decided follows the project and the answers."""

from __future__ import annotations

import pytest

from tests.sample import PING, project
from tui.core.plan import answer_text, defaults, unanswer
from tui.core.project import Cgo, Evidence, Main, Need
from tui.core.questions import question

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
