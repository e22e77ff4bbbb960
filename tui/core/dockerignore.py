"""What the .dockerignore holds: the usual patterns, less those that would drop a needed file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from posixpath import normpath

from tui.core.front_end_stage import has_bundle
from tui.core.ignore import Ignore
from tui.core.plan import Plan
from tui.core.project import Embed, Project

_FACTS = Path(__file__).parent / "facts" / "ignore.toml"
_FOR_TESTS = ("!**/testdata",)
"""What Go's tests read; keys and certificates among it are the tests' own."""

_FRONT_END_LOCAL = ("**/node_modules", "**/.git", "**/.DS_Store")


@dataclass(frozen=True, slots=True)
class Group:
    """Patterns under one title; lines that start with ``!`` take needed files back in."""

    title: str
    patterns: tuple[str, ...]


def groups(project: Project, plan: Plan) -> tuple[Group, ...]:
    """The groups for this project and plan, in the order in which they must stand."""
    built = project if has_bundle(project, plan) else replace(project, front_end=None)
    here = tuple(path for path in plan.file if not _is_made(built, path))
    return _groups(built, here, "file" in plan.answered, plan.test)


@lru_cache(maxsize=8)
def _groups(project: Project, files: tuple[str, ...], are_chosen: bool, tested: bool) -> tuple[Group, ...]:
    """``files`` come back whole; from among the secrets only what is named, or what a person chose."""
    made: list[Group] = []
    for title, patterns, secret in _usual():
        if secret:
            made += _further(project, () if are_chosen else files)
        kept = [_anchored(project, pattern) for pattern in patterns if not _drops_package(pattern, project)]
        before = [line for group in made for line in group.patterns]
        back = sorted(set(_taken_back(project, [*before, *kept], secret)))
        last = _last_word(project, files, [*before, *kept, *back], are_chosen) if secret else ()
        last = (*last, *(_FOR_TESTS if secret and tested else ()))
        made.append(Group(title, (*kept, *back, *last)))
    return tuple(Group(group.title, tuple(filter(str.isprintable, group.patterns))) for group in made)


def _further(project: Project, files: tuple[str, ...]) -> Iterator[Group]:
    if front_end := tuple(_front_end(project)):
        yield Group("Front end: its sources, without what a build leaves", front_end)
    if folders := tuple(f"!{_placed(project, path)}" for path in files if _may_hold(project, path)):
        yield Group("Files the program opens", folders)


def _last_word(
    project: Project, files: tuple[str, ...], patterns: list[str], are_chosen: bool
) -> Iterator[str]:
    """What comes back even from among the secrets."""
    if project.has_vendor:
        yield f"!{_vendor(project)}"
    ignore = Ignore("\n".join(patterns))
    for path in dict.fromkeys((*_read_by_node(project), *files)):
        placed = _placed(project, path)
        if placed in ignore or (are_chosen and path in files and _may_hold(project, path)):
            yield f"!{placed}"


def _vendor(project: Project) -> str:
    """The folder of vendored modules, which lies beside a go.work in force."""
    work = next((file for file in project.module_files if PurePosixPath(file).name == "go.work"), "")
    return str(PurePosixPath(work).with_name("vendor")) if work else _placed(project, "vendor")


def _read_by_node(project: Project) -> tuple[str, ...]:
    front_end = project.front_end
    return (*front_end.settings, *front_end.manifests) if front_end else ()


def _may_hold(project: Project, path: str) -> bool:
    """Whether a path is a folder's, or looks like one."""
    return not PurePosixPath(path).suffix or (project.root / path).is_dir()


def _front_end(project: Project) -> Iterator[str]:
    """Its packages' folders come back whole, for they may hold sources under any name; then its output
    goes."""
    front_end = project.front_end
    if front_end is None:
        return
    packages = (path.removesuffix("/package.json") for path in front_end.manifests)
    for path in _outermost({front_end.directory, *packages} - {".", *front_end.manifests}):
        folder = _placed(project, path)
        yield f"!{folder}"
        yield from (f"{folder}/{name}" for name in _FRONT_END_LOCAL)
    for path in front_end.stale:
        inside = [folder for folder in project.packages if f"{folder}/".startswith(f"{path}/")]
        placed = _placed(project, path)
        if placed.startswith(("!", "#")):
            continue
        if not inside:
            yield placed
        elif inside == [path]:
            yield from (f"{placed}/*", f"!{placed}/*.go")


def _outermost(folders: set[str]) -> list[str]:
    """Those that lie in no other."""
    return sorted(f for f in folders if not any(f.startswith(f"{other}/") for other in folders))


@cache
def _usual() -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    raw = tomllib.loads(_FACTS.read_text(encoding="utf-8"))
    return tuple((g["title"], tuple(g["patterns"]), g.get("secret", False)) for g in raw["group"])


def _drops_package(pattern: str, project: Project) -> bool:
    """Whether it leaves out Go files of the project, or the folder of a module that is built with it."""
    ignore = Ignore(_anchored(project, pattern))
    folders = (*project.packages, *project.reached)
    own = (_placed(project, folder) for folder in folders if folder != ".")
    joined = (str(PurePosixPath(file).parent) for file in project.module_files)
    return any(folder in ignore for folder in (*own, *joined) if folder != ".")


def _anchored(project: Project, pattern: str) -> str:
    """A pattern for any folder as it stands, one for the project's own in its place."""
    return pattern if pattern.startswith("**/") else _placed(project, pattern)


def _placed(project: Project, path: str) -> str:
    """A path of the project, which may lead above it, as one of the build context."""
    return normpath(f"{project.place}/{path}") if project.place else path


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
