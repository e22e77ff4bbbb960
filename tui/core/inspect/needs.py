"""What a program needs of the image it runs in: certificates, time zones, /tmp, users, programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui.core.inspect import facts
from tui.core.inspect.facts.running import Sign
from tui.core.inspect.packages import Package
from tui.core.inspect.program import Program
from tui.core.inspect.values import Values
from tui.core.project import Evidence, Need

_PROGRAM = re.compile(r"[\w./+-]{1,100}", re.ASCII)


def find(program: Program, packages: Iterable[Package]) -> tuple[Need, ...]:
    """Each need once, with the place nearest to the main package that shows it."""
    own = [package for package in packages if package.own]
    table = facts.needs()
    program.words([*table.names, *table.programs])
    program.search(rf"\.\s*(?:{'|'.join(table.methods)})\b")
    found: dict[str, Need] = {}
    for need in sorted(_all(program, own), key=lambda n: (program.order(n.evidence.file), n.evidence.line)):
        found.setdefault(need.what, need)
    for what in _brought(own):
        found.pop(what, None)
    return tuple(found.values())


def _all(program: Program, packages: list[Package]) -> Iterator[Need]:
    table = facts.needs()
    for package in packages:
        for file in package.files:
            for imported in file.imports:
                sign = table.imports.get(imported.path)
                if sign:
                    yield _need(sign, file.path, imported.line, f"imports {imported.path}")
    with program.without_reading():
        started = list(_started(program, Values(program)))
    yield from started
    for path, body in program.bodies.items():
        for name, line in body.names:
            if sign := table.names.get(name):
                yield _need(sign, path, line, name.rpartition("/")[2])
        for call, _ in body.calls:
            if call.receiver is not None and (sign := table.methods.get(call.last)):
                yield _need(sign, path, call.line, call.source)


def _started(program: Program, values: Values) -> Iterator[Need]:
    """The programs it executes, by the names in its code."""
    table = facts.needs().programs
    for call, scope in list(program.calls):
        index = table.get(call.name, -1)
        argument = call.args[index] if 0 <= index < len(call.args) else None
        for value in values.of(argument, scope) if argument else ():
            if _PROGRAM.fullmatch(value.text):
                yield Need(f"program:{value.text}", Evidence(scope.file, call.line, call.source))


def _need(sign: Sign, file: str, line: int, shown: str) -> Need:
    return Need(sign.what, Evidence(file, line, f"{sign.why}: {shown}"))


def _brought(packages: list[Package]) -> Iterator[str]:
    imported = {i.path for package in packages for file in package.files for i in file.imports}
    for what, path in facts.needs().brought.items():
        if path in imported:
            yield what
