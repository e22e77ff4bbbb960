"""Manifests and indexes as registries send them: hostile until read here."""

from __future__ import annotations

import json
import re
from typing import Any

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded import oci
from tui.engine.embedded.oci import Descriptor, Image

_DOCKER = "application/vnd.docker"
INDEXES = (oci.INDEX, f"{_DOCKER}.distribution.manifest.list.v2+json")
MANIFESTS = (oci.MANIFEST, f"{_DOCKER}.distribution.manifest.v2+json")
CONFIGS = (oci.CONFIG, f"{_DOCKER}.container.image.v1+json")
_TAR = "application/vnd.oci.image.layer.v1.tar"
LAYERS = (
    *(_TAR, oci.LAYER, f"{_TAR}+zstd"),
    *(f"{_DOCKER}.image.rootfs.diff.tar", f"{_DOCKER}.image.rootfs.diff.tar.gzip"),
)
ACCEPT = ", ".join((*INDEXES, *MANIFESTS))

DOCUMENT_BYTES = 4 << 20
"""Most that a manifest, index or configuration may have; registries allow as much."""
LAYER_BYTES = 16 << 30
MOST_LAYERS = 500
MOST_PLATFORMS = 1000

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_VARIANTS = {"amd64": ("v4", "v3", "v2", "v1"), "arm": ("v8", "v7", "v6", "v5"), "arm64": ("v8",)}
"""The highest first: a machine of one variant runs the images of those after it."""
_UNSAID = {"amd64": "v1", "arm": "v7", "arm64": "v8"}
"""What a platform without a variant means, as containerd has it."""
_UNVARIED = {"linux/amd64/v1": "linux/amd64", "linux/arm64/v8": "linux/arm64"}
"""Where nobody says the variant."""


def digest_of(text: str) -> str:
    """That digest, checked; empty for what is none of the kind used here."""
    return text if _DIGEST.fullmatch(text) else ""


def read(data: bytes) -> dict[str, Any]:
    """A document's members. Raises EngineError for what is no JSON object."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _unreadable("It is no JSON object.")
    return found


def media_type(document: dict[str, Any]) -> str:
    """What kind of document it is. Raises EngineError for what is neither manifest nor index.

    One that could be read as both is neither: two readers would see two images.
    """
    told = document.get("mediaType")
    kinds = [kind for kind, key in ((INDEXES, "manifests"), (MANIFESTS, "layers")) if key in document]
    if len(kinds) != 1 or document.get("schemaVersion") != 2 or (told and told not in kinds[0]):
        raise _unreadable("It is no image manifest and no index that can be read here.")
    return str(told or kinds[0][0])


def choose(index: dict[str, Any], platform: str, subject: str) -> Descriptor:
    """The manifest of the image for that platform. Raises EngineError when the index has none."""
    known = _known(index)
    for acceptable in served_by(platform):
        if acceptable in known:
            return _descriptor(known[acceptable], MANIFESTS, DOCUMENT_BYTES)
    raise not_made_for(subject, platform, list(platforms(index)))


def platforms(index: dict[str, Any]) -> tuple[str, ...]:
    """The platforms an index has images for, as people name them, sorted. Raises EngineError."""
    names = (name for name in _known(index) if name and "unknown" not in name)
    return tuple(sorted(_UNVARIED.get(name, name) for name in names))


def _known(index: dict[str, Any]) -> dict[str, Any]:
    """Its entries by platform."""
    entries = index["manifests"]
    if not isinstance(entries, list) or len(entries) > MOST_PLATFORMS:
        raise _unreadable(f"It lists no images, or more than {MOST_PLATFORMS:,}.")
    known: dict[str, Any] = {}
    for entry in entries:
        if isinstance(entry, dict) and entry.get("mediaType") in MANIFESTS:
            known.setdefault(_named(entry.get("platform")), entry)
    return known


def parts(manifest: dict[str, Any]) -> tuple[Descriptor, tuple[Descriptor, ...]]:
    """The configuration and the layers, the lowest first. Raises EngineError."""
    layers = manifest.get("layers")
    if not isinstance(layers, list) or len(layers) > MOST_LAYERS:
        raise _unreadable(f"It has no layers, or more than {MOST_LAYERS}.")
    config = _descriptor(manifest.get("config"), CONFIGS, DOCUMENT_BYTES)
    return config, tuple(_descriptor(layer, LAYERS, LAYER_BYTES) for layer in layers)


def image(platform: str, manifest: Descriptor, document: dict[str, Any], config: bytes) -> Image:
    """The image of these documents. Raises EngineError where they do not belong together."""
    config_blob, layers = parts(document)
    settings = read(config)
    rootfs = settings.get("rootfs")
    ids = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    if not isinstance(ids, list) or len(ids) != len(layers):
        raise _unreadable("Its configuration speaks of other layers than its manifest.")
    return Image(platform, manifest, config_blob, settings, layers)


def made_for(config: dict[str, Any]) -> str:
    """The platform an image's configuration names."""
    return _named(config)


def served_by(platform: str) -> list[str]:
    """The platforms whose images run there, with their variants, the best first."""
    system, architecture, variant = f"{platform}//".split("/")[:3]
    order = _VARIANTS.get(architecture, (variant,))
    variant = variant or _UNSAID.get(architecture, "")
    below = order[order.index(variant) :] if variant in order else (variant,)
    return ["/".join(filter(None, (system, architecture, each))) for each in below]


def not_made_for(subject: str, platform: str, has: list[str]) -> EngineError:
    """The image is there, but for other platforms."""
    return EngineError(
        f"{subject} is not made for {platform}.",
        f"Its registry has it for {', '.join(printable(each) for each in has[:20]) or 'none that is named'}.",
        "Choose another base image or another platform.",
    )


def _named(platform: object) -> str:
    """A platform with its variant spelled out, as ``served_by`` gives them; empty for none."""
    if not isinstance(platform, dict):
        return ""
    system, architecture, variant = (platform.get(key) for key in ("os", "architecture", "variant"))
    if not isinstance(system, str) or not isinstance(architecture, str):
        return ""
    variant = variant if isinstance(variant, str) and variant else _UNSAID.get(architecture, "")
    return "/".join(filter(None, (system, architecture, variant)))


def _descriptor(entry: object, kinds: tuple[str, ...], most: int) -> Descriptor:
    if not isinstance(entry, dict):
        raise _unreadable("A part of it is not described.")
    kind, digest, size = (entry.get(key) for key in ("mediaType", "digest", "size"))
    if kind not in kinds:
        raise _unreadable(f"A part of it is of a kind that cannot be used: {printable(str(kind)[:100])}.")
    if not isinstance(digest, str) or not digest_of(digest):
        raise _unreadable("A part of it has no sha256 digest.")
    if type(size) is not int or not 0 <= size <= most:
        raise _unreadable(f"A part of it has a size that is not possible, or more than {most:,} bytes.")
    return Descriptor(kind, digest, size)


def _unreadable(why: str) -> EngineError:
    return EngineError(
        "The registry sends no image that can be used.", why, "Check the image's name, or choose another one."
    )
