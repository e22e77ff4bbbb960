"""What Go leaves out on the platforms an image is for, although the program needs it there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tui.core.inspect import mains, targets
from tui.core.inspect.buildtags import Target
from tui.core.inspect.packages import Graph, Package
from tui.core.project import DECLARATION, Evidence, Main, Note, Unbuildable
from tui.core.text import printable

# Where servers and their developers' machines run: what compiles on none of these has a tag of its own.
_ELSEWHERE = (
    "linux/amd64", "linux/arm64", "linux/arm", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x",
    "windows/amd64", "windows/arm64", "darwin/amd64", "darwin/arm64", "freebsd/amd64",
)  # fmt: skip
_SHOWN = 3


def find(graph: Graph, start: str, main: Main) -> tuple[Unbuildable, ...]:
    """Packages below ``start``, the main package's import path, that are for other platforms only."""
    found: dict[tuple[str, str], Unbuildable] = {}
    for static, with_cgo in graph.targets.pairs():
        if not _compiles(graph, start, with_cgo):
            directory = mains.directory_of(main)
            found[str(static), start] = Unbuildable(str(static), directory or ".", main.evidence)
            continue
        graph.reachable(start, static, with_cgo)
        lacking = {path for path in graph.asked() if not _compiles(graph, path, with_cgo)}
        for path, evidence in _imported(graph, start, lacking, static, with_cgo):
            if _is_for_others(graph, path):
                folder = graph.folder(path) or "."
                found[str(static), path] = Unbuildable(str(static), folder, evidence)
    return tuple(found.values())


def notes(found: tuple[Unbuildable, ...]) -> Iterator[Note]:
    """A sentence for each."""
    for each in found[:_SHOWN]:
        folder = printable(each.package)
        text = f"Go cannot build this for {each.platform}: {folder} has no Go file for that platform."
        yield Note(text, each.evidence)


def programs(graph: Graph, own: Iterable[Package]) -> Iterator[Note]:
    """The programs for other platforms, of a module that has none for those of ``graph``."""
    here = {main.package for main in mains.find(own)}
    everywhere = Graph(graph.reader, graph.tree, graph.roots, compiled_for=targets.of(_ELSEWHERE))
    wanted = ", ".join(map(str, graph.targets.static))
    elsewhere = (main for main in mains.find(everywhere.own()) if main.package not in here)
    for main in islice(elsewhere, _SHOWN):
        yield Note(
            f"{printable(main.package)} is a program, but Go does not compile it for {wanted}.", main.evidence
        )


def _imported(graph: Graph, start: str, paths: set[str], *on: Target) -> Iterator[tuple[str, Evidence]]:
    """Those of the packages that lie in the project, with the first place that imports each."""
    waited = {path for path in paths if graph.folder(path) is not None}
    for package in graph.reachable(start, *on) if waited else ():
        for file in package.files:
            if any(map(file.included, on)):
                for imported in file.imports:
                    path = imported.path
                    if path in waited:
                        waited.remove(path)
                        yield path, Evidence(file.path, imported.line, f'import "{path}"', DECLARATION)


def _compiles(graph: Graph, path: str, with_cgo: Target) -> bool:
    """Whether Go has a file there; without cgo it may still lack one, which is for cgo to tell."""
    package = graph.package(path)
    return package is not None and any(True for _ in package.compiled(with_cgo))


def _is_for_others(graph: Graph, path: str) -> bool:
    """Whether files are there for other platforms, not only under tags that a build may be given."""
    package = graph.package(path)
    if package is None:
        return bool(graph.sources(path))
    left_out = (*package.files, *package.others)
    read = {file.path.rpartition("/")[2] for file in left_out}
    others = targets.of(_ELSEWHERE).with_cgo
    return bool(set(graph.sources(path)) - read) or any(f.included(t) for f in left_out for t in others)
