"""Pushing images from the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from tui.core import validate
from tui.core.events import Event, Step, StepProgress
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import writing
from tui.engine.embedded.manifest import add_top
from tui.engine.embedded.oci import Descriptor, Image
from tui.engine.embedded.registry.client import Client
from tui.engine.embedded.registry.names import Name, parse
from tui.engine.embedded.registry.side_by_side import side_by_side
from tui.engine.embedded.registry.tally import EVERY_SECONDS
from tui.engine.embedded.registry.transport import Access
from tui.engine.embedded.registry.upload import upload

STEP = "push"
"""The id of the step as which a push is told of."""


def push(
    images: Sequence[Image],
    reference: str,
    blobs: Blobs,
    emit: Callable[[Event], None],
    check: Callable[[], None],
    base: str = "",
    access: Access | None = None,
) -> str:
    """Put the image, or several platforms' as an index, under that tag; its digest.

    It is told of as one Step with a StepProgress for each blob. ``base`` is the reference the images
    stand on, whose layers are taken over inside the registry where it is the same one. ``check`` is
    called often, from several threads, and raises to give up; the tag changes last. Raises EngineError,
    and Invalid for what is no reference.
    """
    name = parse(validate.tag(reference))
    other = _beside(name, base)
    scopes = (
        f"repository:{name.repository}:pull,push",
        *((f"repository:{other}:pull",) if other else ()),
    )
    step = Step(STEP, f"pushing {name}", started=time.time())
    emit(step)
    try:
        with writing(blobs.root), Client(name, scopes, access or Access(), emit, check) as client:
            digest = _push(client, images, blobs, other, emit)
    except EngineError as error:
        emit(replace(step, completed=time.time(), error=str(error)))
        raise
    emit(replace(step, completed=time.time()))
    return digest


def _push(
    client: Client, images: Sequence[Image], blobs: Blobs, other: str, emit: Callable[[Event], None]
) -> str:
    """The manifests come after all they name."""
    every = [blob for image in images for blob in (*image.layers, image.config_blob)]
    side_by_side(
        lambda blob: upload(client, blob, blobs, other, _Teller(blob, emit).tell), dict.fromkeys(every)
    )
    top = add_top(blobs, images)
    for document in (*(image.manifest for image in images if image.manifest != top), top):
        under = client.name.tag if document == top else document.digest
        _put(client, document, blobs.read(document), under)
    return top.digest


def _put(client: Client, document: Descriptor, data: bytes, under: str) -> None:
    url, headers = f"{client.name.url}/manifests/{under}", {"Content-Type": document.media_type}

    def put() -> None:
        with client.ask(
            "PUT", url, f"place for {client.name.repository}", headers=headers, body=lambda: data
        ):
            pass

    client.persist(put)


def _beside(name: Name, base: str) -> str:
    """The repository of that reference where it is another one of the same registry; else empty."""
    other = parse(base) if base else name
    same = other.registry == name.registry and other.repository != name.repository
    return other.repository if same else ""


class _Teller:
    """How much of one blob has arrived, told every now and then."""

    def __init__(self, blob: Descriptor, emit: Callable[[Event], None]) -> None:
        self._blob, self._emit, self._told = blob, emit, 0.0

    def tell(self, size: int) -> None:
        now = time.monotonic()
        if size == self._blob.size or now - self._told >= EVERY_SECONDS:
            self._told = now
            self._emit(StepProgress(STEP, self._blob.digest, size, self._blob.size))
