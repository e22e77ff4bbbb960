"""The C code a program reaches: known modules that bring some, and what ``#cgo`` lines link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from posixpath import normpath

from tui.core.inspect import constraints, facts, tree
from tui.core.inspect.buildtags import Target
from tui.core.inspect.files import Reader
from tui.core.inspect.packages import Graph, Package

_DIRECTIVE = re.compile(
    r"^[ \t]*(?://)?[ \t]*#cgo[ \t]+(?P<condition>[^:\n]*?)[ \t]*(?P<verb>\w+FLAGS|pkg-config)[ \t]*:"
    r"(?P<words>.*)$",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}", re.ASCII)
_IN_SOURCE = re.compile(r"-L\$\{SRCDIR\}((?:/[\w.+-]+)*)/?", re.ASCII)
_READ = re.compile(r"\$\{SRCDIR\}((?:/[\w.+-]+)+)", re.ASCII)
_CXX = (".cc", ".cpp", ".cxx")


def find(graph: Graph, start: str) -> tuple[str, ...]:
    """Import paths of known modules, and ``pkg-config:``, ``lib:`` and ``so:NAME``, ``c++``: in order."""
    found: dict[str, None] = {}
    for package in graph.reachable(start, *graph.targets.all):
        if facts.cgo().required.get(package.path) is not None:
            continue
        imported = (i.path for file in package.files for i in file.imports)
        found |= dict.fromkeys(path for path in imported if facts.cgo().required.get(path) is not None)
        if any(file.imports_c for file in package.files):
            found |= dict.fromkeys(linked(graph.reader, package, graph.targets.with_cgo))
    return tuple(found)


def linked(reader: Reader, package: Package, targets: tuple[Target, ...]) -> Iterator[str]:
    """What the C code of one package is linked with; ``so:`` is a shared object that lies in the package.

    Archives that lie there are left out: nothing of them is needed later.
    """
    names: list[str] = []
    folders: list[str] = []
    for verb, words in _directives(reader, package, targets):
        folders += [match[1] for word in words if (match := _IN_SOURCE.fullmatch(word))]
        names += _names(verb, words)
    brought = {name for folder in folders for name in tree.names(reader, package.directory + folder)}
    for name in names:
        bare = name.removeprefix("lib:")
        if f"lib{bare}.so" in brought:
            yield f"so:{bare}"
        elif f"lib{bare}.a" not in brought:
            yield name
    if any(name.endswith(_CXX) for name in tree.names(reader, package.directory)):
        yield "c++"


def read(graph: Graph, reached: Iterable[Package]) -> Iterator[str]:
    """Files and folders that ``#cgo`` lines of these packages name beside their sources."""
    for package in reached:
        for _, words in _directives(graph.reader, package, graph.targets.with_cgo):
            for word in words:
                yield from (normpath(f"{package.directory or '.'}{path}") for path in _READ.findall(word))


def _directives(
    reader: Reader, package: Package, targets: tuple[Target, ...]
) -> Iterator[tuple[str, list[str]]]:
    """The verb and the words of each ``#cgo`` line that counts for one of the targets."""
    for file in package.files:
        data = reader.read(file.path) if file.imports_c else None
        head = (data or b"").split(b'import "C"')[0].decode("utf-8", "replace")
        for directive in _DIRECTIVE.finditer(head):
            condition = directive["condition"].strip()
            if not condition or any(map(constraints.parse_options(condition), targets)):
                yield directive["verb"], directive["words"].split()


def _names(verb: str, words: list[str]) -> Iterator[str]:
    kind, prefix = {"pkg-config": ("pkg-config", ""), "LDFLAGS": ("lib", "-l")}.get(verb, ("", ""))
    for word in words if kind else ():
        name = word.removeprefix(prefix)
        if word.startswith(prefix) and _NAME.fullmatch(name):
            yield f"{kind}:{name}"
