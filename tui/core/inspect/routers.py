"""Which router a route is on: below which path it is mounted, and which servers serve it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.code import Function, Scope
from tui.core.inspect.expressions import Call, Expression, Field, Name
from tui.core.inspect.ports import Server
from tui.core.inspect.program import Program
from tui.core.inspect.values import Values

Key = tuple[Function | str, str]
"""What tells one router from others: the function or package of its variable, and a name."""

USUAL: Key = ("net/http", "DefaultServeMux")

_DEEPEST, _MOST_STEPS = 5, 200
_MOUNTING = frozenset({"Mount", "Handle", "Handler"})


class _Mount(NamedTuple):
    child: frozenset[Key]
    prefix: str
    parent: frozenset[Key]


class Routers:
    """Follows routers by the names of the variables that hold them and of the functions that make them."""

    def __init__(self, program: Program, servers: Iterable[Server], values: Values) -> None:
        self.program, self.values, self.bindings = program, values, values.bindings
        self._steps = 0
        program.search(r"\.StripPrefix\(", importing="net/http", name="StripPrefix(")
        for package in facts.health().mounting:
            program.search(r"\.Mount\(", importing=package, name="Mount(")
        self.servers = [(self.keys(server.handler, server.scope), server) for server in servers]
        self.mounts = list(self._mounts())

    def keys(self, router: Expression | None, scope: Scope, depth: int = 0) -> frozenset[Key]:
        """The router that an expression is, or that it wraps; none where that is not known."""
        found: set[Key] = set()
        self._steps = self._steps + 1 if depth else 0
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return frozenset()
        if isinstance(router, Name):
            if router.name == "nil":
                return frozenset([USUAL])
            function = scope.function
            is_local = function and (
                (function, router.name) in self.program.variables or router.name in function.params
            )
            found.add((function if is_local and function else scope.package, router.name))
            found |= self._given(router.name, scope, depth)
        elif isinstance(router, Field):
            found.add(("", router.name))
        elif isinstance(router, Call):
            if router.name.rpartition(".")[0] in self.program.packages:
                found.add(("", router.name))
            for arg in router.args:
                found |= self.keys(arg, scope, depth + 1)
        if isinstance(router, Name | Field):
            for binding in self.bindings.of(router, scope)[:_DEEPEST]:
                if isinstance(binding.value, Name | Call):
                    found |= self.keys(binding.value, binding.scope, depth + 1)
        return frozenset(found)

    def path(self, keys: frozenset[Key]) -> tuple[str, frozenset[Key]]:
        """Below which path a router is mounted, and the routers it may then be."""
        prefix = ""
        for _ in range(_DEEPEST):
            above = next((m for m in self.mounts if m.child & keys and not m.parent & keys), None)
            if above is None:
                break
            prefix, keys = above.prefix + prefix, above.parent
        return prefix, keys

    def serving(self, keys: frozenset[Key]) -> list[Server]:
        """The servers whose handler is the router; none where that is not known."""
        return [server for handler, server in self.servers if handler & keys]

    def returned(self, name: str, scope: Scope) -> frozenset[Key]:
        """The function that returns the variable, which is what others know the router by."""
        function = scope.function
        if function is None:
            return frozenset()
        results = (result for result, _ in self.program.returns.get(function.call_name, ()))
        is_result = any(isinstance(result, Name) and result.name == name for result in results)
        return frozenset([("", function.call_name)]) if is_result else frozenset()

    def _given(self, name: str, scope: Scope, depth: int) -> frozenset[Key]:
        """The router that the only call of a function gives it."""
        function = scope.function
        if function is None or name not in function.params:
            return frozenset()
        self.program.calls_of(function)
        callers = self.program.callers[function.call_name]
        place = function.params.index(name)
        if len(callers) != 1 or place >= len(callers[0][0].args):
            return frozenset()
        call, where = callers[0]
        return self.keys(call.args[place], where, depth + 1)

    def _mounts(self) -> Iterator[_Mount]:
        for call, scope in list(self.program.calls):
            if call.last not in _MOUNTING or not call.args:
                continue
            parent = self.keys(call.receiver, scope) if call.receiver else frozenset([USUAL])
            router = call.args[-1]
            prefix = ""
            if isinstance(router, Call) and router.name == "net/http.StripPrefix" and len(router.args) > 1:
                prefix, router = self.values.text(router.args[0], scope), router.args[1]
            elif call.last == "Mount":
                prefix = self.values.text(call.args[0], scope)
            child = self.keys(router, scope)
            if child:
                yield _Mount(child, prefix.rstrip("/"), parent)
