"""What the .dockerignore holds: the usual patterns, less those that would drop a needed file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, lru_cache
from pathlib import Path

from tui.core.ignore import Ignore
from tui.core.project import Embed, Project

_FACTS = Path(__file__).parent / "facts" / "ignore.toml"
_FRONT_END_LOCAL = ("**/node_modules", "**/.git", "**/.DS_Store")


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns under one title; lines that start with ``!`` take needed files back in."""

    title: str
    patterns: tuple[str, ...]


@lru_cache(maxsize=8)
def groups(project: Project) -> tuple[Group, ...]:
    """The groups for this project, in the order in which they must stand."""
    made: list[Group] = []
    for title, patterns, secret in _usual():
        if secret and project.front_end and not project.front_end.complete:
            made.append(
                Group("Front end: its sources, without what a build leaves", tuple(_front_end(project)))
            )
        kept = [pattern for pattern in patterns if not _drops_package(pattern, project)]
        before = [line for group in made for line in group.patterns]
        back = sorted(set(_taken_back(project, [*before, *kept], secret)))
        made.append(Group(title, (*kept, *back, *(_last_word(project) if secret else ()))))
    return tuple(made)


def _last_word(project: Project) -> Iterator[str]:
    """What comes back even from among the secrets."""
    if project.has_vendor:
        yield f"!{_placed(project, 'vendor')}"
    if project.front_end and not project.front_end.complete:
        yield from (f"!{_placed(project, path)}" for path in project.front_end.settings)


def _front_end(project: Project) -> Iterator[str]:
    """Its own folder comes back whole, for it may hold sources under any name; then its output goes."""
    front_end = project.front_end
    if front_end is None:
        return
    if front_end.directory != ".":
        folder = _placed(project, front_end.directory)
        yield f"!{folder}"
        yield from (f"{folder}/{name}" for name in _FRONT_END_LOCAL)
    for path in front_end.stale:
        packages = [folder for folder in project.packages if f"{folder}/".startswith(f"{path}/")]
        placed = _placed(project, path)
        if not packages:
            yield placed
        elif packages == [path]:
            yield from (f"{placed}/*", f"!{placed}/*.go")


@cache
def _usual() -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    raw = tomllib.loads(_FACTS.read_text(encoding="utf-8"))
    return tuple((g["title"], tuple(g["patterns"]), g.get("secret", False)) for g in raw["group"])


def _drops_package(pattern: str, project: Project) -> bool:
    ignore = Ignore(pattern)
    return any(directory != "." and _placed(project, directory) in ignore for directory in project.packages)


def _placed(project: Project, path: str) -> str:
    """A path of the project as one of the build context."""
    return f"{project.place}/{path}" if project.place else path


def _taken_back(project: Project, patterns: list[str], secret: bool) -> Iterator[str]:
    ignore = Ignore("\n".join(patterns))
    for embed in project.embeds:
        for file in embed.files:
            if _is_made(project, file):
                continue
            placed = _placed(project, file)
            if placed in ignore and placed.isprintable() and (not secret or _named(embed, file)):
                yield "!" + _escaped(placed if secret else _topmost(placed, ignore))


def _is_made(project: Project, file: str) -> bool:
    """Whether the Node stage makes the file, so that the one lying here is out of date."""
    stale = project.front_end.stale if project.front_end else ()
    return any(f"{file}/".startswith(f"{path}/") for path in stale)


def _named(embed: Embed, file: str) -> bool:
    """Whether the pattern names the file itself, not a folder it happens to lie in."""
    prefix = "" if embed.directory == "." else embed.directory + "/"
    pattern = prefix + embed.pattern.removeprefix("all:")
    return file == pattern or fnmatch(file, pattern)


def _topmost(file: str, ignore: Ignore) -> str:
    """The file, or the highest left-out folder it lies in."""
    parts = file.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return next((folder for folder in above if folder in ignore), file)


def _escaped(path: str) -> str:
    return "".join("\\" + c if c in "*?[\\" else c for c in path)
