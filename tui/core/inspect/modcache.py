"""C code that modules bring, read in Go's module cache where their versions lie in it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tui.core.inspect import cgo, clibraries, facts
from tui.core.inspect.buildtags import Target
from tui.core.inspect.context import Context
from tui.core.inspect.files import Reader
from tui.core.inspect.packages import Graph, Package, Root
from tui.core.inspect.tree import Tree
from tui.core.project import DECLARATION, Evidence

# A program with the whole of a cloud's SDK reaches some 1,000 packages.
_MOST_PACKAGES = 2000


class Findings(NamedTuple):
    """Where the project imports what reaches C code, and what that code is linked with."""

    evidence: tuple[Evidence, ...] = ()
    c_modules: tuple[str, ...] = ()


def find(own: Graph, start: str, context: Context) -> Findings:
    """Follows the imports of ``start`` that lead out of the project; nothing where the cache has none."""
    cache = _graph(own, context)
    if cache is None:
        return Findings()
    known = facts.cgo().required
    evidence: dict[Evidence, None] = {}
    c_modules: dict[str, None] = {}
    for static, with_cgo in own.targets.pairs():
        for package, seen, first in _reached(own, start, cache, static):
            has_c = any(file.imports_c for file in package.compiled(with_cgo))
            if has_c and not cgo.has_stand_in(package, static, with_cgo):
                evidence[_found(seen, first, package.path, 'imports "C"')] = None
                c_modules |= dict.fromkeys(clibraries.linked(cache.reader, package, (with_cgo,)))
            for file in package.compiled(static):
                for imported in file.imports:
                    if (brings := known.get(imported.path)) is not None:
                        evidence[_found(seen, first, imported.path, brings)] = None
                        c_modules[imported.path] = None
    return Findings(tuple(evidence), tuple(c_modules))


def _found(seen: Evidence, first: str, path: str, brings: str) -> Evidence:
    way = (
        f"imports {first}, which {brings}"
        if path == first
        else f"{seen.why}, which reaches {path}, which {brings}"
    )
    return Evidence(seen.file, seen.line, way, DECLARATION)


def _reached(own: Graph, start: str, cache: Graph, static: Target) -> Iterator[tuple[Package, Evidence, str]]:
    """Packages of the cache, the nearest first, with the import of the project that leads to each."""
    waiting: dict[str, tuple[Evidence, str]] = {}
    for package in own.reachable(start, static):
        for file in package.compiled(static):
            for imported in file.imports:
                if _leads_on(imported.path) and own.package(imported.path) is None:
                    why = f"imports {imported.path}"
                    waiting.setdefault(
                        imported.path, (Evidence(file.path, imported.line, why), imported.path)
                    )
    order = list(waiting)
    for path in order:
        package_there = cache.package(path) if len(order) < _MOST_PACKAGES else None
        if package_there is None:
            continue
        yield package_there, *waiting[path]
        for file in package_there.compiled(static):
            for imported in file.imports:
                if imported.path not in waiting and _leads_on(imported.path):
                    waiting[imported.path] = waiting[path]
                    order.append(imported.path)


def _leads_on(path: str) -> bool:
    """Whether it is no package of Go's own, and none whose C code is known."""
    return "." in path.partition("/")[0] and facts.cgo().required.get(path) is None


def _graph(own: Graph, context: Context) -> Graph | None:
    """The required modules whose chosen version is in the cache."""
    # Looked at through the project's reader, so that a cache or a module that comes or goes is seen.
    reader = own.reader
    there = context.vendor is None and reader.seen.look(str(folder())) is not None
    if not there:
        return None
    top = Path(os.path.realpath(folder()))
    roots: list[Root] = []
    for path, version in _versions(context).values():
        name = f"{_escaped(path)}@{_escaped(version)}"
        if ".." not in name and reader.seen.look(f"{top}/{name}") is not None:
            roots.append(Root(path, name))
    return Graph(Reader(top), Tree({}, (), ()), roots, compiled_for=own.targets) if roots else None


def _versions(context: Context) -> dict[str, tuple[str, str]]:
    """The module and version that stands for each required one; folders of the context are left out."""
    found: dict[str, tuple[str, str]] = {}
    for member in context.members:
        replaced = {replace.old: replace for replace in member.mod.replaces}
        for required in member.mod.requires:
            other = replaced.get(required.path)
            if required.path in context.local or (other and (other.local or other.new != required.path)):
                continue
            found.setdefault(required.path, (required.path, other.new_version if other else required.version))
    return found


def folder() -> Path:
    """Where Go keeps modules, by the environment alone: https://go.dev/ref/mod#module-cache"""
    gopath = os.environ.get("GOPATH", "").split(os.pathsep)[0] or f"{os.environ.get('HOME', '')}/go"
    return Path("/", os.environ.get("GOMODCACHE") or f"{gopath}/pkg/mod")


def _escaped(text: str) -> str:
    """Capitals as ``!`` and the small letter, as in the cache's folder names."""
    return re.sub(r"[A-Z]", lambda match: f"!{match[0].lower()}", text)


def new(found: Iterable[Evidence], known: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """What is not known already, by its place."""
    places = {str(evidence) for evidence in known}
    return tuple(evidence for evidence in found if str(evidence) not in places)
