"""Pulling an image into the store."""

from __future__ import annotations

from collections.abc import Callable

from tui.core.events import Event
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import writing
from tui.engine.embedded.names import Names
from tui.engine.embedded.oci import Image
from tui.engine.embedded.registry import manifests, resolve
from tui.engine.embedded.registry.client import Client
from tui.engine.embedded.registry.download import download
from tui.engine.embedded.registry.names import parse
from tui.engine.embedded.registry.noted import note
from tui.engine.embedded.registry.side_by_side import side_by_side
from tui.engine.embedded.registry.tally import Tally
from tui.engine.embedded.registry.transport import Access

Emit = Callable[[Event], None]


def pull(
    reference: str,
    platform: str,
    blobs: Blobs,
    emit: Emit,
    check: Callable[[], None],
    access: Access | None = None,
) -> Image:
    """The image for that platform with all its blobs in the store, each verified.

    It is told of as Pull events. ``check`` is called often, from several threads, and raises to give
    up; what came until then is kept for the next time. Raises EngineError, and Invalid for what is no
    reference.
    """
    name, tally = parse(reference), Tally(reference, emit)
    scopes = (f"repository:{name.repository}:pull",)
    if not (name.digest and blobs.path(name.digest).is_file()):
        tally.tell("pulling")
    try:
        with writing(blobs.root), Client(name, scopes, access or Access(), emit, check) as client:
            top = resolve.named(client, blobs)
            image = _configured(client, top, platform, blobs)
            _complete(client, image, blobs, tally)
            if not name.digest:
                note(blobs, name, top[0].digest)
        Names(blobs).put(f"{name.registry}/{name.repository}@{top[0].digest}", top[0])
    except EngineError as error:
        tally.tell("failed", str(error))
        raise
    tally.tell("done" if tally.began else "present")
    return image


def platforms(reference: str, blobs: Blobs, check: Callable[[], None]) -> tuple[str, ...]:
    """Those its index lists; none where the reference names one image. Raises as ``pull``."""
    name = parse(reference)
    scopes = (f"repository:{name.repository}:pull",)
    with Client(name, scopes, Access(), lambda event: None, check) as client:
        top, members = resolve.named(client, blobs)
    return manifests.platforms(members) if top.media_type in manifests.INDEXES else ()


def digest(
    reference: str,
    platform: str | None,
    blobs: Blobs,
    check: Callable[[], None],
    access: Access | None = None,
) -> str:
    """See Engine.digest. Raises EngineError, and Invalid for what is no reference."""
    name = parse(reference)
    if name.digest:
        return name.digest
    scopes = (f"repository:{name.repository}:pull",)
    with writing(blobs.root), Client(name, scopes, access or Access(), lambda event: None, check) as client:
        top = resolve.named(client, blobs)
        if platform and top[0].media_type in manifests.INDEXES:
            manifests.choose(top[1], platform, str(name))
        elif platform:
            _configured(client, top, platform, blobs)
    return top[0].digest


def _configured(client: Client, top: resolve.Document, platform: str, blobs: Blobs) -> Image:
    """The image, of whose blobs only the configuration has to be there."""
    manifest, members = resolve.of_platform(client, top, platform, blobs)
    config, _ = manifests.parts(members)
    if not blobs.has(config):
        download(client, config, blobs, lambda size: None)
    image = manifests.image(platform, manifest, members, blobs.read(config))
    found = manifests.made_for(image.config)
    if manifest == top[0] and found not in manifests.served_by(platform):
        raise manifests.not_made_for(str(client.name), platform, [found])
    return image


def _complete(client: Client, image: Image, blobs: Blobs, tally: Tally) -> None:
    """Have its layers too."""
    missing = [blob for blob in dict.fromkeys(image.layers) if not blobs.has(blob)]
    tally.expect(missing)
    side_by_side(lambda blob: download(client, blob, blobs, lambda size: tally.add(blob, size)), missing)
