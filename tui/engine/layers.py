"""Reads the tar an engine exports an image as, without ever holding it whole.

All engines write ``manifest.json`` with the names of the configuration and of the layers; a layer
is a plain tar (overlay2, Podman) or the compressed blob a registry would get (containerd's store).
"""

from __future__ import annotations

import io
import json
import posixpath
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast

import zstandard

from tui.engine.layercache import LayerCache

CHUNK = 1 << 18
GZIP_LEVEL = 6
WORTH_REMEMBERING = 1 << 20
"""Bytes of a layer from which compressing it again would be felt."""

BROKEN = (tarfile.TarError, zlib.error, zstandard.ZstdError, ValueError, LookupError)
"""What reading a tar that is no image's export raises."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_GZIP_FORMAT = 31
_DOCUMENT_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """Bytes of one layer's tar and of its compressed form; ``exact`` when that is the store's own."""

    uncompressed: int
    compressed: int
    exact: bool


@dataclass(slots=True)
class Export:
    """What an exported image holds, by name in its tar."""

    layers: dict[str, Measured] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)

    def image_layers(self) -> list[Measured]:
        """The image's layers, the lowest first."""
        return [self.layers[self.links.get(name, name)] for name in self._manifest()["Layers"]]

    def config(self) -> dict[str, Any]:
        """The image's configuration: ``rootfs``, ``history`` …"""
        config: dict[str, Any] = json.loads(self.documents[self._manifest()["Config"]])
        return config

    def _manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads(self.documents["manifest.json"])[0]
        return manifest


def read_export(chunks: Iterable[bytes], cache: LayerCache) -> Export:
    """Measure every file of an image's export.

    Names of layers follow from their content, so what was once compressed is taken from ``cache``.
    Raises one of BROKEN for what is no such tar.
    """
    export = Export()
    with tarfile.open(fileobj=_Reader(chunks), mode="r|", bufsize=CHUNK) as tar:
        for member in tar:
            if member.issym():
                target = posixpath.join(posixpath.dirname(member.name), member.linkname)
                export.links[member.name] = posixpath.normpath(target)
            elif (content := tar.extractfile(member)) is not None:
                _read_file(export, member, content, cache)
    return export


def _read_file(export: Export, member: tarfile.TarInfo, content: IO[bytes], cache: LayerCache) -> None:
    head = content.read(CHUNK)
    if head[:1] in (b"{", b"[") and member.size <= _DOCUMENT_LIMIT:
        export.documents[member.name] = head + content.read()
        return
    if known := cache.get(member.name):
        export.layers[member.name] = Measured(*known, exact=False)
        return
    measured = measure(_pieces(head, content), member.size)
    export.layers[member.name] = measured
    if not measured.exact and member.size > WORTH_REMEMBERING:
        cache.put(member.name, (measured.uncompressed, measured.compressed))


def measure(pieces: Iterator[bytes], size: int) -> Measured:
    """How large a layer of ``size`` bytes is, unpacked and packed. Raises one of BROKEN."""
    first = next(pieces, b"")
    rest = _chain(first, pieces)
    if first.startswith(_GZIP):
        return Measured(_gunzipped(rest), size, exact=True)
    if first.startswith(_ZSTD):
        return Measured(_unzstded(rest), size, exact=True)
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
    packed = sum(len(packer.compress(piece)) for piece in rest)
    return Measured(size, packed + len(packer.flush()), exact=False)


def _gunzipped(pieces: Iterator[bytes]) -> int:
    """Bytes of the unpacked content; a gzip file may consist of several one after the other."""
    total, unpacker = 0, zlib.decompressobj(_GZIP_FORMAT)
    for piece in pieces:
        while piece:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP_FORMAT)
            total += len(unpacker.decompress(piece))
            piece = unpacker.unused_data
    return total


def _unzstded(pieces: Iterator[bytes]) -> int:
    total, source = 0, cast(IO[bytes], _Reader(pieces))
    with zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True) as unpacked:
        while piece := unpacked.read(CHUNK):
            total += len(piece)
    return total


def _pieces(head: bytes, content: IO[bytes]) -> Iterator[bytes]:
    while head:
        yield head
        head = content.read(CHUNK)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class _Reader(io.RawIOBase):
    """Chunks as the file tarfile and zstandard read from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; empty only at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)
