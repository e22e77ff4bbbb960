"""The head of a Go file, its package clause and imports, by the scanner's rules of the language alone.

Nothing else may come before them, so the body is never looked at: a syntax tree of it costs ten times as
much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# What separates is matched possessively: no text takes more than linear time.
_TOKEN = re.compile(
    r"(?:[\s;]|//[^\n]*|/\*(?s:.*?)\*/)*+"
    r"""(?P<token>[(.)]|[^\W\d]\w*|(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`))"""
)


class Token(NamedTuple):
    """``text`` as written; ``start`` counts characters."""

    text: str
    start: int
    is_string: bool


class ImportSpec(NamedTuple):
    """``name`` is empty where none is given, ``path`` a literal with its quotes; ``start`` counts
    characters."""

    name: str
    path: str
    start: int


class Head(NamedTuple):
    """``package`` is empty where no clause is."""

    package: str
    imports: tuple[ImportSpec, ...]


def read(text: str) -> Head:
    """Reads as far as the head makes sense. Any text gives a Head."""
    tokens = _tokens(text)
    first, name = next(tokens, None), next(tokens, None)
    if first is None or name is None or first.text != "package" or not _is_name(name):
        return Head("", ())
    return Head(name.text, tuple(_imports(tokens)))


def _imports(tokens: Iterator[Token]) -> Iterator[ImportSpec]:
    for keyword in tokens:
        if keyword.text != "import":
            return
        first = next(tokens, None)
        many = first is not None and first.text == "("
        token = next(tokens, None) if many else first
        while token is not None and token.text != ")":
            path = token if token.is_string else next(tokens, None)
            if path is None or not path.is_string or not (token is path or _is_name(token, ".")):
                return
            yield ImportSpec("" if token is path else token.text, path.text, token.start)
            if not many:
                break
            token = next(tokens, None)


def _tokens(text: str) -> Iterator[Token]:
    end = 0
    while match := _TOKEN.match(text, end):
        end = match.end()
        yield Token(match["token"], match.start("token"), match["string"] is not None)


def _is_name(token: Token, also: str = "") -> bool:
    return not token.is_string and (token.text == also or token.text not in "(.)")
