"""The HTTP routes a program registers for its health."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.code import Binding, Comparison, Scope
from tui.core.inspect.expressions import Call, Expression, Field, Literal, Name, own_name
from tui.core.inspect.facts.healthy import Route
from tui.core.inspect.ports import Server
from tui.core.inspect.program import Program
from tui.core.inspect.routers import Routers
from tui.core.inspect.values import Values
from tui.core.project import LITERAL, Evidence, Health, ListenPort

_ROUTE = re.compile(r"(?:(?:GET|HEAD) )?(/[\w./-]{0,100})(?:\{\$\})?", re.ASCII)
_FOLLOWED = re.compile(r"(?i)health|live|ready|ping|status")
_DEEPEST = 6


class Found(NamedTuple):
    """Routes in the program's order. ``encrypted`` are those that HTTPS alone serves."""

    routes: tuple[Health, ...]
    encrypted: tuple[Health, ...]


def find(program: Program, servers: Iterable[Server], listening: Iterable[ListenPort]) -> Found:
    """The routes of what is read of a program."""
    first = next((port.port for port in listening if port.protocol == "tcp"), 0)
    reading = _Routes(program, servers, first)
    return Found((*reading.all(), *reading.checks()), tuple(reading.encrypted))


def place(path: str) -> int | None:
    """The place in the table of the longest ending that fits; None for any other path."""
    fitting = [
        e for e in facts.health().endings if path.strip("/") == e or path.rstrip("/").endswith(f"/{e}")
    ]
    return facts.health().endings.index(max(fitting, key=len)) if fitting else None


class _At(NamedTuple):
    """Where a route is registered: below which path, and on which router, None for net/http's own."""

    prefix: str
    router: Expression | None
    scope: Scope


class _Routes:
    def __init__(self, program: Program, servers: Iterable[Server], first: int) -> None:
        self.program, self.values = program, Values(program)
        self.routers, self.first = Routers(program, servers, self.values), first
        self.encrypted: list[Health] = []

    def all(self) -> Iterator[Health]:
        """Every registered route, and every comparison of a request's path."""
        for call, scope in list(self.program.calls):
            for route in self._registering(call, scope):
                at = self._prefix(call.receiver, scope, call.line, 0)
                evidence = Evidence(scope.file, call.line, call.source, LITERAL)
                port, prefix = self._served(at)
                prefix += self._mounted(call, scope) + at.prefix
                found = self._health(call.args[route.path], prefix, scope, evidence, port or "")
                if port is not None:
                    yield from found
                else:
                    self.encrypted += found
        for body in list(self.program.bodies.values()):
            for compared in filter(_of_path, body.comparisons):
                text, scope, line = compared.text, compared.scope, compared.line
                evidence = Evidence(scope.file, line, f'compares the path with "{text}"')
                yield from self._health(Literal(text, line), "", scope, evidence)

    def checks(self) -> Iterator[Health]:
        """The checks of packages that serve them on their own."""
        for call, scope in list(self.program.calls):
            for check in facts.health().checks:
                if call.last == check.method and check.package in self.program.imports(scope.file):
                    servers = [server for _, server in self.routers.servers if server.field == check.field]
                    port = next((port for server in servers for port in server.ports), self.first)
                    evidence = Evidence(scope.file, call.line, call.source, LITERAL)
                    yield Health("http", f"{port if port != self.first else ''}{check.path}", evidence)

    def _registering(self, call: Call, scope: Scope) -> Iterator[Route]:
        table = facts.health()
        if call.receiver is not None:
            imported = self.program.imports(scope.file)
            routes = [route for route in table.methods.get(call.last, ()) if route.package in imported]
        else:
            routes = [route for route in [table.functions.get(call.name)] if route]
        return (route for route in routes if len(call.args) >= route.least)

    def _health(
        self, argument: Expression, prefix: str, scope: Scope, evidence: Evidence, port: str = ""
    ) -> Iterator[Health]:
        if not isinstance(argument, Literal) and not _FOLLOWED.search(own_name(argument)):
            return
        for value in self.values.of(argument, scope):
            route = _ROUTE.fullmatch(value.text)
            path = re.sub(r"/+", "/", prefix + route[1]) if route else ""
            if route and place(path) is not None and _ROUTE.fullmatch(path):
                yield Health("http", port + path, evidence)

    def _mounted(self, call: Call, scope: Scope) -> str:
        groups = facts.health().groups
        mounts = (m for m in self.program.bodies[scope.file].mounts if m.method in groups)
        return "".join(mount.prefix for mount in mounts if mount.first <= call.line <= mount.last)

    def _served(self, at: _At) -> tuple[str | None, str]:
        """The port, empty for the first one and where it is not known, None for HTTPS; the path of mounts."""
        keys = self.routers.keys(at.router or Name("nil"), at.scope)
        if isinstance(at.router, Name):
            keys |= self.routers.returned(at.router.name, at.scope)
        prefix, keys = self.routers.path(keys)
        serving = self.routers.serving(keys) or [server for _, server in self.routers.servers if server.ports]
        if serving and all(server.tls for server in serving):
            return None, prefix
        serving = self.routers.serving(keys)
        ports = [port for server in serving if not server.tls for port in server.ports]
        return ("" if not ports or self.first in ports else str(ports[0])), prefix

    def _prefix(self, receiver: Expression | None, scope: Scope, line: int, depth: int) -> _At:
        """The path of the group of routes that a router is, and the router that has the group."""
        here = _At("", receiver, scope)
        if depth > _DEEPEST:
            return here
        if isinstance(receiver, Call) and receiver.receiver is not None:
            above = self._prefix(receiver.receiver, scope, line, depth + 1)
            first = receiver.args[0] if receiver.args else None
            is_group = receiver.last in facts.health().groups
            return above._replace(prefix=above.prefix + self.values.text(first, scope)) if is_group else above
        if isinstance(receiver, Name):
            binding = self._binding(receiver.name, scope, line)
            if binding is not None:
                found = self._prefix(binding.value, binding.scope, binding.line, depth + 1)
                return found if isinstance(found.router, Name | Field) else found._replace(router=receiver)
            return self._given(receiver.name, scope, depth) or here
        return here

    def _binding(self, name: str, scope: Scope, line: int) -> Binding | None:
        if scope.function is None:
            return None
        before = [b for b in self.program.variables.get((scope.function, name), ()) if b.line < line]
        return before[-1] if before else None

    def _given(self, name: str, scope: Scope, depth: int) -> _At | None:
        """Where the group is that the only call of a function gives it."""
        function = scope.function
        if function is None or name not in function.params:
            return None
        self.program.calls_of(function)
        callers = self.program.callers[function.call_name]
        place = function.params.index(name)
        if len(callers) != 1 or place >= len(callers[0][0].args):
            return None
        call, where = callers[0]
        at = self._prefix(call.args[place], where, call.line, depth + 1)
        return at._replace(prefix=self._mounted(call, where) + at.prefix)


def _of_path(compared: Comparison) -> bool:
    """Whether it is the path of a request that is compared: ``r.URL.Path`` or ``ctx.Path()``."""
    subject = compared.subject
    if isinstance(subject, Field):
        return subject.name == "Path" and own_name(subject.base) == "URL"
    return isinstance(subject, Call) and subject.name == ".Path" and not subject.args
