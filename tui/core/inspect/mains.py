"""Which programs a module has, and what they are for by their folders."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.core.inspect import facts
from tui.core.inspect.packages import Package
from tui.core.project import DECLARATION, Evidence, Main

APPLICATION, TOOL, EXAMPLE = "application", "tool", "example"


def find(packages: Iterable[Package]) -> list[Main]:
    """Every package main with a func main that Go builds, by folder."""
    found = (_main(package) for package in packages)
    return [main for main in found if main is not None]


def directory_of(main: Main) -> str:
    """The folder of a main, relative to the module; ``""`` is its root."""
    return "" if main.package == "." else main.package.removeprefix("./")


def binary_name(import_path: str) -> str:
    """The name ``go build`` gives a program: the last element that is no major version."""
    before, _, last = import_path.rpartition("/")
    if before and re.fullmatch(r"v([2-9]|[1-9][0-9]+)", last):
        return before.rpartition("/")[2]
    return last


def _main(package: Package) -> Main | None:
    file = next((file for file in package.files if file.main), None)
    if file is None:
        return None
    pattern = f"./{package.directory}" if package.directory else "."
    evidence = Evidence(file.path, file.main, "func main of package main", DECLARATION)
    return Main(pattern, binary_name(package.path), _role(package.directory), evidence)


def _role(directory: str) -> str:
    parts = set(directory.lower().split("/"))
    table = facts.mains()
    if parts & table.examples:
        return EXAMPLE
    return TOOL if parts & table.tools else APPLICATION
