"""Folders that Git leaves out: what lies in them is no source of the project, unless Go compiles it.

Go knows nothing of .gitignore. A package that is imported is compiled wherever it lies, so such a folder is
read when an import leads to it; and a single file that Git leaves out, often generated code, counts with the
rest of its folder. Programs, front ends and other modules are not looked for in folders Git leaves out: there
lie caches, bundles and copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import files, globs
from tui.core.inspect.files import Reader
from tui.core.inspect.gitignore import GitIgnore, Rule
from tui.core.project import Note

_WILD = frozenset("*?[\\")


class _Last(NamedTuple):
    """What the last element of a path must be for some rule to name it."""

    plain: frozenset[str]
    wild: tuple[Callable[[str], bool], ...]

    def fits(self, name: str) -> bool:
        return name in self.plain or any(matches(name) for matches in self.wild)


class _Rules(NamedTuple):
    """The rules of one .gitignore by the depth below it that they can name, 0 for any.

    ``base`` is the depth of its folder below the project, negative above it.
    """

    base: int
    by_depth: dict[int, _Last]

    def may_name(self, name: str, depth: int) -> bool:
        lasts = (self.by_depth.get(at) for at in (0, depth - self.base))
        return any(last is not None and last.fits(name) for last in lasts)


class IgnoredFolders:
    """Asked for each folder from the root down. ``kept`` are folders that are entered in any case."""

    def __init__(self, reader: Reader, kept: Iterable[str] = ()) -> None:
        self._git = GitIgnore(reader)
        self._kept = tuple(f"{folder}/" for folder in kept if folder)
        above = self._git.above_root()
        bases = range(1 - len(above), 1)
        found = (_rules(base, self._git.rules_in(folder)) for base, folder in zip(bases, above, strict=True))
        self._rules: dict[str, tuple[_Rules, ...]] = {"": tuple(found)}
        self._is_off = self._git.leaves_out_root()

    def entered(self, folder: str, names: list[str], below: list[str]) -> list[str]:
        """Those of ``below`` that Git does not leave out; ``names`` are the files beside them."""
        if self._is_off:
            return below
        applying = self._rules.get(folder, ())
        depth = folder.count("/") + bool(folder)
        if folder and ".gitignore" in names:
            applying = (*applying, _rules(depth, self._git.rules_in_project(folder)))
        if not any(rules.by_depth for rules in applying):
            return below
        kept: list[str] = []
        for name in below:
            path = files.join(folder, name)
            may_be = any(rules.may_name(name, depth + 1) for rules in applying)
            if not (may_be and self._is_left_out(path)):
                kept.append(name)
                self._rules[path] = applying
        return kept

    def notes(self) -> Iterator[Note]:
        """Where folders were left out without knowing what Git tracks in them."""
        if self._git.unknown:
            yield Note(
                f"Git's index cannot be taken into account, {self._git.unknown}: folders that .gitignore "
                "names are left out as if nothing in them were tracked."
            )

    def _is_left_out(self, path: str) -> bool:
        if any(kept.startswith(f"{path}/") for kept in self._kept):
            return False
        return self._git.leaves_out_folder(path)


def _rules(base: int, rules: Iterable[Rule]) -> _Rules:
    by_depth: dict[int, set[str]] = defaultdict(set)
    for rule in rules:
        if not rule.negated:
            by_depth[0 if "**" in rule.parts else len(rule.parts)].add(rule.parts[-1])
    return _Rules(base, {depth: _last(names) for depth, names in by_depth.items()})


def _last(names: set[str]) -> _Last:
    wild = [name for name in names if _WILD & set(name)]
    return _Last(frozenset(names.difference(wild)), tuple(map(globs.compile_part, wild)))
