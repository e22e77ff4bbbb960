"""A strict check of an OCI image layout, after the specification (opencontainers/image-spec v1.1).

The schemas are in ``schemas.json``; beyond them every blob must be what its descriptor says, everything
must be reachable, and the layers must be what the configuration lists.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema

from tui.engine.embedded.oci import CONFIG, INDEX, LAYER, MANIFEST

_SCHEMAS: dict[str, Any] = json.loads((Path(__file__).parent / "schemas.json").read_text())


def check_layout(root: Path) -> list[str]:
    """The platforms of the images in that layout. Raises what a check raises."""
    _valid("layout", json.loads((root / "oci-layout").read_text()))
    reached: set[str] = set()
    index = json.loads((root / "index.json").read_text())
    _valid("index", index)
    platforms = _index(root, index, reached)
    there = {f"sha256:{path.name}" for path in (root / "blobs" / "sha256").iterdir()}
    assert there == reached
    assert {path.name for path in root.iterdir()} == {"oci-layout", "index.json", "blobs"}
    return platforms


def _index(root: Path, index: dict[str, Any], reached: set[str]) -> list[str]:
    platforms: list[str] = []
    for found in index["manifests"]:
        document = json.loads(_blob(root, found, reached))
        if found["mediaType"] == INDEX:
            _valid("index", document)
            platforms += _index(root, document, reached)
        else:
            assert found["mediaType"] == MANIFEST
            platform = _manifest(root, document, reached)
            assert "platform" not in found or "/".join(_ordered(found["platform"])) == platform
            platforms.append(platform)
    return platforms


def _manifest(root: Path, manifest: dict[str, Any], reached: set[str]) -> str:
    _valid("manifest", manifest)
    assert manifest["config"]["mediaType"] == CONFIG
    config = json.loads(_blob(root, manifest["config"], reached))
    _valid("config", config)
    diff_ids = []
    for layer in manifest["layers"]:
        assert layer["mediaType"] == LAYER
        plain = gzip.decompress(_blob(root, layer, reached))
        diff_ids.append(f"sha256:{hashlib.sha256(plain).hexdigest()}")
    assert config["rootfs"]["diff_ids"] == diff_ids
    assert len([entry for entry in config["history"] if not entry.get("empty_layer")]) == len(diff_ids)
    return "/".join(_ordered(config))


def _ordered(platform: dict[str, str]) -> list[str]:
    return [platform[key] for key in ("os", "architecture", "variant") if key in platform]


def _blob(root: Path, descriptor: dict[str, Any], reached: set[str]) -> bytes:
    reached.add(descriptor["digest"])
    data: bytes = (root / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()
    assert len(data) == descriptor["size"]
    assert f"sha256:{hashlib.sha256(data).hexdigest()}" == descriptor["digest"]
    return data


def _valid(name: str, document: dict[str, Any]) -> None:
    jsonschema.validate(document, {**_SCHEMAS[name], "$defs": _SCHEMAS["$defs"]})
