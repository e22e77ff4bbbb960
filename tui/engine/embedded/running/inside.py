"""Paths of an image below the folder its files are unpacked in: links are followed inside it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

_MOST_LINKS = 40


def inside(root: Path, path: str) -> Path:
    """Where ``path`` of the image lies; what is missing of it is taken as written.

    Raises OSError for links that lead in a circle.
    """
    done: list[str] = []
    todo = [*reversed(PurePosixPath(path).parts)]
    links = 0
    while todo:
        part = todo.pop()
        if part.startswith("/"):
            done.clear()
        elif part == "..":
            del done[-1:]
        elif (here := root.joinpath(*done, part)).is_symlink():
            links += 1
            if links > _MOST_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            todo.extend(reversed(here.readlink().parts))
        else:
            done.append(part)
    return root.joinpath(*done)


def mount_point(root: Path, path: str, *, folder: bool = True) -> str:
    """The path without links, in the image; an empty folder or file is made where there is none.

    Raises OSError.
    """
    place = inside(root, path)
    if not place.exists():
        with _writable(next(parent for parent in place.parents if parent.exists())):
            (place if folder else place.parent).mkdir(parents=True, exist_ok=True)
            if not folder:
                place.touch()
    return as_named(root, place)


def as_named(root: Path, place: Path) -> str:
    """The image's own name of a place below ``root``."""
    return "/" + "/".join(place.relative_to(root).parts)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Images have folders nobody may write to."""
    mode = folder.stat().st_mode
    folder.chmod(mode | 0o700)
    try:
        yield
    finally:
        folder.chmod(mode)
