"""Folders that Git leaves out: what lies in them is no source of the project, unless Go compiles it.

Go knows nothing of .gitignore. A package that is imported is compiled wherever it lies, so such a folder is
read when an import leads to it; and a single file that Git leaves out, often generated code, counts with the
rest of its folder. Programs, front ends and other modules are not looked for in folders Git leaves out: there
lie caches, bundles and copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tui.core.inspect import files, globs
from tui.core.inspect.files import Reader
from tui.core.inspect.gitignore import GitIgnore, Rule

_WILD = frozenset("*?[\\")


class _Names(NamedTuple):
    """What the last element of a folder's path must be, for any rule of one .gitignore to name it."""

    plain: frozenset[str]
    wild: tuple[Callable[[str], bool], ...]

    def may_name(self, name: str) -> bool:
        return name in self.plain or any(matches(name) for matches in self.wild)


class IgnoredFolders:
    """Asked for each folder from the root down. ``kept`` are folders that are entered in any case."""

    def __init__(self, reader: Reader, kept: Iterable[str] = ()) -> None:
        self._git = GitIgnore(reader)
        self._kept = tuple(f"{folder}/" for folder in kept if folder)
        above = self._git.above_root()
        self._names = {"": tuple(_names(self._git.rules_in(folder)) for folder in above)}
        self._is_off = self._git.leaves_out_root()

    def entered(self, folder: str, names: list[str], below: list[str]) -> list[str]:
        """Those of ``below`` that Git does not leave out; ``names`` are the files beside them."""
        if self._is_off:
            return below
        applying = self._names.get(folder, ())
        if folder and ".gitignore" in names:
            applying = (*applying, _names(self._git.rules_in_project(folder)))
        kept = [name for name in below if not self._is_left_out(files.join(folder, name), name, applying)]
        if applying:
            for name in kept:
                self._names[files.join(folder, name)] = applying
        return kept

    def _is_left_out(self, path: str, name: str, applying: tuple[_Names, ...]) -> bool:
        if not any(names.may_name(name) for names in applying):
            return False
        if any(kept.startswith(f"{path}/") for kept in self._kept):
            return False
        return self._git.leaves_out_folder(path)


def _names(rules: Iterable[Rule]) -> _Names:
    last = {rule.parts[-1] for rule in rules if not rule.negated}
    wild = [part for part in last if _WILD & set(part)]
    return _Names(frozenset(last.difference(wild)), tuple(map(globs.compile_part, wild)))
