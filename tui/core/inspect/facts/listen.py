"""What is known of code that listens, from listeners.toml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from tui.core.inspect.facts.lookup import ByName, load


class Listener(NamedTuple):
    """Code that listens. ``address`` and ``network`` are argument indexes, -1 for none.

    ``field`` and ``network_field`` are those of a composite literal. ``default`` is the port
    without an address, 0 for none. ``tls`` tells that what it takes is encrypted.
    ``member`` is the field of the argument that holds the address, or the port alone.
    """

    address: int = -1
    network: int = -1
    field: str = ""
    network_field: str = ""
    protocol: str = "tcp"
    default: int = 0
    tls: bool = False
    member: str = ""


class Listeners(NamedTuple):
    """Listeners by function, by (method, package) and by literal type, and how to judge a port."""

    functions: ByName[Listener]
    methods: Mapping[str, tuple[tuple[str, Listener], ...]]
    literals: ByName[tuple[Listener, ...]]
    names: Mapping[str, int]
    never: frozenset[int]
    side: tuple[str, ...]
    other: frozenset[str]
    settings: frozenset[str]
    client: frozenset[int]


@cache
def listeners() -> Listeners:
    """The idioms, from listeners.toml."""
    data = load("listeners")
    methods: dict[str, tuple[tuple[str, Listener], ...]] = {}
    for entry in data["method"]:
        for name in entry["names"]:
            methods[name] = (*methods.get(name, ()), (entry["package"], _listener(entry)))
    literals: dict[str, tuple[Listener, ...]] = {}
    for entry in data["literal"]:
        for name in entry["types"]:
            literals[name] = (*literals.get(name, ()), _listener(entry))
    judgement = data["judgement"]
    return Listeners(
        functions=ByName((name, _listener(entry)) for entry in data["function"] for name in entry["names"]),
        methods=methods,
        literals=ByName(literals.items()),
        names=data["names"],
        never=frozenset(judgement["never"]),
        side=tuple(judgement["side"]),
        other=frozenset(judgement["other"]),
        settings=frozenset(judgement["settings"]),
        client=frozenset(judgement["client"]),
    )


def _listener(entry: Mapping[str, Any]) -> Listener:
    literal = "field" in entry
    return Listener(
        address=entry.get("address", -1),
        network=-1 if literal else entry.get("network", -1),
        field=entry.get("field", ""),
        network_field=entry.get("network", "") if literal else "",
        protocol=entry.get("protocol", "tcp"),
        default=entry.get("default", 0),
        tls=entry.get("tls", False),
        member=entry.get("member", ""),
    )
