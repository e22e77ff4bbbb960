"""Images made here, byte by byte, and put into registries with plain requests."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import requests

from tests.engine import images
from tui.engine.embedded import oci
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.oci import Descriptor, Image

DOCKER = {
    oci.MANIFEST: "application/vnd.docker.distribution.manifest.v2+json",
    oci.INDEX: "application/vnd.docker.distribution.manifest.list.v2+json",
    oci.CONFIG: "application/vnd.docker.container.image.v1+json",
    oci.LAYER: "application/vnd.docker.image.rootfs.diff.tar.gzip",
}
"""The names Docker's older format has for the same things."""


def image(
    blobs: Blobs,
    *contents: bytes,
    platform: str = "linux/amd64",
    kinds: dict[str, str] | None = None,
    told: dict[str, Any] | None = None,
) -> Image:
    """An image with a file in a layer for each of the contents, in the store; ``told`` is of its config."""
    kinds = kinds or {}
    tars = [images.layer(images.file(f"file-{number}", each)) for number, each in enumerate(contents)]
    layer_kind = kinds.get(oci.LAYER, oci.LAYER)
    layers = tuple(blobs.add(gzip.compress(tar, 1, mtime=0), layer_kind) for tar in tars)
    system, architecture, variant, *_ = [*platform.split("/"), ""]
    config = {
        "os": system,
        "architecture": architecture,
        **({"variant": variant} if variant else {}),
        "config": {"Entrypoint": ["/none"], **(told or {})},
        "rootfs": {"type": "layers", "diff_ids": [digest(tar) for tar in tars]},
    }
    config_blob = blobs.add(json.dumps(config).encode(), kinds.get(oci.CONFIG, oci.CONFIG))
    manifest: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": kinds.get(oci.MANIFEST, oci.MANIFEST),
        "config": described(config_blob),
        "layers": [described(layer) for layer in layers],
    }
    data = json.dumps(manifest).encode()
    return Image(platform, blobs.add(data, manifest["mediaType"]), config_blob, config, layers)


def index(blobs: Blobs, *of: Image, kind: str = oci.INDEX) -> Descriptor:
    """An index of these images, in the store."""
    entries = [described(each.manifest) | {"platform": _platform(each.platform)} for each in of]
    data = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).encode()
    return blobs.add(data, kind)


def put(host: str, repository: str, tag: str, blobs: Blobs, *of: Image, top: Descriptor | None = None) -> str:
    """Those images in an open registry, ``top`` (else the one image) under the tag; its reference."""
    url = f"http://{host}/v2/{repository}"
    for each in of:
        for blob in (each.config_blob, *each.layers):
            answer = requests.post(f"{url}/blobs/uploads/", timeout=20)
            place = answer.headers["Location"]
            data = blobs.read(blob)
            _sent("PUT", f"{place}&digest={blob.digest}", data, "application/octet-stream")
        _sent(
            "PUT",
            f"{url}/manifests/{each.manifest.digest}",
            blobs.read(each.manifest),
            each.manifest.media_type,
        )
    named = top or of[0].manifest
    _sent("PUT", f"{url}/manifests/{tag}", blobs.read(named), named.media_type)
    return f"{host}/{repository}:{tag}"


def described(blob: Descriptor) -> dict[str, Any]:
    """A descriptor as documents write it."""
    return {"mediaType": blob.media_type, "digest": blob.digest, "size": blob.size}


def digest(data: bytes) -> str:
    """``sha256:…``"""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def files(root: Path) -> set[str]:
    """Every file below that folder."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def _sent(method: str, url: str, data: bytes, kind: str) -> None:
    answer = requests.request(method, url, data=data, headers={"Content-Type": kind}, timeout=20)
    assert answer.status_code == 201, answer.text


def _platform(platform: str) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
