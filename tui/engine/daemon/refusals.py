"""Why a build cannot even begin on this engine, before anything is pulled or built."""

from __future__ import annotations

import os

from tui.core.events import Failed
from tui.core.text import printable
from tui.engine import BuildRequest, EngineInfo

_SYSTEMS = {"linux": "Linux", "windows": "Windows"}


def refusal(request: BuildRequest, info: EngineInfo) -> Failed | None:
    """What is in the way, None when nothing is."""
    if request.os != info.os:
        return _other_system(request, info)
    if (request.secrets or request.ssh) and (request.transport == "api" or info.buildx is None):
        return _no_session(request, info)
    if request.transport == "buildx" and info.buildx is None:
        return Failed(
            "buildx cannot be used here.",
            "The docker CLI or its buildx plugin (0.13 or newer) is missing, or the engine is Podman.",
            "Install docker-buildx, or build with --transport api, which needs neither.",
        )
    for id, file in request.secrets:
        if not (file.is_file() and os.access(file, os.R_OK)):
            return Failed(
                f"The secret {printable(id)} cannot be given to the build.",
                f"There is no readable file {printable(str(file))}.",
                "Name the file that holds it.",
            )
    if request.ssh and not os.environ.get("SSH_AUTH_SOCK"):
        return Failed(
            "The build cannot use your ssh keys.",
            "No ssh agent runs here: SSH_AUTH_SOCK is not set.",
            "Start one and add your key: eval $(ssh-agent) && ssh-add",
        )
    return None


def _other_system(request: BuildRequest, info: EngineInfo) -> Failed:
    wanted, there = (_SYSTEMS.get(name, printable(name)) for name in (request.os, info.os))
    return Failed(
        f"This plan needs an engine that runs {wanted} containers.",
        f"{info.name} {info.version} at {info.endpoint} is a {there} one.",
        f"Point DOCKER_HOST or a docker context at a {wanted} engine (Docker Desktop on Windows can switch), "
        "or write the files and build there.",
    )


def _no_session(request: BuildRequest, info: EngineInfo) -> Failed:
    wanted = "your ssh agent" if request.ssh else "a secret"
    if info.name == "Podman":
        why = "Podman's socket offers no build session, over which such a build fetches it from here."
        fix = "Use Docker with buildx, or vendor the modules (`go mod vendor`)."
    else:
        why = "The Engine API alone has no build session, over which buildx hands it to the build."
        fix = (
            "Build with --transport buildx."
            if info.buildx
            else "Install docker-buildx (0.13 or newer), or vendor the modules (`go mod vendor`)."
        )
    return Failed(f"This build needs {wanted}, and only buildx can give it one.", why, fix)
