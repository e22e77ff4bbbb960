"""The variables of the environment that a program reads, with the defaults its code gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.core.inspect import envtags, facts
from tui.core.inspect.code import Function
from tui.core.inspect.expressions import Call, Composite, Expression, Literal, Name
from tui.core.inspect.program import Program
from tui.core.inspect.settings import chained_default
from tui.core.project import EnvVariable, Evidence

_VIPER_PACKAGE = "github.com/spf13/viper"
_VIPER = ("BindEnv", "AutomaticEnv", "SetEnvPrefix", "SetEnvKeyReplacer", "SetDefault")
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")


def find(program: Program) -> tuple[EnvVariable, ...]:
    """Each once, by name, with the place nearest to the main package that says most of it."""
    table = facts.environment()
    program.words([*table.read, *table.functions])
    for method in table.methods:
        program.search(rf"\.{method}\(", name=f"{method}(")
    helpers = _helpers(program)
    for helper in helpers:
        program.calls_of(helper)
    found = [
        v for v in (*_called(program, helpers), *envtags.find(program), *_viper(program)) if _is_own(v.name)
    ]
    found.sort(key=lambda v: (v.default is None, program.order(v.evidence.file), v.evidence.line))
    once: dict[str, EnvVariable] = {}
    for variable in found:
        once.setdefault(variable.name, variable)
    return tuple(sorted(once.values(), key=lambda v: (program.order(v.evidence.file), v.evidence.line)))


def _helpers(program: Program) -> dict[Function, int]:
    """The program's own functions that hand a parameter on to os.Getenv, with the parameter's place."""
    found: dict[Function, int] = {}
    for call, scope in program.calls:
        argument = call.args[0] if call.args else None
        function = scope.function
        if call.name not in facts.environment().read or function is None:
            continue
        if isinstance(argument, Name) and argument.name in function.params:
            found[function] = function.params.index(argument.name)
    return found


def _called(program: Program, helpers: dict[Function, int]) -> Iterator[EnvVariable]:
    table = facts.environment()
    by_name = {function.call_name: (function, place) for function, place in helpers.items()}
    fallbacks = _fallbacks(program)
    yield from _listed(program)
    for call, scope in list(program.calls):
        default: str | None = None
        if call.name in table.read:
            name = _literal(call, 0)
            default = fallbacks.get((scope.file, call.line))
        elif call.name in by_name:
            function, place = by_name[call.name]
            name = _literal(call, place)
            # The argument after the name is what it falls back to.
            default = _literal(call, place + 1) if len(function.params) == place + 2 else None
        elif call.last in table.methods or facts.unversioned_name(call.name) in table.functions:
            name = _literal(call, 0)
            given = chained_default(call)
            default = given.text if isinstance(given, Literal) else None
        else:
            continue
        if name is not None:
            yield EnvVariable(name, default, Evidence(scope.file, call.line, call.source))


def _listed(program: Program) -> Iterator[EnvVariable]:
    """urfave/cli: a flag is a struct with ``EnvVars: []string{"APP_PORT"}``."""
    program.search(r"\bEnvVars?:", name="EnvVar")
    for made, scope in list(program.composites):
        if not made.type.endswith("Flag"):
            continue
        names, value = made.fields.get("EnvVars"), made.fields.get("Value")
        listed = names.items if isinstance(names, Composite) else (made.fields.get("EnvVar"),)
        for name in listed:
            if isinstance(name, Literal):
                default = value.text if isinstance(value, Literal) else None
                yield EnvVariable(name.text, default, Evidence(scope.file, name.line, "a flag's variable"))


def _fallbacks(program: Program) -> dict[tuple[str, int], str]:
    """Defaults that stand beside a read: ``x = "8080"`` for an empty x, or ``cmp.Or``'s next argument."""
    found: dict[tuple[str, int], str] = {}
    for (function, _), bindings in program.variables.items():
        if isinstance(function, Function):
            reads = [b for b in bindings if _is_read(b.value)]
            plain = [b.value.text for b in bindings if isinstance(b.value, Literal)]
            if len(reads) == 1 and len(plain) == 1:
                found[reads[0].scope.file, reads[0].line] = plain[0]
    for call, scope in program.calls:
        first, last = (call.args[0], call.args[-1]) if call.args else (None, None)
        is_or = call.name == "cmp.Or" and _is_read(first)
        if is_or and isinstance(first, Call) and isinstance(last, Literal):
            found[scope.file, first.line] = last.text
    return found


def _is_read(expression: Expression | None) -> bool:
    return isinstance(expression, Call) and expression.name in facts.environment().read


def _viper(program: Program) -> Iterator[EnvVariable]:
    """Keys that viper takes from the environment: bound ones, after AutomaticEnv those with a default too."""
    program.search(rf"\.(?:{'|'.join(_VIPER)})\(", importing=_VIPER_PACKAGE)
    calls = [
        (call, scope)
        for call, scope in program.calls
        if call.last in _VIPER and _VIPER_PACKAGE in program.imports(scope.file)
    ]
    called = {call.last: call for call, _ in reversed(calls)}
    stem = _literal(called["SetEnvPrefix"], 0) if "SetEnvPrefix" in called else ""
    defaults = {_literal(call, 0): _literal(call, 1) for call, _ in calls if call.last == "SetDefault"}
    for call, scope in calls:
        key = _literal(call, 0)
        if key is None or not (
            call.last == "BindEnv" or (call.last == "SetDefault" and "AutomaticEnv" in called)
        ):
            continue
        name = "_".join(filter(None, [stem, key])).upper()
        if "SetEnvKeyReplacer" in called:
            name = re.sub(r"[.-]", "_", name)
        evidence = Evidence(scope.file, call.line, call.source)
        bound = call.last == "BindEnv" and len(call.args) > 1
        yield EnvVariable((_literal(call, 1) or "") if bound else name, defaults.get(key), evidence)


def _literal(call: Call, place: int) -> str | None:
    argument = call.args[place] if place < len(call.args) else None
    return argument.text if isinstance(argument, Literal) else None


def _is_own(name: str) -> bool:
    table = facts.environment()
    return bool(_NAME.fullmatch(name)) and name not in table.system and not name.startswith(table.prefixes)
