"""Manifests and indexes of the store (image-spec v1.1): written with fixed bytes, and read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import CONFIG, INDEX, MANIFEST, Descriptor, Image


def canonical(document: Any) -> bytes:
    """JSON whose bytes follow from its values."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def described(blob: Descriptor) -> dict[str, Any]:
    """The descriptor as the specification writes it."""
    return {"mediaType": blob.media_type, "digest": blob.digest, "size": blob.size}


def add_image(blobs: Blobs, platform: str, config: dict[str, Any], layers: tuple[Descriptor, ...]) -> Image:
    """Put an image of these layers into the store."""
    config_blob = blobs.add(canonical(config), CONFIG)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": described(config_blob),
        "layers": [described(layer) for layer in layers],
    }
    return Image(platform, blobs.add(canonical(manifest), MANIFEST), config_blob, config, layers)


def add_top(blobs: Blobs, images: Sequence[Image]) -> Descriptor:
    """What a name stands for: the manifest of one image, an index of several."""
    if len(images) == 1:
        return images[0].manifest
    manifests = [
        described(image.manifest) | {"platform": platform_fields(image.platform)} for image in images
    ]
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
    return blobs.add(canonical(index), INDEX)


def read_images(blobs: Blobs, top: Descriptor) -> tuple[Image, ...]:
    """The images a manifest or index of the store stands for. Raises EngineError when one is not whole."""
    try:
        document = json.loads(blobs.read(top))
        if "manifests" in document:
            found = [_image(blobs, descriptor(each)) for each in document["manifests"]]
        else:
            found = [_image(blobs, top)]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise EngineError(
            "The image is not whole in the store of this machine.", fix="Build or pull it again."
        ) from error
    return tuple(found)


def descriptor(document: dict[str, Any]) -> Descriptor:
    """A descriptor as read. Raises ValueError, KeyError or TypeError for what is none."""
    return Descriptor(str(document["mediaType"]), str(document["digest"]), int(document["size"]))


def platform_fields(platform: str) -> dict[str, str]:
    """``linux/arm/v7`` as the specification's fields."""
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))


def _image(blobs: Blobs, manifest: Descriptor) -> Image:
    document = json.loads(blobs.read(manifest))
    config_blob = descriptor(document["config"])
    config: dict[str, Any] = json.loads(blobs.read(config_blob))
    layers = tuple(descriptor(layer) for layer in document["layers"])
    if not all(blobs.has(blob) for blob in layers):
        raise LookupError("a layer is missing")
    parts = (config["os"], config["architecture"], config.get("variant"))
    return Image("/".join(filter(None, parts)), manifest, config_blob, config, layers)
