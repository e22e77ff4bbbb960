"""Finds manifests and charts: a bounded walk of the folders projects keep them in, links not followed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from tui.core.inspect import facts, files, tree
from tui.core.inspect.deployment import documents
from tui.core.inspect.files import Reader

_MOST_FOLDERS = 300
_MOST_FILES = 400
_DEEPEST = 6
_NEVER = frozenset({"node_modules", "vendor", "testdata", ".git", "crd", "crds"})


def yaml_files(reader: Reader, base: str) -> Iterator[str]:
    """YAML files of ``base`` itself and of its deployment folders, by their paths relative to the project."""
    found = [files.join(base, name) for name in tree.names(reader, base) if _is_yaml(name)]
    waiting = [
        files.join(base, name) for name in _folders(reader, base) if name in facts.deployment().folders
    ]
    visited = 0
    while waiting and visited < _MOST_FOLDERS and len(found) < _MOST_FILES:
        folder = waiting.pop(0)
        visited += 1
        found += [files.join(folder, name) for name in tree.names(reader, folder) if _is_yaml(name)]
        if folder.count("/") < _DEEPEST:
            waiting += [files.join(folder, name) for name in _folders(reader, folder) if name not in _NEVER]
    return iter(found[:_MOST_FILES])


def first(reader: Reader, base: str, names: tuple[str, ...]) -> tuple[str, bytes]:
    """The first of these files that is there, with its bytes; an empty name without one.

    Of a file that is too long for a person to have written it nothing counts.
    """
    for name in names:
        path = files.join(base, name)
        if reader.is_file(path) and (data := reader.read(path)) is not None:
            return (path, data) if len(data) <= documents.LARGEST else ("", b"")
    return "", b""


def _folders(reader: Reader, folder: str) -> list[str]:
    return [entry.name for entry in reader.entries(folder) if entry.is_dir(follow_symlinks=False)]


def _is_yaml(name: str) -> bool:
    return PurePosixPath(name).suffix in (".yaml", ".yml")
