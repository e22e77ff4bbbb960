"""How a program says that it is well: the routes it registers, and its own subcommands and flags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.core.inspect import facts, routes, subcommands
from tui.core.inspect.ports import Server
from tui.core.inspect.program import Program
from tui.core.project import Health, ListenPort


def find(program: Program, servers: Iterable[Server], listening: Iterable[ListenPort]) -> tuple[Health, ...]:
    """Each once, the likeliest first: commands before routes, each in the order of their table.

    A route that the first of the ports that are ``listening`` does not serve has its port before it.
    """
    table = facts.health()
    endings = "|".join(re.escape(ending.rpartition("/")[2]) for ending in table.endings)
    program.search(rf'/(?:{endings})/?["`{{]')
    program.search(rf'"(?:{"|".join(table.commands)})["\s]')
    found = [*subcommands.find(program), *routes.find(program, servers, listening)]
    once: dict[tuple[str, str], Health] = {}
    for health in sorted(found, key=lambda h: (_rank(h), program.order(h.evidence.file), h.evidence.line)):
        once.setdefault((health.kind, health.value), health)
    return tuple(once.values())


def _rank(health: Health) -> tuple[bool, int, bool, int]:
    table = facts.health()
    if health.kind == "command":
        return False, table.commands.index(health.value.lstrip("-")), False, 0
    is_other = not health.value.startswith("/")
    return True, routes.place(health.value) or 0, is_other, health.value.count("/")
