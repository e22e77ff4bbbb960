"""The bodies of a program's own packages, read only when something in them is looked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from tui.core.inspect import body, facts
from tui.core.inspect.code import Binding, Body, Function, Member, Scope
from tui.core.inspect.expressions import Call, Composite, Expression
from tui.core.inspect.files import Reader
from tui.core.inspect.names import Names
from tui.core.inspect.packages import Graph, Package
from tui.core.inspect.source import GoFile

# A body takes some 2 ms and 50 kB; large programs that were tried have up to 900 that are looked for.
_MOST_BODIES = 1000
_DECLARED = re.compile(rb"(?m)^(?:(?:func|type|var|const)[ \t]+|\t(?=[A-Z]\w*\s))([A-Z]\w*)")


class Program:
    """Code by name. A file is parsed when a search for a text that it holds first asks for it."""

    def __init__(self, graph: Graph, packages: Iterable[Package], reader: Reader) -> None:
        """``packages`` in the order in which their findings count; those of vendor/ are not read.

        ``is_cut`` tells that there were more bodies to read than is sensible; the nearest are read.
        """
        self.packages: set[str] = set()
        self.is_cut = False
        self.bodies: dict[str, Body] = {}
        self.variables: dict[tuple[Function | str, str], list[Binding]] = defaultdict(list)
        self.fields: dict[str, list[Binding]] = defaultdict(list)
        self.members: dict[tuple[str, str], Member] = {}
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
        self._importing: dict[str, list[str]] = defaultdict(list)
        self._in_package: dict[str, list[str]] = defaultdict(list)
        self._package: dict[str, str] = {}
        self._unread: dict[str, tuple[GoFile, Package]] = {}
        self._asked: set[tuple[str, ...]] = set()
        self._is_closed = False
        for package in packages:
            if package.own:
                self.packages.add(package.path)
                self._take(package)

    def search(
        self,
        pattern: str,
        importing: str = "",
        packages: Iterable[str] = (),
        name: str = "",
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Makes sure that every file that holds ``pattern`` (a regular expression) is read.

        With ``importing``, only of the files that import this package in any major version; with
        ``packages``, only of files of these; until there is ``enough``. ``name`` is a plain text that the
        pattern holds: looking for that first is ten times as fast.
        """
        asked = (pattern, importing, *packages)
        if asked in self._asked or self._is_closed:
            return
        self._asked.add(asked)
        expression, plain = re.compile(pattern.encode()), name.encode()
        for path in self._candidates(importing, packages):
            if enough():
                return
            file, package = self._unread[path]
            data = self._reader.read(path)
            if data is not None and plain in data and expression.search(data):
                if len(self.bodies) >= _MOST_BODIES:
                    self.is_cut = True
                    return
                self._reader.seen.go_on()
                del self._unread[path]
                self._add(path, body.read(path, data, self._names(file, package)))

    @contextmanager
    def without_reading(self) -> Iterator[None]:
        """What is not read yet stays so: for what is looked up often, and mostly stands beside its use."""
        self._is_closed = True
        try:
            yield
        finally:
            self._is_closed = False

    def _candidates(self, importing: str, packages: Iterable[str]) -> list[str]:
        if importing:
            found: Iterable[str] = self._importing.get(importing, ())
        elif packages:
            found = (path for package in packages for path in self._in_package.get(package, ()))
        else:
            found = self._unread
        return [path for path in found if path in self._unread]

    def words(self, names: Iterable[str]) -> None:
        """Makes sure that every file is read that uses one of ``names`` (``import/path.Name``)."""
        by_package: dict[str, list[str]] = defaultdict(list)
        for name in names:
            package, _, last = name.rpartition(".")
            by_package[package].append(last)
        for package, lasts in by_package.items():
            self.search(rf"\.\s*(?:{'|'.join(lasts)})\b", importing=package)
            self.search(rf"\b(?:{'|'.join(lasts)})\b", importing=_dotted(package))

    def variable(self, package: str, name: str) -> None:
        """Makes sure that every file is read that may give a package's variable ``name`` its value."""
        more, kind = r"(?:[ \t]*,[ \t]*\w+){0,20}", r"(?:[ \t]+[^\n:=!]{0,200})?"
        variable = _alone(name, before=r"[.\w]")
        self.search(rf"{variable}{more}{kind}=(?!=)", packages=(package,), name=name)

    def field(self, name: str) -> None:
        """Makes sure that every file is read that gives a field ``name`` a value or a default."""
        keyed, tagged = r"[ \t]*:(?!=)", r"[^\n`(]{0,200}`[^\n`]{0,500}[dD]efault"
        assigned = r"(?:[ \t]*,[ \t]*[\w.]+){0,20}[ \t]*=(?!=)"
        self.search(rf"{_alone(name)}(?:{keyed}|{assigned}|{tagged})", name=name)

    def definition(self, call_name: str) -> list[Function]:
        """The functions of that name; which of several is meant cannot be told, so then some are enough."""
        package, _, name = call_name.rpartition(".")
        receiver = "" if package else r"\([^)]{0,200}\)\s*"
        pattern = rf"\bfunc\s+{receiver}{re.escape(name)}\b"
        found = self.functions[call_name]
        within = (package,) if package else ()
        self.search(pattern, packages=within, name=name, enough=lambda: len(found) > 1)
        return found

    def calls_of(self, function: Function) -> None:
        """Makes sure that every file is read that calls ``function``."""
        package, _, name = function.call_name.rpartition(".")
        pattern = rf"{_alone(name)}\s*[(\[]"
        if package:
            self.search(pattern, packages=(package,), name=name)
            self.search(pattern, importing=facts.unversioned(package), name=name)
        else:
            self.search(pattern, name=name)

    def imports(self, file: str) -> frozenset[str]:
        """What a file imports, without major versions."""
        return self._imports[file]

    def files_with(self, package: str) -> Iterator[tuple[str, str]]:
        """The files that may use a package's functions, each with its own package."""
        importing = self._importing.get(facts.unversioned(package), ())
        for file in dict.fromkeys((*self._in_package.get(package, ()), *importing)):
            yield file, self._package[file]

    def data(self, file: str) -> bytes:
        """A file's bytes; none where it cannot be read any more."""
        return self._reader.read(file) or b""

    def order(self, file: str) -> int:
        """The place of a file among the program's files: nearest to the main package first."""
        return self._order.get(file, len(self._order))

    def _take(self, package: Package) -> None:
        for file in package.files:
            self._order[file.path] = len(self._order)
            self._package[file.path] = package.path
            self._imports[file.path] = frozenset(facts.unversioned(i.path) for i in file.imports)
            self._unread[file.path] = file, package
            self._in_package[package.path].append(file.path)
            for imported in self._imports[file.path]:
                self._importing[imported].append(file.path)
            for each in file.imports:
                if each.name == ".":
                    self._importing[_dotted(facts.unversioned(each.path))].append(file.path)

    def _names(self, file: GoFile, package: Package) -> Names:
        imports = {imported.name or self._name(imported.path): imported.path for imported in file.imports}
        dotted = tuple(imported.path for imported in file.imports if imported.name == ".")
        declared = self._declared(package.path) if dotted else frozenset[str]()
        return Names(imports, package.path, dotted, declared)

    def _declared(self, package: str) -> frozenset[str]:
        """The exported names that a package declares."""
        found: set[bytes] = set()
        for path in self._in_package.get(package, ()):
            found.update(_DECLARED.findall(self.data(path)))
        return frozenset(name.decode() for name in found)

    def _name(self, path: str) -> str:
        """The name a package is used by when its import gives none."""
        package = self._graph.package(path)
        if package is not None:
            return (*package.files, *package.others)[0].package
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
        self.members |= read.members
        self.defaults += read.defaults
        for function, value, scope in read.returns:
            self.returns[function.call_name].append((value, scope))
        self.calls += read.calls
        self.composites += read.composites
        for call, scope in read.calls:
            self.callers[call.name].append((call, scope))


def _dotted(package: str) -> str:
    """The key of what imports a package without a name."""
    return f". {package}"


def _alone(name: str, before: str = r"\w") -> str:
    """A pattern for an identifier; one that begins with plain text is looked for ten times as fast."""
    plain = re.escape(name)
    return rf"{plain}(?<!{before}{plain})\b"
