"""The members of a layer as its tar tells them, bounded: layers are as hostile as their registry."""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn, cast

import zstandard

from tui.core.text import printable
from tui.engine import EngineError

CONTENT_LIMIT = 16 << 30
"""Bytes of one layer's tar that are read at most."""

ENTRY_LIMIT = 1_000_000
"""Members of one layer that are read at most."""

PATH_LIMIT = 4096
"""Bytes of a path or a link's target, as in Linux (PATH_MAX)."""

_HEADER_LIMIT = 1 << 20
"""Bytes of a member's extended header, which tarfile holds in memory."""

_MORE_EXTENTS = 482
"""Where the old GNU header says that its list of extents goes on in further blocks."""

_SPARSE = "a sparse file has a list of extents that is not read"
_CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_EXTENDED = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, b"L", b"K")
_BROKEN = (tarfile.TarError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError, EOFError, ValueError)


@contextmanager
def members(path: Path, check: Callable[[], None]) -> Generator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """The members of the layer at ``path`` (a tar, plain or through gzip or zstd), read as a stream.

    Each comes with the stream of its content, empty where it has none, which is good until the next one
    is asked for. Raises EngineError for what is no such tar or larger than allowed, and OSError.
    """
    try:
        with path.open("rb") as raw, _unpacked(raw) as plain:
            source = cast(IO[bytes], _Bounded(plain, check))
            with tarfile.open(fileobj=source, mode="r|", bufsize=_CHUNK, tarinfo=_Header) as tar:
                yield _each(tar)
    except _BROKEN as error:
        raise EngineError(
            "A layer of the image cannot be read.",
            f"It is no sound tar: {printable(str(error))}.",
            "Choose another base image, or pull it again.",
        ) from error


def inside(name: str) -> str:
    """The absolute path a member's name means; ``..`` stays below the root. Raises EngineError."""
    if "\0" in name or len(name.encode(errors="surrogateescape")) > PATH_LIMIT:
        raise refused(f"it holds the path {printable(name[:60])!r}…, which no system takes")
    return posixpath.normpath(posixpath.join("/", name.lstrip("/")))


def refused(why: str) -> EngineError:
    """The error for an image that is not taken; ``why`` ends a sentence."""
    return EngineError("The image is refused.", f"In a layer of it, {why}.", "Choose another base image.")


def _each(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for number, member in enumerate(tar):
        if number >= ENTRY_LIMIT:
            raise refused(f"there are more than {ENTRY_LIMIT:,} entries")
        yield member, (tar.extractfile(member) if member.isreg() else None) or io.BytesIO()
        tar.members.clear()  # type: ignore[attr-defined]  # a stream needs none of them again


@contextmanager
def _unpacked(raw: io.BufferedReader) -> Generator[IO[bytes]]:
    """What is compressed is seen by its first bytes, as every engine does."""
    head = raw.peek(len(_ZSTD))
    if head.startswith(_GZIP):
        with gzip.open(raw) as plain:
            yield cast(IO[bytes], plain)
    elif head.startswith(_ZSTD):
        with zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as unpacked:
            yield cast(IO[bytes], unpacked)
    else:
        yield raw


class _Header(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        if header.type in _EXTENDED and header.size > _HEADER_LIMIT:
            raise refused(f"a header has {header.size:,} bytes, more than the {_HEADER_LIMIT:,} allowed")
        if header.type == tarfile.GNUTYPE_SPARSE and buf[_MORE_EXTENTS]:
            raise refused(_SPARSE)
        return header

    def _proc_gnusparse_10(self, *_: object) -> NoReturn:
        """tarfile would hold the list of extents in memory, of whatever length it claims."""
        raise refused(_SPARSE)


class _Bounded:
    """A stream that refuses to give more than allowed, and asks ``check`` on the way."""

    def __init__(self, source: IO[bytes], check: Callable[[], None]) -> None:
        self._source, self._check, self._left = source, check, CONTENT_LIMIT

    def read(self, size: int) -> bytes:
        self._check()
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise refused(f"there are more than {CONTENT_LIMIT:,} bytes")
        return data
