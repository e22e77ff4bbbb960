"""Resolves //go:embed patterns to files by the rules of cmd/go (resolveEmbed)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui.core.inspect import files, globs
from tui.core.inspect.packages import Package
from tui.core.project import DECLARATION, Embed, Evidence

_NEVER = frozenset({"", ".bzr", ".hg", ".git", ".svn"})


def find(root: Path, packages: Iterable[Package]) -> Iterator[Embed]:
    """The embeds of every package, with the files they match today."""
    for package in packages:
        for file in package.files:
            for embed in file.embeds:
                matched = _matched(root, package.directory, embed.pattern)
                evidence = Evidence(file.path, embed.line, f"//go:embed {embed.pattern}", DECLARATION)
                yield Embed(embed.pattern, package.directory or ".", tuple(matched), evidence)


def _matched(root: Path, directory: str, pattern: str) -> list[str]:
    glob = pattern.removeprefix("all:")
    hidden = glob != pattern
    found: dict[str, None] = {}
    for path in _glob(root, directory, glob):
        found |= dict.fromkeys(_tree(root, path, hidden) if _is_folder(root / path) else [path])
    return sorted(found)


def _glob(root: Path, directory: str, glob: str) -> list[str]:
    """Files and folders that match; links and the inside of other modules never do."""
    parts = glob.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return []
    found = [directory]
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        found = [path for base in found for path in _step(root, base, part, last)]
    return found


def _step(root: Path, base: str, part: str, last: bool) -> Iterator[str]:
    matches = globs.compile_part(part)
    for entry in _entries(root / base):
        if entry.name in _NEVER or not matches(entry.name):
            continue
        path = files.join(base, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if not (root / path / "go.mod").exists():
                yield path
        elif last and entry.is_file(follow_symlinks=False):
            yield path


def _tree(root: Path, start: str, hidden: bool) -> Iterator[str]:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        for entry in _entries(root / folder):
            if entry.name in _NEVER or (entry.name[0] in "._" and not hidden):
                continue
            path = files.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not (root / path / "go.mod").exists():
                    waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (OSError, ValueError):
        return []
