"""Failures in words, from what engines said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.core.events import Failed, Step, StepLog
from tui.core.ignore import BadPattern
from tui.engine import BuildRequest
from tui.engine.context import ContextError
from tui.engine.daemon.failures import TAIL, Witness
from tui.engine.daemon.wire import EngineLost, EngineRefused

DOCKERFILE = "FROM x AS build\nWORKDIR /src\nRUN go build .\nFROM scratch\nCOPY --from=build /a /a\n"
REQUEST = BuildRequest(Path(), DOCKERFILE, "", "x:1", ("x",), "x")
REFUSED = EngineRefused("ERROR: failed to build: failed to solve: process did not complete: exit code: 2")


def witness(log: str = "", name: str = "[build 3/3] RUN go build .") -> Witness:
    seen = Witness(REQUEST)
    seen.see(StepLog("sha256:1", log))
    seen.see(Step("sha256:1", name, "build", started=1, completed=2, error="exit code: 2"))
    return seen


def test_the_log_of_the_failed_step_is_the_first_to_ask() -> None:
    failure = witness("go: missing go.sum entry for x\n").explain(REFUSED)
    assert failure.what == "go.sum lacks an entry the build needs."
    assert (failure.step, failure.line) == ("sha256:1", 3)
    assert failure.detail.startswith("go: missing go.sum entry") and "exit code: 2" in failure.detail


def test_the_cause_at_the_end_of_a_long_log_is_found() -> None:
    seen = witness("x" * TAIL * 2)
    seen.see(StepLog("sha256:1", "\nno space left on device\n"))
    failure = seen.explain(REFUSED)
    assert failure.what == "The engine's disk is full."
    assert len(failure.detail) < TAIL * 2


def test_an_unknown_failure_names_step_and_exit_code() -> None:
    failure = witness("something odd\n").explain(REFUSED)
    assert failure.what == "The step `RUN go build .` failed with exit code 2."
    assert failure.fix


def test_steps_that_were_only_stopped_are_not_to_blame() -> None:
    seen = witness()
    stopped = "failed to solve: context canceled"
    seen.see(Step("sha256:2", "[stage-1 1/1] COPY /a /a", "stage-1", error=stopped))
    assert seen.explain(REFUSED).step == "sha256:1"


def test_the_line_buildkit_names_wins() -> None:
    text = "Dockerfile:9\n--------------------\n>>> RUN x\nERROR: exit code: 2"
    assert witness().explain(EngineRefused(text)).line == 9


def test_an_unknown_refusal_keeps_the_engines_words() -> None:
    text = "ERROR: failed to solve: rpc error: code = Unknown desc = no \x1b[31mluck"
    failure = Witness(REQUEST).explain(EngineRefused(text))
    assert failure.what == "The build failed."
    assert failure.why == "The engine says: no \\x1b[31mluck"


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (EngineLost("Connection broken: IncompleteRead"), "The engine went away during the work."),
        (ContextError("a cannot be read.", "No.", "Do."), "a cannot be read."),
        (BadPattern("The line '[' is none."), "The .dockerignore cannot be read."),
        (EngineRefused(""), "The build failed."),
    ],
)
def test_other_ends(error: Exception, what: str) -> None:
    failure = Witness(REQUEST).explain(error)
    assert isinstance(failure, Failed) and failure.what == what and failure.why
