"""The proposed answer to every question, with the reason it is proposed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core import catalog, validate
from tui.core.project import Evidence, Project

if TYPE_CHECKING:
    from tui.core.plan import Plan


@dataclass(frozen=True, slots=True)
class Default:
    """A proposal, why it is one (a sentence without its full stop), and where that was seen."""

    value: Any
    reason: str
    evidence: Evidence | None = None


def constant(value: Any, reason: str) -> Callable[[Project, Plan], Default]:
    """A default that does not depend on the project."""
    return lambda project, plan: Default(value, reason)


def main(project: Project, plan: Plan) -> Default:
    if not project.mains:
        return Default(".", "no package main was found, so the module's root is assumed")
    best = project.mains[0]
    others = len(project.mains) - 1
    why = "the only program in this module" if not others else f"the likeliest of {others + 1} programs"
    return Default(best.package, why, best.evidence)


def binary(project: Project, plan: Plan) -> Default:
    chosen = next((m for m in project.mains if m.package == plan.main), None)
    name = chosen.name if chosen else plan.main.rsplit("/", 1)[-1]
    return Default(_usable(validate.binary, name, "app"), "the name Go gives this program")


def tag(project: Project, plan: Plan) -> Default:
    name = plan.binary.lower().strip("._-")
    return Default(
        _usable(validate.tag, f"{name}:dev", "app:dev"), "the program's name, as a development image"
    )


def go(project: Project, plan: Plan) -> Default:
    """The go line's own minor while it is maintained, else the oldest maintained above it."""
    releases = catalog.go_releases()
    if project.go is None:
        return Default(releases.newest, "go.mod has no go line, so the newest release")
    wanted = minor(project.go)
    line = project.go_evidence
    if wanted in releases.maintained:
        return Default(wanted, f"go.mod says {project.go}, and {wanted} is maintained", line)
    above = next((m for m in releases.maintained if _order(m) > _order(wanted)), None)
    if above is None:
        return Default(wanted, f"go.mod asks for {project.go}, newer than the releases known here", line)
    return Default(
        above,
        f"go.mod says {project.go}, which gets no fixes any more; {above} is the nearest that does",
        line,
    )


def builder(project: Project, plan: Plan) -> Default:
    return Default("golang-trixie", "the official image; its Debian release matches the runtime images")


def cgo(project: Project, plan: Plan) -> Default:
    if project.cgo.required:
        evidence = project.cgo.evidence[0] if project.cgo.evidence else None
        return Default(True, evidence.why if evidence else "your code needs C", evidence)
    return Default(False, "nothing in your code needs C, so the program can be static")


def runtime(project: Project, plan: Plan) -> Default:
    dynamic = project.need("libc")
    if plan.cgo or dynamic:
        musl = catalog.builder(plan.builder).libc == "musl"
        chosen = "alpine-3.24" if musl else "distroless-base-debian13"
        why = "the program links the C library, and this is the smallest image that has the same one"
        return Default(chosen, why, dynamic.evidence if dynamic and not plan.cgo else None)
    shell = project.need("program:sh") or project.need("program:bash")
    if shell:
        return Default(
            "alpine-3.24", "your code runs a shell, and this is the smallest image with one", shell.evidence
        )
    client = project.need("ca-certificates")
    if client:
        return Default(
            "distroless-static-debian13",
            "the program is static and calls TLS servers, so it needs CA certificates and nothing else",
            client.evidence,
        )
    return Default(
        "distroless-static-debian13",
        "the program is static; this is the smallest image with certificates, time zones and a non-root user",
    )


def user(project: Project, plan: Plan) -> Default:
    return Default(
        "65532:65532", "the id called nonroot in distroless images; not root, so an intruder is not either"
    )


def port(project: Project, plan: Plan) -> Default:
    if not project.ports:
        return Default((), "no listener was found in your code")
    found = tuple(dict.fromkeys(f"{p.port}/{p.protocol}" for p in project.ports))
    return Default(found, "your code listens on " + ", ".join(found), project.ports[0].evidence)


def minor(version: str) -> str:
    """``1.27`` of ``1.27.3`` or ``1.27rc1``."""
    head, _, rest = version.partition(".")
    digits = rest.split(".")[0].split("rc")[0].split("beta")[0]
    return f"{head}.{digits}"


def release_order(version: str) -> tuple[int, int, int]:
    """A sort key: ``1.27`` orders as the newest fix of its minor, since that is what its tag is."""
    parts = minor(version).split(".")
    patch = version.split(".")[2] if version.count(".") > 1 else ""
    return int(parts[0]), int(parts[1]), int(patch) if patch.isdigit() else (-1 if "rc" in version else 10**6)


def _order(version: str) -> tuple[int, int]:
    return release_order(version)[:2]


def _usable(parse: Callable[[str], Any], text: str, fallback: str) -> Any:
    try:
        return parse(text)
    except validate.Invalid:
        return fallback
