"""The go command of a build stage: its arguments, and an environment nothing of the user's decides in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tui.core.build_stage import BuildStage
from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.toolchain import Toolchain, without_go

_SETTINGS = ("GOPROXY", "GONOPROXY", "GOPRIVATE", "GONOSUMDB", "GOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH")
"""Where modules come from. It changes nothing of the program: checksums say what they hold."""

_CACHES = ("GOMODCACHE", "GOCACHE")

_DEFAULTS = {
    "GO386": "sse2",
    "GOAMD64": "v1",
    "GOARM": "7",
    "GOARM64": "v8.0",
    "GOMIPS": "hardfloat",
    "GOMIPS64": "hardfloat",
    "GOPPC64": "power8",
    "GORISCV64": "rva20u64",
}
"""What Go takes where nobody says otherwise; a distribution's own may differ. Source: go help environment."""

_LAST_LINES = 20

_MORTAL = ("setpriv", "--pdeathsig", "KILL")
"""Starts a program that ends when dockwright is killed: it would write into the next build. util-linux."""


class CompileFailed(EngineError):
    """The go command ended with an error; ``output`` is the end of what it said."""

    def __init__(self, output: str) -> None:
        super().__init__("The program does not compile.", output)
        self.output = output


def arguments(stage: BuildStage, version: str, output: Path) -> list[str]:
    """What the builder stage gives the go command; ``output`` is a file, or a folder for several programs."""
    told = f"{output}/" if stage.output.endswith("/") else str(output)
    flags = ["-trimpath", "-buildvcs=false", *stage.tag_flags, f"-ldflags={stage.linking(version)}"]
    return ["build", *flags, "-o", told, *stage.mains]


def user_settings(toolchain: Toolchain, environ: Mapping[str, str]) -> dict[str, str]:
    """Where this user's Go has its caches and fetches modules. Raises EngineError."""
    asked = (*_SETTINGS, *_CACHES, "GOENV", "GOPATH")
    kept = {name: environ[name] for name in asked if name in environ}
    try:
        done = subprocess.run(
            [toolchain.go, "env", "-json", *_SETTINGS, *_CACHES],
            cwd="/",
            env=without_go(environ) | kept | {"GOTOOLCHAIN": "local", "GOEXPERIMENT": "none"},
            capture_output=True,
            text=True,
            check=True,
        )
        told: dict[str, str] = json.loads(done.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        said = printable((getattr(error, "stderr", "") or str(error)).strip())
        raise EngineError(
            "Go does not tell its settings.",
            said,
            "See what `go env` says; `go env -u NAME` undoes a setting.",
        ) from error
    return {name: value for name, value in told.items() if value}


def environment(
    stage: BuildStage, platform: str, settings: Mapping[str, str], environ: Mapping[str, str], source: Path
) -> dict[str, str]:
    """The environment that compiles for ``platform`` as the builder stage would.

    ``settings`` come from ``user_settings``; the context lies in ``source`` as it does in ``/`` there.
    """
    system, architecture, variant = f"{platform}//".split("/")[:3]
    made = without_go(environ) | dict(settings) | _DEFAULTS
    made |= {"GOENV": "off", "GOFLAGS": "", "GOTOOLCHAIN": "local", "GOEXPERIMENT": ""}
    made["GOWORK"] = _workspace(stage, source)
    made |= dict(stage.env) | {"CGO_ENABLED": "0", "GOOS": system, "GOARCH": architecture}
    made |= {
        name: value.replace("/go", f"{source}/go") if name == "GOPATH" else value
        for name, value in stage.gopath
    }
    if variant and architecture in ("arm", "amd64"):
        made[f"GO{architecture.upper()}"] = variant.removeprefix("v") if architecture == "arm" else variant
    if stage.private:
        made["GOPRIVATE"] = ",".join(filter(None, (settings.get("GOPRIVATE", ""), *stage.private)))
    return made


def _workspace(stage: BuildStage, source: Path) -> str:
    """The go.work that is in force in the context; one above it, on this machine, is not."""
    context = source / stage.source.lstrip("/")
    folder = source / stage.folder.lstrip("/")
    for place in (folder, *folder.parents):
        if (place / "go.work").is_file():
            return str(place / "go.work")
        if place == context:
            break
    return "off"


def compile_programs(
    command: list[str],
    environment: Mapping[str, str],
    folder: Path,
    emit: Callable[[str], None],
    started: Callable[[subprocess.Popen[str]], None],
) -> None:
    """Run the go command in ``folder``; ``emit`` gets its lines, ``started`` the process.

    Raises CompileFailed, and EngineError where it cannot be run.
    """
    try:
        process = subprocess.Popen(
            [*_mortal(), *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be run.", f"The system says: {error.strerror}.") from error
    with process:
        started(process)
        assert process.stdout is not None
        last: list[str] = []
        for line in process.stdout:
            last = [*last[-_LAST_LINES:], line]
            emit(line)
    if process.returncode:
        raise CompileFailed("".join(last).strip())


@cache
def _mortal() -> tuple[str, ...]:
    """Empty where there is no such setpriv: BusyBox has another one."""
    try:
        subprocess.run([*_MORTAL, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ()
    return _MORTAL
