"""What the code needs and a checkout does not have: generated code that Git leaves out, empty submodules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.gitignore import GitIgnore
from tui.core.inspect.gomod import GoMod
from tui.core.inspect.packages import Graph, Package
from tui.core.project import DECLARATION, Evidence, Note
from tui.core.text import printable

_DIRECTIVE = re.compile(rb"^//go:generate[ \t]+(.+)$", re.MULTILINE)
_OUTPUT = re.compile(r"-{1,2}(?:o|out|output|destination|outfile)[= ]+[\"']?([\w./-]+\.go)\b")
_PATH = re.compile(r"^\s*path\s*=\s*(.+?)\s*$", re.MULTILINE)
_SHOWN = 3


def notes(
    graph: Graph, reached: Iterable[Package], mod: GoMod, reader: Reader, around: Reader
) -> Iterator[Note]:
    """A sentence for each thing, with what to do before the image is built."""
    own = [package for package in reached if package.own]
    yield from _submodules(around)
    missing = list(_packages(graph, own, tuple(required.path for required in mod.requires)))
    ignore = GitIgnore(reader)
    directives = list(_directives(reader, own)) if missing or _ignores_code(reader) else []
    for path, evidence in missing[:_SHOWN]:
        folder = path.removeprefix(graph.roots[0].module).strip("/")
        if f"{folder}/x.go" in ignore:
            near = [at for text, at, _ in directives if posixpath.basename(folder) in text]
            by = next(iter(near or [at for _, at, _ in directives]), None)
            how = f"go generate makes it ({by})" if by else "something makes it before Go compiles"
            why = f"Git leaves {printable(folder)} out; {how}: run that before the build, or commit it"
        else:
            why = f"{printable(folder)} holds no Go files"
        yield Note(f"The program imports {printable(path)}, which is not there: {why}.", evidence)
    for text, evidence, folder in directives:
        for output in _OUTPUT.findall(text):
            made = posixpath.normpath(files.join(folder, output))
            if not made.startswith("..") and not reader.is_file(made) and made in ignore:
                yield Note(f"{made} is generated and not in Git: run go generate before the build.", evidence)


def _packages(
    graph: Graph, own: Iterable[Package], others: tuple[str, ...]
) -> Iterator[tuple[str, Evidence]]:
    """Imports below the module that no folder of it answers, nor one of the required modules."""
    module = graph.roots[0].module
    seen: set[str] = set()
    for package in own:
        for file in package.files:
            for imported in file.imports:
                path = imported.path
                if not path.startswith(f"{module}/") or path in seen or path.startswith(others):
                    continue
                if graph.package(path) is None and not graph.sources(path):
                    seen.add(path)
                    yield path, Evidence(file.path, imported.line, f'import "{path}"', DECLARATION)


def _directives(reader: Reader, own: Iterable[Package]) -> Iterator[tuple[str, Evidence, str]]:
    for package in own:
        for file in (*package.files, *package.others):
            data = reader.read(file.path) or b""
            for match in _DIRECTIVE.finditer(data):
                text = match[1].decode("utf-8", "replace").strip()
                line = data[: match.start()].count(b"\n") + 1
                yield text, Evidence(file.path, line, f"//go:generate {text}"), package.directory


def _ignores_code(reader: Reader) -> bool:
    """Whether Git leaves out Go files by name; else what is generated is there, or a folder is missing."""
    return b".go" in (reader.read(".gitignore") or b"")


def _submodules(around: Reader) -> Iterator[Note]:
    """Git submodules below the project that were not fetched."""
    text = (around.read(".gitmodules") or b"").decode("utf-8", "replace")
    for match in _PATH.finditer(text):
        path = posixpath.normpath(match[1])
        if path.startswith(("..", "/")) or "\0" in path or any(around.entries(path)):
            continue
        line = text[: match.start(1)].count("\n") + 1
        todo = (
            f"The Git submodule {printable(path)} is empty: run git submodule update --init before the build."
        )
        yield Note(todo, Evidence(".gitmodules", line, f"path = {path}", DECLARATION))
