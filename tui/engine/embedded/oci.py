"""The parts of an OCI image, as its specification names them (opencontainers/image-spec v1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A blob: ``digest`` is ``sha256:…``, ``size`` its bytes."""

    media_type: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Image:
    """One platform's image, whose blobs are all in the store.

    ``platform`` is written ``linux/arm64`` or ``linux/arm/v7``.
    ``layers`` are the lowest first; ``config`` is the image's configuration, read.
    """

    platform: str
    manifest: Descriptor
    config_blob: Descriptor
    config: dict[str, Any]
    layers: tuple[Descriptor, ...]
