"""How large an image is, with the same meaning on every image store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import docker
from docker.errors import DockerException

from tui.core.events import ImageSize, LayerSize
from tui.engine.layercache import LayerCache, default_path
from tui.engine.layers import BROKEN, CHUNK, Measured, read_export

_LEGACY_PREFIX = re.compile(r"^/bin/sh -c #\(nop\)\s+")
_SHELL_PREFIX = re.compile(r"^(?:RUN )?(?:\|\d+ .*?)?/bin/sh -c ", re.DOTALL)
_BUILDKIT_SUFFIX = re.compile(r"\s*# buildkit$")


def measure(
    client: docker.APIClient, image: str, builder: str | None, bases: Sequence[str] = ()
) -> ImageSize:
    """Measure an image of the store by reading its export once. Blocks.

    ``builder`` is the reference of the image that compiled it, ``bases`` are the references of
    every ``FROM``; those that are not in the store count for nothing. Raises DockerException when
    the engine does not give the image out, ImageNotFound when there is none.
    """
    sdk: Any = client
    facts = sdk.inspect_image(image)
    measured, config = _read(client, image)
    from_base = _base_layers(client, config["rootfs"]["diff_ids"], [*bases, builder])
    named = zip(measured, _instructions(config, len(measured)), strict=True)
    layers = tuple(
        LayerSize(text, layer.uncompressed, index < from_base) for index, (layer, text) in enumerate(named)
    )
    own = sum(layer.bytes for layer in layers if not layer.base)
    return ImageSize(
        uncompressed=sum(layer.uncompressed for layer in measured),
        compressed=sum(layer.compressed for layer in measured),
        engine=facts["Size"],
        compressed_exact=all(layer.exact for layer in measured),
        layers=layers,
        single_stage=_single_stage(client, builder, own),
    )


def instruction(created_by: str) -> str:
    """The Dockerfile instruction a history entry stands for, without what builders add to it."""
    text = _BUILDKIT_SUFFIX.sub("", created_by)
    if _LEGACY_PREFIX.match(text):
        return _LEGACY_PREFIX.sub("", text).strip()
    return _SHELL_PREFIX.sub("RUN ", text).strip()


def _read(client: docker.APIClient, image: str) -> tuple[list[Measured], dict[str, Any]]:
    """The image's layers, the lowest first, and its configuration."""
    cache = LayerCache(default_path())
    try:
        export = read_export(_exported(client, image), cache)
        return export.image_layers(), export.config()
    except BROKEN as error:
        raise DockerException(f"The engine's export of {image} cannot be read: {error}") from error
    finally:
        cache.save()


def _exported(client: Any, image: str) -> Iterator[bytes]:
    """Chunks of the image's tar. Engines before 25 are silent until they have written all of it."""
    response = client._get(client._url("/images/{0}/get", image), stream=True, timeout=None)
    try:
        client._raise_for_status(response)
        yield from response.iter_content(CHUNK)
    finally:
        response.close()


def _base_layers(client: Any, diff_ids: Sequence[str], bases: Sequence[str | None]) -> int:
    """How many layers, from the lowest, come from one of the base images."""
    counts = [0]
    for reference in filter(None, bases):
        facts = _inspect(client, reference)
        layers = (facts["RootFS"].get("Layers") or []) if facts else []
        if list(diff_ids[: len(layers)]) == layers:
            counts.append(len(layers))
    return max(counts)


def _instructions(config: dict[str, Any], count: int) -> list[str]:
    """The instruction of each of ``count`` layers; empty where the history does not tell."""
    made = [entry for entry in config.get("history") or [] if not entry.get("empty_layer")]
    texts = [instruction(entry.get("created_by") or entry.get("comment") or "") for entry in made]
    return texts if len(texts) == count else [""] * count


def _single_stage(client: Any, builder: str | None, own: int) -> int | None:
    """The builder's size plus the image's own layers, without exporting the builder.

    The builder's is what the store says of its layers: tars with Podman, bytes of files on overlay2
    (seen 2 % below the tars), file system blocks on containerd's store (seen 7 % above).
    """
    if not builder or _inspect(client, builder) is None:
        return None
    layers: list[int] = [entry["Size"] for entry in client.history(builder)]
    return sum(layers) + own


def _inspect(client: Any, reference: str) -> dict[str, Any] | None:
    try:
        return dict(client.inspect_image(reference))
    except DockerException:
        return None
