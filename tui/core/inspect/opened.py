"""Files and folders of the project that the program opens when it runs, by a relative path in its code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core import validate
from tui.core.ignore import Ignore
from tui.core.inspect import facts, globs, tree
from tui.core.inspect.code import Scope
from tui.core.inspect.expressions import Call, Expression, Qualified
from tui.core.inspect.files import Reader
from tui.core.inspect.gitignore import GitIgnore
from tui.core.inspect.program import Program
from tui.core.inspect.texts import HOLE
from tui.core.inspect.values import Values
from tui.core.project import Embed, Evidence, FrontEnd, Note, OpenedFile
from tui.core.text import printable

_GLOB = frozenset("*?[")
_DEEPEST = 8
_READ_ONLY = Qualified("os", "O_RDONLY")


class Findings(NamedTuple):
    """``notes`` name what the program opens and an image cannot have from the project."""

    opened: tuple[OpenedFile, ...]
    notes: tuple[Note, ...]


def find(program: Program, reader: Reader, embeds: Iterable[Embed], front_end: FrontEnd | None) -> Findings:
    """Each once, the nearest to the main package first. The working directory is the project's root.

    Left out is what is embedded, what the front end's build makes, and what the program writes itself.
    """
    table = facts.needs().opened
    program.words([*table.functions, *table.written])
    for method, (packages, _) in table.methods.items():
        for package in packages:
            program.search(rf"\.{method}\(", importing=package)
    values = Values(program)
    places = sorted(
        _places(program, values), key=lambda found: (program.order(found.evidence.file), found.evidence.line)
    )
    embedded = [file for embed in embeds for file in embed.files]
    made = set(_written(program, values))
    if front_end is not None and not front_end.complete:
        made.add(front_end.wanted)
    once: dict[str, OpenedFile] = {}
    for place in places:
        for path in _existing(reader, place.path):
            if not any(_is_in(path, other) for other in made) and not any(_is_in(f, path) for f in embedded):
                once.setdefault(path, OpenedFile(path, place.evidence))
    return _judged(reader, once.values())


def _places(program: Program, values: Values) -> Iterator[OpenedFile]:
    table = facts.needs().opened
    for call, scope in list(program.calls):
        argument = table.functions.get(_unversioned(call.name)) if call.receiver is None else None
        if call.receiver is not None and (known := table.methods.get(call.last)):
            argument = known[1] if known[0] & program.imports(scope.file) else None
        if argument is None or _is_writing(call):
            continue
        for given in call.args if argument < 0 else call.args[argument : argument + 1]:
            for path in _paths(given, scope, values):
                yield OpenedFile(path, Evidence(scope.file, call.line, call.source))


def _written(program: Program, values: Values) -> Iterator[str]:
    for call, scope in list(program.calls):
        if call.args and (call.name in facts.needs().opened.written or _is_writing(call)):
            yield from _paths(call.args[0], scope, values)


def _is_writing(call: Call) -> bool:
    return call.name == "os.OpenFile" and (len(call.args) < 2 or call.args[1] != _READ_ONLY)


def _unversioned(name: str) -> str:
    package, _, last = name.rpartition(".")
    return f"{facts.unversioned(package)}.{last}"


def _paths(expression: Expression, scope: Scope, values: Values) -> Iterator[str]:
    """The paths that an expression can be, relative to the project, as far as they are known."""
    with values.program.without_reading():
        found = values.of(expression, scope)
    yield from filter(None, (_path(value.text) for value in found))


def _path(text: str) -> str:
    """A text as a path relative to the project, down to what is known; empty when that is nothing."""
    known, hole, _ = text.removeprefix("file://").partition(HOLE)
    if not known or known.startswith("/") or "\0" in known or "://" in known:
        return ""
    path = posixpath.normpath(posixpath.dirname(known) if hole else known)
    return "" if path == "." or path.startswith("..") else path


def _existing(reader: Reader, path: str) -> Iterator[str]:
    """The file or folder; of a pattern the folder it begins with, or the files it names in the root."""
    parts = path.split("/")
    plain = next((i for i, part in enumerate(parts) if _GLOB & set(part)), len(parts))
    if plain == 0 and len(parts) == 1:
        matches = globs.compile_part(path)
        yield from (name for name in tree.names(reader, "") if matches(name))
        return
    found = "/".join(parts[:plain])
    if found and reader.holds(found):
        yield found


def _judged(reader: Reader, found: Iterable[OpenedFile]) -> Findings:
    """Without what must not, or cannot, be copied into an image."""
    secret, ignored = Ignore("\n".join(facts.secrets())), GitIgnore(reader)
    kept: list[OpenedFile] = []
    notes: list[Note] = []
    for opened in found:
        why = ""
        if opened.path in secret:
            why = "it looks like a secret"
        elif opened.path in ignored or (reader.is_folder(opened.path) and f"{opened.path}/x" in ignored):
            why = "Git leaves it out"
        elif not _is_valid(opened.path):
            why = "its name may not stand in a Dockerfile"
        if why:
            text = f"The program opens {printable(opened.path)}, which the image does not get: {why}."
            notes.append(Note(text, opened.evidence))
        else:
            kept.append(opened)
    return Findings(tuple(kept), tuple(notes))


def _is_valid(path: str) -> bool:
    try:
        return bool(validate.folder(path))
    except validate.Invalid:
        return False


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
