"""The places of a program that listen: calls, literals of server types, and assignments to their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from tui.core.inspect import facts
from tui.core.inspect.called import Called
from tui.core.inspect.code import Scope
from tui.core.inspect.expressions import (
    Call,
    Composite,
    Expression,
    Field,
    Literal,
    Name,
    Qualified,
    first_words,
)
from tui.core.inspect.facts.listen import Listener
from tui.core.inspect.program import Program
from tui.core.inspect.values import Values

_WRAPPING = "crypto/tls.NewListener"


class Listening(NamedTuple):
    """A place that listens. ``source`` is its code; ``shared`` tells that it serves what any package
    registered with net/http, as pprof does, and ``unsure`` that nothing but pprof is known to.
    ``handler`` is what answers, None where that is not known."""

    listener: Listener
    address: Expression | None
    network: Expression | None
    scope: Scope
    line: int
    source: str
    shared: bool = False
    unsure: bool = False
    handler: Expression | None = None
    tls: bool = False


def find(program: Program, imported: Mapping[str, Set[str]], values: Values) -> list[Listening]:
    """Those in functions that main calls. ``imported`` is what each package imports, by import path."""
    table = facts.listeners()
    program.words([*table.functions.names(), *table.literals.names()])
    for method, listeners in table.methods.items():
        importing = [p for p, paths in imported.items() if any(of in paths for of, _ in listeners)]
        if importing:
            program.search(rf"\.{method}\(", packages=importing)
    places = [*_calls(program, values, imported), *_literals(program), *_assigned(program, values)]
    called = Called(program)
    return [place for place in places if called.is_used(place.scope.function)]


def _calls(program: Program, values: Values, imported: Mapping[str, Set[str]]) -> Iterator[Listening]:
    table = facts.listeners()
    held, secured = _held(program), set(_secured(program, values))
    for call, scope in program.calls:
        listener = table.functions.get(call.name) if call.receiver is None else None
        if listener is None and call.last in held:
            listener = _of_variable(call, scope, values)
        if listener is None and call.receiver is not None:
            listener = _method(call, scope, values, imported[scope.package])
        if listener:
            network = _argument(call, listener.network)
            shared = call.name == "net/http.ListenAndServe" and call.source.endswith(", nil)")
            address = _argument(call, listener.address)
            if address and listener.member:
                address = Field(address, listener.member)
            handler = call.receiver or (call.args[-1] if len(call.args) > listener.address + 1 else None)
            tls = listener.tls or call.last.endswith("TLS") or (scope.file, call.line) in secured
            yield Listening(
                listener, address, network, scope, call.line, call.source, shared, handler=handler, tls=tls
            )


def _secured(program: Program, values: Values) -> Iterator[tuple[str, int]]:
    """The places of listeners that are wrapped: ``tls.NewListener(listener, config)``."""
    program.words([_WRAPPING])
    for call, scope in list(program.calls):
        for binding in (
            values.bindings.of(call.args[0], scope) if call.name == _WRAPPING and call.args else ()
        ):
            if isinstance(binding.value, Call):
                yield binding.scope.file, binding.value.line


def _held(program: Program) -> set[str]:
    """The names of variables and fields that hold a function that listens; what calls them is read."""
    bindings = [*program.variables.values(), *program.fields.values()]
    found = {b.name for each in bindings for b in each if _listens(b.value)}
    for name in sorted(found):
        program.search(rf"\b{re.escape(name)}\(", name=f"{name}(")
    return found


def _of_variable(call: Call, scope: Scope, values: Values) -> Listener | None:
    """``var serve = http.ListenAndServe``, and then ``serve(address, nil)``; or a field of a struct."""
    called = Name(call.last) if call.receiver is None else Field(call.receiver, call.last)
    bound = (_listens(binding.value) for binding in values.bindings.of(called, scope))
    return next(filter(None, bound), None)


def _listens(value: Expression) -> Listener | None:
    if not isinstance(value, Qualified):
        return None
    return facts.listeners().functions.get(f"{value.package}.{value.name}")


def _method(call: Call, scope: Scope, values: Values, imports: Set[str]) -> Listener | None:
    for package, listener in facts.listeners().methods.get(call.last, ()):
        if package not in imports:
            continue
        origin = values.origin(call.receiver, scope).rpartition(".")[0]
        if facts.unversioned(origin) == package:
            return listener
        likely = not origin or origin in values.program.packages
        if likely and len(call.args) > max(listener.address, 0) and not _is_own(call, values.program):
            return listener
    return None


def _is_own(call: Call, program: Program) -> bool:
    """Whether the program has a method of this name: what that listens on stands in its body."""
    return any(len(function.params) == len(call.args) for function in program.definition(call.name))


def _literals(program: Program) -> Iterator[Listening]:
    methods = {call.last for call, _ in program.calls if call.receiver is not None}
    tls = bool(methods & {"ListenAndServeTLS", "ServeTLS"}) and not methods & {"ListenAndServe", "Serve"}
    for made, scope in program.composites:
        for listener in facts.listeners().literals.get(made.type) or ():
            if listener.field not in made.fields:
                continue
            network = made.fields.get(listener.network_field)
            address = made.fields[listener.field]
            handler = made.fields.get("Handler", Name("nil"))
            line, source = _line(address, made.line), _shown(made, listener)
            yield Listening(listener, address, network, scope, line, source, handler=handler, tls=tls)


def _assigned(program: Program, values: Values) -> Iterator[Listening]:
    """``server.Addr = address`` where server is a known server type."""
    fields = {listener.field for each in facts.listeners().literals.all() for listener in each}
    for name in sorted(fields):
        for binding in list(program.fields.get(name, [])):
            if not isinstance(binding.target, Field):
                continue
            for listener in _servers(values.origin(binding.target.base, binding.scope), program):
                if listener.field != name:
                    continue
                source = f"{binding.owner}.{name} = {first_words(binding.value)}"
                yield Listening(listener, binding.value, None, binding.scope, binding.line, source)


def _servers(kind: str, program: Program) -> tuple[Listener, ...]:
    """What a value of that type listens as: a server, or a struct that one is embedded in."""
    embedded = (m.kind for m in program.members.values() if m.struct == kind and m.is_embedded)
    known = (facts.listeners().literals.get(name) for name in (kind, *embedded))
    return next(filter(None, known), ())


def _argument(call: Call, index: int) -> Expression | None:
    return call.args[index] if 0 <= index < len(call.args) else None


def _line(address: Expression, line: int) -> int:
    return address.line if isinstance(address, Literal | Call) else line


def _shown(made: Composite, listener: Listener) -> str:
    name = made.type.rpartition("/")[2]
    return f"{name}{{{listener.field}: {first_words(made.fields[listener.field])}}}"
