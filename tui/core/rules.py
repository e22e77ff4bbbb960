"""Rules over (project, plan): which answers do not fit, why, and what to change.

An ``error`` blocks building and writing; a ``warning`` is shown and does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tui.core import catalog, defaults
from tui.core.catalog import Builder, Runtime
from tui.core.plan import Plan, answer
from tui.core.project import Project

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """One change of an answer that solves the problem. ``label`` starts with a verb."""

    label: str
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Problem:
    """``key`` is the question it belongs to, ``severity`` ``error`` or ``warning``."""

    rule: str
    key: str
    severity: str
    what: str
    why: str
    fix: Fix | None = None

    def sentence(self) -> str:
        """What and why, and the fix when there is one, for a line of text."""
        fix = f" {self.fix.label}." if self.fix else ""
        return f"{self.what} {self.why}{fix}"


Rule = Callable[[Project, Plan], Iterator[Problem]]


def _error(rule: str, key: str, what: str, why: str, fix: Fix | None = None) -> Problem:
    return Problem(rule, key, ERROR, what, why, fix)


def _warning(rule: str, key: str, what: str, why: str, fix: Fix | None = None) -> Problem:
    return Problem(rule, key, WARNING, what, why, fix)


def problems(project: Project, plan: Plan) -> tuple[Problem, ...]:
    """Every problem of this plan, errors first."""
    found = [problem for rule in RULES for problem in rule(project, plan)]
    return tuple(sorted(found, key=lambda problem: problem.severity != ERROR))


def blocked(project: Project, plan: Plan, key: str, value: Any) -> Problem | None:
    """The error this answer would cause and the present one does not, else None."""
    present = {p.rule for p in problems(project, plan) if p.severity == ERROR}
    tried = problems(project, answer(project, plan, key, value))
    return next((p for p in tried if p.severity == ERROR and p.rule not in present), None)


def _images(plan: Plan) -> tuple[Builder, Runtime]:
    return catalog.builder(plan.builder), catalog.runtime(plan.runtime, plan.builder)


def _main_exists(project: Project, plan: Plan) -> Iterator[Problem]:
    if any(plan.main == main.package for main in project.mains):
        return
    if project.main is None:
        yield _error(
            "main-exists",
            "main",
            "No package main with func main was found.",
            "An image needs a program to run; a library has none.",
        )
        return
    yield _error(
        "main-exists",
        "main",
        f"{plan.main} holds no package main with func main.",
        "Go would write an archive instead of a program, and the image could not start.",
        Fix(f"Build {project.main} instead", "main", project.main),
    )


def _go_new_enough(project: Project, plan: Plan) -> Iterator[Problem]:
    best = defaults.go(project, plan).value
    fix = Fix(f"Use Go {best}", "go", best) if best != plan.go else None
    if project.go and defaults.release_order(plan.go) < _required(project.go):
        yield _error(
            "go-new-enough",
            "go",
            f"Go {plan.go} is older than the {project.go} that go.mod asks for.",
            "The image sets GOTOOLCHAIN=local, so the build would stop instead of fetching a newer one.",
            fix,
        )
        return
    releases = catalog.go_releases()
    if defaults.minor(plan.go) in releases.maintained:
        return
    newer = defaults.release_order(plan.go) > defaults.release_order(releases.newest)
    why = (
        f"It is newer than the releases known here on {releases.date}; its image may not exist yet."
        if newer
        else "Its image gets no security fixes any more."
    )
    yield _warning("go-maintained", "go", f"Go {plan.go} is not among the maintained releases.", why, fix)


def _required(go_line: str) -> tuple[int, int, int]:
    major, minor, patch = defaults.release_order(go_line)
    return major, minor, 0 if patch == 10**6 else patch


def _go_sum(project: Project, plan: Plan) -> Iterator[Problem]:
    if project.has_requirements and not project.has_go_sum and not project.has_vendor:
        yield _error(
            "go-sum",
            "main",
            "go.sum is missing although go.mod requires modules.",
            "Go refuses modules it has no checksum for. Run go mod tidy in the project, then start again.",
        )


def _replaces(project: Project, plan: Plan) -> Iterator[Problem]:
    for path in project.local_replaces:
        yield _error(
            "replace-outside",
            "main",
            f"The build needs the module in {path}, which is not there or outside the repository.",
            "The build sees the project's repository only. Move the module inside, or vendor it with "
            "go mod vendor.",
        )


def _cgo_needed(project: Project, plan: Plan) -> Iterator[Problem]:
    if project.cgo.required and not plan.cgo:
        seen = project.cgo.evidence[0] if project.cgo.evidence else None
        where = f" ({seen})" if seen else ""
        yield _error(
            "cgo-needed",
            "cgo",
            f"Your code needs CGO{where}, and it is off.",
            "The build would fail, or the program would at its first call of that code.",
            Fix("Switch CGO on", "cgo", True),
        )


def _libc(project: Project, plan: Plan) -> Iterator[Problem]:
    """A dynamic program needs the C library it was linked with, no older than there."""
    dynamic = project.need("libc")
    if not plan.cgo and not dynamic:
        return
    builder, runtime = _images(plan)
    cause = "With CGO on" if plan.cgo or not dynamic else f"Although CGO is off ({dynamic.evidence})"
    if runtime.libc == builder.libc:
        if runtime.libc == "glibc" and _version(runtime.libc_version) < _version(builder.libc_version):
            yield _error(
                "libc-older",
                "builder",
                f"{runtime.label} has glibc {runtime.libc_version}, older than {builder.label}'s "
                f"{builder.libc_version}.",
                "The program may ask for functions that are not there and then does not start.",
                Fix("Build on golang-bookworm", "builder", "golang-bookworm"),
            )
        return
    matching = "alpine-3.24" if builder.libc == "musl" else "distroless-base-debian13"
    has = "has no C library" if runtime.libc == "none" else f"has {runtime.libc}"
    yield _error(
        "libc",
        "runtime",
        f"{cause} the program needs {builder.libc}; {runtime.label} {has}.",
        "It would stop at once with “no such file or directory”.",
        Fix(f"Use {catalog.runtime(matching, plan.builder).label}", "runtime", matching),
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _root(project: Project, plan: Plan) -> Iterator[Problem]:
    if plan.user.split(":")[0] == "0":
        yield _warning(
            "root",
            "user",
            "The program runs as root.",
            "Whoever breaks into it is root in the container; Kubernetes' runAsNonRoot refuses it.",
            Fix("Use 65532:65532", "user", "65532:65532"),
        )


def _low_ports(project: Project, plan: Plan) -> Iterator[Problem]:
    low = [port for port in plan.port if int(port.split("/")[0]) < 1024]
    if low and not plan.user.startswith("0:"):
        yield _warning(
            "low-port",
            "port",
            f"{', '.join(low)} is below 1024 and the program is not root.",
            "Docker 20.10 and newer, Podman and containerd 2 allow it; host networking, CRI-O and older "
            "containerd do not.",
        )


def _loopback(project: Project, plan: Plan) -> Iterator[Problem]:
    reachable = {(p.port, p.protocol) for p in project.ports if not p.loopback}
    for port in project.ports:
        if (
            port.loopback
            and (port.port, port.protocol) not in reachable
            and f"{port.port}/{port.protocol}" in plan.port
        ):
            yield _warning(
                "loopback",
                "port",
                f"Your code listens on this machine only ({port.evidence}).",
                f"Nothing outside the container reaches it; listen on :{port.port} without an address.",
            )


def _programs(project: Project, plan: Plan) -> Iterator[Problem]:
    _, runtime = _images(plan)
    if runtime.single_stage:
        return
    for need in project.needs:
        kind, _, program = need.what.partition(":")
        if kind == "program" and not (
            runtime.shell and program in {"sh", "ls", "cat", "echo", "true", "env"}
        ):
            shell = program in {"sh", "bash"} and not runtime.shell
            yield _warning(
                "program",
                "runtime",
                f"Your code runs {program} ({need.evidence}); {runtime.label} does not bring it.",
                "That call fails in the container unless the program is added.",
                Fix("Use debian slim", "runtime", "debian-slim-trixie") if shell else None,
            )


def _users(project: Project, plan: Plan) -> Iterator[Problem]:
    need = project.need("users")
    _, runtime = _images(plan)
    if need and runtime.id != "scratch" and plan.user not in runtime.users.values():
        yield _warning(
            "unnamed-user",
            "user",
            f"Your code looks up its user ({need.evidence}); {runtime.label} has no name for {plan.user}.",
            "The look-up answers with an error. Distroless images know 65532 as nonroot.",
        )


RULES: tuple[Rule, ...] = (
    _main_exists,
    _go_new_enough,
    _go_sum,
    _replaces,
    _cgo_needed,
    _libc,
    _root,
    _low_ports,
    _loopback,
    _programs,
    _users,
)
