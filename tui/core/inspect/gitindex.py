"""The paths in Git's index, which are the tracked files: https://git-scm.com/docs/index-format"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tui.core.inspect.files import Reader

_INDEX = ".git/index"
_HEAD, _STATUS, _FLAGS = 12, 40, 2
_EXTENDED = 0x4000
_SHA1, _SHA256 = 20, 32
_PADDED, _SHORTENED = (2, 3), 4
_MOST = 5_000_000


class UnknownIndex(Exception):
    """The index is of a version, or in a state, that is not known."""


def read(reader: Reader) -> bytes | None:
    """The paths, each followed by a zero byte, maybe among other bytes; None without an index.

    ``reader`` reads from the repository's root. Raises UnknownIndex.
    """
    data = reader.read(_INDEX)
    if data is None:
        if reader.is_file(_INDEX):
            raise UnknownIndex("it cannot be read")
        if reader.is_file(".git"):
            raise UnknownIndex("it lies in the repository that this working tree or submodule belongs to")
        return None
    config = (reader.read(".git/config") or b"").lower()
    size = _SHA256 if b"sha256" in config and b"objectformat" in config else _SHA1
    version = int.from_bytes(data[4:8], "big")
    if data[:4] != b"DIRC" or version not in (*_PADDED, _SHORTENED):
        raise UnknownIndex(f"it has version {version}" if data[:4] == b"DIRC" else "it is damaged")
    if version in _PADDED and b"link\0" not in data:
        return data  # the paths stand in it as they are, and to take it apart takes much longer
    try:
        return b"".join(path + b"\0" for path in _tracked(reader, data, size))
    except (IndexError, ValueError) as error:
        raise UnknownIndex("it is damaged") from error


def _tracked(reader: Reader, data: bytes, size: int) -> Iterator[bytes]:
    paths, end = _entries(data, size)
    link = _extension(data, end, size, b"link")
    if link is not None and any(link[:size]):
        shared = reader.read(f".git/sharedindex.{link[:size].hex()}")
        if shared is None or shared[:4] != b"DIRC":
            raise UnknownIndex("its shared part is not there")
        gone = _bits(link[size:])
        yield from (path for at, path in enumerate(_entries(shared, size)[0]) if at not in gone)
    yield from filter(None, paths)  # what stands for an entry of the shared part has no path


def _entries(data: bytes, size: int) -> tuple[list[bytes], int]:
    """The paths of an index, and where they end."""
    shortened = int.from_bytes(data[4:8], "big") == _SHORTENED
    found: list[bytes] = []
    at, path = _HEAD, b""
    for _ in range(min(int.from_bytes(data[8:12], "big"), _MOST)):
        start = at + _STATUS + size + _FLAGS
        flags = int.from_bytes(data[start - _FLAGS : start], "big")
        start += 2 if flags & _EXTENDED else 0
        if shortened:
            cut, start = _number(data, start)
            end = data.index(b"\0", start)
            path = path[: len(path) - cut] + data[start:end]
            at = end + 1
        else:
            end = data.index(b"\0", start)
            path = data[start:end]
            at += (end - at) // 8 * 8 + 8
        found.append(path)
    return found, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number as pack files write offsets, and where it ends."""
    byte = data[at]
    number = byte & 127
    while byte & 128:
        at += 1
        byte = data[at]
        number = (number + 1 << 7) | byte & 127
    return number, at + 1


def _extension(data: bytes, at: int, size: int, name: bytes) -> bytes | None:
    while at + 8 <= len(data) - size:
        length = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == name:
            return data[at + 8 : at + 8 + length]
        at += 8 + length
    return None


def _bits(data: bytes) -> set[int]:
    """The places of the bits that are set in an EWAH bitmap: runs of equal words, then words as they are."""
    if not data:
        return set()
    words = int.from_bytes(data[4:8], "big")
    whole = (int.from_bytes(data[8 + 8 * n : 16 + 8 * n], "big") for n in range(words))
    found: set[int] = set()
    place = 0
    for word in whole:
        bit, run, literal = word & 1, word >> 1 & 0xFFFFFFFF, word >> 33
        if bit and run < _MOST:
            found.update(range(place, place + 64 * run))
        place += 64 * run
        for each in islice(whole, literal):
            found.update(place + n for n in range(64) if each >> n & 1)
            place += 64
    return found
