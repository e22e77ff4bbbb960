"""Which Node major a front end is made for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tui.core import frontend
from tui.core.inspect import files
from tui.core.inspect.files import Reader
from tui.core.inspect.frontend import manifest
from tui.core.inspect.frontend.manifest import Manifest
from tui.core.project import Evidence

_FILES = (".nvmrc", ".node-version")
_VERSION = re.compile(r"v?([0-9]{1,3})(?:\.[0-9x*]+){0,2}")
_TOOL = re.compile(r"^\s*node(?:js)?\s+(\S+)", re.MULTILINE)
_BOUND = re.compile(r"(>=|<=|>|<|\^|~|=)?\s*v?([0-9]{1,3})((?:\.[0-9xX*]+){0,2})")
_SPAN = re.compile(r"(\S+)\s+-\s+(\S+)")


class Node(NamedTuple):
    """``evidence`` is None when the project names no version."""

    major: str
    evidence: Evidence | None


def find(reader: Reader, packages: list[Manifest]) -> Node:
    """The pinned major, unless ``engines`` excludes it; else the newest LTS that ``engines`` allows.

    ``packages`` are the front end's package.json and, in a workspace, that of its root.
    """
    ranges = [package for package in packages if package.string("engines", "node")]
    for major, evidence in _pins(reader, packages):
        if all(allows(package.string("engines", "node"), major) for package in ranges):
            return Node(str(major), evidence)
    releases = sorted(frontend.releases(), key=lambda release: not release.lts)
    for package in ranges:
        wanted = package.string("engines", "node")
        evidence = package.evidence(f"engines: node {wanted[:40]}", "engines", "node")
        for release in releases:
            if allows(wanted, release.major):
                return Node(str(release.major), evidence)
        if match := _VERSION.search(wanted):
            return Node(str(int(match[1])), evidence)
    return Node(str(frontend.newest_lts().major), None)


def allows(wanted: str, major: int) -> bool:
    """Whether an npm range holds a release of ``major``. What is not understood holds all."""
    return any(_holds(_SPAN.sub(r">=\1 <=\2", part), major) for part in wanted.split("||"))


def _holds(part: str, major: int) -> bool:
    for operator, number, rest in _BOUND.findall(part):
        bound = int(number)
        fits = {
            ">=": major >= bound,
            ">": major > bound or (major == bound and bool(rest)),
            "<": major < bound or (major == bound and bool(rest.strip(".0"))),
            "<=": major <= bound,
        }.get(operator, major == bound)
        if not fits:
            return False
    return True


def _pins(reader: Reader, packages: list[Manifest]) -> Iterator[tuple[int, Evidence]]:
    folders = list(dict.fromkeys([*(package.folder for package in packages), ""]))
    for folder in folders:
        for name in _FILES:
            path = files.join(folder, name)
            text = manifest.read_text(reader, path) or ""
            if major := _major(text.strip().partition("\n")[0].strip()):
                yield major, Evidence(path, 1, f"Node {major}")
    for package in packages:
        if major := _major(package.string("volta", "node")):
            yield major, package.evidence(f"Volta: Node {major}", "volta", "node")
    for folder in folders:
        path = files.join(folder, ".tool-versions")
        text = manifest.read_text(reader, path) or ""
        match = _TOOL.search(text)
        if match and (major := _major(match[1])):
            yield major, Evidence(path, text.count("\n", 0, match.start(1)) + 1, f"Node {major}")


def _major(text: str) -> int:
    """The major of ``v24.1.0``, ``24`` or ``lts/krypton``; 0 for what leaves the choice open."""
    name = text.lower().removeprefix("lts/")
    for release in frontend.releases():
        if release.codename and name == release.codename:
            return release.major
    match = _VERSION.fullmatch(text)
    return int(match[1]) if match else 0
