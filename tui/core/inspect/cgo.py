"""Whether a program needs cgo: from the import graph of its main package, for each platform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.buildtags import Target
from tui.core.inspect.facts.lookup import ByImport
from tui.core.inspect.packages import Graph, Package
from tui.core.inspect.source import GoFile
from tui.core.project import DECLARATION, Cgo, Evidence, Need, Note


class Findings(NamedTuple):
    """``notes`` name code that uses cgo when it is on and does without it when it is off."""

    cgo: Cgo
    libc: tuple[Need, ...]
    notes: tuple[Note, ...]


class _Platform(NamedTuple):
    """One platform, with cgo off and on, and what is reached there with cgo off."""

    static: Target
    with_cgo: Target
    packages: list[Package]


def find(graph: Graph, start: str) -> Findings:
    """Reads the graph below ``start``, the main package's import path, as it is on each platform.

    The graph is followed as it is with cgo off: what is then missing is what needs cgo. Code that
    is there only with cgo on, with a stand-in for when it is off, does not.
    """
    known = facts.cgo()
    required: dict[Evidence, None] = {}
    optional: dict[Evidence, None] = {}
    libc: dict[Evidence, None] = {}
    for static, with_cgo in graph.targets.pairs():
        on = _Platform(static, with_cgo, graph.reachable(start, static))
        for package in on.packages:
            if not known.required.get(package.path):
                kept = optional if has_stand_in(package, static, with_cgo) else required
                kept |= dict.fromkeys(_importing_c(package, with_cgo))
        required |= dict.fromkeys(_imports(on, known.required))
        optional |= dict.fromkeys(_only_with_cgo(on))
        libc |= dict.fromkeys(_imports(on, known.dynamic))
    return Findings(
        Cgo(bool(required), tuple(required)),
        tuple(Need("libc", evidence) for evidence in libc),
        tuple(_note(evidence) for evidence in [*optional][:1] if not required),
    )


def has_stand_in(package: Package, static: Target, with_cgo: Target) -> bool:
    """Whether some file is compiled only when cgo is off."""
    return any(not file.included(with_cgo) for file in package.compiled(static))


def _importing_c(package: Package, with_cgo: Target) -> Iterator[Evidence]:
    for file in package.compiled(with_cgo):
        if file.imports_c:
            yield Evidence(file.path, file.imports_c, 'imports "C"', DECLARATION)


def _imports(on: _Platform, known: ByImport[str]) -> Iterator[Evidence]:
    for package in on.packages:
        if known.get(package.path) is None:
            for file in package.compiled(on.static):
                yield from _known(file, known)


def _only_with_cgo(on: _Platform) -> Iterator[Evidence]:
    for package in on.packages:
        for file in package.compiled(on.with_cgo):
            if not file.included(on.static) and not file.imports_c:
                yield from _known(file, facts.cgo().required)


def _known(file: GoFile, known: ByImport[str]) -> Iterator[Evidence]:
    for imported in file.imports:
        brings = known.get(imported.path)
        if brings is not None:
            yield Evidence(file.path, imported.line, f"imports {imported.path}, which {brings}", DECLARATION)


def _note(evidence: Evidence) -> Note:
    return Note(f"Works without cgo, and does more with it: {evidence} {evidence.why}.", evidence)
