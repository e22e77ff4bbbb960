"""The sample applications, and what each must answer wherever a plan puts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tui.core.images import runtime_of
from tui.core.inspect import inspect
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.rules import problems

FOLDER = Path(__file__).parents[1] / "projects" / "apps"
PARIS_IN_SUMMER = {"zone": "CEST", "offset": 7200}

Check = Callable[[Project, Plan, dict[str, Any]], None]
"""Asserts on what the application answered: its JSON, or ``{"status": …, "text": …}`` when it is none."""


@dataclass(frozen=True, slots=True)
class Application:
    """``folder`` is relative to the samples; ``speaks`` is ``http``, ``udp`` or ``output``."""

    name: str
    folder: str
    check: Check
    port: int = 8080
    speaks: str = "http"

    @property
    def root(self) -> Path:
        return FOLDER / self.folder


@cache
def project(name: str) -> Project:
    """What is known of that application."""
    return inspect(APPLICATIONS[name].root)


def answers(**expected: Any) -> Check:
    """A check that the answer holds these."""

    def check(_: Project, __: Plan, answer: dict[str, Any]) -> None:
        assert {key: answer.get(key) for key in expected} == expected, answer

    return check


def _http(_: Project, plan: Plan, answer: dict[str, Any]) -> None:
    assert answer["temporary"] == "", answer
    assert answer["arguments"] == (list(plan.args) or []), answer
    assert answer["version"] == plan.app_version, answer
    assert answer["mode"] == ("test" if "APP_MODE=test" in plan.env else ""), answer
    refused = answer["outside"]
    if not plan.writable:
        assert refused.endswith("read-only file system"), answer
    elif answer["uid"] == 0:
        assert not refused, answer
    else:
        assert refused.endswith("permission denied"), answer


def _sqlite(_: Project, __: Plan, answer: dict[str, Any]) -> None:
    """The probe was the first visit, or several."""
    assert answer["visits"] >= 2, answer


def _cli(_: Project, plan: Plan, answer: dict[str, Any]) -> None:
    name = plan.args[0] if plan.args else "you"
    assert answer["text"].startswith(f"Hello, {name}! "), answer
    assert answer["status"] == 0, answer


def _netuser(found: Project, plan: Plan, answer: dict[str, Any]) -> None:
    assert set(answer["localhost"]) <= {"127.0.0.1", "::1"} and answer["localhost"], answer
    unnamed = any(problem.rule == "unnamed-user" for problem in problems(found, plan))
    # Podman writes who has no name into the container's passwd, under the number.
    named = answer["user"] not in ("", str(answer["uid"]))
    assert named != unnamed, answer


def _tlsclient(_: Project, __: Plan, answer: dict[str, Any]) -> None:
    assert answer["roots"] > 100, answer


def _zones(found: Project, plan: Plan, answer: dict[str, Any]) -> None:
    look_alike = runtime_of(plan).single_stage and plan.builder == "chainguard-go"  # Debian's, with zones
    if any(problem.rule == "zones-missing" for problem in problems(found, plan)) and not look_alike:
        assert answer["failure"] == "unknown time zone Europe/Paris", answer
    else:
        answers(**PARIS_IN_SUMMER)(found, plan, answer)


def _udp(_: Project, __: Plan, answer: dict[str, Any]) -> None:
    assert answer["text"].endswith(" ping"), answer


def _shell(_: Project, plan: Plan, answer: dict[str, Any]) -> None:
    if runtime_of(plan).shell:
        assert answer["said"] == "said by sh\n" and "failure" not in answer, answer
    else:
        assert answer["failure"] == 'exec: "sh": executable file not found in $PATH', answer


_ALL = (
    Application("http", "http", _http),
    Application("cli", "cli", _cli, speaks="output"),
    Application("echo", "echo", answers(heart="<3")),
    Application("cgo", "cgo", answers(number=42)),
    Application("sqlite", "sqlite", _sqlite),
    Application("cxx", "cxx", answers(words=2)),
    Application("netuser", "netuser", _netuser),
    Application("tlsclient", "tlsclient", _tlsclient),
    Application("zones", "zones", _zones),
    Application("embedded", "embedded", answers(page="<p>embedded</p>\n", hidden="marker\n")),
    Application("files", "files", answers(page="<p>read at run time</p>\n", motto="motto\n")),
    Application("mains", "mains", answers(name="several")),
    Application("vendored", "vendored", answers(id="cfbff0d1-9375-5685-968c-48ce8b15ae17")),
    Application("replace", "replace", answers(word="of a module inside")),
    Application("outside", "outside/server", answers(word="of a module outside")),
    Application("workspace", "workspace/server", answers(word="of the workspace")),
    Application("udp", "udp", _udp, port=5353, speaks="udp"),
    Application("lowport", "lowport", answers(), port=80),
    Application("shell", "shell", _shell),
    Application("purego", "purego", answers(length=5)),
)
WITHOUT_ROWS = (
    Application("loopback", "loopback", answers()),
    Application("vite", "../vite", answers()),
)
"""What only some plans make answer."""

VARIED = tuple(application.name for application in _ALL)
APPLICATIONS = {application.name: application for application in (*_ALL, *WITHOUT_ROWS)}
