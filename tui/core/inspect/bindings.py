"""What a name of the program is bound to, and of which type it is."""

from __future__ import annotations

from collections.abc import Iterable

from tui.core.inspect.code import Binding, Scope
from tui.core.inspect.expressions import Call, Composite, Expression, Field, Name, Qualified, own_name
from tui.core.inspect.program import Program

_DEEPEST, _MOST_STEPS = 8, 60


class Bindings:
    """Looks names up in a program, as Go's scopes say."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._steps = 0

    def of(self, expression: Expression | None, scope: Scope) -> list[Binding]:
        """What a variable or field is given, in the order in which the code was read."""
        if isinstance(expression, Name):
            if any(expression.name in closure.params for closure in scope.closures):
                return []
            function = scope.function
            local = self.program.variables.get((function, expression.name)) if function else None
            if local or (function and expression.name in function.params):
                return _visible(local or [], scope.line)
            self.program.variable(scope.package, expression.name)
            return self.program.variables.get((scope.package, expression.name), [])
        if isinstance(expression, Qualified):
            self.program.variable(expression.package, expression.name)
            return self.program.variables.get((expression.package, expression.name), [])
        if isinstance(expression, Field):
            self.program.field(expression.name)
            return _nearest(self._of_struct(expression, scope), expression.base)
        return []

    def _of_struct(self, field: Field, scope: Scope) -> list[Binding]:
        """The bindings of fields of that name, but for those of structs that are known to be others."""
        found = self.program.fields.get(field.name, [])
        others = {m.struct for m in self.program.members.values() if m.name == field.name}
        if len(others) < 2:
            return found
        struct = self.type(field.base, scope)
        if struct not in others:
            return found
        return [b for b in found if b.target or _struct(b) == struct or _struct(b) not in others]

    def type(self, expression: Expression | None, scope: Scope, depth: int = 0) -> str:
        """``import/path.Type``; of what another package's function makes its name; empty when not known."""
        self._steps = self._steps + 1 if depth else 0
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return ""
        if isinstance(expression, Composite):
            return expression.type
        if isinstance(expression, Call):
            return self._made(expression)
        if isinstance(expression, Name) and (declared := _declared(expression.name, scope)):
            return declared
        if isinstance(expression, Field):
            owner = self.type(expression.base, scope, depth + 1)
            if (member := self.program.members.get((owner, expression.name))) and member.kind:
                return member.kind
        found = (self.type(b.value, b.scope, depth + 1) for b in self.of(expression, scope)[:_DEEPEST])
        return next(filter(None, found), "")

    def _made(self, call: Call) -> str:
        if call.receiver is not None:
            return ""
        if call.name.rpartition(".")[0] not in self.program.packages:
            return call.name
        results = {function.result for function in self.program.definition(call.name)}
        return results.pop() if len(results) == 1 else ""


def _visible(bindings: list[Binding], line: int) -> list[Binding]:
    """Those of the variable that is meant on a line: other blocks may have one of the same name."""
    blocks = {binding.block for binding in bindings if binding.block}
    if line == 0 or len(blocks) < 2:
        return bindings

    def block_of(place: int) -> tuple[int, int] | None:
        around = [block for block in blocks if block[0] <= place <= block[1]]
        return min(around, key=lambda block: block[1] - block[0], default=None)

    meant = block_of(line)
    found = [binding for binding in bindings if (binding.block or block_of(binding.line)) == meant]
    return found or bindings


def _struct(binding: Binding) -> str:
    return f"{binding.scope.package}.{binding.owner}"


def _declared(name: str, scope: Scope) -> str:
    """The type of a parameter, or of a method's receiver."""
    function = scope.function
    if function is not None and name == function.own:
        return function.receiver
    if function is None or name not in function.params or not function.types:
        return ""
    return function.types[function.params.index(name)]


def _nearest(bindings: Iterable[Binding], base: Expression) -> list[Binding]:
    """Of fields with one name, those of the struct that ``base`` names: cfg.Server.Port."""
    found = list(bindings)
    hint = own_name(base).lower()
    return [b for b in found if hint and hint in b.owner.lower()] or found
