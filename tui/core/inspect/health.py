"""How a program says that it is well: the routes it registers, and its own subcommands and flags."""

from __future__ import annotations

import re

from tui.core.inspect import commands, facts, routes
from tui.core.inspect.program import Program
from tui.core.project import Health


def find(program: Program) -> tuple[Health, ...]:
    """Each once, the likeliest first: commands before routes, each in the order of their table."""
    table = facts.health()
    endings = "|".join(re.escape(ending.rpartition("/")[2]) for ending in table.endings)
    program.search(rf'/(?:{endings})/?["`{{]')
    program.search(rf'"(?:{"|".join(table.commands)})["\s]')
    found = [*commands.find(program), *routes.find(program)]
    once: dict[tuple[str, str], Health] = {}
    for health in sorted(found, key=lambda h: (_rank(h), program.order(h.evidence.file), h.evidence.line)):
        once.setdefault((health.kind, health.value), health)
    return tuple(once.values())


def _rank(health: Health) -> tuple[bool, int, int]:
    table = facts.health()
    if health.kind == "command":
        return False, table.commands.index(health.value.lstrip("-")), 0
    return True, routes.place(health.value) or 0, health.value.count("/")
