"""Folders that cannot be what they are asked to be: the working directory and those to write to."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.catalog import CERTIFICATES
from tui.core.final_image import program_files
from tui.core.images import runtime_of, uid_gid
from tui.core.plan import Plan
from tui.core.project import Project
from tui.core.references import SCRATCH
from tui.core.rules.problem import Fix, Problem, error

_OF_THE_KERNEL = ("/proc", "/sys", "/dev")
_FILES = ("/etc/passwd", "/etc/group", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
_NONROOT, _NONROOTS_HOME = "65532:65532", "/home/nonroot"


def folders(project: Project, plan: Plan) -> Iterator[Problem]:
    if runtime_of(plan).os == "windows":
        return
    files = {*_FILES, CERTIFICATES, *program_files(project, plan)}
    for path, key, fix in _asked(plan):
        if any(lies_in(path, other) for other in _OF_THE_KERNEL):
            yield error(
                "folder-kernel",
                key,
                f"{path} lies where the kernel's own files are mounted.",
                "What the image has there is hidden when it runs.",
                fix,
            )
        elif other := next((file for file in sorted(files) if lies_in(path, file)), None):
            yield error(
                "folder-file", key, f"{other} is a file.", "The build stops at making a folder of it.", fix
            )
        elif home := next((home for home in _closed(plan) if lies_in(path, home)), None):
            yield error(
                "folder-closed",
                key,
                f"{path} lies in {home}, which is closed to {plan.user}.",
                "The program can neither read nor write there.",
                fix,
            )


def _asked(plan: Plan) -> Iterator[tuple[str, str, Fix]]:
    """The folders, with the question each belongs to and what does without it."""
    yield plan.workdir, "workdir", Fix("Start in /app", "workdir", "/app")
    for path in plan.writable_dir:
        rest = tuple(other for other in plan.writable_dir if other != path)
        yield path, "writable-dir", Fix(f"Leave {path} out", "writable-dir", rest)


def _closed(plan: Plan) -> Iterator[str]:
    """Homes only their owners may enter. Source: /root is 0700 in every image, nonroot's in distroless."""
    runtime, user = runtime_of(plan), uid_gid(plan)
    if runtime.reference == SCRATCH or user.startswith("0:"):
        return
    yield "/root"
    if user != _NONROOT and runtime.users.get("nonroot") == _NONROOT:
        yield _NONROOTS_HOME


def lies_in(path: str, folder: str) -> bool:
    """Whether a path is that folder or below it."""
    return f"{path}/".startswith(f"{folder}/")


RULES = (folders,)
