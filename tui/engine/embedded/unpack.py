"""An image's files as a folder of this machine, for whoever is not root.

Owners are dropped. The merged tree is what is written: parents in it are folders, never links, so
nothing is written through a link.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import drafted
from tui.engine.embedded.members import CONTENT_LIMIT, members, refused
from tui.engine.embedded.oci import Image
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK, Tree, read_tree

_CHUNK = 1 << 20
_PERMISSIONS = 0o1777
"""Without setuid and setgid, which would mean the one user all files belong to."""


def unpack(blobs: Blobs, image: Image, check: Callable[[], None]) -> Path:
    """The folder with the image's files, made once for each image; nobody may write to it.

    Devices and pipes are left out. Raises EngineError for an image that is broken or too large and for a
    full disk, and what ``check`` raises.
    """
    place = blobs.root / "unpacked" / image.config_blob.digest.partition(":")[2]
    if place.is_dir():
        return place
    try:
        with drafted(place) as part:
            _write(blobs, image, read_tree(blobs, image.layers, check), part, check)
    except EngineError:
        # Another process may have made it meanwhile.
        if not place.is_dir():
            raise
    return place


def _write(blobs: Blobs, image: Image, tree: Tree, root: Path, check: Callable[[], None]) -> None:
    folders = sorted(path for path, entry in tree.entries.items() if entry.kind == DIRECTORY)
    for path in folders:
        check()
        _at(root, path).mkdir(0o700)
    _write_files(blobs, image, tree, root, check)
    for path, entry in tree.entries.items():
        if entry.kind == LINK:
            _at(root, path).symlink_to(entry.link)
    for path in reversed(folders):
        _at(root, path).chmod(tree.entries[path].mode & _PERMISSIONS | 0o700)


def _write_files(blobs: Blobs, image: Image, tree: Tree, root: Path, check: Callable[[], None]) -> None:
    wanted: defaultdict[int, dict[int, list[str]]] = defaultdict(dict)
    for path, entry in tree.entries.items():
        if entry.kind == FILE:
            wanted[entry.layer].setdefault(entry.member, []).append(path)
    if (
        sum(tree.entries[paths[0]].size for layer in wanted.values() for paths in layer.values())
        > CONTENT_LIMIT
    ):
        raise refused(f"there are files of more than {CONTENT_LIMIT:,} bytes")
    for layer, files in wanted.items():
        with members(blobs.path(image.layers[layer].digest), check) as found:
            for number, (_, content) in enumerate(found):
                first, *others = files.get(number, [""])
                if not first:
                    continue
                place = _at(root, first)
                with place.open("xb") as file:
                    shutil.copyfileobj(content, file, _CHUNK)
                place.chmod(tree.entries[first].mode & _PERMISSIONS | 0o400)
                for other in others:
                    os.link(place, _at(root, other))


def _at(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
