"""Entries → one layer, whose bytes follow from the entries alone: same digest on every machine.

A tar is made twice, once for its digest and, where that layer is not known yet, once to compress it.
It is compressed in pieces of CHUNK bytes, each a gzip member of its own, which all readers of gzip take
(RFC 1952, 2.2): the pieces are compressed by several threads, and at most twice as many pieces as
threads are in memory, however large a program is.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import deflate

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.blobs import Blobs
from tui.engine.embedded.disk import writing
from tui.engine.embedded.oci import LAYER, Descriptor
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK

CHUNK = 1 << 20
LEVEL = 1
"""Of libdeflate. Level 6 makes a Go program 7 % smaller and takes three times as long."""

_THREADS = min(4, os.cpu_count() or 1)
_TYPES = {DIRECTORY: tarfile.DIRTYPE, FILE: tarfile.REGTYPE, LINK: tarfile.SYMTYPE}
_BLOCK = tarfile.BLOCKSIZE
_PACKED = "packed"
_PACKED_BY = f"deflate-0.9.0-{LEVEL}-{CHUNK}"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One path of a new layer. ``path`` is absolute, ``kind`` is DIRECTORY, FILE or LINK of ``tree``.

    ``content`` is a file's, as bytes or as the file to read it from; ``link`` a symbolic link's target.
    """

    path: str
    kind: str
    mode: int
    uid: int = 0
    gid: int = 0
    content: bytes | Path = b""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer in the store; ``diff_id`` is the digest of its tar before it was compressed."""

    blob: Descriptor
    diff_id: str


def write_layer(blobs: Blobs, entries: Iterable[NewEntry], epoch: int, check: Callable[[], None]) -> Layer:
    """Put a layer of these entries, all dated ``epoch`` (seconds since 1970), into the store.

    Raises EngineError for a file that cannot be read or a full disk, and what ``check`` raises.
    """
    ordered = sorted(entries, key=lambda entry: entry.path)
    summed = hashlib.sha256()
    for piece in _tar(ordered, epoch):
        check()
        summed.update(piece)
    diff_id = f"sha256:{summed.hexdigest()}"
    with writing(blobs.root):
        place = _place(blobs, diff_id)
        blob = _read(blobs, place)
        if blob is None:
            blob = _compress(blobs, _checked(ordered, epoch, diff_id, check))
            _remember(blobs, place, blob)
    return Layer(blob, diff_id)


def _tar(entries: Iterable[NewEntry], epoch: int) -> Iterator[bytes]:
    for entry in entries:
        if isinstance(entry.content, bytes):
            yield _header(entry, len(entry.content), epoch) + entry.content + _padding(len(entry.content))
        else:
            yield from _file(entry, entry.content, epoch)
    yield bytes(2 * _BLOCK)


def _file(entry: NewEntry, path: Path, epoch: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            size = left = os.fstat(file.fileno()).st_size
            yield _header(entry, size, epoch)
            while left and (piece := file.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    if left:
        raise _unreadable(path, "it became shorter while it was read")
    yield _padding(size)


def _header(entry: NewEntry, size: int, epoch: int) -> bytes:
    info = tarfile.TarInfo(entry.path.lstrip("/"))
    info.type, info.mode, info.linkname = _TYPES[entry.kind], entry.mode, entry.link
    info.uid, info.gid, info.mtime = entry.uid, entry.gid, epoch
    info.size = size
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _unreadable(path: Path, why: str) -> EngineError:
    return EngineError(
        f"{printable(str(path))} cannot be put into the image.", f"The machine says: {printable(why)}."
    )


def _checked(
    entries: Iterable[NewEntry], epoch: int, diff_id: str, check: Callable[[], None]
) -> Iterator[bytes]:
    """The tar in pieces of CHUNK bytes. Raises EngineError when it is no longer the one of that digest."""
    summed, waiting = hashlib.sha256(), bytearray()
    for piece in _tar(entries, epoch):
        check()
        summed.update(piece)
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if f"sha256:{summed.hexdigest()}" != diff_id:
        raise EngineError("A file changed while the image was made of it.", fix="Build once more.")
    yield bytes(waiting)


def _compress(blobs: Blobs, pieces: Iterator[bytes]) -> Descriptor:
    summed, size = hashlib.sha256(), 0
    with blobs.draft() as draft:
        for packed in _packed(pieces):
            summed.update(packed)
            size += draft.write(packed)
        return blobs.keep(draft, Descriptor(LAYER, f"sha256:{summed.hexdigest()}", size))


def _packed(pieces: Iterator[bytes]) -> Iterator[bytearray]:
    """Each piece compressed, in their order."""
    waiting: deque[Future[bytearray]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for piece in pieces:
            waiting.append(pool.submit(deflate.gzip_compress, piece, LEVEL))
            if len(waiting) >= 2 * _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def forget_packed(blobs: Blobs) -> None:
    """Forget which layers were compressed to blobs that are gone."""
    for place in (blobs.root / _PACKED).glob("*"):
        if _read(blobs, place) is None:
            place.unlink(missing_ok=True)


def _place(blobs: Blobs, diff_id: str) -> Path:
    return blobs.root / _PACKED / f"{diff_id.removeprefix('sha256:')}-{_PACKED_BY}"


def _read(blobs: Blobs, place: Path) -> Descriptor | None:
    """The compressed layer that was noted there, when it is in the store."""
    with suppress(OSError, ValueError, TypeError):
        digest, size = json.loads(place.read_text())
        blob = Descriptor(LAYER, str(digest), int(size))
        return blob if blobs.has(blob) else None
    return None


def _remember(blobs: Blobs, place: Path, blob: Descriptor) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with blobs.draft() as draft:
        draft.write(json.dumps([blob.digest, blob.size]).encode())
        draft.flush()
        Path(draft.name).replace(place)
