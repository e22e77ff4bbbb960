"""What a question with choices offers, with what each choice is and costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core import catalog
from tui.core.project import Project

if TYPE_CHECKING:
    from tui.core.plan import Plan

ABSENT, PRESENT, ADDABLE = "–", "✓", "+"


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
        for m in project.mains
    )


def go_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(Choice(minor, minor, "maintained") for minor in reversed(catalog.go_releases().maintained))


def builder_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return tuple(
        Choice(entry.id, entry.label, entry.pitch, (("about", about(entry.size)), ("libc", entry.libc)))
        for entry in catalog.builders()
    )


def runtime_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    entries = (catalog.runtime(entry.id, plan.builder) for entry in catalog.runtimes())
    return tuple(Choice(entry.id, entry.label, entry.pitch, _columns(entry)) for entry in entries)


def cgo_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("off", "off", "a static program, which every base image can run"),
        Choice("on", "on", "compiles C code; the image must have the C library"),
    )


def user_choices(project: Project, plan: Plan) -> tuple[Choice, ...]:
    return (
        Choice("65532:65532", "65532:65532", "nonroot, the usual id for containers"),
        Choice("1000:1000", "1000:1000", "the first person's id on most Linux machines"),
        Choice("0:0", "0:0", "root: only where the program really needs it"),
    )


def about(size: int | None) -> str:
    """A size from the catalog in round megabytes; what nobody measured is absent."""
    if size is None:
        return ABSENT
    return f"{round(size / 1e6)} MB"


def _columns(entry: catalog.Runtime) -> tuple[tuple[str, str], ...]:
    return (
        ("about", about(entry.size)),
        ("libc", ABSENT if entry.libc == "none" else entry.libc),
        ("sh", PRESENT if entry.shell else ABSENT),
        ("CA", PRESENT if entry.ca else ADDABLE),
        ("tz", PRESENT if entry.tz else ADDABLE),
    )
