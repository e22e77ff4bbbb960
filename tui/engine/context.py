"""A project as the tar stream that is a build's context.

Nothing of it lies whole in memory or on disk, symbolic links are sent as links, and the order is
the same each time.
"""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui.core.ignore import Ignore
from tui.core.text import printable

CHUNK = 256 * 1024
_KINDS = {
    stat.S_IFDIR: tarfile.DIRTYPE,
    stat.S_IFREG: tarfile.REGTYPE,
    stat.S_IFLNK: tarfile.SYMTYPE,
}


class ContextError(Exception):
    """A part of the context cannot be sent. The parts are sentences: what, why, what to do."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(f"{what} {why} {fix}")
        self.what, self.why, self.fix = what, why, fix


@dataclass(frozen=True, slots=True)
class Context:
    """The files below ``root`` that ``ignore`` keeps; ``extra`` texts replace files of their names.

    ``left_out`` is called with the path of each socket, pipe or device that is not sent.
    """

    root: Path
    ignore: Ignore
    extra: dict[str, str] = field(default_factory=dict)
    left_out: Callable[[str], None] = lambda path: None

    def stream(self) -> Iterator[bytes]:
        """The tar, in pieces of about CHUNK bytes. Raises ContextError."""
        for name, text in sorted(self.extra.items()):
            data = text.encode()
            header = _header(name, tarfile.REGTYPE, size=len(data))
            yield header + data + _padding(len(data))
        for path in self.paths():
            try:
                yield from self._entry(path)
            except OSError as error:
                raise unreadable(path, error) from error
        yield b"\0" * (2 * tarfile.BLOCKSIZE)

    def paths(self, prefix: str = "") -> Iterator[str]:
        """The kept paths, a folder before what is in it. Raises ContextError.

        A folder that is left out is there all the same when something in it is kept.
        """
        for name, is_folder in self._names(prefix):
            path = prefix + name
            if path not in self.ignore:
                if path not in self.extra:
                    yield path
                    if is_folder:
                        yield from self.paths(f"{path}/")
            elif is_folder and not self.ignore.prunes(path):
                kept = self.paths(f"{path}/")
                if first := next(kept, None):
                    yield path
                    yield first
                    yield from kept

    def _names(self, prefix: str) -> list[tuple[str, bool]]:
        try:
            with os.scandir(self.root / prefix) as entries:
                return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError as error:
            raise unreadable(prefix or ".", error) from error

    def _entry(self, path: str) -> Iterator[bytes]:
        full = self.root / path
        info = full.lstat()
        kind = _KINDS.get(stat.S_IFMT(info.st_mode))
        if kind is None:
            self.left_out(path)
        elif kind == tarfile.REGTYPE:
            yield from _file(full, path)
        else:
            target = os.fspath(full.readlink()) if kind == tarfile.SYMTYPE else ""
            yield _header(path, kind, info, target=target)


def _file(full: Path, path: str) -> Iterator[bytes]:
    """A regular file. It may change meanwhile, the size in its header may not."""
    with open(os.open(full, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0) as file:  # noqa: PTH123
        info = os.fstat(file.fileno())
        yield _header(path, tarfile.REGTYPE, info, size=info.st_size)
        left = info.st_size
        while left:
            data = file.read(min(CHUNK, left))
            if not data:
                raise ContextError(
                    f"The file {printable(path)} became shorter while it was sent.",
                    "Something else is writing to it.",
                    "Build again when it is finished, or leave it out in .dockerignore.",
                )
            left -= len(data)
            yield data
        yield _padding(info.st_size)


def _header(
    name: str, kind: bytes, info: os.stat_result | None = None, *, size: int = 0, target: str = ""
) -> bytes:
    """Owner and group are root's, as the docker CLI sends them: they are not the container's."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.size, entry.linkname = kind, size, target
    entry.mode = stat.S_IMODE(info.st_mode) if info else 0o644
    entry.mtime = int(info.st_mtime) if info else 0
    return entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _padding(size: int) -> bytes:
    return b"\0" * (-size % tarfile.BLOCKSIZE)


def unreadable(path: str, error: OSError) -> ContextError:
    """That a part of the context cannot be read, and what to do."""
    reason = (error.strerror or str(error)).lower()
    return ContextError(
        f"{printable(path)} in the build context cannot be read.",
        f"The system says: {reason}.",
        "Change its permissions, or leave it out with a line in .dockerignore.",
    )
