"""Flags and configuration keys with their defaults, in the forms the usual packages give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tui.core.inspect.code import Scope
from tui.core.inspect.expressions import Call, Composite, Expression, Literal, Name, own_name
from tui.core.inspect.program import Program

_KIND = r"(?:String|Int|Int32|Int64|Uint|Uint16|Uint32|Uint64)"
_FLAG = re.compile(rf"{_KIND}(Var)?(P)?")
_GETTER = re.compile(rf"(?:Get|Must)?{_KIND}")


class Setting(NamedTuple):
    """A flag or key with its default; ``target`` is the variable or field it is stored in."""

    name: str
    default: Expression
    target: Expression | None
    scope: Scope
    line: int


def declared(call: Call, scope: Scope) -> Setting | None:
    """The setting a call declares: like the flag package's functions, SetDefault, or kingpin's chain."""
    args = call.args
    if call.last == "SetDefault" and len(args) == 2 and isinstance(args[0], Literal):
        return Setting(args[0].text, args[1], None, scope, call.line)
    form = _FLAG.fullmatch(call.last)
    if form is None:
        return None
    stored, short = bool(form[1]), bool(form[2])
    if stored and len(args) == 1 and (default := chained_default(call)):
        return Setting(chained_name(call), default, args[0], scope, call.line)
    if len(args) != 3 + stored + short or not isinstance(name := args[stored], Literal):
        return None
    return Setting(name.text, args[stored + 1 + short], args[0] if stored else None, scope, call.line)


def chained_default(call: Call) -> Expression | None:
    """kingpin: the argument of Default in ``app.Flag("listen", "…").Default(":9090").String()``."""
    link = _link(call, ".Default")
    return link.args[0] if link and link.args else None


def chained_name(call: Call) -> str:
    """kingpin: the name in ``app.Flag("listen", "…").Default(":9090").String()``."""
    link = _link(call, "Flag")
    name = link.args[0] if link and link.args else None
    return name.text if isinstance(name, Literal) else ""


def getter_key(call: Call) -> str | None:
    """The key of ``viper.GetString("server.port")`` and the like."""
    key = call.args[0] if len(call.args) == 1 else None
    return key.text if isinstance(key, Literal) and _GETTER.fullmatch(call.last) else None


class Settings:
    """The settings of what is read of a program; it grows with the program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._found: list[Setting] = []
        self._calls = self._composites = 0

    def all(self) -> list[Setting]:
        """Every setting, in the order in which the code was read."""
        for call, scope in self.program.calls[self._calls :]:
            self._found += filter(None, [declared(call, scope)])
        for made, scope in self.program.composites[self._composites :]:
            self._found += filter(None, [_literal(made, scope)])
        self._calls, self._composites = len(self.program.calls), len(self.program.composites)
        return self._found

    def by_key(self, key: str) -> Iterator[Setting]:
        """Those a getter with this key reads."""
        self.program.search(re.escape(f'"{key}"'), name=key)
        return (found for found in self.all() if found.name.lower() == key.lower())

    def stored_in(self, target: Expression, scope: Scope) -> Iterator[Setting]:
        """Those that store into this variable (of this package) or field."""
        name = own_name(target)
        taken = rf"\b{re.escape(name)}\b"
        self.program.search(rf"Var(?:P)?\([^,)]{{0,200}}{taken}|Destination:[^\n]{{0,200}}{taken}", name=name)
        for found in self.all():
            # ``flag.StringVar(&addr, "addr", addr, …)`` keeps what the variable has.
            kept = own_name(found.default) == own_name(target)
            same = not kept and type(found.target) is type(target) and own_name(found.target) == name
            if same and (not isinstance(target, Name) or found.scope.package == scope.package):
                yield found

    def named_like(self, field: str) -> Iterator[Setting]:
        """Those a struct's field is filled from by its name: ListenAddr from server.listen-addr."""
        wanted = _letters(field)
        self.program.search(rf'(?i)"([\w-]+\.)*{"[-_]?".join(re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", field))}"')
        return (found for found in self.all() if _letters(found.name.rpartition(".")[2]) == wanted)


def _literal(made: Composite, scope: Scope) -> Setting | None:
    """urfave/cli: a flag is a struct with a Name and a Value."""
    name, value = made.fields.get("Name"), made.fields.get("Value")
    if not made.type.endswith("Flag") or value is None or not isinstance(name, Literal):
        return None
    return Setting(name.text, value, made.fields.get("Destination"), scope, made.line)


def _link(call: Call, name: str) -> Call | None:
    link: Expression | None = call
    while isinstance(link, Call):
        if link.name.endswith(name):
            return link
        link = link.receiver
    return None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
