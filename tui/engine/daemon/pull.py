"""Pulling a base image over the Engine API, with the user's credentials."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from docker import auth
from docker.errors import DockerException
from docker.utils import parse_repository_tag

from tui.core.events import Event, Notice, Pull
from tui.engine.daemon.wire import Client, EngineRefused, Wire

Emit = Callable[[Event], None]

EVERY_SECONDS = 0.1
"""Least time between two reports of one download."""


def pull(client: Client, wire: Wire, reference: str, platform: str | None, there: bool, emit: Emit) -> None:
    """Make sure the image is in the store, telling of it as Pull events.

    ``there`` is whether it is already. Raises EngineRefused when it cannot be had, EngineLost and
    Stopped.
    """
    if there:
        emit(Pull(reference, "present"))
        return
    repository, tag = parse_repository_tag(reference)
    params = {"fromImage": repository, "tag": tag or "latest"} | ({"platform": platform} if platform else {})
    progress = _Progress(reference, emit)
    try:
        headers = credentials(client, repository, emit)
        with closing(wire.post("/images/create", params, headers)) as lines:
            for line in lines:
                progress.add(line)
    except EngineRefused as refusal:
        emit(progress.event("failed", str(refusal)))
        raise
    emit(progress.event("done"))


class _Progress:
    """The sum over an image's layers, told every now and then."""

    def __init__(self, reference: str, emit: Emit) -> None:
        self._reference, self._emit = reference, emit
        self._layers: dict[str, tuple[int, int]] = {}
        self._began = self._told = time.monotonic()
        emit(self.event("pulling"))

    def add(self, line: dict[str, Any]) -> None:
        layer, detail = line.get("id", ""), line.get("progressDetail") or {}
        if line.get("status") == "Downloading" and detail.get("total"):
            self._layers[layer] = (detail.get("current", 0), detail["total"])
        elif line.get("status") in ("Download complete", "Pull complete") and layer in self._layers:
            self._layers[layer] = (self._layers[layer][1],) * 2
        if time.monotonic() - self._told >= EVERY_SECONDS:
            self._told = time.monotonic()
            self._emit(self.event("pulling"))

    def event(self, state: str, message: str = "") -> Pull:
        current = sum(current for current, _ in self._layers.values())
        total = sum(total for _, total in self._layers.values()) or None
        return Pull(self._reference, state, current, total, time.monotonic() - self._began, message)


def credentials(client: Client, repository: str, emit: Emit) -> dict[str, str]:
    """The header that logs the user in, as the docker CLI would. Without one, anonymously."""
    registry, _ = auth.resolve_repository_name(repository)
    try:
        header = auth.get_config_header(client, registry)
    except DockerException as error:
        emit(Notice(f"The stored credentials for {registry} could not be read; pulling without: {error}"))
        return {}
    return {"X-Registry-Auth": header.decode()} if header else {}
