"""Images put into a store by hand."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from typing import Any

from tests.engine.images import file, layer
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.manifest import add_image, platform_fields
from tui.engine.embedded.oci import LAYER, Image


def image(blobs: Blobs, text: bytes, platform: str = "linux/amd64", **settings: Any) -> Image:
    """An image with one file, ``/text``. ``settings`` are those of its configuration."""
    return of_members(blobs, [[file("text", text)]], platform, **settings)


def of_members(
    blobs: Blobs,
    layers: list[list[tuple[tarfile.TarInfo, bytes]]],
    platform: str = "linux/amd64",
    **settings: Any,
) -> Image:
    """An image of these layers."""
    tars = [layer(*members) for members in layers]
    config = {
        **platform_fields(platform),
        "config": settings,
        "rootfs": {
            "type": "layers",
            "diff_ids": [f"sha256:{hashlib.sha256(tar).hexdigest()}" for tar in tars],
        },
    }
    packed = tuple(blobs.add(gzip.compress(tar, mtime=0), LAYER) for tar in tars)
    return add_image(blobs, platform, config, packed)
