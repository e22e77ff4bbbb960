"""Follows an expression to the texts it can have: constants, variables, flags, settings, fallbacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from tui.core.inspect.bindings import Bindings
from tui.core.inspect.code import Closure, Function, Scope
from tui.core.inspect.configured import Configured
from tui.core.inspect.expressions import (
    Call,
    Composite,
    Concat,
    Expression,
    Field,
    Index,
    Literal,
    Name,
    Qualified,
)
from tui.core.inspect.program import Program
from tui.core.inspect.settings import Setting, Settings, chained_default, declared, getter_key
from tui.core.inspect.texts import HOLE, MOST, Value, added, formatted, joined, path

_MOST_STEPS = 400
_DEEPEST = 14
_SAME = frozenset(
    [
        "strconv.Itoa",
        "strconv.Atoi",
        "strconv.FormatInt",
        "strconv.ParseInt",
        "strconv.ParseUint",
        "strings.TrimSpace",
        "fmt.Sprint",
        "strconv.FormatUint",
    ]
)
_ENVIRONMENT = ("os.Getenv", "os.LookupEnv", "syscall.Getenv")
_ENV_NAME = re.compile(r"[A-Z][A-Z0-9_]+")


Frame: TypeAlias = Mapping[tuple[Function, str], tuple[Expression, Scope, "Frame"]]


class Values:
    """Follows expressions through a program."""

    def __init__(self, program: Program, configured: Configured | None = None) -> None:
        """``configured`` is asked for what the code gives no value."""
        self.program, self.configured = program, configured
        self.settings = Settings(program)
        self.bindings = Bindings(program)
        self._steps = 0

    def of(self, expression: Expression, scope: Scope) -> list[Value]:
        """The values, those with the fewest unknown parts first; empty when nothing is known."""
        self._steps = 0
        found = dict.fromkeys(self._values(expression, scope, {}, 0))
        return sorted(found, key=lambda value: value.text.count(HOLE))

    def text(self, expression: Expression | None, scope: Scope) -> str:
        """The likeliest value, empty for one that is not wholly known."""
        found = self.of(expression, scope) if expression is not None else []
        return found[0].text if found and HOLE not in found[0].text else ""

    def origin(self, expression: Expression | None, scope: Scope) -> str:
        """What made a value: ``import/path.Func`` or ``import/path.Type``; empty when not known."""
        return self.bindings.type(expression, scope)

    def _values(self, expression: Expression, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return []
        match expression:
            case Literal():
                return [Value(expression.text, scope.file, expression.line, is_number=expression.is_number)]
            case Concat():
                parts = [
                    self._values(x, scope, frame, depth + 1) for x in (expression.left, expression.right)
                ]
                return added(*parts) or joined(parts)
            case Call():
                return self._call(expression, scope, frame, depth + 1)
            case Composite():
                return self._address(expression, scope, frame, depth + 1)
            case Index():
                return self._element(expression, scope, frame, depth + 1)
            case Name() | Qualified() | Field():
                return self._named(expression, scope, frame, depth + 1)
        return []

    def _named(
        self, expression: Name | Qualified | Field, scope: Scope, frame: Frame, depth: int
    ) -> list[Value]:
        values: list[Value] = []
        if isinstance(expression, Name):
            for number, closure in reversed([*enumerate(scope.closures)]):
                if expression.name in closure.params:
                    outside = scope._replace(closures=scope.closures[:number])
                    return self._closed(expression.name, closure, outside, frame, depth)
            if scope.function and expression.name in scope.function.params:
                values += self._parameter(scope.function, expression.name, frame, depth)
        if isinstance(expression, Field):
            values += self._member(expression, scope, frame, depth)
        if not values or isinstance(expression, Name):
            for binding in self.bindings.of(expression, scope):
                values += self._values(binding.value, binding.scope, frame, depth)
        settings = [*self.settings.stored_in(expression, scope)]
        defaults = self._defaults(settings, depth)
        if defaults:
            values = [value for value in values if not _is_overwritten(value, settings)]
        if isinstance(expression, Field) and not values and not settings:
            defaults = self._defaults(self.settings.named_like(expression.name), depth)
            defaults = defaults or self._of_file(expression, scope)
        return [*values, *defaults][:MOST]

    def _of_file(self, field: Field, scope: Scope) -> list[Value]:
        """What a configuration file gives a field."""
        if self.configured is None:
            return []
        struct = self.origin(field.base, scope)
        outer = self.origin(field.base.base, scope) if isinstance(field.base, Field) else ""
        return self.configured.of_field(field, struct, outer, self.program.members)

    def _closed(self, name: str, closure: Closure, outside: Scope, frame: Frame, depth: int) -> list[Value]:
        """The parameter of a function literal: what it is called with, in the function that holds it."""
        index = closure.params.index(name)
        values = self._values(closure.args[index], outside, frame, depth) if closure.args[index:] else []
        for call, scope in self.program.callers[f"{outside.package}.{closure.name}"] if closure.name else ():
            if scope.function == outside.function and index < len(call.args):
                values += self._values(call.args[index], scope, frame, depth)
        return values[:MOST]

    def _defaults(self, settings: Iterable[Setting], depth: int) -> list[Value]:
        return [v for found in settings for v in self._values(found.default, found.scope, {}, depth)]

    def _parameter(self, function: Function, name: str, frame: Frame, depth: int) -> list[Value]:
        given = self._given(function, name, frame)
        return [value for each in given for value in self._values(*each, depth)]

    def _given(self, function: Function, name: str, frame: Frame) -> list[tuple[Expression, Scope, Frame]]:
        """What a parameter is in the call that was followed here, else in every call there is."""
        if (function, name) in frame:
            return [frame[function, name]]
        index = function.params.index(name)
        if len(self.program.definition(function.call_name)) > 1:
            return []
        self.program.calls_of(function)
        called = self.program.callers[function.call_name][:MOST]
        return [(call.args[index], scope, {}) for call, scope in called if index < len(call.args)]

    def _member(self, expression: Field, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        """A field of a struct that was written out where its variable was made."""
        for binding in self.bindings.of(expression.base, scope):
            made = binding.value
            if isinstance(made, Composite) and expression.name in made.fields:
                return self._values(made.fields[expression.name], binding.scope, frame, depth)
        return []

    def _element(self, expression: Index, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        """``settings["addr"]``, ``addresses[0]``, and any of ``range addresses``, of what is written out."""
        values: list[Value] = []
        for made, where, inside in self._literals(expression.base, scope, frame, depth):
            if isinstance(expression.at, Literal) and not expression.at.is_number:
                chosen = [made.fields[key] for key in (f'"{expression.at.text}"',) if key in made.fields]
            elif isinstance(expression.at, Literal):
                chosen = [*made.items[int(expression.at.text) :][:1]]
            else:
                chosen = [*made.items, *(v for key, v in made.fields.items() if key.startswith('"'))]
            for each in chosen[:MOST]:
                values += self._values(each, where, inside, depth)
        return values[:MOST]

    def _literals(
        self, expression: Expression, scope: Scope, frame: Frame, depth: int
    ) -> Iterator[tuple[Composite, Scope, Frame]]:
        """The lists and maps that an expression may be: written here, bound to its name, or handed over."""
        self._steps += 1
        if depth > _DEEPEST or self._steps > _MOST_STEPS:
            return
        if isinstance(expression, Composite):
            yield expression, scope, frame
        elif isinstance(expression, Name) and scope.function and expression.name in scope.function.params:
            for given, where, inside in self._given(scope.function, expression.name, frame):
                if isinstance(given, Composite):
                    yield given, where, inside
                else:
                    yield from self._literals(given, where, inside, depth + 1)
        else:
            for binding in self.bindings.of(expression, scope)[:MOST]:
                if isinstance(binding.value, Composite):
                    yield binding.value, binding.scope, frame

    def _call(self, call: Call, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        def each(args: Iterable[Expression]) -> list[list[Value]]:
            return [self._values(arg, scope, frame, depth) for arg in args]

        args = call.args
        first = args[0] if args else None
        if call.name in _ENVIRONMENT:
            return [Value(HOLE, env=first.text)] if isinstance(first, Literal) else []
        if isinstance(first, Literal) and _ENV_NAME.fullmatch(first.text) and len(args) > 1:
            found = self._values(args[1], scope, frame, depth)
            return [Value(v.text, v.file, v.line, first.text) for v in found]
        if call.name in _SAME and args:
            return each(args[:1])[0]
        known: dict[str, Callable[[], list[Value]]] = {
            "fmt.Sprintf": lambda: formatted(each(args)),
            "net.JoinHostPort": lambda: joined([*each(args[:1]), [Value(":")], *each(args[1:2])]),
            "cmp.Or": lambda: [value for values in each(args) for value in values],
            "net.ResolveTCPAddr": lambda: [v for values in each(args[1:2]) for v in values],
            "net.ResolveUDPAddr": lambda: [v for values in each(args[1:2]) for v in values],
            "path/filepath.Join": lambda: path(each(args)),
            "path.Join": lambda: path(each(args)),
        }
        if call.name in known:
            return known[call.name]()
        default = chained_default(call)
        if default is None and (setting := declared(call, scope)) and setting.target is None:
            default = setting.default
        if default is not None:
            return self._values(default, scope, frame, depth)
        key = getter_key(call)
        known_key = self._defaults(self.settings.by_key(key), depth) if key else []
        if key and not known_key and self.configured:
            known_key = self.configured.by_key(key)
        return known_key or self._followed(call, scope, frame, depth)

    def _followed(self, call: Call, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        """What a function of the program returns, with this call's arguments for its parameters."""
        functions = self.program.definition(call.name)
        if len(functions) != 1:
            return []
        names = zip(functions[0].params, call.args, strict=False)
        inside = {(functions[0], name): (arg, scope, frame) for name, arg in names}
        values: list[Value] = []
        for result, where in self.program.returns[call.name]:
            values += self._values(result, where, inside, depth)
        return values[:MOST]

    def _address(self, made: Composite, scope: Scope, frame: Frame, depth: int) -> list[Value]:
        """``net.UDPAddr{IP: …, Port: 53}`` as host and port."""
        port = made.fields.get("Port")
        if port is None:
            return []
        host = made.fields.get("IP")
        hosts = [Value("")]
        if isinstance(host, Call) and host.name == "net.ParseIP" and host.args:
            hosts = self._values(host.args[0], scope, frame, depth)
        return joined([hosts, [Value(":")], self._values(port, scope, frame, depth)])


def _is_overwritten(value: Value, settings: Iterable[Setting]) -> bool:
    """Whether a flag was declared for the variable after it got this value: that gives it the default."""
    placed = [(setting.scope.file, setting.line) for setting in settings]
    return not any(value.file == file and value.line > line for file, line in placed)
