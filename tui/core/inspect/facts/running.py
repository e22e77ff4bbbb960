"""What is known of what programs need, read and obey when they run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from tui.core.inspect.facts.lookup import ByImport, load


class Sign(NamedTuple):
    """What shows a need: ``what`` is the need, ``why`` ends the sentence "the program …"."""

    what: str
    why: str


class Opening(NamedTuple):
    """Calls that open files, with the index of the argument that names one (-1: each does).

    Methods also have the packages one of which their file imports. ``written`` make or change files.
    """

    functions: Mapping[str, int]
    methods: Mapping[str, tuple[frozenset[str], int]]
    written: frozenset[str]


class Needs(NamedTuple):
    """Signs by import path, by ``import/path.Name`` and by method; calls that start a program, with
    the index of the argument that names it; needs that an import brings into the binary; calls that
    open files."""

    imports: ByImport[Sign]
    names: Mapping[str, Sign]
    methods: Mapping[str, Sign]
    programs: Mapping[str, int]
    brought: Mapping[str, str]
    opened: Opening


class Environment(NamedTuple):
    """What reads variables of the environment, ``structs`` by the fields of their second argument;
    ``system`` and ``prefixes`` are no settings of a program."""

    read: frozenset[str]
    methods: frozenset[str]
    functions: frozenset[str]
    structs: frozenset[str]
    system: frozenset[str]
    prefixes: tuple[str, ...]


class Signals(NamedTuple):
    """Calls that ask for signals, with the place of the first one; names of SIGTERM; calls that catch it."""

    notify: Mapping[str, int]
    terminations: frozenset[str]
    functions: frozenset[str]


@cache
def environment() -> Environment:
    """The calls and names, from environment.toml."""
    data = load("environment")
    named, system = data["named"], data["system"]
    return Environment(
        frozenset(data["read"]),
        frozenset(named["methods"]),
        frozenset(named["functions"]),
        frozenset(named["structs"]),
        frozenset(system["names"]),
        tuple(system["prefixes"]),
    )


@cache
def signals() -> Signals:
    """The calls, from signals.toml."""
    data = load("signals")
    return Signals(data["notify"], frozenset(data["terminations"]), frozenset(data["functions"]))


@cache
def needs() -> Needs:
    """The signs, from needs.toml."""
    data = load("needs")
    signs = [(Sign(entry["what"], entry["why"]), entry) for entry in data["need"]]
    return Needs(
        imports=ByImport((path, sign) for sign, entry in signs for path in entry.get("imports", ())),
        names={name: sign for sign, entry in signs for name in entry.get("names", ())},
        methods={name: sign for sign, entry in signs for name in entry.get("methods", ())},
        programs=data["programs"],
        brought=data["brought"],
        opened=_opening(data),
    )


def _opening(data: Mapping[str, Any]) -> Opening:
    methods: dict[str, tuple[frozenset[str], int]] = {}
    functions: dict[str, int] = {}
    for entry in data["opened"]:
        functions |= dict.fromkeys(entry.get("functions", ()), entry["argument"])
        for name in entry.get("methods", ()):
            methods[name] = (frozenset(entry["packages"]), entry["argument"])
    return Opening(functions, methods, frozenset(data["written"]["functions"]))
