"""Which folders and files a module has: a walk as cmd/go does it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from tui.core.inspect.files import UNREADABLE, Reader, join

_UNVISITED = frozenset({"testdata", "vendor", "node_modules"})
Choice = Callable[[str, list[str], list[str]], list[str]]
"""Of a folder, the names of its files and of the folders below it: those of the latter that are entered."""


class Tree(NamedTuple):
    """The Go files of one module, by folder (``""`` is its root), the modules nested in it, and the
    folders with a package.json."""

    folders: dict[str, list[str]]
    nested: tuple[str, ...]
    front_ends: tuple[str, ...]


def walk(
    reader: Reader, ignored: Iterable[str] = (), most: int | None = None, choose: Choice | None = None
) -> Tree:
    """Finds what ``./...`` matches in a module: folders as cmd/go visits them, links not followed.

    ``ignored`` are the folders of ignore directives: ``./x`` from the root on, ``x`` at any depth.
    ``choose`` says which folders below one are entered. After ``most`` folders it stops.
    """
    from_root = tuple(f"/{path[2:].strip('/')}/" for path in ignored if path.startswith("./"))
    anywhere = tuple(f"/{path.strip('/')}/" for path in ignored if not path.startswith("./"))

    def entered(folder: str) -> bool:
        path = f"/{folder}/"
        return not path.startswith(from_root) and not any(part in path for part in anywhere)

    folders: dict[str, list[str]] = {}
    nested: list[str] = []
    front_ends: list[str] = []
    waiting = [""]
    visited = 0
    while waiting and visited != most:
        folder = waiting.pop()
        visited += 1
        reader.enter(folder)
        names, below = _entries(reader, folder)
        if "package.json" in names:
            front_ends.append(folder)
        if folder and "go.mod" in names:
            nested.append(folder)
            continue
        sources = [name for name in names if _is_source(name)]
        if sources:
            folders[folder] = sources
        if choose is not None:
            below = choose(folder, names, below)
        waiting += filter(entered, (join(folder, name) for name in reversed(below)))
    return Tree(dict(sorted(folders.items())), tuple(sorted(nested)), tuple(sorted(front_ends)))


def go_files(reader: Reader, folder: str) -> list[str]:
    """The names of the Go files in one folder that no rule of names leaves out."""
    return [name for name in names(reader, folder) if _is_source(name)]


def names(reader: Reader, folder: str) -> list[str]:
    """The names of the files in one folder, sorted; none where a link leads out of the project."""
    if not Path(os.path.realpath(reader.root / folder)).is_relative_to(reader.within):
        return []
    return _entries(reader, folder)[0]


def _entries(reader: Reader, folder: str) -> tuple[list[str], list[str]]:
    """Names of the files in ``folder`` and of the folders that cmd/go would enter, both sorted."""
    files: list[str] = []
    folders: list[str] = []
    try:
        for entry in reader.listed(folder):
            (folders if entry.is_dir(follow_symlinks=False) else files).append(entry.name)
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError):
        reader.leave_out(UNREADABLE, folder or ".")
        return [], []
    kept = [name for name in folders if name[0] not in "._" and name not in _UNVISITED]
    return sorted(files), sorted(kept)


def _is_source(name: str) -> bool:
    return name.endswith(".go") and name[0] not in "._" and not name.endswith("_test.go")
