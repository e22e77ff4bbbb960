"""Which programs a module has, what they are for, and which one is *the* application."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tui.core.inspect import facts
from tui.core.inspect.packages import Package
from tui.core.project import DECLARATION, Evidence, Main

APPLICATION, TOOL, EXAMPLE = "application", "tool", "example"


def find(packages: Iterable[Package]) -> list[Main]:
    """Every package main with a func main that Go builds, by folder."""
    found = (_main(package) for package in packages)
    return [main for main in found if main is not None]


def rank(
    mains: list[Main],
    module: str,
    folder: str,
    below: str = "",
    chosen: str | None = None,
    built: Sequence[str] = (),
    named: Sequence[str] = (),
) -> list[Main]:
    """The proposal first.

    ``folder`` is the name of the module's folder. Programs under ``below``, the folder the user
    named relative to the module, come before others, and ``chosen`` before all. ``built`` are the
    patterns of those that deployment files build or start; ``named``, of a README, decide between
    those that nothing else sets apart.
    """
    applications = [main for main in mains if main.role == APPLICATION]
    names = _names(module, folder)

    def order(main: Main) -> tuple[bool, bool, bool, bool, int, int, bool, int, str]:
        directory = directory_of(main)
        return (
            main.package != chosen,
            not (directory == below or directory.startswith(f"{below}/") or not below),
            main.package not in built,
            main.role != APPLICATION,
            built.index(main.package) if main.package in built else 0,
            0 if len(applications) == 1 else _place(directory, names),
            main.package not in named,
            directory.count("/"),
            directory,
        )

    return sorted(mains, key=order)


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


def _names(module: str, folder: str) -> list[str]:
    """Folders of cmd/ that are likely the application, the likeliest first."""
    hosted = module.split("/")
    repository = hosted[2] if len(hosted) > 2 else folder
    return [binary_name(module), repository, folder, *facts.mains().usual]


def _place(directory: str, names: list[str]) -> int:
    """How far down the order of proposals a folder is; the root is at its top."""
    places = ["", *(f"cmd/{name}" for name in names), "cmd"]
    return places.index(directory) if directory in places else len(places)
