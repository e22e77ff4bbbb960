"""Go expressions as small values: what is kept of a syntax tree to follow an address to its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias


class Literal(NamedTuple):
    """A string or whole number, numbers in decimal."""

    text: str
    line: int
    is_number: bool = False


class Name(NamedTuple):
    """A plain identifier."""

    name: str


class Qualified(NamedTuple):
    """``config.DefaultPort`` as the package's import path and the name."""

    package: str
    name: str


class Field(NamedTuple):
    """``cfg.Port``."""

    base: Expression
    name: str


class Index(NamedTuple):
    """``args[0]``, or a part of it: ``args[1:]``, whose ``at`` is unknown."""

    base: Expression
    at: Expression


class Concat(NamedTuple):
    """``left + right``."""

    left: Expression
    right: Expression


class Call(NamedTuple):
    """A call. ``name`` is ``import/path.Func``, or ``.Method`` when ``receiver`` is a value."""

    name: str
    receiver: Expression | None
    args: tuple[Expression, ...]
    line: int
    source: str

    @property
    def last(self) -> str:
        """The function's or method's own name."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Composite:
    """``http.Server{Addr: …}``; ``type`` is ``import/path.Type``, empty for other types.

    The keys of a map stand in ``fields`` as written, the first elements of a list in ``items``.
    """

    type: str
    fields: Mapping[str, Expression] = field(hash=False)
    line: int
    source: str
    items: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything else."""


Expression: TypeAlias = Literal | Name | Qualified | Field | Index | Concat | Call | Composite | Unknown

UNKNOWN = Unknown()


def first_words(expression: Expression) -> str:
    """An expression in a few words, for a sentence."""
    match expression:
        case Literal():
            return f'"{expression.text}"'
        case Name():
            return expression.name
        case Qualified():
            return f"{expression.package.rpartition('/')[2]}.{expression.name}"
        case Field():
            return f"{first_words(expression.base)}.{expression.name}"
        case Concat():
            return f"{first_words(expression.left)} + {first_words(expression.right)}"
        case Call() | Composite():
            return expression.source
    return "…"


def own_name(expression: Expression | None) -> str:
    """The last identifier of a name or selector, empty for anything else."""
    return expression.name if isinstance(expression, Name | Field | Qualified) else ""
