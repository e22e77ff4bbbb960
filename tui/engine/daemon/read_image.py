"""Reads an image of the engine's store, pulled when it is not there."""

from __future__ import annotations

from docker.errors import DockerException

from tui.core.own_image import OwnImage
from tui.engine import EngineInfo
from tui.engine.daemon import rootfs
from tui.engine.daemon.bases import fits, own_platform, stored
from tui.engine.daemon.pull import pull
from tui.engine.daemon.wire import Client, Wire
from tui.engine.image_facts import not_linux, own_image


def read(client: Client, wire: Wire, reference: str, platform: str | None, info: EngineInfo) -> OwnImage:
    """See Engine.read_image. Raises what ``pull`` and the SDK raise too."""
    wanted = platform or own_platform(info)
    there = any(fits(wanted, found) for found in stored(client, reference))
    pull(client, wire, reference, platform, there, lambda event: None)
    image = client.inspect_image(reference)
    if image["Os"] != "linux":
        raise not_linux(reference, image["Os"])
    foreign = None if wanted == own_platform(info) else platform
    with rootfs.opened(client, reference, foreign) as files:
        config = image.get("Config") or {}
        platforms, size = tuple(stored(client, reference)), _size(client, reference)
        return own_image(reference, files, image["Architecture"], config, platforms, size)


def _size(client: Client, reference: str) -> str:
    """Bytes of its layers; empty where the engine stumbles over the image's history."""
    try:
        return str(sum(int(entry["Size"]) for entry in client.history(reference)))
    except DockerException:
        return ""
