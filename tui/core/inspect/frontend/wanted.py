"""The folders whose files Go embeds or serves, and whether a bundle is in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from tui.core import frontend
from tui.core.inspect import facts, files
from tui.core.inspect.expressions import Call, Literal
from tui.core.inspect.facts.lookup import ByName
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend.paths import inside
from tui.core.inspect.gitignore import GitIgnore
from tui.core.inspect.packages import Package
from tui.core.inspect.program import Program
from tui.core.project import Embed, Evidence

_GLOB = frozenset("*?[\\")
_MOST_ENTRIES = 5000


class Wanted(NamedTuple):
    """``folder`` is relative to the project. ``whole`` tells that all below it counts, not only files
    in it; ``served`` that it is opened at run time."""

    folder: str
    whole: bool
    served: bool
    evidence: Evidence

    def takes(self, output: str) -> bool:
        """Whether what a bundler writes to ``output`` gets here."""
        if self.folder == output or self.folder.startswith(f"{output}/"):
            return True
        return self.whole and (not self.folder or output.startswith(f"{self.folder}/"))


class State(Enum):
    """What is in a folder. A made bundle is one that Git leaves out."""

    MISSING = "is not there"
    PLACEHOLDER = "holds no bundle"
    MADE = "is not in Git"
    COMMITTED = "is in Git"


def embedded(embeds: Iterable[Embed], reached: Iterable[Package]) -> Iterator[Wanted]:
    """Of the files that Go compiles into the program."""
    compiled = {file.path for package in reached for file in package.files}
    for embed in embeds:
        if embed.evidence.file in compiled:
            base = "" if embed.directory == "." else embed.directory
            folder, whole = _of_pattern(base, embed.pattern.removeprefix("all:"), embed.files)
            yield Wanted(folder, whole, False, embed.evidence)


def served(program: Program, packages: Iterable[Package]) -> Iterator[Wanted]:
    """Folders that the program serves by a literal path, seen from the project's root."""
    table = frontend.facts()["serve"]
    imported = {facts.unversioned(i.path) for p in packages for f in p.files for i in f.imports}
    program.words(table["functions"])
    for method, entry in table["methods"].items():
        if imported & set(entry["packages"]):
            program.search(rf"\.{method}\(")
    for path, body in program.bodies.items():
        for call, _ in body.calls:
            if (name := _argument(call, imported)) and (folder := inside("", name)):
                is_file = "." in posixpath.basename(folder).strip(".")
                where = posixpath.dirname(folder) if is_file else folder
                if where:
                    yield Wanted(where, not is_file, True, Evidence(path, call.line, call.source))


def _argument(call: Call, imported: set[str]) -> str:
    table = frontend.facts()["serve"]
    index = ByName(table["functions"].items()).get(call.name)
    method = table["methods"].get(call.last)
    if call.receiver is not None and method and imported & set(method["packages"]):
        index = method["index"]
    argument = call.args[index] if index is not None and index < len(call.args) else None
    return argument.text if isinstance(argument, Literal) else ""


def _of_pattern(base: str, pattern: str, matched: tuple[str, ...]) -> tuple[str, bool]:
    """The folder a pattern of the package in ``base`` reaches into, and whether it takes all of it."""
    parts = [*base.split("/"), *pattern.split("/")] if base else pattern.split("/")
    fixed = next((i for i, part in enumerate(parts) if _GLOB & set(part)), len(parts))
    if fixed < len(parts):
        return "/".join(parts[:fixed]), fixed < len(parts) - 1 or parts[-1] in ("*", "**")
    path = "/".join(parts)
    is_file = "." in parts[-1].strip(".") and not any(file.startswith(f"{path}/") for file in matched)
    return ("/".join(parts[:-1]), False) if is_file else (path, True)


def state(reader: Reader, folder: str, file: str, ignored: GitIgnore) -> State:
    """Of the folder a bundler writes to, or of the one ``file`` it makes."""
    if file:
        if not reader.is_file(file):
            return State.MISSING
        return State.MADE if file in ignored else State.COMMITTED
    if not reader.is_folder(folder):
        return State.MISSING
    found = list(_below(reader, folder))
    if all(map(_is_placeholder, found)):
        return State.PLACEHOLDER
    suffixes = tuple(frontend.facts()["bundle"]["suffixes"])
    bundled = [path for path in found if path.endswith(suffixes)] or found
    return State.MADE if any(path in ignored for path in bundled[:3]) else State.COMMITTED


def _is_placeholder(path: str) -> bool:
    table = frontend.facts()["bundle"]
    name = path.rpartition("/")[2].lower()
    endings = tuple(table["placeholder_endings"])
    return name[0] == "." or "." not in name or name in table["placeholders"] or name.endswith(endings)


def _below(reader: Reader, start: str) -> Iterator[str]:
    """Files below a folder of the project, those of other folders than it not followed by links."""
    waiting, left = [start], _MOST_ENTRIES
    while waiting:
        folder = waiting.pop()
        for entry in reader.entries(folder):
            left -= 1
            path = files.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                yield path
            if not left:
                return
