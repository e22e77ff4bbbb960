"""The bodies of a program's own packages, read only when something in them is looked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tui.core.inspect import body, facts
from tui.core.inspect.body import Binding, Body, Function, Scope
from tui.core.inspect.expressions import Call, Composite, Expression, Names
from tui.core.inspect.files import Reader
from tui.core.inspect.packages import STATIC, WITH_CGO, Graph, Package
from tui.core.inspect.source import GoFile


class Program:
    """Code by name. A file is parsed when a search for a text that it holds first asks for it."""

    def __init__(self, graph: Graph, packages: Iterable[Package], reader: Reader) -> None:
        """``packages`` in the order in which their findings count; those of vendor/ are not read."""
        self.packages: set[str] = set()
        self.bodies: dict[str, Body] = {}
        self.variables: dict[tuple[Function | str, str], list[Binding]] = defaultdict(list)
        self.fields: dict[str, list[Binding]] = defaultdict(list)
        self.defaults: list[Binding] = []
        self.returns: dict[str, list[tuple[Expression, Scope]]] = defaultdict(list)
        self.functions: dict[str, list[Function]] = defaultdict(list)
        self.calls: list[tuple[Call, Scope]] = []
        self.composites: list[tuple[Composite, Scope]] = []
        self.callers: dict[str, list[tuple[Call, Scope]]] = defaultdict(list)
        self._graph = graph
        self._reader = reader
        self._order: dict[str, int] = {}
        self._imports: dict[str, frozenset[str]] = {}
        self._unread: dict[str, tuple[GoFile, Package, bytes]] = {}
        self._asked: set[tuple[str, str]] = set()
        for package in packages:
            if package.own:
                self.packages.add(package.path)
                self._take(package)

    def search(self, pattern: str, importing: str = "") -> None:
        """Makes sure that every file that holds ``pattern`` (a regular expression) is read.

        With ``importing``, only of the files that import this package in any major version.
        """
        if (pattern, importing) in self._asked:
            return
        self._asked.add((pattern, importing))
        expression = re.compile(pattern.encode())
        for path, (file, package, data) in list(self._unread.items()):
            if (not importing or importing in self._imports[path]) and expression.search(data):
                del self._unread[path]
                self._add(path, body.read(path, data, self._names(file, package)))

    def words(self, names: Iterable[str]) -> None:
        """Makes sure that every file is read that uses one of ``names`` (``import/path.Name``)."""
        by_package: dict[str, list[str]] = defaultdict(list)
        for name in names:
            package, _, last = name.rpartition(".")
            by_package[package].append(last)
        for package, lasts in by_package.items():
            self.search(rf"\b({'|'.join(lasts)})\b", importing=package)

    def word(self, name: str) -> None:
        """Makes sure that every file that holds the identifier ``name`` is read."""
        self.search(rf"\b{re.escape(name)}\b")

    def imports(self, file: str) -> frozenset[str]:
        """What a file imports, without major versions."""
        return self._imports[file]

    def order(self, file: str) -> int:
        """The place of a file among the program's files: nearest to the main package first."""
        return self._order.get(file, len(self._order))

    def _take(self, package: Package) -> None:
        for file in package.files:
            compiled = file.included(STATIC) or file.included(WITH_CGO)
            data = self._reader.read(file.path) if compiled else None
            if data is not None:
                self._order[file.path] = len(self._order)
                self._imports[file.path] = frozenset(facts.unversioned(i.path) for i in file.imports)
                self._unread[file.path] = (file, package, data)

    def _names(self, file: GoFile, package: Package) -> Names:
        imports = {imported.name or self._name(imported.path): imported.path for imported in file.imports}
        return Names(imports, package.path)

    def _name(self, path: str) -> str:
        """The name a package is used by when its import gives none."""
        package = self._graph.package(path)
        if package is not None:
            return package.files[0].package
        parts = [part for part in path.split("/") if not re.fullmatch(r"v\d+", part)]
        last = re.sub(r"\.v\d+$", "", parts[-1]) if parts else path
        return re.sub(r"^go-|[-.]go$", "", last).replace("-", "_")

    def _add(self, path: str, read: Body) -> None:
        self.bodies[path] = read
        for function in read.functions:
            self.functions[function.call_name].append(function)
        for binding in read.variables:
            self.variables[binding.scope.function or binding.scope.package, binding.name].append(binding)
        for binding in read.fields:
            self.fields[binding.name].append(binding)
        self.defaults += read.defaults
        for function, value, scope in read.returns:
            self.returns[function.call_name].append((value, scope))
        self.calls += read.calls
        self.composites += read.composites
        for call, scope in read.calls:
            self.callers[call.name].append((call, scope))
