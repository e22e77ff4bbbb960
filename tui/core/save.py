"""Puts generated files on disk: what would change, a backup of what is replaced, atomic writes."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


class CannotSave(Exception):
    """A file cannot be written; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file against what is on disk. ``state`` is ``new``, ``changed`` or ``unchanged``."""

    path: str
    state: str
    old: str
    new: str

    def diff(self) -> list[str]:
        """A unified diff without line ends; empty when nothing changes."""
        before = "/dev/null" if self.state == NEW else f"{self.path} (on disk)"
        lines = difflib.unified_diff(
            self.old.splitlines(), self.new.splitlines(), before, self.path, lineterm=""
        )
        return list(lines)


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and where what it replaced lies now."""

    path: Path
    backup: Path | None


def changes(root: Path, files: Iterable[tuple[str, str]]) -> tuple[Change, ...]:
    """What writing these (path, text) pairs below ``root`` would do. Raises CannotSave when one cannot be
    read; what cannot be replaced (a link, a folder) shows when it is written."""
    return tuple(_change(root, path, text) for path, text in files)


def write(root: Path, planned: Iterable[Change]) -> tuple[Written, ...]:
    """Write what is new or changed. All files are checked before the first is touched.

    Raises CannotSave.
    """
    todo = [change for change in planned if change.state != UNCHANGED]
    for change in todo:
        _check(root / change.path)
    return tuple(_replace(root / change.path, change) for change in todo)


def _change(root: Path, path: str, text: str) -> Change:
    target = root / path
    try:
        old = target.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return Change(path, NEW, "", text)
    except IsADirectoryError:
        return Change(path, CHANGED, "", text)
    except OSError as error:
        raise CannotSave(f"{target} cannot be read: {error.strerror}. Check its permissions.") from None
    return Change(path, UNCHANGED if old == text else CHANGED, old, text)


def _check(target: Path) -> None:
    if target.is_symlink():
        raise CannotSave(
            f"{target} is a symbolic link. Replace it by a file, or remove it, then write again."
        )
    if target.exists() and not target.is_file():
        raise CannotSave(f"{target} is no file. Move it out of the way, then write again.")


def _replace(target: Path, change: Change) -> Written:
    try:
        backup = _back_up(target) if change.state == CHANGED else None
        _write_atomically(target, change.new)
    except OSError as error:
        raise CannotSave(
            f"{target} cannot be written: {error.strerror}. Nothing of it was changed; free the disk or "
            "give write permission, then write again."
        ) from None
    return Written(target, backup)


def _back_up(target: Path) -> Path:
    """Keep what is there under the first free ``.bak`` name."""
    number = 0
    while True:
        backup = target.with_name(f"{target.name}.bak{number or ''}")
        try:
            os.link(target, backup)
        except FileExistsError:
            number += 1
        except OSError:
            if not backup.exists():
                _write_atomically(backup, target.read_text(encoding="utf-8", errors="surrogateescape"))
                return backup
            number += 1
        else:
            return backup


def _write_atomically(target: Path, text: str) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
