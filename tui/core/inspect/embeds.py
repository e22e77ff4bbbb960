"""Resolves //go:embed patterns to files by the rules of cmd/go (resolveEmbed)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.core.inspect import files, globs
from tui.core.inspect.files import Reader
from tui.core.inspect.packages import Package
from tui.core.project import DECLARATION, Embed, Evidence

_NEVER = frozenset({"", ".bzr", ".hg", ".git", ".svn"})


def find(reader: Reader, packages: Iterable[Package]) -> Iterator[Embed]:
    """The embeds of every package, with the files they match today."""
    for package in packages:
        for file in sorted((*package.files, *package.others)):
            for embed in file.embeds:
                matched = _matched(reader, package.directory, embed.pattern)
                evidence = Evidence(file.path, embed.line, f"//go:embed {embed.pattern}", DECLARATION)
                yield Embed(embed.pattern, package.directory or ".", tuple(matched), evidence)


def _matched(reader: Reader, directory: str, pattern: str) -> list[str]:
    glob = pattern.removeprefix("all:")
    hidden = glob != pattern
    found: dict[str, None] = {}
    for path in _glob(reader, directory, glob):
        found |= dict.fromkeys(_tree(reader, path, hidden) if reader.is_folder(path) else [path])
    return sorted(found)


def _glob(reader: Reader, directory: str, glob: str) -> list[str]:
    """Files and folders that match; links and the inside of other modules never do."""
    parts = glob.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return []
    found = [directory]
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        found = [path for base in found for path in _step(reader, base, part, last)]
    return found


def _step(reader: Reader, base: str, part: str, last: bool) -> Iterator[str]:
    matches = globs.compile_part(part)
    for entry in reader.entries(base):
        if entry.name in _NEVER or not matches(entry.name):
            continue
        path = files.join(base, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if not reader.holds(f"{path}/go.mod"):
                yield path
        elif last and entry.is_file(follow_symlinks=False):
            yield path


def _tree(reader: Reader, start: str, hidden: bool) -> Iterator[str]:
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        for entry in reader.entries(folder):
            if entry.name in _NEVER or (entry.name[0] in "._" and not hidden):
                continue
            path = files.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if not reader.holds(f"{path}/go.mod"):
                    waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
