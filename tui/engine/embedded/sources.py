"""The build context as a folder: the compiler sees what a build in a container would, and nothing else."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

from tui.engine.context import Context, unreadable


def bring(context: Context, folder: Path, check: Callable[[], None]) -> None:
    """Make ``folder`` hold exactly what the context sends; what is there already is not copied again.

    ``check`` is called for each file and raises when the work was given up. Raises ContextError, and
    OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept: dict[str, set[str]] = {"": set()}
    for path in context.paths():
        check()
        parent, _, name = path.rpartition("/")
        kept[parent].add(name)
        try:
            if _put(context, path, folder / path):
                kept[path] = set()
        except OSError as error:
            if error.filename is not None and os.fspath(folder) in os.fspath(error.filename):
                raise
            raise unreadable(path, error) from error
    for parent, names in kept.items():
        _leave_only(folder / parent, names)


def _put(context: Context, path: str, target: Path) -> bool:
    """One entry of the context; true for a folder."""
    source = context.root / path
    info = source.lstat()
    if stat.S_ISDIR(info.st_mode):
        if not target.is_dir() or target.is_symlink():
            _remove(target)
            target.mkdir()
        return True
    if stat.S_ISLNK(info.st_mode):
        leads = source.readlink()
        if not target.is_symlink() or target.readlink() != leads:
            _remove(target)
            target.symlink_to(leads)
    elif stat.S_ISREG(info.st_mode):
        if not _is_same(info, target):
            _remove(target)
            shutil.copy2(source, target, follow_symlinks=False)
            target.chmod(stat.S_IMODE(info.st_mode) | stat.S_IRUSR | stat.S_IWUSR)
    else:
        context.left_out(path)
    return False


def _is_same(info: os.stat_result, target: Path) -> bool:
    try:
        there = target.lstat()
    except OSError:
        return False
    executable = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
    return (
        stat.S_ISREG(there.st_mode)
        and (info.st_size, info.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
        and info.st_mode & executable == there.st_mode & executable
    )


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
