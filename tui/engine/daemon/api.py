"""Building over the Engine API alone: no docker CLI, no buildx. Also for Podman's socket."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import closing
from typing import Any

from docker.errors import DockerException
from docker.utils import version_gte

from tui.core import dockerfile, stages
from tui.core.events import Event, Notice
from tui.core.ignore import Ignore
from tui.core.text import printable
from tui.engine import BuildRequest, EngineInfo
from tui.engine.context import Context
from tui.engine.daemon import trace
from tui.engine.daemon.bases import fetch, own_platform
from tui.engine.daemon.podman import PodmanTrace
from tui.engine.daemon.wire import Client, EngineLost, EngineRefused, Wire
from tui.engine.threads import stream

DOCKERFILE = ".dockwright.Dockerfile"
"""The Dockerfile's name in the context: none a project has, so that nothing of it is replaced.

Builders that apply an ignore file to what they are sent (Podman's) look for one beside it first.
"""

FRONTENDS_SINCE = "1.48"
"""The API version of Docker 28, the first whose BuildKit reads an uploaded context through a frontend."""

CACHE_RACE = "checking if cached image exists from a previous build: getting top layer info: layer not known"
"""What Podman's builder ends with when an image is removed while it looks for a step in its cache.

Source: buildah#5674, mended in 1.44.
"""

Emit = Callable[[Event], None]


def build(client: Client, request: BuildRequest, info: EngineInfo) -> AsyncGenerator[Event, None]:
    """Pull the bases, then build. Raises what ``Wire.post`` and ``Context.stream`` raise."""
    wire = Wire(client)

    def work(emit: Emit) -> None:
        fetch(client, wire, request, info, emit)
        text = _dockerfile(client, request, info, emit)
        context = Context(
            request.context,
            Ignore(request.dockerignore),
            {DOCKERFILE: text, f"{DOCKERFILE}.dockerignore": f"{request.dockerignore}\n{DOCKERFILE}*\n"},
            lambda path: emit(Notice(f"{printable(path)} is a socket, pipe or device: it was not sent.")),
        )
        params, headers = _params(client, request, info), {"Content-Type": "application/x-tar"}

        def send(**more: str) -> None:
            with closing(wire.post("/build", params | more, headers, context.stream())) as answers:
                if info.name == "Podman":
                    _follow_podman(_until_result(answers), request.dockerfile, emit)
                else:
                    _follow_buildkit(_until_result(answers), emit)

        try:
            send()
        except EngineRefused as refusal:
            if CACHE_RACE not in str(refusal):
                raise
            emit(Notice("Something else removed a layer Podman looked for in its cache: built without it."))
            send(nocache="1")

    return stream(work, wire.cancel)


def _until_result(answers: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same answers; an image's id must be among them, else the engine ended in the middle."""
    image = None
    for answer in answers:
        if isinstance(answer.get("aux"), dict):
            image = answer["aux"].get("ID") or image
        yield answer
    if image is None:
        raise EngineLost("the build's answer ended without an image")


def _follow_buildkit(answers: Iterator[dict[str, Any]], emit: Emit) -> None:
    for answer in answers:
        if answer.get("id") == "moby.buildkit.trace":
            for event in trace.from_protobuf(base64.b64decode(answer["aux"])):
                emit(event)


def _follow_podman(answers: Iterator[dict[str, Any]], text: str, emit: Emit) -> None:
    lines = PodmanTrace(text)
    try:
        for answer in answers:
            for event in lines.events(answer.get("stream", "")):
                emit(event)
    except EngineRefused as refusal:
        for event in lines.end(str(refusal)):
            emit(event)
        raise
    for event in lines.end():
        emit(event)


def _dockerfile(client: Client, request: BuildRequest, info: EngineInfo, emit: Emit) -> str:
    """What to send: without its ``# syntax=`` line where this engine cannot follow it.

    Podman 4.3 builds the stages after one with a platform of its own for that platform too.
    """
    if info.name == "Podman":
        text = request.dockerfile
        return stages.with_platform(text, request.platform) if request.platform else text
    frontend = dockerfile.frontend(request.dockerfile)
    if frontend is None:
        return request.dockerfile
    if version_gte(client.api_version, FRONTENDS_SINCE) and _is_stored(client, frontend):
        return request.dockerfile
    emit(
        Notice(
            f"Built without the line `# syntax={frontend}`, with the engine's own frontend: over the Engine "
            "API it needs Docker 28 or newer and that image in the store. The file keeps the line."
        )
    )
    return dockerfile.without_frontend(request.dockerfile)


def _is_stored(client: Client, reference: str) -> bool:
    try:
        client.inspect_image(reference)
    except DockerException:
        return False
    return True


def _params(client: Client, request: BuildRequest, info: EngineInfo) -> dict[str, str]:
    arguments: dict[str, str] = client._proxy_configs.get_environment()
    params = {"version": "2", "t": request.tag, "dockerfile": DOCKERFILE}
    if request.platform:
        params["platform"] = request.platform
    if request.target:
        params["target"] = request.target
    if info.name == "Podman":  # its builder sets these only at times
        target = request.platform or own_platform(info)
        system, architecture, variant, *_ = [*target.split("/"), ""]
        arguments |= {"BUILDPLATFORM": own_platform(info), "TARGETPLATFORM": target}
        arguments |= {"TARGETOS": system, "TARGETARCH": architecture, "TARGETVARIANT": variant}
        params |= {"rm": "1", "forcerm": "1"}
        if "type=bind" in request.dockerfile:
            # Buildah takes such a step from its cache although what is mounted has changed (buildah#5400;
            # seen with Podman 4.3). Go's own caches are mounts too, so compiling stays quick.
            params["nocache"] = "1"
    return params | {"buildargs": json.dumps(arguments | dict(request.build_args))}
