"""A project as inspecting a real one would give it, and an engine that answers only to being looked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.pilot.scripted import ScriptedEngine
from tui.app import Connect, DockwrightApp
from tui.core.plan import Plan, defaults
from tui.core.project import Cgo, Evidence, ListenPort, Main, Need, Project
from tui.engine import Engine, EngineUnavailable
from tui.theme import DARK

PROJECT = Project(
    root=Path("/src/ping"),
    module="github.com/acme/ping",
    go="1.27",
    go_evidence=Evidence("go.mod", 3, "go 1.27"),
    mains=(
        Main("./cmd/server", "server", "application", Evidence("cmd/server/main.go", 14, "func main")),
        Main("./cmd/migrate", "migrate", "tool", Evidence("cmd/migrate/main.go", 9, "func main")),
    ),
    has_go_sum=True,
    has_requirements=True,
    ports=(
        ListenPort(8080, "tcp", Evidence("cmd/server/main.go", 41, "http.ListenAndServe")),
        ListenPort(9090, "tcp", Evidence("internal/metrics/metrics.go", 22, "http.ListenAndServe")),
    ),
    needs=(Need("ca-certificates", Evidence("internal/api/client.go", 31, "https://api.acme.dev")),),
)
WITH_CGO = replace(
    PROJECT, cgo=Cgo(True, (Evidence("internal/store/db.go", 7, "github.com/mattn/go-sqlite3 is C code"),))
)
MISSING = EngineUnavailable(
    "No container engine answers.",
    "Docker's socket /var/run/docker.sock does not exist.",
    "Install Docker or Podman, or start it, then press r.",
)


async def connect() -> Engine:
    return ScriptedEngine()


async def connect_nowhere() -> Engine:
    raise MISSING


def wizard(
    project: Project = PROJECT, plan: Plan | None = None, connect: Connect = connect, theme: str = DARK
) -> DockwrightApp:
    """The application on that project, on its first step."""
    return DockwrightApp(project, plan or defaults(project), connect, theme=theme)
