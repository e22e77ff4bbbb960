"""Whether a program is told when its container is to stop."""

from __future__ import annotations

from collections.abc import Iterator

from tui.core.inspect import facts
from tui.core.inspect.expressions import Expression, Qualified
from tui.core.inspect.program import Program
from tui.core.project import Evidence


def find(program: Program) -> Evidence | None:
    """Where SIGTERM is caught, the nearest to the main package; None where nothing of its own code does."""
    table = facts.signals()
    program.words([*table.notify, *table.functions])
    found = sorted(_places(program), key=lambda seen: (program.order(seen.file), seen.line))
    return next(iter(found), None)


def _places(program: Program) -> Iterator[Evidence]:
    table = facts.signals()
    for call, scope in program.calls:
        name = facts.unversioned_name(call.name)
        first = table.notify.get(name)
        if first is not None:
            signals = call.args[first:]
            if not signals or any(map(_is_termination, signals)):
                yield Evidence(scope.file, call.line, call.source)
        elif name in table.functions:
            yield Evidence(scope.file, call.line, call.source)


def _is_termination(signal: Expression) -> bool:
    """A list of signals that is spread out counts: what is in it is not followed."""
    if isinstance(signal, Qualified):
        return f"{signal.package}.{signal.name}" in facts.signals().terminations
    return True
