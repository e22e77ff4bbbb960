"""A project built by hand, for tests that do not read one from disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tui.core.project import Evidence, ListenPort, Main, Project

GO_LINE = Evidence("go.mod", 3, "the go line")

PING = Project(
    root=Path("/src/ping"),
    module="github.com/dockwright/ping",
    go="1.27",
    go_evidence=GO_LINE,
    mains=(Main(".", "ping", "application", Evidence("main.go", 19, "func main")),),
    has_go_sum=True,
    has_requirements=True,
    ports=(ListenPort(8080, "tcp", Evidence("main.go", 47, "PORT falls back to 8080")),),
    packages=(".", "internal/greeting"),
    module_files=("go.mod", "go.sum"),
)


def project(**changed: Any) -> Project:
    """The ping project with some fields changed."""
    return replace(PING, **changed)
