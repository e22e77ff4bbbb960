"""The build context as a folder: the compiler sees what a build in a container would, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tui.engine.context import Context, unreadable
from tui.engine.embedded.disk import writing

Seen = dict[str, list[int]]
"""What was copied, by path: size, time of change, inode and mode of the source."""


def bring(context: Context, folder: Path, check: Callable[[], None]) -> None:
    """Make ``folder`` hold exactly what the context sends; what did not change is not copied again.

    ``check`` is called for each file and raises when the work was given up. Raises ContextError, and
    EngineError where the folder cannot be written.
    """
    record = folder.with_name(f"{folder.name}.json")
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before, seen = _read(record), Seen()
        kept: dict[str, set[str]] = {"": set()}
        for path in context.paths():
            check()
            parent, _, name = path.rpartition("/")
            kept[parent].add(name)
            if _put(context, path, folder / path, before, seen):
                kept[path] = set()
        for parent, names in kept.items():
            _leave_only(folder / parent, names)
        if seen != before:
            record.write_text(json.dumps(seen))


def _put(context: Context, path: str, target: Path, before: Seen, seen: Seen) -> bool:
    """One entry of the context; true for a folder."""
    source = context.root / path
    try:
        info = source.lstat()
        leads = source.readlink() if stat.S_ISLNK(info.st_mode) else None
    except OSError as error:
        raise unreadable(path, error) from error
    if stat.S_ISDIR(info.st_mode):
        if not target.is_dir() or target.is_symlink():
            _remove(target)
            target.mkdir()
        return True
    if leads is not None:
        if not target.is_symlink() or target.readlink() != leads:
            _remove(target)
            target.symlink_to(leads)
    elif stat.S_ISREG(info.st_mode):
        seen[path] = [info.st_size, info.st_ctime_ns, info.st_ino, info.st_mode]
        if before.get(path) != seen[path] or not _is_file(target):
            _copy(source, path, target, info)
    else:
        context.left_out(path)
    return False


def _copy(source: Path, path: str, target: Path, info: os.stat_result) -> None:
    _remove(target)
    try:
        opened = os.fdopen(os.open(source, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        raise unreadable(path, error) from error
    with opened, target.open("xb") as copy:
        shutil.copyfileobj(opened, copy)
    target.chmod(stat.S_IMODE(info.st_mode) | stat.S_IRUSR | stat.S_IWUSR)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _read(record: Path) -> Seen:
    """What an earlier build copied; nothing where that cannot be told."""
    with suppress(OSError, ValueError):
        found = json.loads(record.read_text())
        if isinstance(found, dict):
            return found
    return {}


def _leave_only(folder: Path, names: set[str]) -> None:
    with os.scandir(folder) as entries:
        gone = [Path(entry.path) for entry in entries if entry.name not in names]
    for path in gone:
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
