"""What a Node stage runs for a front end. The facts are in frontend.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tui.core.project import FrontEnd

_FACTS = Path(__file__).parent / "facts" / "frontend.toml"


class Release(NamedTuple):
    """A Node major. ``end`` is the last day of its support, ``suite`` the image's Debian release."""

    major: int
    codename: str
    lts: bool
    end: date
    suite: str


class Manager(NamedTuple):
    """A package manager from major version ``start`` on, below ``below`` (0: without bound).

    ``versions`` gives the version by the lockfile's own, which the pattern ``lock_version`` finds in
    it. ``files`` are read by the install step, beside package.json and the lockfile.
    """

    name: str
    start: int
    below: int
    lockfiles: tuple[str, ...]
    lock_version: str
    versions: dict[str, str]
    default: str
    files: tuple[str, ...]
    frozen: tuple[str, ...]
    loose: tuple[str, ...]
    provide: tuple[str, ...]
    cache: str
    run: tuple[str, ...]

    def covers(self, version: str) -> bool:
        """Whether this entry is for ``version``; it is when that is empty."""
        major = version.partition(".")[0]
        if not major.isdecimal():
            return True
        return self.start <= int(major) and (not self.below or int(major) < self.below)


class NodeStage(NamedTuple):
    """Image reference and commands, as words. ``provide`` is empty where the image has the manager.

    ``cache`` is the folder in the image that a cache mount keeps, "" where none may.
    """

    image: str
    provide: tuple[str, ...]
    install: tuple[str, ...]
    cache: str
    build: tuple[str, ...]


def stage(front_end: FrontEnd, node: str = "") -> NodeStage:
    """The Node stage of a front end; ``node`` is another major version, checked by the caller."""
    manager = manager_for(front_end.manager, front_end.manager_version)
    version = front_end.manager_version or manager.default
    return NodeStage(
        image=image(node or front_end.node),
        provide=tuple(word.replace("{version}", version) for word in manager.provide),
        install=manager.frozen if front_end.has_lockfile else manager.loose,
        cache=manager.cache,
        build=(*manager.run, front_end.script),
    )


def image(major: str) -> str:
    """The reference of the official image of a Node major, on the Debian release it has."""
    known = {str(release.major): release.suite for release in releases()}
    return f"node:{major}-{known.get(major, releases()[0].suite)}-slim"


@cache
def facts() -> dict[str, Any]:
    """frontend.toml as it stands."""
    return tomllib.loads(_FACTS.read_text(encoding="utf-8"))


@cache
def releases() -> tuple[Release, ...]:
    """The known Node majors, newest first."""
    return tuple(Release(**entry) for entry in facts()["node"])


def newest_lts() -> Release:
    """What a project gets that asks for no version."""
    return next(release for release in releases() if release.lts)


@cache
def managers() -> tuple[Manager, ...]:
    """Every manager, in the order in which lockfiles decide."""
    return tuple(_manager(entry) for entry in facts()["manager"])


def manager_for(name: str, version: str) -> Manager:
    """The entry for a manager's version. Raises KeyError for a name that is not known."""
    for manager in managers():
        if manager.name == name and manager.covers(version):
            return manager
    raise KeyError(name)


def _manager(entry: dict[str, Any]) -> Manager:
    return Manager(
        name=entry["name"],
        start=entry.get("from", 0),
        below=entry.get("below", 0),
        lockfiles=tuple(entry["lockfiles"]),
        lock_version=entry.get("lock_version", ""),
        versions=entry.get("versions", {}),
        default=entry["default"],
        files=tuple(entry["files"]),
        frozen=tuple(entry["frozen"]),
        loose=tuple(entry["loose"]),
        provide=tuple(entry["provide"]),
        cache=entry["cache"],
        run=tuple(entry["run"]),
    )
