"""An image's files as a folder of this machine, for whoever is not root.

Owners are dropped. The merged tree is what is written: parents in it are folders, never links, so
nothing is written through a link.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import drafted
from tui.engine.embedded.members import CONTENT_LIMIT, members, refused
from tui.engine.embedded.oci import Descriptor, Image
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK, Tree
from tui.engine.embedded.tree_cache import tree_above

_CHUNK = 1 << 20
_PERMISSIONS = 0o1777
"""Without setuid and setgid, which would mean the one user all files belong to."""


def unpack(blobs: Blobs, image: Image, check: Callable[[], None]) -> Path:
    """The folder with the image's files, made once for each image; nobody may write to it.

    Devices and pipes are left out. Raises EngineError for an image that is broken or too large and for a
    full disk, and what ``check`` raises.
    """
    place = blobs.root / "unpacked" / image.config_blob.digest.partition(":")[2]
    return _once(
        place, lambda part: _write(blobs, image, tree_above(blobs, image.layers, check), part, check)
    )


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
        source = _content(blobs, image.layers[layer], sorted(files), check)
        for number, paths in files.items():
            for path in paths:
                _link(source / str(number), _at(root, path))


def _content(blobs: Blobs, layer: Descriptor, wanted: list[int], check: Callable[[], None]) -> Path:
    """The folder with those members of the layer under their numbers, made once for all images on one base.

    A layer may hold many more bytes than an image shows.
    """
    name = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
    place = blobs.root / "content" / f"{layer.digest.partition(':')[2]}-{name}"
    return _once(place, lambda part: _write_members(blobs.path(layer.digest), {*wanted}, part, check))


def _write_members(layer: Path, wanted: set[int], folder: Path, check: Callable[[], None]) -> None:
    folder.mkdir()
    with members(layer, check) as found:
        for number, (info, content) in enumerate(found):
            if number in wanted:
                place = folder / str(number)
                with place.open("xb") as file:
                    shutil.copyfileobj(content, file, _CHUNK)
                place.chmod(info.mode & _PERMISSIONS | 0o400)


def _link(source: Path, target: Path) -> None:
    """The same file under another name: nobody writes to either. Some file systems have no such thing."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _once(place: Path, make: Callable[[Path], None]) -> Path:
    """The folder there, which ``make`` makes under another name where there is none."""
    if place.is_dir():
        return place
    try:
        with drafted(place) as part:
            make(part)
    except EngineError:
        # Another process may have made it meanwhile.
        if not place.is_dir():
            raise
    return place


def _at(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
