"""The merged file system of an image's layers, read without unpacking anything.

Layers are applied as the image specification says (image-spec v1.1, layer.md): later ones replace,
``.wh.NAME`` removes, ``.wh..wh..opq`` empties what lower layers put into its folder.
"""

from __future__ import annotations

import posixpath
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import IO

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.members import CONTENT_LIMIT, PATH_LIMIT, inside, members, refused
from tui.engine.embedded.oci import Descriptor

DIRECTORY, FILE, LINK, OTHER = "directory", "file", "link", "other"
TREE_LIMIT = 500_000
"""Paths of an image that are kept at most."""

NAMES_LIMIT = 64 << 20
"""Characters of all paths together: a path counts once for each folder above it that was missing."""

_MOST_LINKS = 40
"""Links followed in one path, as in Linux (MAXSYMLINKS)."""

_WHITEOUT, _OPAQUE, _RESERVED = ".wh.", ".wh..wh..opq", ".wh..wh."
_IMPLIED = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """What lies at a path. ``kind`` is one of the constants above; OTHER is a device, pipe and the like.

    ``mode`` is permission bits with setuid, setgid and sticky, ``size`` bytes, ``link`` a symbolic link's
    target. ``layer`` (0 is the lowest) and ``member`` (its number in that layer's tar) say where its
    content is: entries that share both are hard links of one file.
    """

    kind: str
    mode: int
    uid: int
    gid: int
    size: int
    link: str
    layer: int
    member: int


ROOT = Entry(DIRECTORY, 0o755, 0, 0, 0, "", 0, _IMPLIED)


@dataclass(slots=True)
class Tree:
    """``entries`` by absolute path; every parent of a path is there, and is a directory."""

    entries: dict[str, Entry] = field(default_factory=lambda: {"/": ROOT})
    children: dict[str, set[str]] = field(default_factory=dict)
    _seen: int = field(default=0, compare=False)

    def resolve(self, path: str) -> str:
        """Where the path leads, links followed inside the root. Raises EngineError for a loop."""
        return resolve(path, self._link)

    def follow(self, path: str) -> Entry | None:
        """What the path leads to, None when it is not there. Raises EngineError for a loop."""
        return self.entries.get(self.resolve(path))

    def _link(self, path: str) -> str:
        entry = self.entries.get(path)
        return entry.link if entry and entry.kind == LINK else ""

    def put(self, path: str, entry: Entry) -> None:
        """Place an entry as a layer does: a directory over a directory keeps what is in it."""
        if path == "/":
            if entry.kind == DIRECTORY:
                self.entries["/"] = entry
            return
        self._make_parents(path, entry.layer)
        before = self.entries.get(path)
        if before and not before.kind == entry.kind == DIRECTORY:
            self.remove(path)
        self._set(path, entry)

    def remove(self, path: str, layer: float = inf) -> None:
        """Take away what layers below ``layer`` put at the path and under it."""
        found = [path]
        for parent in found:
            found += [posixpath.join(parent, name) for name in self.children.get(parent, ())]
        for each in reversed(found):
            entry = self.entries.get(each)
            if entry and entry.layer < layer and each != "/" and not self.children.get(each):
                del self.entries[each]
                folder, name = posixpath.split(each)
                self.children[folder].discard(name)
                self.children.pop(each, None)

    def empty(self, path: str, layer: int) -> None:
        """Take away what layers below ``layer`` put under the path."""
        for name in tuple(self.children.get(path, ())):
            self.remove(posixpath.join(path, name), layer)

    def _make_parents(self, path: str, layer: int) -> None:
        missing, folder = [], posixpath.dirname(path)
        while (entry := self.entries.get(folder)) is None or entry.kind != DIRECTORY:
            missing.append(folder)
            folder = posixpath.dirname(folder)
        for each in reversed(missing):
            self.remove(each)
            self._set(each, Entry(DIRECTORY, 0o755, 0, 0, 0, "", layer, _IMPLIED))

    def _set(self, path: str, entry: Entry) -> None:
        self._seen += len(path)
        if len(self.entries) >= TREE_LIMIT or self._seen > NAMES_LIMIT:
            raise refused("there are more and longer paths than allowed")
        self.entries[path] = entry
        folder, name = posixpath.split(path)
        self.children.setdefault(folder, set()).add(name)


def resolve(path: str, link: Callable[[str], str]) -> str:
    """Where an absolute path leads; ``link`` says a path's target, "" for what is no link.

    Nothing leads out of the root, and what is not there stays as it is written. Raises EngineError.
    """
    found, rest, links = "/", path.split("/")[::-1], 0
    while rest:
        name = rest.pop()
        if name in ("", "."):
            continue
        if name == "..":
            found = posixpath.dirname(found)
            continue
        step = posixpath.join(found, name)
        target = link(step)
        if not target:
            found = step
            continue
        links += 1
        if links > _MOST_LINKS or len(rest) > PATH_LIMIT:
            raise EngineError(
                f"{printable(path)} cannot be found in the image.", "Its links lead in a circle."
            )
        found = "/" if target.startswith("/") else found
        rest += target.split("/")[::-1]
    return found


def read_tree(
    blobs: Blobs,
    layers: tuple[Descriptor, ...],
    check: Callable[[], None],
    known: int = 0,
    below: Tree | None = None,
) -> Tree:
    """The merged file system of these layers, lowest first.

    ``below`` is that of the first ``known`` ones, and is added to. Raises EngineError for layers that are
    broken or too large, and what ``check`` raises.
    """
    tree = below or Tree()
    for number, layer in enumerate(layers[known:], known):
        hidden: set[str] = set()
        with members(blobs.path(layer.digest), check) as found:
            for member, (info, _) in enumerate(found):
                _apply(tree, info, number, member, hidden)
    return tree


def read_file(
    blobs: Blobs, layers: tuple[Descriptor, ...], tree: Tree, path: str, limit: int
) -> bytes | None:
    """A file's content, links followed; None when it is no file or not there.

    Raises EngineError for one of more than ``limit`` bytes.
    """
    entry = tree.follow(path)
    if entry is None or entry.kind != FILE:
        return None
    if entry.size > limit:
        raise refused(f"{printable(path)} has {entry.size:,} bytes, more than the {limit:,} allowed")
    with opened(blobs, layers, entry, lambda: None) as content:
        return content.read()


@contextmanager
def opened(
    blobs: Blobs, layers: tuple[Descriptor, ...], entry: Entry, check: Callable[[], None]
) -> Iterator[IO[bytes]]:
    """The content of a file of the tree, as a stream. Raises EngineError and what ``check`` raises."""
    with members(blobs.path(layers[entry.layer].digest), check) as found:
        yield next(content for number, (_, content) in enumerate(found) if number == entry.member)


def _apply(tree: Tree, info: tarfile.TarInfo, layer: int, member: int, hidden: set[str]) -> None:
    """``hidden`` are the whiteouts of this layer so far: a second one of the same name hides nothing more."""
    path = inside(info.name)
    folder, name = posixpath.split(path)
    if name.startswith(_WHITEOUT) and path in hidden:
        return
    if name == _OPAQUE:
        hidden.add(path)
        tree.empty(folder, layer)
    elif name.startswith(_WHITEOUT) and not name.startswith(_RESERVED):
        hidden.add(path)
        if (target := name.removeprefix(_WHITEOUT)) not in ("", ".", ".."):
            tree.remove(posixpath.join(folder, target), layer)
    elif info.islnk():
        linked = tree.entries.get(inside(info.linkname))
        if linked is None or linked.kind == DIRECTORY:
            raise refused(f"{printable(path)} is a hard link to nothing")
        tree.put(path, linked)
    elif not name.startswith(_RESERVED):
        tree.put(path, _entry(info, layer, member))


def _entry(info: tarfile.TarInfo, layer: int, member: int) -> Entry:
    kind = DIRECTORY if info.isdir() else FILE if info.isreg() else LINK if info.issym() else OTHER
    if kind == LINK:
        inside(info.linkname)
        if not info.linkname:
            raise refused(f"{printable(info.name)} is a link to nothing")
    if not 0 <= info.size <= CONTENT_LIMIT:
        raise refused(f"{printable(info.name)} has a size that is not taken")
    mode = 0o777 if kind == LINK else info.mode & 0o7777
    link = info.linkname if kind == LINK else ""
    size = info.size if kind == FILE else 0
    return Entry(kind, mode, info.uid, info.gid, size, link, layer, member)
