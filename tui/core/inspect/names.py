"""What names and syntax nodes mean in one Go file: the way from its tree to expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from tui.core.inspect import syntax
from tui.core.inspect.expressions import (
    UNKNOWN,
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

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 40
_CONVERSIONS = frozenset(
    ["string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"],
)
_BASIC = _CONVERSIONS | {"bool", "byte", "rune", "error", "any", "float32", "float64", "uintptr"}
_LARGEST_NUMBER, _MOST_BITS = 10**6, 20
# Of a long list the first elements tell what it is for.
_MOST_ITEMS = 20


class Names(NamedTuple):
    """What names mean in one file: its imports by name, and its own package's import path.

    ``dotted`` is what it imports without a name, ``declared`` are then the own package's exported names.
    ``iota`` is its value in a constant's declaration.
    """

    imports: Mapping[str, str]
    package: str
    dotted: tuple[str, ...] = ()
    declared: frozenset[str] = frozenset()
    iota: Literal | None = None

    def package_of(self, name: str) -> str:
        """The import path of the package that a plain name, exported or not, belongs to."""
        foreign = self.dotted and name[:1].isupper() and name not in self.declared
        return self.dotted[0] if foreign else self.package

    def expression(self, node: Node | None, depth: int = 0) -> Expression:
        """What ``node`` says, ``UNKNOWN`` where that is nothing of use here."""
        if node is None or depth > _DEEPEST:
            return UNKNOWN
        text = syntax.string(node)
        if text is not None:
            return Literal(text, syntax.line(node))
        match node.type:
            case "int_literal":
                number = syntax.integer(node)
                return UNKNOWN if number is None else Literal(str(number), syntax.line(node), is_number=True)
            case "identifier":
                name = syntax.text(node)
                package = self.package_of(name)
                return Name(name) if package == self.package else Qualified(package, name)
            case "iota":
                return self.iota or UNKNOWN
            case "selector_expression":
                return self._selector(node, depth)
            case "call_expression":
                return self.call(node, depth)
            case "composite_literal":
                return self.composite(node, depth)
            case "index_expression" | "slice_expression":
                base = self.expression(node.child_by_field_name("operand"), depth + 1)
                return Index(base, self.expression(node.child_by_field_name("index"), depth + 1))
            case "parenthesized_expression":
                return self.expression(next(iter(node.named_children), None), depth + 1)
            case "unary_expression":
                return self.expression(node.child_by_field_name("operand"), depth + 1)
            case "binary_expression":
                return self._binary(node, depth + 1)
        return UNKNOWN

    def _binary(self, node: Node, depth: int) -> Expression:
        """A sum, of texts or numbers; another operation on numbers that stand there."""
        left, right = (self.expression(node.child_by_field_name(side), depth) for side in ("left", "right"))
        operator = syntax.text(node.child_by_field_name("operator"))
        if operator == "+":
            return Concat(left, right)
        known = isinstance(left, Literal) and isinstance(right, Literal) and left.is_number
        if not known or not isinstance(right, Literal) or not isinstance(left, Literal):
            return UNKNOWN
        number = _calculated(int(left.text), operator, int(right.text)) if right.is_number else None
        return UNKNOWN if number is None else Literal(str(number), syntax.line(node), is_number=True)

    def expressions(self, node: Node | None, depth: int = 0) -> tuple[Expression, ...]:
        """Those of an argument or expression list."""
        children = node.named_children if node is not None else []
        return tuple(self.expression(child, depth + 1) for child in children if child.type != "comment")

    def call(self, node: Node, depth: int = 0) -> Expression:
        """A call; a conversion like ``string(x)`` is its argument."""
        function = node.child_by_field_name("function")
        args = self.expressions(node.child_by_field_name("arguments"), depth)
        if function is None or depth > _DEEPEST:
            return UNKNOWN
        line, source = syntax.line(function), first_line(node)
        if function.type == "index_expression":  # of a generic function: the types are given
            function = function.child_by_field_name("operand") or function
        if function.type == "identifier":
            name = syntax.text(function)
            if name == "new":
                return self.zero(_first_child(node.child_by_field_name("arguments")), line)
            if name in _CONVERSIONS and len(args) == 1:
                return args[0]
            return Call(f"{self.package_of(name)}.{name}", None, args, line, source)
        if function.type != "selector_expression":
            return UNKNOWN
        target = self._selector(function, depth)
        last = function.child_by_field_name("field")
        line = syntax.line(last) if last is not None else line
        if isinstance(target, Qualified):
            return Call(f"{target.package}.{target.name}", None, args, line, source)
        if isinstance(target, Field):
            return Call(f".{target.name}", target.base, args, line, source)
        return UNKNOWN

    def composite(self, node: Node, depth: int = 0) -> Composite:
        """A composite literal with its named fields."""
        kind, body = node.child_by_field_name("type"), node.child_by_field_name("body")
        fields, items = self._elements(body, self.type(_element_type(kind)), depth)
        return Composite(self.type(kind), fields, syntax.line(node), first_line(node), items)

    def zero(self, kind: Node | None, line: int) -> Expression:
        """The zero value of a type that is no basic one: ``var s http.Server``, ``new(http.Server)``."""
        name = self.type(kind)
        return Composite(name, {}, line, "") if name else UNKNOWN

    def element(self, node: Node) -> Composite | None:
        """``{…}`` in a list or map of structs, whose type stands before it; None elsewhere."""
        holder = node.parent
        while holder is not None and holder.type in ("literal_element", "keyed_element", "literal_value"):
            holder = holder.parent
        kind = holder.child_by_field_name("type") if holder and holder.type == "composite_literal" else None
        of = _element_type(kind)
        return None if of is None else self._part(node, self.type(of), 0)

    def _part(self, node: Node, kind: str, depth: int) -> Composite:
        fields, items = self._elements(node, "", depth)
        return Composite(kind, fields, syntax.line(node), first_line(node), items)

    def _elements(
        self, body: Node | None, of: str, depth: int
    ) -> tuple[dict[str, Expression], tuple[Expression, ...]]:
        """What stands with a key, and what without one; ``of`` is the type of a list's elements."""
        fields: dict[str, Expression] = {}
        items: list[Expression] = []

        def value(element: Node) -> Expression:
            inner = _first_child(element)
            if inner is not None and inner.type == "literal_value":
                return self._part(inner, of, depth + 1)
            return self.expression(inner, depth + 1)

        for element in body.named_children if body is not None and depth <= _DEEPEST else []:
            if element.type == "keyed_element" and len(element.named_children) >= 2:
                fields[syntax.text(element.named_children[0])] = value(element.named_children[-1])
            elif element.type == "literal_element" and len(items) < _MOST_ITEMS:
                items.append(value(element))
        return fields, tuple(items)

    def type(self, node: Node | None) -> str:
        """``import/path.Type`` of a named type or a pointer to one, else empty."""
        if node is None:
            return ""
        if node.type == "pointer_type":
            return self.type(next(iter(node.named_children), None))
        if node.type in ("type_identifier", "identifier"):
            name = syntax.text(node)
            return "" if name in _BASIC else f"{self.package_of(name)}.{name}"
        if node.type == "qualified_type":
            package = self.imports.get(syntax.text(node.child_by_field_name("package")), "")
            return f"{package}.{syntax.text(node.child_by_field_name('name'))}"
        return ""

    def _selector(self, node: Node, depth: int) -> Expression:
        operand, name = node.child_by_field_name("operand"), syntax.text(node.child_by_field_name("field"))
        if operand is not None and operand.type == "identifier":
            package = self.imports.get(syntax.text(operand))
            if package is not None:
                return Qualified(package, name)
        return Field(self.expression(operand, depth + 1), name)


def _calculated(left: int, operator: str, right: int) -> int | None:
    """Small numbers only: no port needs others, and a shift by a large one would fill the memory."""
    if max(abs(left), abs(right)) > _LARGEST_NUMBER:
        return None
    if operator == "<<":
        return left << right if 0 <= right < _MOST_BITS else None
    return left - right if operator == "-" else left * right if operator == "*" else None


def _first_child(node: Node | None) -> Node | None:
    return next((child for child in node.named_children if child.type != "comment"), None) if node else None


def _element_type(kind: Node | None) -> Node | None:
    """The type of what a slice, an array or a map holds."""
    name = {"slice_type": "element", "array_type": "element", "implicit_length_array_type": "element"}
    if kind is None:
        return None
    return (
        kind.child_by_field_name(name.get(kind.type, "value")) if kind.type in (*name, "map_type") else None
    )


def first_line(node: Node) -> str:
    """A node's first line, shortened to fit a sentence."""
    text, newline, _ = syntax.text(node).partition("\n")
    text = text.strip()
    return text if not newline and len(text) <= 60 else f"{text[:60].rstrip()} …"
