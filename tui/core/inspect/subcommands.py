"""The subcommands and flags by which a program tells its own health."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect import facts, settings
from tui.core.inspect.code import Scope
from tui.core.inspect.expressions import Call, Composite, Expression, Index, Literal, Name, Qualified
from tui.core.inspect.program import Program
from tui.core.project import NAME, Evidence, Health

_DEEPEST = 6
_FLAG = re.compile(r"Bool(Var)?P?")


def find(program: Program) -> Iterator[Health]:
    """What is read of a program that answers to such a name."""
    known = facts.health().commands
    for body in list(program.bodies.values()):
        for compared in body.comparisons:
            name = compared.text.lstrip("-")
            if name in known and _is_argument(compared.subject, compared.scope, program, 0):
                evidence = Evidence(
                    compared.scope.file, compared.line, f'an argument "{compared.text}"', NAME
                )
                yield Health("command", compared.text, evidence)
        for made, scope in body.composites:
            yield from _literal(made, scope)
        for call, scope in body.calls:
            name = _flag(call)
            if name in known:
                yield Health("command", f"--{name}", Evidence(scope.file, call.line, call.source))


def _literal(made: Composite, scope: Scope) -> Iterator[Health]:
    """cobra's ``Command{Use: "health"}``, urfave's ``Command{Name: …}`` and ``BoolFlag{Name: …}``."""
    for field in ("Use", "Name"):
        value = made.fields.get(field)
        name = (value.text.split() or [""])[0] if isinstance(value, Literal) else ""
        if name in facts.health().commands and made.type.endswith((".Command", ".BoolFlag")):
            dashes = "--" if made.type.endswith("Flag") else ""
            evidence = Evidence(scope.file, made.line, f'{made.type.rpartition("/")[2]}{{{field}: "{name}"}}')
            yield Health("command", f"{dashes}{name}", evidence)


def _flag(call: Call) -> str:
    """The name of a flag without a value that a call declares."""
    form = _FLAG.fullmatch(call.last)
    if form is None:
        return ""
    place = 1 if form[1] else 0
    if call.args[place:] and isinstance(name := call.args[place], Literal):
        return name.text
    return settings.chained_name(call) if not call.args else ""


def _is_argument(expression: Expression, scope: Scope, program: Program, depth: int) -> bool:
    """Whether it is one of the program's arguments: of os.Args, or what flag leaves of them."""
    if depth > _DEEPEST:
        return False

    def again(inner: Expression, where: Scope = scope) -> bool:
        return _is_argument(inner, where, program, depth + 1)

    match expression:
        case Qualified():
            return (expression.package, expression.name) == ("os", "Args")
        case Index():
            return again(expression.base)
        case Call():
            taken = expression.last in ("Arg", "Args")
            return taken or (expression.name.startswith("strings.") and any(map(again, expression.args)))
        case Name() if scope.function is not None:
            function, name = scope.function, expression.name
            if any(again(b.value) for b in program.variables.get((function, name), ())):
                return True
            if name not in function.params:
                return False
            program.calls_of(function)
            place = function.params.index(name)
            calls = program.callers[function.call_name]
            return any(again(call.args[place], where) for call, where in calls if place < len(call.args))
    return False
