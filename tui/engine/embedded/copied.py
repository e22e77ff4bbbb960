"""Files and folders of this machine as entries of an image: owned by root, with modes made regular.

``chmod u=rwX,go=rX`` does the same in the Dockerfile: what anyone may execute, everyone may.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui.core.text import printable
from tui.engine import EngineError
from tui.engine.embedded.layer import NewEntry
from tui.engine.embedded.tree import DIRECTORY, FILE, LINK


def project_files(root: Path, names: Iterable[str]) -> list[NewEntry]:
    """``cp -RH --parents`` of these files and folders of ``root``: entries with relative paths.

    Raises EngineError for what is not there, leads out of the folder, or is neither file, folder nor link.
    """
    entries: dict[str, NewEntry] = {}
    for name in names:
        path = Path(os.path.realpath(root / name))
        if not path.is_relative_to(root.resolve()):
            raise _refused(name, "It leads out of the build context")
        parents: list[NewEntry] = []
        folder = posixpath.dirname(posixpath.normpath(name))
        while folder:
            parents.append(NewEntry(folder, DIRECTORY, 0o755))
            folder = posixpath.dirname(folder)
        for entry in (*reversed(parents), *_below(path, posixpath.normpath(name))):
            entries[entry.path] = entry
    return list(entries.values())


def folder(path: Path) -> list[NewEntry]:
    """Everything in that folder, with relative paths, parents first. Raises EngineError."""
    return [entry for entry in _below(path, ".") if entry.path != "."]


def _below(path: Path, name: str) -> Iterator[NewEntry]:
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            target = os.readlink(path)  # noqa: PTH115 (a Path would tidy the text)
            yield NewEntry(name, LINK, 0o777, link=target)
        elif stat.S_ISREG(found.st_mode):
            yield NewEntry(name, FILE, 0o755 if found.st_mode & 0o111 else 0o644, content=path)
        elif stat.S_ISDIR(found.st_mode):
            if name != ".":
                yield NewEntry(name, DIRECTORY, 0o755)
            for each in sorted(path.iterdir()):
                yield from _below(each, posixpath.normpath(posixpath.join(name, each.name)))
        else:
            raise _refused(name, "It is no file, folder or link")
    except OSError as error:
        raise _refused(name, f"The machine says: {error.strerror or error}") from error


def _refused(name: str, why: str) -> EngineError:
    return EngineError(f"{printable(name)} cannot be put into the image.", f"{printable(why)}.")
