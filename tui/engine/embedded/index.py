"""One document for an image's several platforms."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.engine.embedded.oci import INDEX, Image


def index_of(images: Sequence[Image]) -> bytes:
    """The index of these images, in their order; the same images give the same bytes."""
    entries = [
        {
            "mediaType": image.manifest.media_type,
            "digest": image.manifest.digest,
            "size": image.manifest.size,
            "platform": dict(zip(("os", "architecture", "variant"), image.platform.split("/"), strict=False)),
        }
        for image in images
    ]
    document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
    return json.dumps(document, separators=(",", ":")).encode()
