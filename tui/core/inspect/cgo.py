"""Whether a program needs cgo: from the import graph of its main package, for Linux."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.packages import STATIC, WITH_CGO, Graph, Package
from tui.core.inspect.source import GoFile
from tui.core.project import DECLARATION, Cgo, Evidence, Need, Note


class Findings(NamedTuple):
    """``notes`` name code that uses cgo when it is on and does without it when it is off."""

    cgo: Cgo
    libc: tuple[Need, ...]
    notes: tuple[Note, ...]


def find(graph: Graph, start: str) -> Findings:
    """Reads the graph below ``start``, the main package's import path.

    The graph is followed as it is with cgo off: what is then missing is what needs cgo. Code that
    is there only with cgo on, with a stand-in for when it is off, does not.
    """
    static = graph.reachable(start, STATIC)
    required: list[Evidence] = []
    optional: list[Evidence] = []
    for package in static:
        if facts.cgo().required.get(package.path):
            continue
        c_files = [file for file in package.compiled(WITH_CGO) if file.imports_c]
        found = [Evidence(file.path, file.imports_c, 'imports "C"', DECLARATION) for file in c_files]
        (optional if has_stand_in(package) else required).extend(found)
    required += _imports(static, facts.cgo().required)
    optional += _only_with_cgo(static)
    return Findings(
        Cgo(bool(required), tuple(required)),
        tuple(Need("libc", evidence) for evidence in _imports(static, facts.cgo().dynamic)),
        tuple(_note(evidence) for evidence in optional[:1] if not required),
    )


def has_stand_in(package: Package) -> bool:
    """Whether some file is compiled only when cgo is off."""
    return any(not file.included(WITH_CGO) for file in package.compiled(STATIC))


def _imports(packages: list[Package], known: facts.ByImport[str]) -> Iterator[Evidence]:
    for package in packages:
        if known.get(package.path) is None:
            for file in package.compiled(STATIC):
                yield from _known(file, known)


def _only_with_cgo(packages: list[Package]) -> Iterator[Evidence]:
    for package in packages:
        for file in package.compiled(WITH_CGO):
            if not file.included(STATIC) and not file.imports_c:
                yield from _known(file, facts.cgo().required)


def _known(file: GoFile, known: facts.ByImport[str]) -> Iterator[Evidence]:
    for imported in file.imports:
        brings = known.get(imported.path)
        if brings is not None:
            yield Evidence(file.path, imported.line, f"imports {imported.path}, which {brings}", DECLARATION)


def _note(evidence: Evidence) -> Note:
    return Note(f"Works without cgo, and does more with it: {evidence} {evidence.why}.", evidence)
