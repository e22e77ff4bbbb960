"""Time zones, files and stages beside the image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join

from tui.core.final_image import PROGRAM_DIR, program_files
from tui.core.front_end_stage import has_bundle
from tui.core.images import builder_of, runtime_of, uid_gid
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import SCRATCH
from tui.core.rules.folders import lies_in
from tui.core.rules.problem import Fix, Problem, error, warning

_SYSTEM = ("/etc", "/usr/lib", "/usr/share", "/usr/bin", "/usr/sbin", "/lib", "/lib64", "/bin", "/sbin")
_EMBED = Fix("Put them into the program", "zones", "embed")
_ROOTS_OWN = re.compile(
    r"/(boot|dev|etc|home|media|mnt|opt|proc|root|run|srv|sys|usr(/(bin|lib|share|local(/(bin|lib|share))?))?"
    r"|var(/(cache|lib|log|run|spool))?)"
)
"""Folders of root in a base image. Source: the Filesystem Hierarchy Standard 3.0."""


def zones(project: Project, plan: Plan) -> Iterator[Problem]:
    builder, runtime, need = builder_of(plan), runtime_of(plan), project.need("tzdata")
    if plan.zones == "image" and not runtime.tz:
        yield error(
            "zones-image", "zones", f"{runtime.label} has no time zones.", "Looking one up fails.", _EMBED
        )
    elif plan.zones == "copy" and runtime.os == "windows":
        what = f"{runtime.label} has no folder for time zones."
        yield error(
            "zones-windows", "zones", what, "Go looks for them there only inside the program.", _EMBED
        )
    elif plan.zones == "copy" and not builder.tz:
        what = f"{builder.label} has no time zones to copy."
        yield error("zones-copy", "zones", what, "The build would stop at the copy.", _EMBED)
    elif plan.zones == "package" and not runtime.packages:
        what = f"{runtime.label} has no package manager for tzdata."
        yield error("zones-package", "zones", what, "The build would stop at the installation.", _EMBED)
    elif plan.zones == "none" and need and not runtime.tz:
        yield warning(
            "zones-missing",
            "zones",
            f"Your code loads time zones ({need.evidence}), and {runtime.label} has none.",
            "It would answer “unknown time zone”.",
            _EMBED,
        )


def files(project: Project, plan: Plan) -> Iterator[Problem]:
    made = project.front_end.wanted if project.front_end and has_bundle(project, plan) else None
    missing = [path for path in plan.file if path != made and not _is_there(project, path)]
    if missing:
        yield error(
            "file-missing",
            "file",
            f"{', '.join(missing)} is not in the project.",
            "The build would stop at copying it.",
            Fix("Leave it out", "file", tuple(path for path in plan.file if path not in missing)),
        )
    if plan.file and runtime_of(plan).os == "windows":
        yield error(
            "file-windows",
            "file",
            "Files beside the program are put into Linux images only.",
            "Embed them into the program with //go:embed.",
            Fix("Leave them out", "file", ()),
        )


def over_programs(project: Project, plan: Plan) -> Iterator[Problem]:
    """Files are put into the working directory after the programs were."""
    own = program_files(project, plan)
    for path in plan.file:
        if join(plan.workdir, path) in own:
            yield error(
                "file-program",
                "workdir",
                f"{path} would take the place of the program of that name.",
                f"Programs lie in {PROGRAM_DIR}, and the files are put there after them.",
                Fix("Start in /app", "workdir", "/app"),
            )


def _is_there(project: Project, path: str) -> bool:
    """Whether the build context holds it; a link may lead out of it."""
    file, context = project.root / path, project.context or project.root
    return file.exists() and file.resolve().is_relative_to(context.resolve())


def hidden(project: Project, plan: Plan) -> Iterator[Problem]:
    """What is mounted at run time covers what the image holds there."""
    for mounted in dict.fromkeys(("/tmp", *plan.writable_dir)):
        covered = [path for path in plan.file if lies_in(f"{plan.workdir}/{path}", mounted)]
        if covered:
            yield error(
                "file-hidden",
                "file",
                f"{', '.join(covered)} would be covered when the program runs.",
                f"{mounted} is empty then: a writable directory is mounted there.",
                Fix("Start in /app", "workdir", "/app"),
                _leave_out(plan, mounted),
            )


def covering(project: Project, plan: Plan) -> Iterator[Problem]:
    """The same of the program itself and of the system's own files."""
    for mounted in plan.writable_dir:
        if any(lies_in(path, mounted) for path in (PROGRAM_DIR, *_SYSTEM)):
            yield error(
                "writable-covers",
                "writable-dir",
                f"{mounted} holds the program or files of the system.",
                "A writable directory is mounted there when it runs, and hides them.",
                _leave_out(plan, mounted),
            )


def _leave_out(plan: Plan, mounted: str) -> Fix:
    rest = tuple(path for path in plan.writable_dir if path != mounted)
    return Fix(f"Leave {mounted} out", "writable-dir", rest)


def placed(project: Project, plan: Plan) -> Iterator[Problem]:
    """In a single stage the files are put where the sources and the system are."""
    taken = not plan.workdir or f"{plan.workdir}/".startswith(("/src/", "/go/"))
    taken = taken or _ROOTS_OWN.fullmatch(plan.workdir) is not None
    if plan.file and taken and runtime_of(plan).single_stage:
        yield error(
            "file-place",
            "workdir",
            "In a single stage the files need a folder of their own.",
            "Their modes are set for all that lies there, and the sources are mounted at /src.",
            Fix("Start in /app", "workdir", "/app"),
        )


def writable(project: Project, plan: Plan) -> Iterator[Problem]:
    """A folder that is there already keeps its owner; an added one belongs to the user."""
    if runtime_of(plan).reference == SCRATCH or uid_gid(plan).startswith("0:"):
        return
    sources = "/src" if runtime_of(plan).single_stage else ""
    for path in (path for path in plan.writable_dir if path == sources or _ROOTS_OWN.fullmatch(path)):
        own = f"{path}/{plan.binary}"
        yield warning(
            "writable-taken",
            "writable-dir",
            f"{path} is there already, and it is root's.",
            "Only folders the image does not have yet are made for the program's user.",
            Fix(
                f"Use {own}",
                "writable-dir",
                tuple(dict.fromkeys(own if each == path else each for each in plan.writable_dir)),
            ),
        )


def stages(project: Project, plan: Plan) -> Iterator[Problem]:
    runtime = runtime_of(plan)
    if plan.debug and (runtime.single_stage or (runtime.shell and not runtime.debug)):
        yield error(
            "debug-shell",
            "debug",
            f"{runtime.label} has a shell already.",
            "A second stage would be the same image.",
            Fix("Leave the debug stage out", "debug", False),
        )
    elif plan.debug and not runtime.debug and runtime.reference != "scratch":
        yield error(
            "debug-variant",
            "debug",
            f"{runtime.label} has no variant with a shell.",
            "There is nothing to make the debug stage from.",
            Fix("Leave the debug stage out", "debug", False),
        )


RULES = (zones, files, over_programs, hidden, covering, placed, writable, stages)
