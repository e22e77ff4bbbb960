"""Which of several programs serve: whether code that listens is within a program's reach."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from tui.core.inspect import facts
from tui.core.inspect.packages import Graph
from tui.core.inspect.source import GoFile
from tui.core.project import Evidence

# A port that the system chooses is asked for by tests and helpers, not by servers.
_ANY_PORT = rb'(?![^)\n]*:0"\s*\))'


class Serving:
    """Looks for the calls in the project's own files, without parsing them; each is searched once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, Evidence | None] = {}

    def place(self, start: str) -> Evidence | None:
        """The place that listens nearest to ``start``, a main package's import path."""
        packages = self._graph.reachable(start, *self._graph.targets.all, own=True)
        found = (self._seen(file) for package in packages for file in package.files)
        return next(filter(None, found), None)

    def _seen(self, file: GoFile) -> Evidence | None:
        if file.path not in self._known:
            self._known[file.path] = self._search(file)
        return self._known[file.path]

    def _search(self, file: GoFile) -> Evidence | None:
        imported = dict.fromkeys((facts.unversioned(i.path), i.name == ".") for i in file.imports)
        expressions = [signs for path, dotted in imported if (signs := _signs(dotted).get(path))]
        data = self._graph.reader.read(file.path) if expressions else None
        for expression in expressions if data is not None else ():
            if found := expression.search(data or b""):
                line = (data or b"").count(b"\n", 0, found.start()) + 1
                name = found[1].decode("ascii", "replace").rstrip("({; \n")
                return Evidence(file.path, line, f"it listens ({name})")
        return None


@cache
def _signs(dotted: bool) -> dict[str, re.Pattern[bytes]]:
    """What listens, by the package its file imports: functions and methods by name, servers by type.

    ``dotted`` names stand without their package's name.
    """
    table = facts.listeners()
    signs: dict[str, list[str]] = defaultdict(list)
    for name in table.functions.names():
        package, _, last = name.rpartition(".")
        signs[package].append(rf"{last}\(")
    for method, listeners in table.methods.items():
        for package, _ in listeners:
            signs[package].append(rf"{method}\(")
    for name in table.literals.names():
        package, _, last = name.rpartition(".")
        signs[package].append(rf"{last}\s*[{{;\n]")
    return {
        package: re.compile(
            (rb"(?<![\w.])(" if dotted else rb"\.(") + "|".join(names).encode() + rb")" + _ANY_PORT
        )
        for package, names in signs.items()
    }
