"""How a program says that it is well: the routes it registers, and its own subcommands and flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import facts, routes, subcommands
from tui.core.inspect.ports import Server
from tui.core.inspect.program import Program
from tui.core.project import Health, ListenPort, Note


class Found(NamedTuple):
    """Each once, the likeliest first; ``notes`` say what there is and cannot be asked."""

    healths: tuple[Health, ...]
    notes: tuple[Note, ...]


def find(program: Program, servers: Iterable[Server], listening: Iterable[ListenPort]) -> Found:
    """Commands before routes, each in the order of their table.

    A route that the first of the ports that are ``listening`` does not serve has its port before it.
    """
    table = facts.health()
    endings = "|".join(re.escape(ending.rpartition("/")[2]) for ending in table.endings)
    program.search(rf'/(?:{endings})/?["`{{]')
    program.search(rf'"(?:{"|".join(table.commands)})["\s]')
    for check in table.checks:
        program.search(rf"\.{check.method}\(", importing=check.package, name=check.method)
    asked = routes.find(program, servers, listening)

    def ranked(found: Iterable[Health]) -> list[Health]:
        return sorted(found, key=lambda h: (_rank(h), program.order(h.evidence.file), h.evidence.line))

    once: dict[tuple[str, str], Health] = {}
    for health in ranked([*subcommands.find(program), *asked.routes]):
        once.setdefault((health.kind, health.value), health)
    return Found(tuple(once.values()), tuple(_encrypted(ranked(asked.encrypted))) if not once else ())


def _encrypted(found: list[Health]) -> Iterator[Note]:
    for health in found[:1]:
        text = (
            f"HTTPS alone serves {health.value}, and the image's health check speaks plain HTTP, so none is "
            "proposed. A subcommand of the program could ask it, or a Kubernetes probe with scheme: HTTPS."
        )
        yield Note(text, health.evidence)


def _rank(health: Health) -> tuple[bool, int, bool, int]:
    table = facts.health()
    if health.kind == "command":
        return False, table.commands.index(health.value.lstrip("-")), False, 0
    is_other = not health.value.startswith("/")
    return True, routes.place(health.value) or 0, is_other, health.value.count("/")
