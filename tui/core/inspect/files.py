"""The files of a project, read safely: bounded sizes, regular files only, nothing outside its root."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui.core.inspect.seen import Seen
from tui.core.project import Evidence, Note

LARGEST = 8 * 1024 * 1024
"""Bytes of the largest file that is read; the largest Go file of the standard library has 3 MB."""

# Every file is looked at more than once: this many bytes stay in memory.
_MOST_KEPT = 96 * 1024 * 1024

# Not blocking: opening a named pipe would wait for its writer.
_OPENED = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC

_SHOWN = 3

TOO_LARGE = f"larger than {LARGEST // 2**20} MB"
UNREADABLE = "not readable"
OUTSIDE = "a symbolic link out of the project"
SPECIAL = "no regular file"
NOT_GO = "no Go that parses"
NOT_UTF8 = "not UTF-8"
BAD_CONSTRAINT = "under a build constraint Go refuses"


class _LeftOut(Exception):
    """A file that is not read; the message is why."""


@dataclass(slots=True)
class Reader:
    """Reads files of ``root`` and remembers what it had to leave out, and why.

    Paths are relative to ``root``; with ``top``, a folder above it, they may lead up to there, by links
    too. Both are real paths. Every place that is looked at is noted in ``seen``.
    """

    root: Path
    top: Path | None = None
    seen: Seen = field(default_factory=Seen)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    _inside: dict[str, bool] = field(default_factory=dict)
    _kept: dict[str, bytes] = field(default_factory=dict)
    _room: int = _MOST_KEPT

    @property
    def within(self) -> Path:
        """The folder nothing is read outside of."""
        return self.top or self.root

    def narrow(self, top: Path) -> None:
        """From now on nothing above ``top`` is read."""
        self.top = top
        self._inside.clear()
        self._kept.clear()

    def enter(self, folder: str) -> None:
        """No link leads to ``folder``."""
        self._inside[folder] = True

    def upwards(self) -> Iterator[str]:
        """The root and the folders above it up to ``within``: ``""``, ``..``, ``../..``."""
        for up in range(len(self.root.relative_to(self.within).parts) + 1):
            yield "/".join([".."] * up)

    def read(self, relative: str) -> bytes | None:
        """The file's bytes; None when it is left out (then noted) or does not exist."""
        if relative not in self._kept:
            data = self._read(relative)
            if data is None or self._room < len(data):
                return data
            self._room -= len(data)
            self._kept[relative] = data
        return self._kept[relative]

    def is_file(self, relative: str) -> bool:
        """Whether a regular file is there, or a link to one."""
        status = self.seen.look(f"{self.root}/{relative}")
        return status is not None and stat.S_ISREG(status.st_mode)

    def is_folder(self, relative: str) -> bool:
        """Whether a folder is there, or a link to one."""
        status = self.seen.look(f"{self.root}/{relative}")
        return status is not None and stat.S_ISDIR(status.st_mode)

    def holds(self, relative: str) -> bool:
        """Whether anything is there that lies in the root, whatever links lead to it."""
        there = self.seen.look(f"{self.root}/{relative}") is not None
        return there and os.path.realpath(f"{self.root}/{relative}").startswith(f"{self.root}/")

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder, by name; nothing where it cannot be looked into."""
        try:
            return sorted(self.listed(folder), key=lambda entry: entry.name)
        except (OSError, ValueError):
            return []

    def listed(self, folder: str) -> list[os.DirEntry[str]]:
        """What is in a folder. Raises OSError and ValueError."""
        self.seen.look(f"{self.root}/{folder}")
        with os.scandir(f"{self.root}/{folder}") as entries:
            return list(entries)

    def _read(self, relative: str) -> bytes | None:
        try:
            return self._contents(self._open(relative), relative)
        except FileNotFoundError:
            self.seen.note(f"{self.root}/{relative}", None)
            return None
        except _LeftOut as left_out:
            self.seen.look(f"{self.root}/{relative}")
            self.leave_out(str(left_out), relative)
        except (OSError, RuntimeError, ValueError):
            self.seen.look(f"{self.root}/{relative}")
            self.leave_out(UNREADABLE, relative)
        return None

    def _contents(self, descriptor: int, relative: str) -> bytes:
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _LeftOut(SPECIAL)
            if status.st_size > LARGEST:
                raise _LeftOut(TOO_LARGE)
            self.seen.note(f"{self.root}/{relative}", status, is_read=True)
            parts, left = [], status.st_size
            while left > 0 and (part := os.read(descriptor, left)):
                parts.append(part)
                left -= len(part)
            return b"".join(parts)
        finally:
            os.close(descriptor)

    def _open(self, relative: str) -> int:
        """A descriptor of the file, or of what it links to in the project."""
        path = f"{self.root}/{relative}"
        folder = relative.rpartition("/")[0]
        if folder not in self._inside:
            self._inside[folder] = self._is_within(f"{self.root}/{folder}")
        try:
            if self._inside[folder]:
                return os.open(path, _OPENED | os.O_NOFOLLOW)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
        if not self._is_within(path):
            raise _LeftOut(OUTSIDE)
        return os.open(path, _OPENED)

    def _is_within(self, path: str) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(self.within)

    def leave_out(self, why: str, relative: str) -> None:
        """Remembers that ``relative`` was not used."""
        names = self.left_out.setdefault(why, [])
        if relative not in names:
            names.append(relative)

    def notes(self) -> Iterator[Note]:
        """One note for each reason."""
        for why, names in self.left_out.items():
            shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" * (len(names) > _SHOWN))
            yield Note(f"Left out, {why}: {shown}.", Evidence(names[0], 1, why))


def join(folder: str, name: str) -> str:
    """``folder/name`` where ``""`` is the root."""
    return f"{folder}/{name}" if folder else name
