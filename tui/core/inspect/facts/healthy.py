"""What is known of how programs say that they are well, from health.toml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from tui.core.inspect.facts.lookup import ByName, load


class Route(NamedTuple):
    """A call that registers a route: the index of its path, and how many arguments it has at least.

    For a method, ``package`` is what its file imports.
    """

    path: int
    least: int
    package: str = ""


class Check(NamedTuple):
    """A method that registers a check at a path, at the port in a field of the server's options."""

    package: str
    method: str
    path: str
    field: str


class HealthSigns(NamedTuple):
    """Endings of paths and names of commands, the likeliest first, and what registers routes.

    ``mounting`` are the packages whose routers have a method Mount.
    """

    endings: tuple[str, ...]
    commands: tuple[str, ...]
    groups: frozenset[str]
    mounting: tuple[str, ...]
    functions: ByName[Route]
    methods: Mapping[str, tuple[Route, ...]]
    checks: tuple[Check, ...]


@cache
def health() -> HealthSigns:
    """The signs, from health.toml."""
    data = load("health")
    methods: dict[str, tuple[Route, ...]] = {}
    functions: dict[str, Route] = {}
    for entry in data["route"]:
        route = Route(entry["path"], entry["least"], entry.get("package", ""))
        for name in entry.get("methods", ()):
            methods[name] = (*methods.get(name, ()), route)
        functions |= dict.fromkeys(entry.get("functions", ()), route)
    return HealthSigns(
        tuple(data["endings"]),
        tuple(data["commands"]),
        frozenset(data["groups"]),
        tuple(data["mounting"]),
        ByName(functions.items()),
        methods,
        tuple(Check(**entry) for entry in data["check"]),
    )
