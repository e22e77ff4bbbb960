"""The packages of a module and the import graph between them, as far as it lies in the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import buildtags, files, source
from tui.core.inspect.files import Reader, Tree
from tui.core.inspect.source import GoFile

STATIC = buildtags.Target(cgo=False)
WITH_CGO = buildtags.Target(cgo=True)


class Package(NamedTuple):
    """The Go files of one folder. ``directory`` is relative to the project, ``""`` its root.

    ``own`` is False for a package in vendor/.
    """

    path: str
    directory: str
    files: tuple[GoFile, ...]
    own: bool = True

    def compiled(self, target: buildtags.Target) -> Iterator[GoFile]:
        """The files Go compiles for ``target``."""
        return (file for file in self.files if file.included(target))


class Root(NamedTuple):
    """A module of the build: its path and its folder, relative to the project."""

    module: str
    directory: str


class Graph:
    """Packages by import path, read when they are first asked for."""

    def __init__(
        self,
        reader: Reader,
        tree: Tree,
        roots: Iterable[Root],
        vendor: str | None = None,
        platform: buildtags.Target = WITH_CGO,
    ) -> None:
        """``roots`` begins with the project's own module; others are joined by replace or go.work.

        ``vendor`` is the folder that holds vendor/. Files whose names do not fit ``platform`` are never read.
        """
        self.reader = reader
        self.tree = tree
        self.roots = tuple(roots)
        self.vendor = vendor
        self.platform = platform
        self._packages: dict[str, Package | None] = {}

    def own(self) -> Iterator[Package]:
        """Every package of the project's own module, by folder."""
        for folder in self.tree.folders:
            package = self.package(import_path(self.roots[0].module, folder))
            if package is not None:
                yield package

    def package(self, path: str) -> Package | None:
        """The package of an import path, None when it is not in the project."""
        if path not in self._packages:
            self._packages[path] = self._load(path)
        return self._packages[path]

    def reachable(self, start: str, *targets: buildtags.Target) -> list[Package]:
        """What ``start`` imports, directly or not, under any of ``targets``: nearest first."""
        order: dict[str, Package] = {}
        waiting = [start]
        for path in waiting:
            package = None if path in order else self.package(path)
            if package is None:
                continue
            order[path] = package
            compiled = (f for f in package.files if any(f.included(t) for t in targets))
            waiting += [i.path for file in compiled for i in file.imports if i.path not in order]
        return list(order.values())

    def _load(self, path: str) -> Package | None:
        directory, own = self._directory(path), True
        if directory is None and self.vendor is not None and _is_safe(path):
            directory, own = files.join(self.vendor, f"vendor/{path}"), False
        if directory is None:
            return None
        names = self.tree.folders.get(directory) or files.go_files(self.reader, directory)
        read = (self._read(files.join(directory, name)) for name in names)
        kept = tuple(file for file in read if file is not None and file.package != "documentation")
        return Package(path, directory, kept, own) if kept else None

    def _directory(self, path: str) -> str | None:
        fitting = [r for r in self.roots if path == r.module or path.startswith(f"{r.module}/")]
        if not fitting or not _is_safe(path):
            return None
        root = max(fitting, key=lambda r: len(r.module))
        below = path[len(root.module) :].strip("/")
        return files.join(root.directory, below) if below else root.directory

    def _read(self, path: str) -> GoFile | None:
        if not buildtags.name_matches(path.rpartition("/")[2], self.platform):
            return None
        data = self.reader.read(path)
        if data is None:
            return None
        try:
            return source.read(path, data)
        except source.NotGo:
            self.reader.leave_out(files.NOT_GO, path)
        except source.NotText:
            self.reader.leave_out(files.NOT_UTF8, path)
        except buildtags.MalformedConstraint:
            self.reader.leave_out(files.BAD_CONSTRAINT, path)
        return None


def import_path(module: str, directory: str) -> str:
    """The import path of a folder of a module."""
    return f"{module}/{directory}" if directory else module


def _is_safe(path: str) -> bool:
    """An import path comes from a file: it must stay below its module's folder."""
    return all(part not in ("", ".", "..") for part in path.split("/")) and "\0" not in path
