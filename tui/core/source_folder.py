"""Where the sources lie while they are compiled."""

from __future__ import annotations

from pathlib import PurePosixPath

from tui.core.project import Project

_MODULES, _GOPATH = PurePosixPath("/src"), PurePosixPath("/go")


def source_folder(project: Project) -> PurePosixPath:
    """The build context's place in the builder stage; without go.mod its import path decides."""
    return _GOPATH / "src" / project.gopath.path if project.gopath else _MODULES


def gopath_env(project: Project, *, windows: bool) -> tuple[tuple[str, str], ...]:
    """What Go is told of a project without go.mod: its place, and the language it was written for."""
    old = project.gopath
    if old is None:
        return ()
    return (
        ("GO111MODULE", "off"),
        ("GOPATH", f"C:{_GOPATH}" if windows else str(_GOPATH)),
        ("GOFLAGS", f"-gcflags={old.path}/...=-lang=go{old.language}"),
    )
