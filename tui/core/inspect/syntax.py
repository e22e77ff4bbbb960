"""Go syntax trees. The only place that knows which parser makes them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))")
_DEEPEST, _LONGEST_ROW, _LONGEST_NUMBER = 1000, 2000, 70
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


# The imports wait until something is parsed: they cost more than reading a small project.
@cache
def _language() -> Language:
    import tree_sitter
    import tree_sitter_go

    return tree_sitter.Language(tree_sitter_go.language())


@cache
def _parser() -> Parser:
    import tree_sitter

    return tree_sitter.Parser(_language())


@cache
def _query(pattern: str) -> Query:
    import tree_sitter

    return tree_sitter.Query(_language(), pattern)


def parse(data: bytes) -> Node:
    """The root of a file's tree. Any bytes give a tree; ``has_error`` says whether it is Go."""
    return _parser().parse(data).root_node


def find(node: Node, pattern: str) -> dict[str, list[Node]]:
    """Every node below ``node`` by capture name of a tree-sitter query, in the file's order.

    Nothing of what no compiler would take, nor of nodes nested deeper than anyone writes: a query of
    these takes quadratic time.
    """
    import tree_sitter

    if node.has_error and _is_heap(node):
        return {}
    cursor = tree_sitter.QueryCursor(_query(pattern))
    cursor.set_max_start_depth(_DEEPEST)
    found = cursor.captures(node)
    for nodes in found.values():
        nodes.sort(key=lambda n: n.start_byte)
    return found


def _is_heap(node: Node) -> bool:
    """Whether some of it is a long row of tokens that make no sense, such as brackets that nobody closes."""
    waiting = [node]
    while waiting:
        wrong = waiting.pop()
        if wrong.type == "ERROR" and wrong.child_count > _LONGEST_ROW:
            return True
        waiting += [child for child in wrong.children if child.has_error]
    return False


def line(node: Node) -> int:
    """The line a node starts on, from 1."""
    return node.start_point[0] + 1


def text(node: Node | None) -> str:
    """A node's source text; empty for None."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def string(node: Node) -> str | None:
    """The value of a string or rune literal, None for any other node."""
    if node.type in ("raw_string_literal", "interpreted_string_literal", "rune_literal"):
        return unquoted(text(node))
    return None


def unquoted(literal: str) -> str:
    """The value of a literal with its quotes."""
    inner = literal[1:-1]
    if "\\" not in inner and "\r" not in inner:
        return inner
    return inner.replace("\r", "") if literal[0] == "`" else _ESCAPE.sub(_unescaped, inner)


def integer(node: Node) -> int | None:
    """The value of an integer literal, None for any other node."""
    if node.type != "int_literal":
        return None
    digits = text(node).replace("_", "")
    if len(digits) > _LONGEST_NUMBER:
        return None
    try:
        return int(digits, 0)
    except ValueError:
        return int(digits, 8) if re.fullmatch("[0-7]{1,20}", digits) else None


def _unescaped(match: re.Match[str]) -> str:
    short, medium, long, octal, letter = match.groups()
    if letter:
        return _LETTERS.get(letter, letter)
    code = int(octal, 8) if octal else int(short or medium or long, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
