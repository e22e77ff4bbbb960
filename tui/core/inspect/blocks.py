"""Where in a file something stands: in which block, below which route, in which row of constants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.core.inspect import syntax
from tui.core.inspect.code import Mount

if TYPE_CHECKING:
    from tree_sitter import Node


_BLOCKS = frozenset(
    ["block", "for_statement", "if_statement", "expression_switch_statement", "type_switch_statement",
     "expression_case", "type_case", "default_case", "communication_case"],
)  # fmt: skip


def mounts(literals: list[Node]) -> Iterator[Mount]:
    for literal in literals:
        arguments = literal.parent
        call = arguments.parent if arguments and arguments.type == "argument_list" else None
        function = call.child_by_field_name("function") if call else None
        prefix = syntax.string(arguments.named_children[0]) if arguments and function else None
        if function and prefix and prefix.startswith("/"):
            method = syntax.text(function.child_by_field_name("field"))
            yield Mount(method, prefix, syntax.line(literal), literal.end_point[0] + 1)


def constant(node: Node) -> tuple[int, Node | None]:
    """The iota of a constant's declaration, and its value: without one that of the one before."""
    above = [n for n in node.parent.named_children if n.type == "const_spec"] if node.parent else [node]
    at = above.index(node)
    values = (spec.child_by_field_name("value") for spec in reversed(above[: at + 1]))
    return at, next(filter(None, values), None)


def block_of(node: Node) -> tuple[int, int] | None:
    """The lines of the innermost block around a declaration."""
    above = node.parent
    while above is not None and above.type not in _BLOCKS:
        above = above.parent
    return (syntax.line(above), above.end_point[0] + 1) if above is not None else None
