"""What a question with choices offers, with what each choice is and costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core import catalog, frontend
from tui.core.defaults.c_code import c_needs
from tui.core.embedded import AUTO, DOCKER, EMBEDDED, obstacles
from tui.core.images import builder_of, runtime_of
from tui.core.project import Project

if TYPE_CHECKING:
    from tui.core.plan import Plan

ABSENT, PRESENT, ADDABLE = "–", "✓", "+"
_FIRST_PERSON = 1000
"""Ids below are the system's own on Debian and Alpine; they can be typed and are not offered."""

_UNPROVEN = {"no": " Not proven here.", "look-alike": " Not proven here, on a look-alike only."}


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. ``columns`` are (heading, cell) pairs; a row's headings equal its neighbours'.

    The last columns are left out first where there is no room. ``why`` and ``why_not`` are sentences
    that help to decide: what speaks for this choice in this project, and what against it.
    """

    value: str
    label: str
    pitch: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    why: str = ""
    why_not: str = ""


def main_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            m.package, m.package, f"{m.role}, {m.evidence}" if m.role != "application" else str(m.evidence)
        )
        for m in project.programs
    )


def also_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(choice for choice in main_choices(project, plan) if choice.value != plan.main)


def platform_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    usual = {
        "linux/amd64": "most servers, and Windows and older Apple laptops",
        "linux/arm64": "newer Apple laptops, ARM servers, 64-bit Raspberry Pi",
        "linux/arm/v7": "32-bit Raspberry Pi",
    }
    return tuple(Choice(name, name, usual.get(name, "")) for name in runtime_of(plan).platforms)


def engine_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    """Who carries the build out; what only a daemon can speaks against the embedded engine."""
    against = " ".join(obstacle.what for obstacle in obstacles(project, plan))
    return (
        Choice(AUTO, AUTO, "Docker where one answers, else embedded"),
        Choice(DOCKER, DOCKER, "builds the Dockerfile with BuildKit"),
        Choice(EMBEDDED, EMBEDDED, "no daemon, no root; the Go of this machine", why_not=against),
    )


def go_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(Choice(minor, minor, "maintained") for minor in reversed(catalog.go_releases().maintained))


def builder_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            entry.id,
            entry.label,
            entry.pitch,
            (("about", about(entry.size)), ("libc", entry.libc)),
            why_not=_UNPROVEN.get(entry.proven, "").strip(),
        )
        for entry in catalog.builders()
    )


def runtime_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    """Those that fit this project first, and among them in the catalog's order."""
    builder = builder_of(plan)
    entries = (catalog.single_stage(e, builder) if e.single_stage else e for e in catalog.runtimes())
    return tuple(
        Choice(entry.id, entry.label, entry.pitch, _columns(entry), entry.why, _against(entry))
        for entry in sorted(entries, key=lambda entry: misfit(project, plan, entry))
    )


def misfit(project: Project, plan: Plan, entry: catalog.Runtime) -> int:
    """How badly a runtime fits: 0 for well, more for what is missing in it."""
    builder = builder_of(plan)
    dynamic = project.need("libc") is not None or (plan.cgo and plan.link == "dynamic")
    shell = project.need("program:sh") or project.need("program:bash")
    missing = {
        32: dynamic and entry.libc != builder.libc,
        16: dynamic and c_needs(project, plan).cxx and not entry.cxx,
        8: (entry.os != builder.os and builder.os == "windows") or entry.os == "windows",
        4: bool(shell) and not entry.shell,
        2: bool(plan.package) and not entry.packages,
        1: entry.support_end is not None and entry.support_end < entry.date,
    }
    return sum(weight for weight, is_missing in missing.items() if is_missing)


def cgo_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("off", "off", "a static program, which every base image can run"),
        Choice("on", "on", "compiles C code; the image must have the C library"),
    )


def link_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("dynamic", "dynamic", "the C library of the image is loaded at the start"),
        Choice("static", "static", "the C libraries are inside the program; every image can run it"),
    )


def user_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    image = runtime_of(plan)
    if image.os == "windows":
        return tuple(Choice(name, name) for name in image.users)
    usual = {
        "65532:65532": "nonroot, the usual id for containers",
        "1000:1000": "the first person's id on most Linux machines",
        "0:0": "root: only where the program really needs it",
    }
    named = ((name, ids) for name, ids in image.users.items() if int(ids.split(":")[0]) >= _FIRST_PERSON)
    own = {ids: f"{name} in {image.label}" for name, ids in named if ids not in usual}
    return tuple(Choice(ids, ids, pitch) for ids, pitch in (usual | own).items())


def port_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    found = {port.text: port.evidence for port in project.ports}
    return tuple(Choice(port, port, f"{seen}  {seen.why}") for port, seen in found.items())


def health_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    found = {
        f"{health.kind} {health.value}": f"seen in {health.evidence}"
        for health in project.health
        if health.kind == "command" or plan.port
    }
    none = {"none": "Kubernetes has its own probes and ignores this one"}
    return tuple(Choice(value, value, pitch) for value, pitch in (found | none).items())


def zones_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    offered = {
        "none": "the program knows UTC and the container's own zone",
        "image": "from the base image",
        "embed": "inside the program, 0.45 MB more (-tags timetzdata)",
        "copy": "copied from the builder",
        "package": "the distribution's tzdata package",
    }
    return tuple(Choice(value, value, pitch) for value, pitch in offered.items())


def access_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("netrc", "netrc", "user and token of ~/.netrc, mounted while modules are fetched"),
        Choice("ssh", "ssh", "your SSH agent, forwarded while modules are fetched"),
    )


def front_end_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("build", "build", "a Node stage makes the bundle; nothing of Node is in the image"),
        Choice("skip", "skip", "the bundle is committed and taken as it is"),
    )


def node_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(Choice(major, major, pitch) for major, pitch in _node_releases())


def about(size: int | None) -> str:
    """A size from the catalog in round megabytes; what nobody measured is absent."""
    if size is None:
        return ABSENT
    return f"{round(size / 1e6)} MB"


def _node_releases() -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            str(release.major),
            f"{'LTS, ' if release.lts else ''}"
            f"support {'ended' if release.end < frontend.facts()['date'] else 'ends'} {release.end:%B %Y}",
        )
        for release in frontend.releases()
    )


def _against(entry: catalog.Runtime) -> str:
    return f"{entry.why_not}{_UNPROVEN.get(entry.proven, '')}"


def _columns(entry: catalog.Runtime) -> tuple[tuple[str, str], ...]:
    return (
        ("about", about(entry.size)),
        ("libc", ABSENT if entry.libc == "none" else entry.libc),
        ("sh", PRESENT if entry.shell else ABSENT),
        ("CA", PRESENT if entry.ca else ADDABLE),
        ("tz", PRESENT if entry.tz else ADDABLE),
        ("support", f"{entry.support_end:%Y-%m}" if entry.support_end else entry.support or ABSENT),
    )
