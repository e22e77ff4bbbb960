"""The packages of a module and the import graph between them, as far as it lies in the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import buildtags, constraints, files, source, targets, tree
from tui.core.inspect.buildtags import Target
from tui.core.inspect.files import Reader
from tui.core.inspect.source import GoFile
from tui.core.inspect.targets import Targets
from tui.core.inspect.tree import Tree


class Package(NamedTuple):
    """The Go files of one folder. ``directory`` is relative to the project, ``""`` its root.

    ``files`` are those that Go compiles for some target, with cgo on or off; ``others`` those of the
    platforms that a constraint leaves out of all. ``own`` is False for a package in vendor/.
    """

    path: str
    directory: str
    files: tuple[GoFile, ...]
    own: bool = True
    others: tuple[GoFile, ...] = ()

    def compiled(self, target: Target) -> Iterator[GoFile]:
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
        compiled_for: Targets | None = None,
    ) -> None:
        """``roots`` begins with the project's own module; others are joined by replace or go.work.

        ``vendor`` is the folder that holds vendor/. Files whose names fit no target are never read.
        """
        self.reader = reader
        self.tree = tree
        self.roots = tuple(roots)
        self.vendor = vendor
        self.targets = compiled_for or targets.of()
        self._packages: dict[str, Package | None] = {}
        self._reached: dict[tuple[str, tuple[Target, ...], bool], list[Package]] = {}

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

    def asked(self) -> Iterable[str]:
        """Every import path that was asked for."""
        return self._packages.keys()

    def reachable(self, start: str, *targets: Target, own: bool = False) -> list[Package]:
        """What ``start`` imports, directly or not, under any of ``targets``: nearest first.

        With ``own``, only packages of the modules that are built from, and vendor/ is not read.
        """
        asked = (start, targets, own)
        if asked not in self._reached:
            self._reached[asked] = self._follow(start, targets, own)
        return self._reached[asked]

    def _follow(self, start: str, targets: tuple[Target, ...], own: bool) -> list[Package]:
        order: dict[str, Package] = {}
        waiting = [start]
        for path in waiting:
            is_wanted = path not in order and not (own and self._directory(path) is None)
            package = self.package(path) if is_wanted else None
            if package is None:
                continue
            order[path] = package
            compiled = (f for f in package.files if any(f.included(t) for t in targets))
            waiting += [i.path for file in compiled for i in file.imports if i.path not in order]
        return list(order.values())

    def folder(self, path: str) -> str | None:
        """Where the package of an import path would lie, relative to the project; None for outside of it."""
        directory = self._directory(path)
        if directory is None and self.vendor is not None and _is_safe(path):
            return files.join(self.vendor, f"vendor/{path}")
        return directory

    def sources(self, path: str) -> list[str]:
        """The names of the Go files of an import path, for whichever platform; tests are none."""
        directory = self.folder(path)
        return [] if directory is None else self._sources(directory)

    def _sources(self, directory: str) -> list[str]:
        return self.tree.folders.get(directory) or tree.go_files(self.reader, directory)

    def _load(self, path: str) -> Package | None:
        directory = self._directory(path)
        own = directory is not None
        if directory is None:
            directory = self.folder(path)
        if directory is None:
            return None
        read = (self._read(files.join(directory, name)) for name in self._sources(directory))
        compiled: list[GoFile] = []
        others: list[GoFile] = []
        for file in read:
            if file is not None and file.package != "documentation":
                is_compiled = file.everywhere or any(map(file.included, self.targets.all))
                (compiled if is_compiled else others).append(file)
        if not compiled and not others:
            return None
        return Package(path, directory, tuple(compiled), own, tuple(others))

    def _directory(self, path: str) -> str | None:
        fitting = [r for r in self.roots if path == r.module or path.startswith(f"{r.module}/")]
        if not fitting or not _is_safe(path):
            return None
        root = max(fitting, key=lambda r: len(r.module))
        below = path[len(root.module) :].strip("/")
        return files.join(root.directory, below) if below else root.directory

    def _read(self, path: str) -> GoFile | None:
        name = path.rpartition("/")[2]
        if "_" in name and not any(buildtags.name_matches(name, on) for on in self.targets.static):
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
        except constraints.MalformedConstraint:
            self.reader.leave_out(files.BAD_CONSTRAINT, path)
        return None


def import_path(module: str, directory: str) -> str:
    """The import path of a folder of a module."""
    return f"{module}/{directory}" if directory else module


def _is_safe(path: str) -> bool:
    """An import path comes from a file: it must stay below its module's folder."""
    return all(part not in ("", ".", "..") for part in path.split("/")) and "\0" not in path
