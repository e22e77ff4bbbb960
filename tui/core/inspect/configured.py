"""What the project's own configuration files set, for what the code takes from one without a default."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from tui.core.inspect import facts, files, tree
from tui.core.inspect.code import Member
from tui.core.inspect.deployment import documents
from tui.core.inspect.deployment.documents import Node
from tui.core.inspect.expressions import Field, own_name
from tui.core.inspect.files import Reader
from tui.core.inspect.members import FILE_TAGS
from tui.core.inspect.texts import Value

_KIND = re.compile(r"(?i)_?(config|conf|cfg|settings|options)$")
_MOST_FILES, _MOST_VALUES, _DEEPEST = 20, 2000, 8


class Configured:
    """Reads the files when first asked. ``folders`` are those of the program, relative to the project."""

    def __init__(self, reader: Reader, folders: Iterable[str], program: str) -> None:
        self._reader, self._program = reader, program
        self._folders = tuple(dict.fromkeys(("", *folders)))

    def by_key(self, key: str) -> list[Value]:
        """The value of ``server.port``."""
        return self._first([_key([part]) for part in key.split(".")])

    def of_field(
        self, field: Field, struct: str, outer: str, members: Mapping[tuple[str, str], Member]
    ) -> list[Value]:
        """The value of a field of ``struct``, which is one of ``outer``: in the section that is for the
        struct, by its name, its tag or its type; without one, at the top."""
        section = [own_name(field.base), _KIND.sub("", struct.rpartition(".")[2])]
        section += _tagged(members.get((outer, own_name(field.base))))
        name = _key([field.name, *_tagged(members.get((struct, field.name)))])
        return self._first([_key(section), name]) or self._first([name])

    def _first(self, wanted: list[frozenset[str]]) -> list[Value]:
        for values in self._values:
            for path, value in values:
                ends = zip(path[-len(wanted) :], wanted, strict=False)
                same = len(path) >= len(wanted) and all(part in names for part, names in ends)
                if same and (len(wanted) > 1 or len(path) == 1):
                    return [value]
        return []

    @cached_property
    def _values(self) -> list[list[tuple[tuple[str, ...], Value]]]:
        return [list(_values(path, self._reader.read(path) or b""))[:_MOST_VALUES] for path in self._files()]

    def _files(self) -> list[str]:
        table = facts.configuration()
        found: list[tuple[int, str]] = []
        for base in self._folders:
            for folder in (base, *(files.join(base, name) for name in table.folders)):
                for name in tree.names(self._reader, folder) if self._reader.is_folder(folder) else ():
                    stem, _, ending = name.rpartition(".")
                    words = set(re.split(r"[._-]", stem.lower()))
                    named = folder != base or words & {*table.names, self._program.lower()}
                    if ending in table.endings and named and not words & table.never:
                        rank = bool(words & table.last) - bool(words & table.first)
                        found.append((rank, files.join(folder, name)))
        return [path for _, path in sorted(found, key=lambda pair: pair[0])[:_MOST_FILES]]


def _values(path: str, data: bytes) -> Iterator[tuple[tuple[str, ...], Value]]:
    if len(data) > documents.LARGEST:
        return
    if path.endswith(".toml"):
        yield from _toml(path, data.decode("utf-8", "replace"))
        return
    for document in documents.read(data)[:1]:
        yield from _leaves(path, document, ())


def _leaves(path: str, node: Node, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value]]:
    for name, below in node.mapping().items() if len(above) < _DEEPEST else ():
        here = (*above, _letters(name))
        if below.text:
            yield here, Value(below.text, path, below.line, is_number=below.text.isdecimal())
        yield from _leaves(path, below, here)


def _toml(path: str, text: str) -> Iterator[tuple[tuple[str, ...], Value]]:
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    lines = text.splitlines()

    def below(
        table: dict[str, Any], above: tuple[str, ...], start: int
    ) -> Iterator[tuple[tuple[str, ...], Value]]:
        for name, given in table.items():
            here = (*above, _letters(name))
            line = _line(lines, name, start)
            if isinstance(given, dict):
                yield from below(given, here, line)
            elif isinstance(given, str | int):
                yield here, Value(str(given), path, line + 1, is_number=isinstance(given, int))

    yield from below(read, (), 0)


def _line(lines: list[str], name: str, start: int) -> int:
    """The first line from ``start`` on that a key or a table of that name begins, from 0."""
    begun = re.compile(rf"\s*(?:\[[\w.\"-]*)?\"?{re.escape(name)}\"?\s*[=\].]")
    return next((n for n in range(start, len(lines)) if begun.match(lines[n])), start)


def _tagged(member: Member | None) -> list[str]:
    return [member.tags[tag].partition(",")[0] for tag in FILE_TAGS if tag in member.tags] if member else []


def _key(names: Iterable[str]) -> frozenset[str]:
    """The names one element of a path may have."""
    return frozenset(filter(None, map(_letters, names)))


def _letters(name: str) -> str:
    """In small letters and digits alone, as the packages that read such files compare names."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
