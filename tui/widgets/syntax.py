"""Splits a line of a generated file into pieces with a meaning, for colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Piece = tuple[str, str]
"""Text and the name of its style; an empty name is plain text."""

Syntax = Callable[[str], Iterator[Piece]]

_DOCKERFILE = re.compile(
    r"""(?P<comment>^\s*\#.*)
      | (?P<keyword>^[A-Z]+(?=\s)|(?<=\s)AS(?=\s))
      | (?P<string>"[^"]*"|'[^']*')
      | (?P<variable>\$\{?\w+\}?|\b[A-Z][A-Z0-9_]*(?==))
      | (?P<quiet>(?<!\S)--?[a-z][\w.=,/-]*|\\$)""",
    re.VERBOSE,
)
_PATTERNS = re.compile(r"(?P<comment>^\s*#.*)|(?P<keyword>^!)")
_TOML = re.compile(r'(?P<comment>^\s*#.*)|(?P<keyword>^[\w-]+(?= =))|(?P<string>"[^"]*")')
_DIFF = re.compile(r"(?P<quiet>^(?:---|\+\+\+|@@).*)|(?P<added>^\+.*)|(?P<removed>^-.*)")


def _split(pattern: re.Pattern[str]) -> Syntax:
    def pieces(line: str) -> Iterator[Piece]:
        end = 0
        for match in pattern.finditer(line):
            if match.start() > end:
                yield line[end : match.start()], ""
            yield match[0], match.lastgroup or ""
            end = match.end()
        if end < len(line):
            yield line[end:], ""

    return pieces


dockerfile, diff = _split(_DOCKERFILE), _split(_DIFF)
dockerignore = _split(_PATTERNS)
_BY_NAME = {
    "Dockerfile": dockerfile,
    ".dockerignore": dockerignore,
    "Dockerfile.dockerignore": dockerignore,
}


def syntax_of(path: str) -> Syntax:
    """The syntax of one of our files."""
    return _BY_NAME.get(path) or _split(_TOML)
