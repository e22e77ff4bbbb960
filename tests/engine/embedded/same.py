"""Whether two images are the same but for times, history and digests.

Images are as in the store of the embedded engine; what a daemon built is brought there by ``exported``.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.manifest import add_image
from tui.engine.embedded.members import members
from tui.engine.embedded.oci import Descriptor, Image
from tui.engine.embedded.tree import FILE, Entry, Tree, read_tree

_TAR = "application/vnd.oci.image.layer.v1.tar"
_PLATFORM = ("os", "architecture", "variant")


def exported(
    client: Any, tag: str, blobs: Blobs, draft: Path, known: Mapping[str, Descriptor] = MappingProxyType({})
) -> Image:
    """An image of that engine, as ``docker save`` gives it out, in the store; ``draft`` is a file to use.

    ``known`` are layers of the store by their diff ids, which are not taken once more.
    """
    with draft.open("wb") as file:
        for chunk in client.get_image(tag):
            file.write(chunk)
    with tarfile.open(draft) as tar:
        manifest = json.loads(_content(tar, "manifest.json"))[0]
        config = json.loads(_content(tar, manifest["Config"]))
        pairs = zip(config["rootfs"]["diff_ids"], manifest["Layers"], strict=True)
        layers = tuple(known.get(diff_id) or _layer(tar, name, blobs) for diff_id, name in pairs)
    draft.unlink()
    platform = "/".join(config[key] for key in _PLATFORM if config.get(key))
    return add_image(blobs, platform, config, layers)


def differences(
    blobs: Blobs, one: Image, other: Image, content: tuple[str, ...] = (), choice: tuple[str, ...] = ()
) -> list[str]:
    """What is not the same in the two, a line each.

    Files below the paths in ``content`` may hold anything. Below those in ``choice`` there may be other
    files too.
    """
    return [*_of_configs(one.config, other.config), *_of_files(blobs, one, other, content, choice)]


def _of_configs(one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    for key in _PLATFORM:
        if (one.get(key) or "") != (other.get(key) or ""):
            yield f"{key}: {one.get(key)!r}, {other.get(key)!r}"
    left, right = _said(one["config"]), _said(other["config"])
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            yield f"config {key}: {left.get(key)!r}, {right.get(key)!r}"


def _said(config: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing, and ``Image``, which is the digest of the step before."""
    return {key: value for key, value in config.items() if value and key != "Image"}


def _of_files(
    blobs: Blobs, one: Image, other: Image, content: tuple[str, ...], choice: tuple[str, ...]
) -> Iterator[str]:
    left, right = (read_tree(blobs, image.layers, lambda: None) for image in (one, other))
    unsure = []
    for path in sorted(left.entries.keys() | right.entries.keys()):
        first, second = left.entries.get(path), right.entries.get(path)
        is_free = f"{path}/".startswith((*content, *choice))
        if f"{path}/".startswith(choice) and _kind(first) != _kind(second):
            continue
        if _facts(first, is_free) != _facts(second, is_free):
            yield f"{path}: {_facts(first)}, {_facts(second)}"
        elif is_free or first is None or second is None or first.kind != FILE:
            continue
        elif _origin(one, first) != _origin(other, second):
            unsure.append(path)
    sums = _sums(blobs, one, left, unsure), _sums(blobs, other, right, unsure)
    yield from (f"{path}: other content" for path in unsure if sums[0][path] != sums[1][path])


def _kind(entry: Entry | None) -> str:
    return entry.kind if entry else ""


def _facts(entry: Entry | None, is_free: bool = False) -> tuple[object, ...] | None:
    """``is_free`` leaves out the size."""
    if entry is None:
        return None
    return entry.kind, oct(entry.mode), entry.uid, entry.gid, 0 if is_free else entry.size, entry.link


def _origin(image: Image, entry: Entry) -> tuple[str, int]:
    """Where the content is: the same place of the same base layer needs no reading."""
    return image.layers[entry.layer].digest, entry.member


def _sums(blobs: Blobs, image: Image, tree: Tree, paths: list[str]) -> dict[str, str]:
    wanted: dict[tuple[int, int], list[str]] = {}
    for path in paths:
        entry = tree.entries[path]
        wanted.setdefault((entry.layer, entry.member), []).append(path)
    sums = {}
    for layer in {layer for layer, _ in wanted}:
        with members(blobs.path(image.layers[layer].digest), lambda: None) as found:
            for number, (_, content) in enumerate(found):
                for path in wanted.get((layer, number), ()):
                    sums[path] = hashlib.sha256(content.read()).hexdigest()
    return sums


def _layer(tar: tarfile.TarFile, name: str, blobs: Blobs) -> Descriptor:
    return blobs.add(_content(tar, name), _TAR)


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    """Engines before 25.0 write layers they have twice as links."""
    member = tar.getmember(name)
    if member.issym():
        return _content(tar, posixpath.normpath(posixpath.join(posixpath.dirname(name), member.linkname)))
    found = tar.extractfile(member)
    assert found is not None, name
    return found.read()
