"""Which files Git leaves out by the .gitignore files from the repository's root down."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.core.inspect import files, gitindex, globs, repository
from tui.core.inspect.files import Reader

_MANY = "**"


class Rule(NamedTuple):
    """A line of a .gitignore; ``parts`` of its pattern, where ``**`` stands for any folders."""

    negated: bool
    folders_only: bool
    parts: tuple[str, ...]

    @property
    def is_bare(self) -> bool:
        """Whether it is a name alone: often a program's, which a folder of cmd/ has too."""
        return len(self.parts) == 2 and self.parts[0] == _MANY and not self.folders_only

    def matches(self, path: list[str], is_folder: bool) -> bool:
        """Whether the rule names ``path``, relative to the folder of its .gitignore."""
        if self.folders_only and not is_folder:
            return False
        places = _steps({0}, self.parts)
        for name in path:
            kept = {place for place in places if place < len(self.parts) and self.parts[place] == _MANY}
            moved = {place + 1 for place in places - kept if self._fits(place, name)}
            moved |= {place + 1 for place in kept if place + 1 == len(self.parts)}
            places = _steps(kept | moved, self.parts)
        return len(self.parts) in places

    def _fits(self, place: int, name: str) -> bool:
        return place < len(self.parts) and globs.compile_part(self.parts[place])(name)


class GitIgnore:
    """The rules that hold below a reader's root. Paths are relative to it.

    ``unknown`` is why it cannot be told what Git tracks, when that was asked for; else empty.
    """

    def __init__(self, reader: Reader) -> None:
        top = repository.top(reader.root)
        self._reader = Reader(top, seen=reader.seen)
        self._above = reader.root.relative_to(top).parts
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._index: bytes | None = None
        self._is_read = False
        self.unknown = ""

    def __contains__(self, path: str) -> bool:
        """Whether a file is left out: it, or a folder it lies in."""
        parts = [*self._above, *path.split("/")]
        return any(self._left_out(parts[:count], count < len(parts)) for count in range(1, len(parts) + 1))

    def above_root(self) -> list[str]:
        """The folders from the repository's root down to the reader's, relative to the former."""
        return ["/".join(self._above[:count]) for count in range(len(self._above) + 1)]

    def rules_in(self, folder: str) -> tuple[Rule, ...]:
        """The rules of one .gitignore, whose folder is relative to the repository's root."""
        return self._read(folder)

    def rules_in_project(self, folder: str) -> tuple[Rule, ...]:
        """The rules of one .gitignore, whose folder is relative to the reader's root."""
        return self._read("/".join([*self._above, folder]))

    def leaves_out_root(self) -> bool:
        """Whether the reader's root itself is left out: then the rules are not about the project."""
        above = list(self._above)
        return any(self._left_out(above[:count], is_folder=True) for count in range(1, len(above) + 1))

    def leaves_out_folder(self, folder: str) -> bool:
        """Whether Git leaves a folder out, whose parents it does not: none of whose files it tracks.

        Where Git does not track the project's go.mod, as before the first commit, a name alone says little.
        """
        parts = [*self._above, *folder.split("/")]
        index = self._tracked()
        if index is None or f"{'/'.join([*self._above, 'go.mod'])}\0".encode() not in index:
            return self._left_out(parts, is_folder=True, bare=False)
        tracked = f"{'/'.join(parts)}/".encode("utf-8", "surrogateescape") in index
        return not tracked and self._left_out(parts, is_folder=True)

    def _tracked(self) -> bytes | None:
        if not self._is_read:
            self._is_read = True
            try:
                self._index = gitindex.read(self._reader)
            except gitindex.UnknownIndex as error:
                self.unknown = str(error)
        return self._index

    def _left_out(self, parts: list[str], is_folder: bool, bare: bool = True) -> bool:
        left_out = False
        for count in range(len(parts)):
            for rule in self._read("/".join(parts[:count])):
                counts = bare or rule.negated or not rule.is_bare
                if counts and rule.negated == left_out and rule.matches(parts[count:], is_folder):
                    left_out = not rule.negated
        return left_out

    def _read(self, folder: str) -> tuple[Rule, ...]:
        if folder not in self._rules:
            data = self._reader.read(files.join(folder, ".gitignore")) or b""
            lines = data.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
            self._rules[folder] = tuple(rule for line in lines if (rule := _rule(line)) is not None)
        return self._rules[folder]


def _rule(line: str) -> Rule | None:
    text = re.sub(r"(?<!\\)\s+$", "", line)
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!").removeprefix("\\" if text[:2] in ("\\#", "\\!") else "")
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    parts = [part.replace("[!", "[^") for part in text.removeprefix("/").split("/")]
    if "" in parts:
        return None
    anywhere = "/" not in text
    return Rule(negated, folders_only, tuple([_MANY, *parts] if anywhere else parts))


def _steps(places: set[int], parts: tuple[str, ...]) -> set[int]:
    """With the places that are reached where ``**`` stands for nothing."""
    reached = set(places)
    for place in sorted(places):
        while place < len(parts) - 1 and parts[place] == _MANY:
            place += 1
            reached.add(place)
    return reached
