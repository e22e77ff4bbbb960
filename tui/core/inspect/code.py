"""What is kept of the code of one Go file: its functions, its calls, and what is bound to which name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.core.inspect.expressions import Call, Composite, Expression, Field


class Function(NamedTuple):
    """A declared function. ``call_name`` is ``import/path.name``, or ``.name`` for a method.

    ``types`` are those of ``params``, ``result`` is the first result's and ``receiver`` a method's, each
    ``import/path.Type``, or empty for others. ``own`` is the receiver's name.
    """

    call_name: str
    params: tuple[str, ...]
    file: str
    line: int
    types: tuple[str, ...] = ()
    result: str = ""
    receiver: str = ""
    own: str = ""


class Closure(NamedTuple):
    """A function literal with parameters; ``name`` is the variable it is assigned to, empty without one.

    ``args`` are those of a call that it stands in: ``func(addr string) {…}(":80")``.
    """

    params: tuple[str, ...]
    name: str = ""
    args: tuple[Expression, ...] = ()


class Scope(NamedTuple):
    """Where an expression stands. ``function`` is None at package level; the innermost closure comes last.

    ``line`` is 0 where only the function counts.
    """

    file: str
    package: str
    function: Function | None = None
    closures: tuple[Closure, ...] = ()
    line: int = 0


class Binding(NamedTuple):
    """``name`` is given ``value``. For a struct field ``owner`` is its struct's or variable's name,
    and ``target`` what an assignment has on its left. ``block`` are the first and the last line between
    which a local variable is declared; None where it is only given another value."""

    name: str
    value: Expression
    scope: Scope
    line: int
    owner: str = ""
    target: Field | None = None
    block: tuple[int, int] | None = None


class Member(NamedTuple):
    """A field of a struct, both types as ``import/path.Type``; ``kind`` is empty for others.

    An embedded one has the name of its type.
    """

    struct: str
    name: str
    kind: str
    tags: Mapping[str, str]
    scope: Scope
    line: int
    is_embedded: bool = False


class Comparison(NamedTuple):
    """``subject == "text"``, or a case of a switch over ``subject``."""

    subject: Expression
    text: str
    scope: Scope
    line: int


class Mount(NamedTuple):
    """The lines of a function that is given to a call after a path: ``Route("/api", func(r Router) …)``."""

    method: str
    prefix: str
    first: int
    last: int


@dataclass(slots=True)
class Body:
    """What one file holds, in its order. ``names`` are uses of ``import/path.Name`` by line.

    ``defaults`` are struct tags with a default, named by the field's env or flag name. ``members`` are by
    ``import/path.Struct`` and the field's name; a struct without a name has that of the field it is for.
    """

    functions: list[Function] = field(default_factory=list)
    calls: list[tuple[Call, Scope]] = field(default_factory=list)
    composites: list[tuple[Composite, Scope]] = field(default_factory=list)
    variables: list[Binding] = field(default_factory=list)
    fields: list[Binding] = field(default_factory=list)
    defaults: list[Binding] = field(default_factory=list)
    returns: list[tuple[Function, Expression, Scope]] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    mounts: list[Mount] = field(default_factory=list)
    members: dict[tuple[str, str], Member] = field(default_factory=dict)
